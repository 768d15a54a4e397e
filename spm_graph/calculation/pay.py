"""What a rep's windows come to, as things are, and with credits that are supposed: what these don't change is not calculated again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from spm_graph.domain.money import ZERO
from spm_graph.domain.period import Span
from spm_graph.domain.problem import Problem, Refused
from spm_graph.incentive_types import IncentiveTypes

from .evaluation import Evaluated, Standing, evaluate
from .facts import Facts
from .rivals import contests
from .supposing import Supposition
from .windows import Part, Window

Key = tuple[int, Span]
"""A component, and the span of its window."""


@dataclass(frozen=True, slots=True)
class Pay:
    """What a rep's windows come to; of the others in their contests, what these pay them."""

    known: Facts
    rep_id: int
    incentive_types: IncentiveTypes
    standing: Standing
    evaluated: Mapping[Key, Evaluated]
    """The rep's own windows."""

    @classmethod
    def of(cls, known: Facts, rep_id: int, incentive_types: IncentiveTypes, standing: Standing | None = None) -> Pay:
        """Everything that the facts pay; refused with the problem of the rep's first component that fails."""
        memory = standing or Standing()
        found = {each.window: each for each in evaluate(known, incentive_types, memory)}
        for each in found.values():
            if each.failure is not None and each.window.rep_id == rep_id:
                raise Refused([Problem(each.failure.code, each.failure.message)])
        mine = {(each.window.component_id, each.window.span): each for each in found.values() if each.window.rep_id == rep_id}
        return cls(known, rep_id, incentive_types, Standing(found, memory.performances, memory.settings), mine)

    def supposing(self, given: Supposition, of: Window | None = None) -> Pay:
        """The same with other credits: only windows that they may change are evaluated again; with `of`, only what this one needs."""
        changed = {(rep_id, measure_id) for rep_id, measure_id, _ in given.gone}
        changed |= {(row["rep_id"], row["measure_id"]) for row in given.made}
        if not changed:
            return self
        reps = {rep_id for rep_id, _ in changed}
        again = self._moved(changed, given.dates)
        if of is not None:
            again &= self.needed(of)
        standing = Standing(
            {window: each for window, each in self.standing.evaluated.items() if window not in again},
            {place: told for place, told in self.standing.performances.items() if place[0].rep_id not in reps},
            self.standing.settings,
        )
        return Pay.of(given.among(self.known), self.rep_id, self.incentive_types, standing)

    def needed(self, of: Window) -> set[Window]:
        """A window of the rep, and what it builds on: the windows of components before it, of contests everybody's."""
        order = self._order(of.rep_id)
        mine = [each for each in self.known.windows if each.rep_id == of.rep_id]
        found = {each for each in mine if each == of or _builds(of, each, order)}
        judged = {(each.component_id, each.span) for each in found}
        return found | {each for each in contests(self.known) if (each.component_id, each.span) in judged}

    def amount(self, key: Key) -> Decimal:
        """What a window pays in the currency of its last day."""
        found = self.evaluated[key]
        return sum((line.amount for line in found.lines if line.currency == found.window.currency), ZERO)

    def unrounded(self, key: Key) -> Decimal:
        """The same as the incentive type made it."""
        found = self.evaluated[key]
        return sum((line.unrounded for line in found.lines if line.currency == found.window.currency), ZERO)

    def total(self, keys: Iterable[Key]) -> Decimal:
        """What windows pay, in the currency of the last day of all windows."""
        amounts = [(self.evaluated[key].window, self.amount(key)) for key in keys]
        latest = max((each.window.last for each in self.evaluated.values()), default=date.min)
        return sum((self.known.paid[window.rep_id].total([(window.last, amount)], latest) for window, amount in amounts), ZERO)

    def _moved(self, changed: Collection[tuple[int, int]], dates: Collection[date]) -> set[Window]:
        """The windows that credits of these reps and measures on these days may change, and what builds on them."""
        judged: dict[Key, list[Window]] = defaultdict(list)
        for window in contests(self.known):
            judged[window.component_id, window.span].append(window)
        reps = {rep_id for rep_id, _ in changed}
        found: set[Window] = set()
        due = [window for window in self.known.windows if window.rep_id in reps and self._counts(window, changed, dates)]
        while due:
            window = due.pop()
            if window not in found:
                found.add(window)
                due += judged.pop((window.component_id, window.span), ())
                if window.rep_id not in self.known.unread:
                    order = self._order(window.rep_id)
                    due += [each for each in self.known.windows if each.rep_id == window.rep_id and _builds(each, window, order)]
        return found

    def _order(self, rep_id: int) -> set[tuple[int, int]]:
        """Pairs of a rep's components of which the first is before the other in some version of a plan."""
        versions: dict[int, list[Part]] = defaultdict(list)
        for part in self.known.components(rep_id):
            versions[part.version_id].append(part)
        return {
            (each.component_id, other.component_id)
            for parts in versions.values()
            for each, other in product(parts, parts)
            if each.order < other.order
        }

    def _counts(self, window: Window, changed: Collection[tuple[int, int]], dates: Collection[date]) -> bool:
        """Whether a window counts one of some measures on some days, or asks for it."""
        for part in self.known.parts(window):
            if (window.rep_id, part.measure_id) in changed and any(day in window.evaluated for day in dates):
                return True
            settings = self.standing.settings.get(part.form_id)
            asked = settings.reads if settings else ()
            if any((window.rep_id, self.known.measure(read.measure)[0]) in changed for read in asked):
                return True
        return False


def _builds(window: Window, before: Window, order: Collection[tuple[int, int]]) -> bool:
    """Whether a window's component is behind another's in a plan, and they have dates in common."""
    return (before.component_id, window.component_id) in order and window.span.overlap(before.span) is not None
