"""The facts that windows are calculated from: the plan versions in force inside them, credits, quotas, goals, and what was booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.domain import period
from spm_graph.domain.pay_currency import PayCurrencies
from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import MeasureKind
from spm_graph.plugin import Credit
from spm_graph.plugin import Window as WindowKind
from spm_graph.store import paid_in

from .booked import Booked
from .credits import Credits
from .expected import Expected
from .levels import Levels
from .windows import Part, Window, part_of, window_of

Row = Mapping[Any, Any]
Rows = Mapping[str, Sequence[Row]]
"""What was read, by what it is about."""


class Facts:
    """Everything about some reps, as one snapshot shows it."""

    def __init__(self, rows: Rows) -> None:
        names = {row["id"]: row["name"] for row in rows["reps"]}
        self.paid: Mapping[int, PayCurrencies] = paid_in.by_rep(rows["reps"])
        self.windows = [window_of(row, names[row["rep_id"]], self.paid[row["rep_id"]]) for row in rows["windows"]]
        self._parts: dict[int, dict[int, list[Part]]] = defaultdict(lambda: defaultdict(list))
        for row in rows["parts"]:
            self._parts[row["rep_id"]][row["component_id"]].append(part_of(row))
        self._measuring: dict[tuple[int, int, Span, date], list[Part]] = {}
        self._measures = {row["name"]: (row["id"], row["kind"] == MeasureKind.UNITS) for row in rows["measures"]}
        self.credits = Credits(rows["credits"], rows["earlier"], Levels(rows["lines"], rows["titles"]))
        self.expected = Expected(rows, self.paid)
        self.booked = Booked(rows, self.windows)
        self.unread: frozenset[int] = frozenset()
        """Reps of whom only what contests count was read: what they earn by other components is not known."""

    def parts(self, window: Window) -> list[Part]:
        """The forms of the window's component that measure this very window and are in force in it, in order of date.

        Forms that say the same and follow each other are one: a new version or assignment that changes nothing cuts nothing.
        """
        known = window.rep_id, window.component_id, window.span, window.through
        if known not in self._measuring:
            self._measuring[known] = list(self._in_force(window))
        return self._measuring[known]

    def forms(self, window: Window) -> Iterator[Part]:
        """The same forms, each of its own version: also those that say the same stand among others in each."""
        for part in sorted(self._parts[window.rep_id][window.component_id], key=lambda each: each.during):
            if period.window(part.window_kind, window.span.starts) == window.span and part.during.overlap(window.evaluated):
                yield part

    def _in_force(self, window: Window) -> list[Part]:
        found: list[Part] = []
        for part in self.forms(window):
            starts = found.pop().during.starts if found and found[-1].goes_on_as(part) else part.during.starts
            found.append(replace(part, during=Span(starts, part.during.ends)))
        return found

    def segments(self, window: Window, part: Part) -> list[Span]:
        """The dates evaluated in which a form of the window's component is in force, in parts that are paid in one currency each."""
        during = part.during.overlap(window.evaluated)
        assert during is not None, "only forms in force in the window are given"
        return self.paid[window.rep_id].cut(during)

    def components(self, rep_id: int) -> Iterator[Part]:
        """Every form of every component that the rep has."""
        for parts in self._parts[rep_id].values():
            yield from parts

    def supposing(self, gone: Collection[tuple[int, int, int]], made: Iterable[Row]) -> Facts:
        """The same facts without the credits of these reps, measures and transactions, and with others, rows as CREDITS finds them."""
        other = copy(self)
        other.credits = self.credits.instead(gone, made)
        return other

    def counted(self, window: Window, part: Part) -> list[Credit]:
        """What is credited to the rep in the dates evaluated, in order of date; refused in a currency that the rep is not paid in then."""
        dates = window.evaluated
        found = [each for each in self.credits.of(window.rep_id, part.measure_id) if each.credit.on in dates]
        if not part.units:
            self._require_currency(window, ((each.credit.on, each.currency) for each in found))
        return [each.credit for each in found]

    def credited(self, window: Window, measure: str, during: Span, day: date) -> Decimal:
        """The sum of what was credited to the rep in some dates, of any measure, as of a day; refused if there is none of that name."""
        measure_id, units = self.measure(measure)
        found = self.credits.sums(window.rep_id, measure_id, during, units)
        if not units:
            self._require_currency(window, ((on, currency) for on, _, currency in found))
        credited = self.total(window.rep_id, ((on, value) for on, value, _ in found), day, units)
        return credited + self.expected.opening(window.rep_id, measure_id, during, day)

    def attainment(self, window: Window, measure: str, kind: WindowKind, day: date) -> Decimal | None:
        """What was credited up to the last day evaluated by the quota of the whole window that holds it; none without a quota."""
        whole, so_far = window.beside(kind)
        credited = self.credited(window, measure, so_far, day)
        quota = self.expected.quota(window.rep_id, self.measure(measure)[0], whole, day)
        return credited / quota if quota else None

    def total(self, rep_id: int, amounts: Iterable[tuple[date, Decimal]], day: date, units: bool) -> Decimal:
        """The sum of what counted on some days: of money, in the currency in force on one day."""
        if units:
            return sum((amount for _, amount in amounts), Decimal(0))
        return self.paid[rep_id].total(amounts, day)

    def measure(self, name: str) -> tuple[int, bool]:
        """The key of a measure, and whether it counts units; refused if there is none of that name."""
        found = self._measures.get(name)
        if found is None:
            raise refuse(ProblemCode.NOT_FOUND, f'the settings ask for the measure "{name}", and there is none of that name')
        return found

    def _require_currency(self, window: Window, found: Iterable[tuple[date, str]]) -> None:
        paid = self.paid[window.rep_id]
        if not paid.changes:
            found = ((on, currency) for on, currency in found if currency != paid.first)
        if strange := next(((on, currency) for on, currency in found if currency != paid.on(on)), None):
            message = f"{window.rep_name} is paid in {paid.on(strange[0])} on {strange[0]}, but has credits in {strange[1]} on it"
            raise refuse(ProblemCode.CURRENCY_MISMATCH, message)
