"""The calendar of pay periods, and closing them for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import ColumnElement, func, insert, select, update

from spm_graph.domain.ids import global_id
from spm_graph.domain.period import calendar
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, PeriodKind, PeriodState
from spm_graph.store import clock, events, payments
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.history import effective
from spm_graph.store.tables import adjustment, adjustment_decision, period, rep
from spm_graph.store.visibility import Actor

from .refs import PeriodRef, by_period
from .result import IdempotencyKey, Result

NAMED_AT_MOST = 10
"""How many of what holds a close up are named."""


@dataclass(frozen=True)
class PeriodsCreate:
    """The months, quarters and year of a calendar year."""

    year: Annotated[int, "The calendar year, as in 2026."]


@dataclass(frozen=True)
class PeriodClose:
    """A pay period that is settled."""

    period: Annotated[PeriodRef, "The month to close."]
    idempotency_key: IdempotencyKey = None


async def create(tx: Transaction, actor: Actor, command: PeriodsCreate) -> Result:
    """Create a year's periods; those that exist stay as they are."""
    actor.require(Grant.CLOSE)
    if not 1900 <= command.year <= 2999:
        raise refuse(ProblemCode.INVALID, f"{command.year} is no year; expected 1900 to 2999", ["year"])
    position = await clock.tick(tx, actor.name, "periodsCreate")
    await ensure(tx, date(command.year, 1, 1), date(command.year, 12, 31))
    year_id = await tx.scalar(select(period.c.id).where(period.c.name == str(command.year)))
    return Result(position, {"period_id": year_id})


async def ensure(tx: Transaction, first: date, last: date) -> list[str]:
    """Create what is missing of the periods of every year from `first` to `last`; the names of those created.

    Months before one that is closed are closed from the start. The clock must have ticked.
    """
    wanted = [found for year in range(first.year, last.year + 1) for found in calendar(year)]
    known = {row["name"] for row in await tx.rows(select(period.c.name).where(period.c.name.in_([name for name, _, _ in wanted])))}
    missing = [(name, kind, span) for name, kind, span in wanted if name not in known]
    last_closed = await tx.scalar(select(func.max(func.lower(period.c.effective))).where(period.c.state == PeriodState.CLOSED))
    for name, kind, span in missing:
        values = {"name": name, "kind": kind, "effective": effective(span.starts, span.ends)}
        if kind is PeriodKind.MONTH and last_closed is not None and span.starts < last_closed:
            values |= {"state": PeriodState.CLOSED, "closed_position": clock.POSITION}
        await tx.execute(insert(period).values(**values))
    return [name for name, _, _ in missing]


async def close(tx: Transaction, actor: Actor, command: PeriodClose) -> Result:
    """Close a pay period for good, and pay what its statements come to. Later corrections go to the earliest open one.

    Earlier months in which nothing was earned or drawn close with it. What is paid is a payout batch, ready for approval. An
    adjustment that waits for somebody's yes or no holds the close up: closed, its month could never pay it.
    """
    actor.require(Grant.CLOSE)
    position = await clock.tick(tx, actor.name, "periodClose")
    found = await by_period(tx, command.period, ["period"])
    name, span = found["name"], found["effective"]
    if found["kind"] != PeriodKind.MONTH:
        raise refuse(ProblemCode.INVALID, f"{name} is a {found['kind'].lower()}: only months are closed", ["period"])
    if found["state"] == PeriodState.CLOSED:
        raise refuse(ProblemCode.ALREADY_CLOSED, f"{name} is closed already", ["period"])
    if span.upper > tx.today:
        raise refuse(ProblemCode.PERIOD_ENDS_LATER, f"{name} ends on {span.upper}, and today is {tx.today}", ["period"])
    earlier = await tx.scalar(
        """
        select period.name from period where kind = 'MONTH' and state = 'OPEN' and lower(effective) < :starts
        and exists (select from entitled where entitled.period_id = period.id) order by lower(effective) limit 1
        """,
        {"starts": span.lower},
    )
    if earlier:
        raise refuse(ProblemCode.EARLIER_PERIOD_OPEN, f"{earlier} has earnings and is open: periods close in order", ["period"])
    if also := await payments.settle(tx, position, found["id"]):
        raise refuse(ProblemCode.EARLIER_PERIOD_OPEN, f"{also[0]} has something to pay and is open: periods close in order", ["period"])
    # Nothing may be booked before a closed month, or a debt would be lost: the empty months before it close with it.
    closing = (period.c.kind == PeriodKind.MONTH) & (period.c.state == PeriodState.OPEN) & (func.lower(period.c.effective) <= span.lower)
    await _refuse_pending(tx, closing)
    closed = await tx.rows(select(period).where(closing).order_by(func.lower(period.c.effective)))
    await tx.execute(update(period).where(closing).values(state=PeriodState.CLOSED, closed_position=position))
    await events.append(tx, position, [Event("PeriodClosed", {"period": events.period(month)}) for month in closed])
    return Result(position, {"period_id": found["id"]})


async def _refuse_pending(tx: Transaction, closing: ColumnElement[bool]) -> None:
    """Refuse to close months with adjustments that nobody has approved or declined, and name the first of them."""
    pending = (
        select(adjustment.c.id, rep.c.name, period.c.name.label("month"))
        .join(period, period.c.id == adjustment.c.period_id)
        .join(rep, rep.c.id == adjustment.c.rep_id)
        .outerjoin(adjustment_decision, adjustment_decision.c.adjustment_id == adjustment.c.id)
        .where(closing, adjustment.c.pending, adjustment_decision.c.adjustment_id.is_(None))
        .order_by(adjustment.c.id)
    )
    if found := await tx.rows(pending):
        named = ", ".join(f"{global_id('adjustment', row['id'])} of {row['name']} in {row['month']}" for row in found[:NAMED_AT_MOST])
        more = f" and {len(found) - NAMED_AT_MOST} more" if len(found) > NAMED_AT_MOST else ""
        message = f"{len(found)} adjustments wait to be approved or declined: {named}{more}"
        raise refuse(
            ProblemCode.NOT_APPROVED, message if len(found) > 1 else f"an adjustment waits to be approved or declined: {named}", ["period"]
        )
