"""What a rep's windows come to, as things are, and with credits that are supposed: what these don't change is not calculated again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from spm_graph.domain.money import ZERO
from spm_graph.domain.period import Span
from spm_graph.domain.problem import Problem, Refused
from spm_graph.incentive_types import IncentiveTypes

from .evaluation import Evaluated, Standing, evaluate
from .facts import Facts
from .rivals import contests
from .supposing import Supposition
from .windows import Window

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
    asked: dict[tuple[int, date, Decimal], Pay] = field(default_factory=dict)
    """What was paid for one more credit, by the measure, the day and how much."""

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

    def supposing(self, given: Supposition) -> Pay:
        """The same with other credits: only windows that they may change are evaluated again."""
        changed = {(rep_id, measure_id) for rep_id, measure_id, _ in given.gone}
        changed |= {(row["rep_id"], row["measure_id"]) for row in given.made}
        if not changed:
            return self
        reps = {rep_id for rep_id, _ in changed}
        again = self._moved(changed, given.dates)
        standing = Standing(
            {window: each for window, each in self.standing.evaluated.items() if window not in again},
            {place: told for place, told in self.standing.performances.items() if place[0].rep_id not in reps},
            self.standing.settings,
        )
        return Pay.of(given.among(self.known), self.rep_id, self.incentive_types, standing)

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
        shared: dict[Key, list[Window]] = defaultdict(list)
        for window in contests(self.known):
            shared[window.component_id, window.span].append(window)
        found: set[Window] = set()
        reps = {rep_id for rep_id, _ in changed}
        due = [window for window in self.known.windows if window.rep_id in reps and self._counts(window, changed, dates)]
        while due:
            window = due.pop()
            if window in found:
                continue
            found.add(window)
            due += shared.get((window.component_id, window.span), ())
            if window.rep_id not in self.known.unread:
                due += [each for each in self.known.windows if each.rep_id == window.rep_id and self._builds(each, window)]
        return found

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

    def _builds(self, window: Window, before: Window) -> bool:
        """Whether a window's component is behind another in a plan, with dates in common."""
        if window.span.overlap(before.span) is None:
            return False
        return any(
            earlier.order[0] == part.order[0] and earlier.order[1] < part.order[1]
            for part in self.known.parts(window)
            for earlier in self.known.parts(before)
        )
