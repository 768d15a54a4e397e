"""The currencies that reps are paid in, and the balances that are kept in the last of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from spm_graph.domain.pay_currency import Change, PayCurrencies

from .database import Transaction

PAID_IN = """
select rep.id, rep.name, rep.currency, lower(paid.effective) as starts, paid.currency as paid_in, paid.rate
from rep left join pay_currency as paid on paid.rep_id = rep.id
where rep.id = any(:reps) order by rep.id, lower(paid.effective) nulls first
"""
"""Reps, with a row for each of the currencies that they are paid in."""

CARRY = (
    """
    update quota_part as part set carry = carry_rate(part.rep_id, lower(quota.effective))
    from quota join measure on measure.id = quota.measure_id and measure.kind = 'MONEY'
    where quota.id = part.quota_id and part.rep_id = any(:reps) and part.carry <> carry_rate(part.rep_id, lower(quota.effective))
    """,
    """
    update opening_balance as opening set carry = carry_rate(opening.rep_id, lower(effective))
    from measure
    where measure.id = opening.measure_id and measure.kind = 'MONEY' and opening.rep_id = any(:reps)
      and opening.carry <> carry_rate(opening.rep_id, lower(effective))
    """,
)

CREDITED = """
update credited as balance
set position = :position, value = (
    select coalesce(sum(credit.amount * carry_rate(credit.rep_id, credit.dated)), 0) from credit
    where credit.rep_id = balance.rep_id and credit.measure_id = balance.measure_id and credit.superseded_position is null
      and month.effective @> credit.dated)
from measure, period as month
where measure.id = balance.measure_id and measure.kind = 'MONEY' and month.id = balance.period_id and balance.rep_id = any(:reps)
"""


async def read(tx: Transaction, reps: Collection[int]) -> dict[int, PayCurrencies]:
    """What these reps are paid in, by key."""
    return by_rep(await tx.rows(PAID_IN, {"reps": sorted(reps)}))


def by_rep(rows: Iterable[Mapping[Any, Any]]) -> dict[int, PayCurrencies]:
    """What reps are paid in, by key, from rows of PAID_IN."""
    return {rep_id: _of(list(held)) for rep_id, held in groupby(rows, lambda row: row["id"])}


async def on(tx: Transaction, rep_id: int, day: date) -> str:
    """The currency that a rep is paid in on a day."""
    return (await read(tx, [rep_id]))[rep_id].on(day)


async def carry(tx: Transaction, reps: Collection[int]) -> None:
    """Let what is expected of these reps, and was credited to them elsewhere, say what it is worth in the last of their currencies."""
    for statement in CARRY:
        await tx.execute(statement, {"reps": sorted(reps)})


async def recount(tx: Transaction, position: int, reps: Collection[int]) -> None:
    """Keep all balances of these reps in the last of their currencies: credits, quotas and opening balances."""
    await carry(tx, reps)
    await tx.execute(CREDITED, {"position": position, "reps": sorted(reps)})


def _of(rows: list[Mapping[Any, Any]]) -> PayCurrencies:
    changes = [Change(row["starts"], row["paid_in"], row["rate"]) for row in rows if row["starts"] is not None]
    first = next((row["paid_in"] for row in rows if row["starts"] is None and row["paid_in"] is not None), rows[0]["currency"])
    return PayCurrencies(first, tuple(changes))
