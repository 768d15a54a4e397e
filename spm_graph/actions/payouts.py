"""Paying: the batch of a closed month, and debts that nobody will pay back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from sqlalchemy import RowMapping, select, update

from spm_graph.domain.money import quantum, text
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Debt, Grant, PayoutState
from spm_graph.store import clock, payments, persons
from spm_graph.store.database import Transaction
from spm_graph.store.tables import company, payout, tick
from spm_graph.store.visibility import Actor

from .currencies import check_currency
from .refs import PeriodRef, Ref, by_period, visible_rep
from .result import IdempotencyKey, Result

EARLIEST_OPEN = "select id from period where kind = 'MONTH' and state = 'OPEN' order by lower(effective) limit 1 for update"


@dataclass(frozen=True)
class PayoutApprove:
    """A batch that may go to payroll."""

    period: Annotated[PeriodRef, "The month that was closed."]
    idempotency_key: IdempotencyKey = None


@dataclass(frozen=True)
class PayoutExport:
    """A batch that payroll gets."""

    period: Annotated[PeriodRef, "The month that was closed."]


@dataclass(frozen=True)
class DebtWriteOff:
    """A debt of a rep that is forgiven."""

    rep: Annotated[Ref, "Who owes it."]
    debt: Annotated[Debt, "What kind of debt."]
    note: Annotated[str, "Why."]
    amount: Annotated[Decimal | None, "How much; none: all of it."] = None
    currency: Annotated[str | None, "The currency of the debt: the last that the rep is paid in, unless given."] = None
    idempotency_key: IdempotencyKey = None


async def approve(tx: Transaction, actor: Actor, command: PayoutApprove) -> Result:
    """Approve the payout batch of a closed month, which is refused unless it agrees with the ledger to the cent.

    Where the company wants two people for what moves money, it is not whoever closed the month.
    """
    actor.require(Grant.CLOSE)
    position = await clock.tick(tx, actor.name, "payoutApprove")
    batch = await _of_period(tx, actor, command.period)
    if batch["state"] != PayoutState.PREPARED:
        raise refuse(ProblemCode.WRONG_STATE, f"the batch is {batch['state'].lower()} already", ["period"])
    if await tx.scalar(select(company.c.maker_checker)):
        closed_by = await tx.scalar(select(tick.c.actor).where(tick.c.position == batch["prepared_position"]))
        if await persons.same(tx, actor, closed_by):
            raise refuse(ProblemCode.OWN_WORK, f"{actor.name} closed the month: somebody else has to approve what it pays", ["period"])
    await _reconciled(tx, batch)
    await tx.execute(update(payout).where(payout.c.id == batch["id"]).values(state=PayoutState.APPROVED, approved_position=position))
    return Result(position, {"payout_id": batch["id"]})


async def export(tx: Transaction, actor: Actor, command: PayoutExport) -> Result:
    """Hand an approved payout batch to payroll, as CSV. However often it is exported, it is the same to the byte."""
    actor.require(Grant.CLOSE)
    position = await clock.tick(tx, actor.name, "payoutExport")
    batch = await _of_period(tx, actor, command.period)
    if batch["state"] == PayoutState.PREPARED:
        raise refuse(ProblemCode.NOT_APPROVED, "the batch is not approved yet", ["period"])
    await _reconciled(tx, batch)
    if batch["state"] == PayoutState.APPROVED:
        await tx.execute(update(payout).where(payout.c.id == batch["id"]).values(state=PayoutState.EXPORTED, exported_position=position))
    return Result(position, {"payout_id": batch["id"], "csv": await payments.csv(tx, batch["id"])})


async def write_off(tx: Transaction, actor: Actor, command: DebtWriteOff) -> Result:
    """Forgive what a rep owes after the months that are closed, or a part of it: what a leaver owes, above all."""
    actor.require(Grant.ADJUST)
    if not command.note.strip():
        raise refuse(ProblemCode.INVALID, "forgiving a debt needs a note that says why", ["note"])
    position = await clock.tick(tx, actor.name, "debtWriteOff")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    currency = command.currency or who["currency"]
    check_currency(currency, ["currency"])
    owed = await payments.owed(tx, who["id"], currency, command.debt)
    amount = owed if command.amount is None else command.amount
    if not 0 < amount <= owed or amount % quantum(currency):
        limit = text(owed, currency)
        message = f"{who['name']} owes {limit} {currency} of this kind; expected to forgive more than zero of it, and no more than that"
        raise refuse(ProblemCode.INVALID, message, ["amount"])
    month = await tx.scalar(EARLIEST_OPEN)
    if month is None:
        raise refuse(ProblemCode.NO_PERIOD, "every period is closed: create the next year's periods first")
    written_off = {"rep_id": who["id"], "debt": command.debt, "amount": amount, "currency": currency, "note": command.note}
    await payments.forgive(tx, position, month, written_off)
    return Result(position, {"rep_id": who["id"]})


async def _of_period(tx: Transaction, actor: Actor, given: PeriodRef) -> RowMapping:
    actor.require(Grant.SEE_ALL)
    month = await by_period(tx, given, ["period"])
    batch = await tx.row(select(payout).where(payout.c.period_id == month["id"]).with_for_update())
    if batch is None:
        raise refuse(ProblemCode.WRONG_STATE, f"{month['name']} has no payout batch: closing a month makes it", ["period"])
    return batch


async def _reconciled(tx: Transaction, batch: RowMapping) -> None:
    if differences := await payments.unreconciled(tx, batch["id"]):
        raise refuse(ProblemCode.UNRECONCILED, "; ".join(differences), ["period"])
