"""The currency that a rep is paid in, from a month on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain.period import month
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Backdating, Grant
from spm_graph.store import clock, history, paid_in
from spm_graph.store.database import Transaction
from spm_graph.store.tables import draw, fx_rate, pay_currency, rep
from spm_graph.store.visibility import Actor

from .carrying import tell
from .crediting import recredit
from .currencies import check_currency
from .dating import require_decided
from .refs import Ref, visible_rep
from .result import Result

# What anybody but the rep sold counts for them by splits, rules and roll-ups: only their credits tell what is theirs.
CREDITED = "select distinct transaction_id from credit where rep_id = :rep_id and superseded_position is null and dated >= :starts"


@dataclass(frozen=True)
class PayCurrencySet:
    """What a rep is paid in from a month on, and until another change is set. It takes the place of later changes."""

    rep: Annotated[Ref, "Who is paid."]
    currency: Annotated[str, "The currency (ISO 4217), as in EUR."]
    starts: Annotated[date, "The first day of the first month that is paid in it: pay periods have one currency each."]
    backdating: Annotated[
        Backdating | None,
        "For a day in the past: RESTATE converts the credits since then anew, each at the rate of its own day; FROM_NOW lets the change"
        " begin with the next month that begins.",
    ] = None


async def set_pay_currency(tx: Transaction, actor: Actor, command: PayCurrencySet) -> Result:
    """Let a rep be paid in another currency from a month on.

    What was promised and reached until then goes on at the rate of the day of the change, which must be known; what was
    earned stays in the currency that it was earned in.
    """
    actor.require(Grant.PLAN)
    check_currency(command.currency, ["currency"])
    if command.starts.day != 1:
        message = f"{command.starts} is no first day of a month: a pay period is paid in one currency"
        raise refuse(ProblemCode.INVALID, message, ["starts"])
    require_decided(command.starts, tx.today, command.backdating)
    position = await clock.tick(tx, actor.name, "payCurrencySet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    starts = command.starts
    if command.backdating is Backdating.FROM_NOW and starts < tx.today:
        starts = tx.today if tx.today.day == 1 else month(tx.today.year, tx.today.month).ends
    before = await paid_in.on(tx, who["id"], starts - timedelta(days=1))
    if before == command.currency:
        await _take_back(tx, who["id"], starts)
    else:
        await _change(tx, who, before, command.currency, starts)
    await _refuse_draws(tx, who, command.currency, starts)
    await tx.execute(update(rep).where(rep.c.id == who["id"]).values(currency=command.currency))
    await paid_in.recount(tx, position, [who["id"]])
    await recredit(tx, position, [row["transaction_id"] for row in await tx.rows(CREDITED, {"rep_id": who["id"], "starts": starts})])
    await tell(tx, position, who["id"], starts)
    return Result(position, {"rep_id": who["id"]})


async def _change(tx: Transaction, who: RowMapping, before: str, currency: str, starts: date) -> None:
    rated = (fx_rate.c.base == before) & (fx_rate.c.quote == currency) & fx_rate.c.effective.contains(starts)
    rate = await tx.scalar(select(fx_rate.c.rate).where(rated))
    if rate is None:
        message = (
            f"there is no rate from {before} to {currency} on {starts}, to go on with what was reached until then: set one with fxRateSet"
        )
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["currency"])
    if await tx.scalar(select(func.count()).select_from(pay_currency).where(pay_currency.c.rep_id == who["id"])) == 0:
        until = Range(None, starts, bounds="()")
        await tx.execute(insert(pay_currency).values(rep_id=who["id"], currency=before, effective=until))
    await history.supersede(tx, pay_currency, {"rep_id": who["id"]}, starts, None, {"currency": currency, "rate": rate})


async def _take_back(tx: Transaction, rep_id: int, starts: date) -> None:
    """Let the currency of the day before go on."""
    mine = pay_currency.c.rep_id == rep_id
    await tx.execute(delete(pay_currency).where(mine, func.lower(pay_currency.c.effective) >= starts))
    on = pay_currency.c.effective.contains(starts - timedelta(days=1))
    await tx.execute(update(pay_currency).where(mine, on).values(effective=func.daterange(func.lower(pay_currency.c.effective), None)))


async def _refuse_draws(tx: Transaction, who: RowMapping, currency: str, starts: date) -> None:
    later = draw.c.effective.overlaps(history.effective(starts, None))
    others = select(draw.c.currency).where(draw.c.rep_id == who["id"], draw.c.currency != currency, later)
    held = await tx.row(others.order_by(func.lower(draw.c.effective)).limit(1))
    if held is not None:
        message = f"{who['name']} has a draw in {held['currency']} on or after {starts}: end it then, and set another after the change"
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["starts"])
