"""Remarks on what was done as asked and is probably not meant: facts arrive in any order, so none of this is refused."""

from __future__ import annotations

from spm_graph.domain.money import text
from spm_graph.domain.problem import Problem, ProblemCode
from spm_graph.store.database import Transaction

# A sale with all that corrects it, directly or not, by any of these transactions.
NET = """
with recursive upwards(id, corrects_id) as (
    select id, corrects_id from transaction where id = :id
    union
    select above.id, above.corrects_id from upwards join transaction as above on above.id = upwards.corrects_id
),
sale(id) as (select id from upwards where corrects_id is null),
whole(id) as (
    select id from sale
    union
    select correction.id from whole join transaction as correction on correction.corrects_id = whole.id
)
select first.amount as sold, first.currency, sum(given.amount) - first.amount as corrected
from sale join transaction as first on first.id = sale.id
cross join whole join transaction as given on given.id = whole.id
group by first.id having first.amount * sum(given.amount) < 0
"""

ORDERS = """
select count(*) from transaction
where opportunity_id = :id and kind = 'ORDER' and corrects_id is null and (amount <> 0 or quantity <> 0)
"""


async def of_correction(tx: Transaction, transaction_id: int) -> tuple[Problem, ...]:
    """A remark if what corrects the sale behind a transaction takes back more than was sold."""
    found = await tx.row(NET, {"id": transaction_id})
    if found is None:
        return ()
    sold, corrected = text(found["sold"], found["currency"]), text(abs(found["corrected"]), found["currency"])
    message = f"{corrected} {found['currency']} is taken back of a sale of {sold}: less than nothing was sold, and is credited so"
    return (Problem(ProblemCode.REFUND_EXCEEDS_SALE, message, ("amount",)),)


async def of_orders(tx: Transaction, opportunity_id: int) -> tuple[Problem, ...]:
    """A remark if a deal has more than one order: winning it makes one by itself."""
    found = await tx.scalar(ORDERS, {"id": opportunity_id})
    if found <= 1:
        return ()
    message = f"the deal has {found} orders, and all of them are credited: winning a deal makes its order by itself"
    return (Problem(ProblemCode.SECOND_ORDER, message, ("opportunity",)),)
