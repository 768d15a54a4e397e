"""What is credited to reps, as their performances have it: the credits of each rep and measure, in order of date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from spm_graph.domain.ids import global_id
from spm_graph.domain.period import Span
from spm_graph.domain.terms import Role
from spm_graph.domain.written import plain
from spm_graph.plugin import Credit

from .levels import Levels, Rolled

Row = Mapping[Any, Any]

Of = tuple[int, int]
"""The keys of a rep and of a measure."""


class Counted(NamedTuple):
    """A credit with its currency, and the row that it was made from."""

    credit: Credit
    currency: str
    row: Row


class Credits:
    """The credits of some reps, and the sums of what was credited before the first of them."""

    def __init__(self, rows: Iterable[Row], earlier: Iterable[Row], levels: Levels) -> None:
        """Credits come in the order in which they count; `earlier` has a sum for each rep, measure, month and currency."""
        self._levels = levels
        self._of: dict[Of, list[Counted]] = defaultdict(list)
        for row in rows:
            self._of[row["rep_id"], row["measure_id"]].append(self._counted(row))
        self._earlier: dict[Of, list[Row]] = defaultdict(list)
        for row in earlier:
            self._earlier[row["rep_id"], row["measure_id"]].append(row)

    def of(self, rep_id: int, measure_id: int) -> Sequence[Counted]:
        """A rep's credits of a measure, in order."""
        return self._of.get((rep_id, measure_id), ())

    def sums(self, rep_id: int, measure_id: int, during: Span, units: bool) -> list[tuple[date, Decimal, str]]:
        """By day and currency what was credited in some dates, money or units; for what is long past, by month."""
        what = "units" if units else "amount"
        found = [
            (each.credit.on, getattr(each.credit, what), each.currency) for each in self.of(rep_id, measure_id) if each.credit.on in during
        ]
        past = self._earlier.get((rep_id, measure_id), ())
        return found + [(row["starts"], row[what], row["currency"]) for row in past if row["starts"] in during]

    def dates(self, rep_id: int) -> dict[str, date]:
        """When each of a rep's credits counts, by its id."""
        return {each.credit.id: each.credit.on for (owner_id, _), found in self._of.items() if owner_id == rep_id for each in found}

    def instead(self, gone: Collection[tuple[int, int, int]], made: Iterable[Row]) -> Credits:
        """The same without the credits of these reps, measures and transactions, and with others, each in its place."""
        lost: dict[Of, set[int]] = defaultdict(set)
        for rep_id, measure_id, transaction_id in gone:
            lost[rep_id, measure_id].add(transaction_id)
        new: dict[Of, list[Row]] = defaultdict(list)
        for row in made:
            new[row["rep_id"], row["measure_id"]].append(row)
        other = copy(self)
        other._of = self._of.copy()
        for key in lost.keys() | new.keys():
            kept = [each for each in self.of(*key) if each.row["transaction_id"] not in lost[key]]
            other._of[key] = sorted([*kept, *map(self._counted, new[key])], key=_place)
        return other

    def _counted(self, row: Row) -> Counted:
        attributes = {"account": row["account"], "opportunity": row["opportunity_name"], "transaction": row["kind"]}
        if (rate := row.get("margin_rate")) is not None:
            attributes["marginRate"] = plain(rate)
        attributes |= {each["name"]: each["value"] for each in row.get("attributes") or ()}  # a transaction's stand against its deal's
        known: Mapping[str, str] = {name: value for name, value in attributes.items() if value is not None}
        if row["role"] == Role.ROLLUP and (seller := row.get("source_rep_id")):
            known = Rolled(known, self._levels, row["rep_id"], seller, row["dated"])
        made = Credit(
            id=credit_id(row["transaction_id"], row["role"]),
            on=row["dated"],
            amount=row["amount"],
            units=row["units"],
            measure=row["measure"],
            role=row["role"],
            share=row["share"],
            product=row["product"],
            opportunity=row["opportunity"],
            source_rep=row["source_rep"],
            corrects=credit_id(row["corrects_id"], row["role"]) if row["corrects_id"] else None,
            attributes=MappingProxyType(known),
        )
        return Counted(made, row["currency"], row)


def credit_id(transaction_id: int, role: str) -> str:
    """What a credit is called: it names the transaction and the role."""
    return f"{global_id('transaction', transaction_id)}:{role}"


def _place(each: Counted) -> tuple[Any, ...]:
    """The order in which credits count: never that in which the facts arrived."""
    row = each.row
    return row["dated"], row["source"] is None, row["source"] or "", row["kind"], row["role"], row["transaction_id"]
