"""Adjustments: amounts paid or taken back by hand, with a reason, beside what plans earn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from sqlalchemy import RowMapping, insert, select

from spm_graph.domain import ids, money
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import AdjustmentReason, Grant, PeriodKind, PeriodState
from spm_graph.incentive_types import Id
from spm_graph.store import clock, events, paid_in, persons, visibility
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.tables import adjustment, adjustment_decision, company, opportunity, period, rep, tick
from spm_graph.store.visibility import Actor

from .currencies import check_currency
from .refs import PeriodRef, Ref, by_period, not_found, visible_opportunity, visible_rep
from .result import IdempotencyKey, Result

BROUGHT = """
select coalesce(sum(amount), 0) from entitled_part
where rep_id = :rep_id and opportunity_id = :opportunity_id and currency = :currency
"""


@dataclass(frozen=True)
class AdjustmentApprove:
    """A decision about an adjustment that somebody else entered."""

    adjustment: Annotated[Id, "The adjustment, pending."]
    approved: Annotated[bool, "False declines it: then it never counts."] = True
    note: Annotated[str | None, "Why, in words that the rep will read."] = None
    idempotency_key: IdempotencyKey = None


@dataclass(frozen=True)
class EarningAdjust:
    """An amount that is paid, or taken back, by hand."""

    rep: Annotated[Ref, "Whose pay it is."]
    period: Annotated[PeriodRef, "The open month that it is paid in."]
    amount: Annotated[Decimal, "How much; negative takes back."]
    reason: Annotated[AdjustmentReason, "Why."]
    note: Annotated[str, "Why, in words that the rep will read."]
    opportunity: Annotated[Ref | None, "The deal that it is about: what is taken back comes off what is held of it first."] = None
    currency: Annotated[str | None, "The currency of the amount: the one that the rep is paid in in that month, unless given."] = None
    idempotency_key: IdempotencyKey = None


async def adjust(tx: Transaction, actor: Actor, command: EarningAdjust) -> Result:
    """Book an adjustment; where the company wants two to agree, it is pending first. Runs leave it alone."""
    actor.require(Grant.ADJUST)
    if not command.note.strip():
        raise refuse(ProblemCode.INVALID, "an adjustment needs a note that says why", ["note"])
    position = await clock.tick(tx, actor.name, "earningAdjust")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    month = await by_period(tx, command.period, ["period"])
    currency = command.currency or await paid_in.on(tx, who["id"], month["effective"].lower)
    check_currency(currency, ["currency"])
    unit = money.quantum(currency)
    if not command.amount or command.amount % unit:
        raise refuse(
            ProblemCode.INVALID, f"{command.amount} is no adjustment; expected another amount than zero, in steps of {unit}", ["amount"]
        )
    if month["kind"] != PeriodKind.MONTH:
        raise refuse(ProblemCode.INVALID, f"{month['name']} is a {month['kind'].lower()}: only months are paid", ["period"])
    if month["state"] == PeriodState.CLOSED:
        raise refuse(ProblemCode.ALREADY_CLOSED, f"{month['name']} is closed: adjust an open month", ["period"])
    deal = await visible_opportunity(tx, actor, command.opportunity, ["opportunity"]) if command.opportunity else None
    if deal is not None and command.amount < 0:
        await _refuse_more_than_earned(tx, who, deal, -command.amount, currency, "amount")
    pending = await tx.scalar(select(company.c.maker_checker))
    values = {
        "rep_id": who["id"],
        "period_id": month["id"],
        "opportunity_id": deal["id"] if deal else None,
        "reason": command.reason,
        "note": command.note,
        "amount": command.amount,
        "currency": currency,
        "position": position,
        "pending": pending,
    }
    entered = await tx.row(insert(adjustment).values(**values).returning(adjustment))
    assert entered is not None, "it was just written"
    if not pending:
        await events.append(tx, position, [_adjusted(entered, who, month)])
    return Result(position, {"adjustment_id": entered["id"], "rep_id": who["id"]})


async def approve(tx: Transaction, actor: Actor, command: AdjustmentApprove) -> Result:
    """Let a pending adjustment count, or decline it, for good. Whoever entered it can't, nor can whoever it pays."""
    actor.require(Grant.ADJUST)
    position = await clock.tick(tx, actor.name, "adjustmentApprove")
    number = ids.number(command.adjustment, "adjustment")
    found = await tx.row(select(adjustment).where(adjustment.c.id == number))
    if found is None or not await visibility.sees(tx, actor, found["rep_id"]):
        raise not_found("adjustment", command.adjustment, ["adjustment"])
    decided = await tx.row(select(adjustment_decision).where(adjustment_decision.c.adjustment_id == number))
    if not found["pending"] or decided is not None:
        raise refuse(ProblemCode.WRONG_STATE, "the adjustment is decided already", ["adjustment"])
    if await persons.same(tx, actor, await tx.scalar(select(tick.c.actor).where(tick.c.position == found["position"]))):
        raise refuse(ProblemCode.OWN_WORK, f"{actor.name} entered the adjustment: somebody else has to approve it", ["adjustment"])
    if await persons.is_rep(tx, actor, found["rep_id"]):
        raise refuse(ProblemCode.OWN_WORK, "somebody else has to approve what one is paid oneself", ["adjustment"])
    month = await tx.row(select(period).where(period.c.id == found["period_id"]))
    who = await tx.row(select(rep).where(rep.c.id == found["rep_id"]))
    assert month is not None and who is not None, "foreign keys hold them"
    if command.approved and found["opportunity_id"] is not None and found["amount"] < 0:
        # Others may have been approved since it was entered, and the deal refunded.
        deal = await tx.row(select(opportunity).where(opportunity.c.id == found["opportunity_id"]))
        assert deal is not None, "a foreign key holds it"
        await _refuse_more_than_earned(tx, who, deal, -found["amount"], found["currency"], "adjustment")
    values = {"adjustment_id": number, "period_id": month["id"], "approved": command.approved, "note": command.note, "position": position}
    await tx.execute(insert(adjustment_decision).values(**values))
    if command.approved:
        await events.append(tx, position, [_adjusted(found, who, month)])
    return Result(position, {"adjustment_id": number, "rep_id": who["id"]})


async def _refuse_more_than_earned(tx: Transaction, who: RowMapping, deal: RowMapping, taken: Decimal, currency: str, field: str) -> None:
    keys = {"rep_id": who["id"], "opportunity_id": deal["id"], "currency": currency}
    brought = await tx.scalar(BROUGHT, keys)
    if taken > brought:
        limit = money.text(brought, currency)
        message = f"{deal['name']} brought {who['name']} {limit} {currency}: no more than that can be taken back"
        raise refuse(ProblemCode.INVALID, message, [field])


def _adjusted(entered: RowMapping, who: RowMapping, month: RowMapping) -> Event:
    amount = money.told(entered["amount"], entered["currency"])
    payload = {
        "rep": events.card(who),
        "period": events.period(month),
        "adjustment": global_id("adjustment", entered["id"]),
        "reason": entered["reason"],
        "amount": amount,
    }
    return Event("EarningAdjusted", payload, who["id"])
