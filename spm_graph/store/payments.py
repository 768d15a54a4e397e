"""The payment ledger: what becomes due, and the balance that is carried from one pay period to the next.

A rep's statement opens with what earlier periods left: nothing, or a debt, because what is payable is never negative.
With S(k) the sum earned and adjusted through period k, the debt carried out of it is S(k) less max(0, S(1), …, S(k)), and the payable of
period k is what S(k) adds to that maximum.
"""

from __future__ import annotations

from .database import Transaction

PAY = """
with running as (
    select balance.rep_id, balance.currency, balance.starts,
           sum(sum(balance.amount)) over (partition by balance.rep_id, balance.currency order by balance.starts) as total
    from (
        select entitled.rep_id, entitled.currency, lower(period.effective) as starts, entitled.amount
        from entitled join period on period.id = entitled.period_id
    ) as balance
    where balance.starts <= (select lower(effective) from period where id = :period_id)
    group by balance.rep_id, balance.currency, balance.starts
),
due as (
    select rep_id, currency,
           greatest(0, max(total))
             - greatest(0, max(total) filter (where starts < (select lower(effective) from period where id = :period_id))) as amount
    from running group by rep_id, currency
)
insert into payment (rep_id, period_id, kind, amount, currency, position)
select rep_id, :period_id, 'PAID', amount, currency, :position from due where amount > 0 order by rep_id, currency
"""


async def pay(tx: Transaction, position: int, period_id: int) -> int:
    """Book what the statements of a pay period that is being closed come to; how many reps are paid."""
    return await tx.execute(PAY, {"position": position, "period_id": period_id})
