"""Live estimates in the database: what they are, and telling those that changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.money import told

from . import clock, due
from .database import Transaction
from .due import Pair, among
from .events import Event, append, card
from .events import period as shown_period
from .tables import estimate, estimate_part

ACTOR = "estimates"

HELD = """
select estimate.rep_id, estimate.period_id, estimate.problem, part.component_id, part.amount
from estimate left join estimate_part as part using (rep_id, period_id)
where (estimate.rep_id, estimate.period_id) in (select * from unnest(cast(:reps as bigint[]), cast(:periods as bigint[])))
"""

NAMES = """
select distinct on (component_id) component_id, name from component_version where component_id = any(:components)
order by component_id, plan_version_id desc
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What one component would pay; `lines` is the JSON of its lines."""

    component_id: int
    amount: Decimal
    lines: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a rep would be paid for a pay period, as the facts at a position have it, or the problem that keeps it from being known."""

    rep_id: int
    period_id: int
    currency: str
    position: int
    parts: tuple[Part, ...]
    problem: str | None = None

    @property
    def pair(self) -> Pair:
        """Whose estimate it is, and for which pay period."""
        return self.rep_id, self.period_id

    @property
    def total(self) -> Decimal:
        """What all components would pay together."""
        return sum((part.amount for part in self.parts), Decimal(0))


async def unknown(tx: Transaction, pair: Pair, problem: str) -> Estimate:
    """The estimate of somebody whom nothing can be calculated for."""
    currency = await tx.scalar("select paid_in(:rep, lower(effective)) from period where id = :period", {"rep": pair[0], "period": pair[1]})
    return Estimate(*pair, currency, 0, (), problem)


async def write(tx: Transaction, estimates: Sequence[Estimate]) -> int | None:
    """Write estimates of claimed pairs, and tell those that changed; the position of these events, or none if nothing did.

    An estimate with a problem leaves the amounts of the one before as they were.
    """
    pairs = [each.pair for each in estimates]
    held = await _held(tx, pairs)
    changed = [each for each in estimates if _changes(each, *held.get(each.pair, ({}, None)))]
    position = await clock.tick(tx, ACTOR, "estimate") if changed else None
    for each in estimates:
        await _upsert(tx, each)
    known = [each for each in estimates if each.problem is None]
    if known:
        await tx.execute(delete(estimate_part).where(among(estimate_part, [each.pair for each in known])))
    rows = [
        {"rep_id": each.rep_id, "period_id": each.period_id, "component_id": part.component_id, "amount": part.amount, "lines": part.lines}
        for each in estimates
        if each.problem is None or each.pair not in held
        for part in each.parts
    ]
    if rows:
        await tx.execute(insert(estimate_part), rows)
    if position is not None:
        await append(tx, position, await _events(tx, changed))
    await due.done(tx, pairs)
    return position


def _changes(each: Estimate, amounts: Mapping[int, Decimal], problem: str | None) -> bool:
    """Whether there is something to tell."""
    if each.problem is not None or problem is not None:
        return each.problem != problem
    return {part.component_id: part.amount for part in each.parts if part.amount} != amounts


async def _held(tx: Transaction, pairs: Collection[Pair]) -> dict[Pair, tuple[dict[int, Decimal], str | None]]:
    found: dict[Pair, tuple[dict[int, Decimal], str | None]] = {}
    for row in await tx.rows(HELD, {"reps": [rep_id for rep_id, _ in pairs], "periods": [period_id for _, period_id in pairs]}):
        parts, _ = found.setdefault((row["rep_id"], row["period_id"]), ({}, row["problem"]))
        if row["amount"]:
            parts[row["component_id"]] = row["amount"]
    return found


async def _upsert(tx: Transaction, each: Estimate) -> None:
    keys = {"rep_id": each.rep_id, "period_id": each.period_id}
    values = {"currency": each.currency, "amount": each.total, "position": each.position, "problem": each.problem}
    kept = values if each.problem is None else {"problem": each.problem}
    await tx.execute(insert(estimate).values(**keys, **values).on_conflict_do_update(index_elements=list(keys), set_=kept))


async def _events(tx: Transaction, changed: Sequence[Estimate]) -> list[Event]:
    reps = {row["id"]: row for row in await tx.rows("select * from rep where id = any(:ids)", {"ids": [each.rep_id for each in changed]})}
    months = await tx.rows("select * from period where id = any(:ids)", {"ids": sorted({each.period_id for each in changed})})
    periods = {row["id"]: shown_period(row) for row in months}
    components = sorted({part.component_id for each in changed for part in each.parts})
    names = {row["component_id"]: row["name"] for row in await tx.rows(NAMES, {"components": components})}
    return [
        Event("EstimateChange", _payload(each, card(reps[each.rep_id]), periods[each.period_id], names), each.rep_id) for each in changed
    ]


def _payload(each: Estimate, rep: Mapping[str, Any], period: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    known = each.problem is None
    return {
        "rep": rep,
        "period": period,
        "total": told(each.total, each.currency) if known else None,
        "byComponent": [
            {
                "component": f"component_{part.component_id}",
                "name": names[part.component_id],
                "amount": told(part.amount, each.currency),
            }
            for part in each.parts
            if known
        ],
        "reflects": str(each.position),
        "problem": each.problem,
    }
