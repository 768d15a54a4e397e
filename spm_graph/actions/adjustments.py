"""Adjustments: amounts paid or taken back by hand, with a reason, beside what plans earn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from sqlalchemy import insert

from spm_graph.domain import money
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import AdjustmentReason, Grant, PeriodKind, PeriodState
from spm_graph.store import clock, events
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.tables import adjustment
from spm_graph.store.visibility import Actor

from .outcome import Outcome
from .refs import PeriodRef, Ref, by_period, visible_rep


@dataclass(frozen=True)
class EarningAdjust:
    """An amount that is paid, or taken back, by hand."""

    rep: Annotated[Ref, "Whose pay it is."]
    period: Annotated[PeriodRef, "The open month that it is paid in."]
    amount: Annotated[Decimal, "How much, in the rep's currency; negative takes back."]
    reason: Annotated[AdjustmentReason, "Why."]
    note: Annotated[str, "Why, in words that the rep will read."]
    idempotency_key: Annotated[str | None, "Any text: the same key and input get the same answer, and act once."] = None


async def adjust(tx: Transaction, actor: Actor, command: EarningAdjust) -> Outcome:
    """Book an adjustment. Runs leave it alone; another one of the opposite amount takes it back."""
    actor.require(Grant.ADJUST)
    if not command.note.strip():
        raise refuse(ProblemCode.INVALID, "an adjustment needs a note that says why", ["note"])
    position = await clock.tick(tx, actor.name, "earningAdjust")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    month = await by_period(tx, command.period, ["period"])
    unit = money.quantum(who["currency"])
    if not command.amount or command.amount % unit:
        raise refuse(
            ProblemCode.INVALID, f"{command.amount} is no adjustment; expected another amount than zero, in steps of {unit}", ["amount"]
        )
    if month["kind"] != PeriodKind.MONTH:
        raise refuse(ProblemCode.INVALID, f"{month['name']} is a {month['kind'].lower()}: only months are paid", ["period"])
    if month["state"] == PeriodState.CLOSED:
        raise refuse(ProblemCode.ALREADY_CLOSED, f"{month['name']} is closed: adjust an open month", ["period"])
    values = {
        "rep_id": who["id"],
        "period_id": month["id"],
        "reason": command.reason,
        "note": command.note,
        "amount": command.amount,
        "currency": who["currency"],
        "position": position,
    }
    adjustment_id = await tx.scalar(insert(adjustment).values(**values).returning(adjustment.c.id))
    amount = {"amount": money.text(command.amount, who["currency"]), "currency": who["currency"]}
    payload = {
        "rep": events.card(who),
        "period": events.period(month),
        "adjustment": global_id("adjustment", adjustment_id),
        "reason": command.reason,
        "amount": amount,
    }
    await events.append(tx, position, [Event("EarningAdjusted", payload, who["id"])])
    return Outcome(position, {"adjustment_id": adjustment_id, "rep_id": who["id"]})
