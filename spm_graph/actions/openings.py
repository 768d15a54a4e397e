"""Opening balances: what was credited and earned elsewhere, before the company began to calculate here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from sqlalchemy import delete, insert, select

from spm_graph.domain.money import quantum
from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.quota import UNITS_QUANTUM
from spm_graph.domain.terms import Grant, MeasureKind
from spm_graph.store import attainment, clock, history, paid_in, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import credit, measure, opening_balance
from spm_graph.store.visibility import Actor

from .dating import require_later
from .refs import Ref, not_found, visible_rep
from .result import Result


@dataclass(frozen=True)
class OpeningBalanceSet:
    """What a rep had been credited with, and had earned, when calculation began here in the middle of a year."""

    rep: Annotated[Ref, "Whose it is."]
    measure: Annotated[str, "The measure that it was credited in."]
    starts: Annotated[date, "The first day that it covers: that of the year, or of the quarter."]
    ends: Annotated[date, "The first day that is calculated here."]
    credited: Annotated[Decimal, "What was credited in these dates, in the measure's unit."]
    earned: Annotated[Decimal, "What was earned and paid in these dates, in the currency that the rep is paid in on the first of them."] = (
        Decimal(0)
    )


async def set_opening_balance(tx: Transaction, actor: Actor, command: OpeningBalanceSet) -> Result:
    """Set what counts as credited before, in every window that holds all of these dates. It is attained, and not paid again."""
    actor.require(Grant.ADJUST)
    require_later(command.starts, command.ends)
    if command.ends > date(command.starts.year + 1, 1, 1):
        raise refuse(ProblemCode.INVALID, "an opening balance covers dates of one year", ["ends"])
    position = await clock.tick(tx, actor.name, "openingBalanceSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    counted = await tx.row(select(measure).where(measure.c.name == command.measure))
    if counted is None:
        raise not_found("measure", command.measure, ["measure"])
    minor = quantum(await paid_in.on(tx, who["id"], command.starts))
    unit = UNITS_QUANTUM if counted["kind"] == MeasureKind.UNITS else minor
    for field, value, step in (("credited", command.credited, unit), ("earned", command.earned, minor)):
        if value % step:
            raise refuse(ProblemCode.INVALID, f"{value} is finer than it can be: expected steps of {step}", [field])
    keys = {"rep_id": who["id"], "measure_id": counted["id"]}
    covered = history.effective(command.starts, command.ends)
    live = select(credit.c.id).where(
        credit.c.rep_id == who["id"],
        credit.c.measure_id == counted["id"],
        credit.c.superseded_position.is_(None),
        credit.c.dated >= command.starts,
        credit.c.dated < command.ends,
    )
    if await tx.scalar(live.limit(1)):
        message = f"{who['name']} has credits in these dates: what is credited here is no opening balance"
        raise refuse(ProblemCode.OVERLAPS, message, ["ends"])
    mine = (opening_balance.c.rep_id == who["id"]) & (opening_balance.c.measure_id == counted["id"])
    overlapping = mine & opening_balance.c.effective.overlaps(covered)
    others = select(opening_balance.c.effective).where(overlapping, opening_balance.c.effective != covered)
    other = await tx.row(others.order_by(opening_balance.c.effective).limit(1))
    if other is not None:
        held = other["effective"]
        message = f"{who['name']} has an opening balance from {held.lower} to {held.upper}: set that one"
        raise refuse(ProblemCode.OVERLAPS, message, ["starts"])
    await tx.execute(delete(opening_balance).where(overlapping))
    values = {**keys, "effective": covered, "credited": command.credited, "earned": command.earned}
    opening_id = await tx.scalar(insert(opening_balance).values(**values).returning(opening_balance.c.id))
    await paid_in.carry(tx, [who["id"]])
    span = Span(command.starts, command.ends)
    await touches.record(tx, position, [(who["id"], span)])
    await attainment.announce(tx, position, {(who["id"], counted["id"], span)})
    return Result(position, {"opening_balance_id": opening_id, "rep_id": who["id"]})
