"""What is expected of reps and promised to them: quotas, target variables and goals, and what was credited to them elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.domain import period, target
from spm_graph.domain.employment import Employment, prorated
from spm_graph.domain.money import exactly
from spm_graph.domain.pay_currency import PayCurrencies
from spm_graph.domain.period import Span
from spm_graph.domain.terms import MeasureKind, Proration
from spm_graph.plugin import Goal

Row = Mapping[Any, Any]


class Expected:
    """What is expected of some reps; money is told in the currency that they are paid in on a day."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], paid: Mapping[int, PayCurrencies]) -> None:
        self._paid = paid
        self._units = {row["id"]: row["kind"] == MeasureKind.UNITS for row in rows["measures"]}
        self._quotas: dict[tuple[int, int], list[tuple[Span, date, Decimal]]] = defaultdict(list)
        for row in rows["quotas"]:
            month = period.month(row["starts"].year, row["starts"].month)
            self._quotas[row["rep_id"], row["measure_id"]].append((month, row["since"], row["value"]))
        self._openings: dict[tuple[int, int], list[tuple[Span, Decimal]]] = defaultdict(list)
        for row in rows["openings"]:
            self._openings[row["rep_id"], row["measure_id"]].append((Span(row["starts"], row["ends"]), row["credited"]))
        self._targets: dict[int, list[tuple[Span, date, Decimal, Proration]]] = defaultdict(list)
        for row in rows["targets"]:
            employed = Employment(row["hired_on"], row["left_on"])
            proration = Proration[row["proration"]]
            if during := prorated(Span(row["starts"], row["ends"]), proration, employed):
                self._targets[row["rep_id"]].append((during, row["since"], row["annual"], proration))
        self._goals: dict[int, list[tuple[Span, Goal]]] = defaultdict(list)
        for row in rows["goals"]:
            self._goals[row["rep_id"]].append((Span(row["starts"], row["ends"]), Goal(row["name"], row["weight"], row["achieved"])))

    def quota(self, rep_id: int, measure_id: int, during: Span, day: date) -> Decimal | None:
        """The quota of these dates, as of a day, or none; of a month that they hold in part, the part that its days are of the month's."""
        with exactly():
            found = [
                (since, value if overlap == month else value * (overlap.ends - overlap.starts).days / (month.ends - month.starts).days)
                for month, since, value in self._quotas.get((rep_id, measure_id), ())
                if (overlap := month.overlap(during))
            ]
            return self._total(rep_id, measure_id, found, day) if found else None

    def opening(self, rep_id: int, measure_id: int, during: Span, day: date) -> Decimal:
        """What was credited elsewhere in dates that these hold whole, as of a day."""
        openings = self._openings.get((rep_id, measure_id), ())
        found = [(dates.starts, credited) for dates, credited in openings if during.overlap(dates) == dates]
        return self._total(rep_id, measure_id, found, day)

    def target_variable(self, rep_id: int, during: Span, day: date) -> Decimal | None:
        """What a rep is paid for being exactly on quota in these dates, as of a day, or none."""
        paid = self._paid[rep_id]
        targets = self._targets.get(rep_id, ())
        pieces = [(dates, paid.carried(annual, since, day), proration) for dates, since, annual, proration in targets]
        return target.for_window(pieces, during, paid.on(day))

    def goals(self, rep_id: int, during: Span) -> tuple[Goal, ...]:
        """A rep's goals for these dates and for the periods inside them."""
        return tuple(goal for dates, goal in self._goals.get(rep_id, ()) if during.overlap(dates) == dates)

    def _total(self, rep_id: int, measure_id: int, amounts: list[tuple[date, Decimal]], day: date) -> Decimal:
        if self._units[measure_id]:
            return sum((amount for _, amount in amounts), Decimal(0))
        return self._paid[rep_id].total(amounts, day)
