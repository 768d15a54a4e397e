"""What a rep's earlier components earned, as later ones of the same plan see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from spm_graph.domain.earning import Share, StagedLine
from spm_graph.domain.period import Span
from spm_graph.plugin import Line, Step

from .facts import Facts
from .windows import Part, Window


class Earlier:
    """The lines of a rep's components so far: those of this run, and those booked in windows that it leaves alone."""

    def __init__(self, known: Facts, rep_id: int) -> None:
        self._known, self._rep_id = known, rep_id
        self._versions: dict[int, dict[str, Part]] = defaultdict(dict)
        self._lines: dict[int, list[tuple[Span, str, Line, Sequence[Share]]]] = defaultdict(list)
        """By component: the window, the currency, the line, and what its credits earned of it."""
        for part in known.components(rep_id):
            self._versions[part.version_id][part.name] = part
        for component_id in {part.component_id for named in self._versions.values() for part in named.values()}:
            for span, key, currency, amount, shares in known.booked.of(rep_id, component_id):
                line = Line(key, (Step("booked", amount),), tuple(share.credit for share in shares) if shares else None)
                self._lines[component_id].append((span, currency, line, shares))

    @cached_property
    def _dates(self) -> Mapping[str, date]:
        """When each credit counts: only asked for where a change cut a window."""
        return self._known.credits.dates(self._rep_id)

    def add(self, window: Window, lines: Iterable[StagedLine]) -> None:
        """Keep the lines of a window for the components behind it."""
        self._lines[window.component_id] += [(window.span, line.currency, line.line, line.shares) for line in lines]

    def of(self, window: Window, part: Part, during: Span) -> dict[str, tuple[Line, ...]]:
        """By name, the lines of the components before one form, in its version of the plan: of the same window, or of those nested in it.

        Where a change cut the window, of a line that goes beyond these dates it is what they earned; what was earned in
        another currency is earlier or later than they are.
        """
        parts = self._known.parts(window)
        segments = [each for form in parts for each in self._known.segments(window, form)]
        within = during if len(segments) > 1 else window.span
        paid = self._known.paid[window.rep_id]
        currency = paid.on(during.ends - timedelta(days=1))
        last = max(each for each in segments if paid.on(each.starts) == currency)
        return {
            name: tuple(
                line if span.overlap(within) == span else self._part(line, shares, within, within.ends == last.ends)
                for span, earned_in, line, shares in self._lines[earlier.component_id]
                if span.overlap(window.span) == span and earned_in == currency
            )
            for name, earlier in self._versions[part.version_id].items()
            if earlier.order < part.order
        }

    def sums(self, window: Window, part: Part, before: Span) -> dict[str, Decimal]:
        """By name, what the components before one form earned in the dates of the window before it, which a change cut off.

        Those that its version of the plan no longer has count by the names that they had. Money is in the currency that
        follows these dates.
        """
        names = self._names(part)
        earned: dict[str, list[tuple[date, Decimal]]] = {name: [] for name in names.values()}
        for component_id, name in names.items():
            for span, _, line, shares in self._lines[component_id]:
                if span.overlap(before) == span:
                    earned[name].append((span.starts, line.amount))
                elif span.overlap(window.span) == span:
                    known = [(self._dates[share.credit], share.amount) for share in shares if share.credit in self._dates]
                    earned[name] += [(day, amount) for day, amount in known if day in before]
        return {name: self._known.total(self._rep_id, amounts, before.ends, units=False) for name, amounts in earned.items()}

    def _names(self, part: Part) -> dict[int, str]:
        """The names of the components before one form, and of those that were before it in other versions and are in its no more."""
        own = {each.component_id: each for each in self._versions[part.version_id].values()}
        found: dict[int, str] = {}
        for named in self._versions.values():
            places = {each.component_id: each.order for each in named.values()}
            for name, each in named.items():
                if each.component_id not in own and each.order < places.get(part.component_id, (0, 0)):
                    found[each.component_id] = name
        return found | {component_id: each.name for component_id, each in own.items() if each.order < part.order}

    def _part(self, line: Line, shares: Sequence[Share], during: Span, last: bool) -> Line:
        """What the credits of some dates earned of a line. What no credit earned is the last part's."""
        mine = [share for share in shares if share.credit in self._dates and self._dates[share.credit] in during]
        amount = sum((share.amount for share in mine), Decimal(0))
        if last:
            amount += line.amount - sum((share.amount for share in shares), Decimal(0))
        return Line(line.key, (Step(f"earned from {during.starts} until {during.ends}", amount),), tuple(share.credit for share in mine))


class NotRead(BaseException):
    """A contest asks for what was not read. It is no Exception, so that code of others which catches those does not go on."""


class Unread(Mapping[str, tuple[Line, ...]]):
    """What somebody's earlier components earned, where that was not read: whoever asks for it gets NotRead instead."""

    def of(self, window: Window, part: Part, during: Span) -> Mapping[str, tuple[Line, ...]]:
        """The same for each window."""
        return self

    def sums(self, window: Window, part: Part, before: Span) -> Mapping[str, Decimal]:
        """Not known either."""
        raise NotRead

    def add(self, window: Window, lines: Iterable[StagedLine]) -> None:
        """Keep nothing: nobody can ask for it."""

    def __getitem__(self, name: str) -> tuple[Line, ...]:
        raise NotRead

    def __iter__(self) -> Iterator[str]:
        raise NotRead

    def __len__(self) -> int:
        raise NotRead
