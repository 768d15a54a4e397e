"""Which of the open deals adds most to a rep's pay, each won alone, by the very same calculation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from spm_graph.actions.refs import PeriodRef
from spm_graph.domain.ids import number
from spm_graph.domain.money import ZERO, exactly, rounded, told
from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Outcome
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Database, Transaction
from spm_graph.store.predicates import UNDER, VISIBLE_REP
from spm_graph.store.visibility import Actor, visible

from . import outlook, rivals
from .earlier import NotRead
from .facts import Facts
from .pay import Pay
from .supposing import Deal, Supposition, supposed

MOST = 200
"""How many deals are looked at: those worth most by their probability."""

PERIOD = """
select lower(effective) as starts, upper(effective) as ends from period
where id = :id or name = :name or (kind = :kind and effective @> cast(:date as date))
"""

# Deals that a rep may be credited on: their own, those that they share, those of people below them, and, for somebody whom
# a crediting rule names or who works a territory, anybody's.
OPEN = """
with {seen} below(rep_id) as ({below}),
wide as (
    select exists (select from crediting_rule where rep_id = :rep)
        or (exists (select from crediting_rule where role = 'TERRITORY') and exists (select from territory_assignment where rep_id = :rep))
           as anybodys
)
select opportunity.id, owner_id, amount, currency, account_id, product_id, probability, expected_close_on
from opportunity
where {visible} and outcome is null and amount > 0 and (expected_close_on is null or expected_close_on < :ends)
  and ((select anybodys from wide) or owner_id in (select rep_id from below)
       or id in (select split.opportunity_id from split join below on below.rep_id = split.rep_id))
order by amount * probability desc, id limit :most
"""


async def best_deals(
    database: Database, incentive_types: IncentiveTypes, actor: Actor, rep_id: int, given: PeriodRef, first: int
) -> list[dict[str, Any]]:
    """The open deals expected in a period or earlier, the one that adds most first, as the schema's type DealValue has them.

    Each is won on the day that it is expected on, or else today, or else the last day of the period, whichever is the first
    in the period. Deals that the actor may not see, that would not be credited to the rep, and those that would be refused, are
    left out; none are left where there is no such period. Where an incentive type fails, each says so, and what it adds is not
    known. So do those that leave contests out which are too large to be judged for each deal.
    """
    try:
        return await _ranked(database, incentive_types, actor, rep_id, given, first, rivals.MOST_AGAIN)
    except NotRead:
        return await _ranked(database, incentive_types, actor, rep_id, given, first, 0)


async def _ranked(
    database: Database, incentive_types: IncentiveTypes, actor: Actor, rep_id: int, given: PeriodRef, first: int, most_others: int
) -> list[dict[str, Any]]:
    async with database.snapshot() as snapshot:
        span = await _span(snapshot, given)
        rows = await _open(snapshot, actor, rep_id, span) if span else []
        if span is None or not rows:
            return []
        deals = [_won(row, span, snapshot.today) for row in rows]
        try:
            found = await _supposed(snapshot, deals)
            credited = {key: each for key, each in found.items() if any(row["rep_id"] == rep_id for row in each.made)}
            seen = await outlook.read(snapshot, incentive_types, rep_id, credited.values(), most_others=most_others)
        except Refused:
            return []
    adds: Mapping[int, Decimal] = {}
    problem = None
    try:
        adds = await asyncio.to_thread(_added, seen.known, rep_id, incentive_types, credited)
    except Refused as refused:
        problem = refused.problems[0].message
    by_id = {row["id"]: row for row in rows}
    ranked = sorted((deal for deal in deals if deal.id in credited), key=lambda deal: -adds.get(deal.id, ZERO))
    beside = {"problem": problem, "leftOut": [{"component": f"component_{part.component_id}", "name": part.name} for part in seen.left_out]}
    return [{**_value(by_id[deal.id], deal, adds.get(deal.id), seen.currency), **beside} for deal in ranked[:first]]


async def _open(snapshot: Transaction, actor: Actor, rep_id: int, span: Span) -> Sequence[RowMapping]:
    """The open deals that the rep may be credited on, of those that the actor sees."""
    below = UNDER.format(rep="cast(:rep as bigint)", today="cast(:today as date)")
    asked = {"rep": rep_id, "today": snapshot.today, "ends": span.ends, "most": MOST}
    condition = visible("opportunity", actor.grants)
    if condition is None:
        return await snapshot.rows(OPEN.format(seen="", below=below, visible="true"), asked)
    seen = VISIBLE_REP.format(rep="cast(:actor as bigint)", today="cast(:today as date)")
    statement = OPEN.format(seen=f"{seen},", below=below, visible=condition.replace("{row}", "opportunity"))
    return await snapshot.rows(statement, {**asked, "actor": actor.rep_id})


async def _supposed(snapshot: Transaction, deals: Sequence[Deal]) -> Mapping[int, Supposition]:
    """All at once, or, where one of them is refused, one by one without those that are."""
    try:
        return await supposed(snapshot, deals)
    except Refused:
        found: dict[int, Supposition] = {}
        for deal in deals:
            try:
                found |= await supposed(snapshot, [deal])
            except Refused as refused:
                if refused.problems[0].code not in (ProblemCode.CURRENCY_MISMATCH, ProblemCode.NO_PERIOD, ProblemCode.OVERLAPS):
                    raise
        return found


def _added(
    known: Facts | None, rep_id: int, incentive_types: IncentiveTypes, suppositions: Mapping[int, Supposition]
) -> dict[int, Decimal]:
    if known is None:
        return dict.fromkeys(suppositions, ZERO)
    before = Pay.of(known, rep_id, incentive_types)
    paid = before.total(before.evaluated)
    return {key: before.supposing(each.of(known.paid)).total(before.evaluated) - paid for key, each in suppositions.items()}


def _won(row: RowMapping, span: Span, today: date) -> Deal:
    days = (row["expected_close_on"], today, span.ends - timedelta(days=1))
    return Deal(
        id=row["id"],
        owner_id=row["owner_id"],
        outcome=Outcome.WON,
        closed_on=next(day for day in days if day is not None and day in span),
        amount=row["amount"],
        currency=row["currency"],
        account_id=row["account_id"],
        product_id=row["product_id"],
    )


def _value(row: RowMapping, deal: Deal, adds: Decimal | None, currency: str) -> dict[str, Any]:
    with exactly():
        weighted = rounded(adds * row["probability"], currency) if adds is not None else None
    return {
        "opportunityId": deal.id,
        "closedOn": deal.closed_on.isoformat() if deal.closed_on else None,
        "probability": format(row["probability"].normalize(), "f"),
        "adds": told(adds, currency) if adds is not None else None,
        "addsWeighted": told(weighted, currency) if weighted is not None else None,
    }


async def _span(snapshot: Transaction, given: PeriodRef) -> Span | None:
    on = given.on
    parameters = {
        "id": _number(given),
        "name": given.name,
        "kind": on.kind if on else None,
        "date": on.date if on else None,
    }
    rows = await snapshot.rows(PERIOD, parameters)
    return Span(rows[0]["starts"], rows[0]["ends"]) if rows else None


def _number(given: PeriodRef) -> int | None:
    return number(given.id, "period") if given.id is not None else None
