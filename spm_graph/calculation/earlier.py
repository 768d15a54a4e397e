"""What a rep's earlier components earned, as later ones of the same plan see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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

    def _part(self, line: Line, shares: Sequence[Share], during: Span, last: bool) -> Line:
        """What the credits of some dates earned of a line. What no credit earned is the last part's."""
        mine = [share for share in shares if share.credit in self._dates and self._dates[share.credit] in during]
        amount = sum((share.amount for share in mine), Decimal(0))
        if last:
            amount += line.amount - sum((share.amount for share in shares), Decimal(0))
        return Line(line.key, (Step(f"earned from {during.starts} until {during.ends}", amount),), tuple(share.credit for share in mine))
