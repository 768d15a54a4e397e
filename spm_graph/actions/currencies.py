"""Rates of exchange: what one currency is worth in another, over dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from sqlalchemy import select

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant
from spm_graph.store import clock, history
from spm_graph.store.database import Transaction
from spm_graph.store.tables import fx_rate
from spm_graph.store.visibility import Actor

from .carrying import follow_rate
from .crediting import recredit
from .dating import require_later
from .result import Result

CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
RATE_PLACES = 8

CREDITED = """
select distinct transaction_id from credit
where superseded_position is null and sold_currency = :base and currency = :quote
  and dated >= :starts and (cast(:ends as date) is null or dated < :ends)
"""


@dataclass(frozen=True)
class FxRateSet:
    """What one unit of a currency is worth in another, from a day on."""

    base: Annotated[str, "The currency that amounts are in, as in EUR."]
    quote: Annotated[str, "The currency that they are converted to, as in USD."]
    rate: Annotated[Decimal, "How much of `quote` one unit of `base` is worth, to 8 places at most."]
    starts: Annotated[date, "The first day that it holds."]
    ends: Annotated[date | None, "The first day that it no longer holds; none: until another is set."] = None


async def set_rate(tx: Transaction, actor: Actor, command: FxRateSet) -> Result:
    """Set a rate. Credits of those dates that were converted by another are made again; what a rep carries over a change of
    pay currency on one of them is worth as much as it says."""
    actor.require(Grant.PLAN)
    if not actor.sees_all:
        raise refuse(ProblemCode.NOT_PERMITTED, "A rate is everybody's: setting one needs the grant SEE_ALL beside PLAN.")
    for field, currency in (("base", command.base), ("quote", command.quote)):
        check_currency(currency, [field])
    if command.base == command.quote:
        raise refuse(ProblemCode.INVALID, f"{command.base} is always worth itself: expected two currencies", ["quote"])
    if command.rate <= 0 or command.rate != round(command.rate, RATE_PLACES):
        raise refuse(ProblemCode.INVALID, f"{command.rate} is no rate; expected above zero, with 8 places at most", ["rate"])
    require_later(command.starts, command.ends)
    position = await clock.tick(tx, actor.name, "fxRateSet")
    keys = {"base": command.base, "quote": command.quote}
    await history.supersede(tx, fx_rate, keys, command.starts, command.ends, {"rate": command.rate})
    dates = {"starts": command.starts, "ends": command.ends}
    await follow_rate(tx, position, {**keys, **dates, "rate": command.rate})
    await recredit(tx, position, [row["transaction_id"] for row in await tx.rows(CREDITED, {**keys, **dates})])
    mine = (fx_rate.c.base == command.base) & (fx_rate.c.quote == command.quote)
    rate_id = await tx.scalar(select(fx_rate.c.id).where(mine, fx_rate.c.effective.contains(command.starts)))
    return Result(position, {"fx_rate_id": rate_id})


def check_currency(given: str, path: list[str]) -> None:
    """Refuse what can't be a currency's code (ISO 4217)."""
    if not CURRENCY.fullmatch(given):
        raise refuse(ProblemCode.INVALID, f'"{given}" is no currency; expected three capital letters, as in EUR', path)
