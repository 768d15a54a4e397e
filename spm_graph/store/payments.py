"""The payment ledger: what becomes due, and what is carried from one pay period to the next.

The rule itself is the function `payment_due` of `migrations/versions/payments.sql`, which reads of open months use as well: so
what a statement shows before its month closes is what the close books.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from spm_graph.domain.terms import Debt

from .database import Transaction
from .events import CARD, PERIOD

SETTLE = """
insert into payment (rep_id, period_id, kind, debt, amount, currency, component_id, opportunity_id, transaction_id, position)
select rep_id, period_id, kind, debt, amount, currency, component_id, opportunity_id, transaction_id, :position
from payment_due(array(select id from rep), :period_id)
order by rep_id, currency, array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], kind),
         component_id, opportunity_id, transaction_id
"""

EARLIER = """
select distinct period.name, lower(period.effective)
from payment join period on period.id = payment.period_id
where payment.position = :position and period.id <> :period_id order by 2
"""

PREPARE = """
with batch as (
    insert into payout (period_id, state, prepared_position) values (:period_id, 'PREPARED', :position) returning id
)
insert into payout_line (payout_id, payment_id)
select batch.id, payment.id from batch, payment where payment.period_id = :period_id and payment.kind = 'PAID'
"""

ANNOUNCE = f"""
insert into event (position, ordinal, kind, rep_id, payload)
select :position,
       (select coalesce(max(ordinal) + 1, 0) from event where position = :position) + row_number() over (order by payment.id) - 1,
       'StatementPaid', rep.id,
       jsonb_build_object(
           'rep', {CARD},
           'period', {PERIOD},
           'amount', jsonb_build_object('amount', money_text(payment.amount, payment.currency), 'currency', payment.currency))
from payment join rep on rep.id = payment.rep_id join period on period.id = payment.period_id
where payment.position = :position and payment.kind = 'PAID'
"""

UNRECONCILED = """
select currency, money_text(sum(batched), currency) as batched, money_text(sum(paid), currency) as paid
from (
    select payment.currency, payment.amount as batched, 0 as paid
    from payout_line join payment on payment.id = payout_line.payment_id where payout_line.payout_id = :payout_id
    union all
    select payment.currency, 0, payment.amount
    from payout join payment on payment.period_id = payout.period_id and payment.kind = 'PAID' where payout.id = :payout_id
) as compared
group by currency having sum(batched) <> sum(paid) order by currency
"""

FORGIVE = """
insert into payment (rep_id, period_id, kind, debt, amount, currency, note, position)
values (:rep_id, :period_id, 'WRITTEN_OFF', :debt, :amount, :currency, :note, :position)
"""


async def settle(tx: Transaction, position: int, period_id: int) -> Sequence[str]:
    """Book what a pay period that is about to close comes to for everybody, and make its payout batch.

    The clock must have ticked in an earlier statement, and the period be open still. Answers the names of open months before
    it that have something to book as well: the caller must not let that pass.
    """
    keys = {"position": position, "period_id": period_id}
    await tx.execute(SETTLE, keys)
    earlier = [row["name"] for row in await tx.rows(EARLIER, keys)]
    await tx.execute(PREPARE, keys)
    await tx.execute(ANNOUNCE, {"position": position})
    return earlier


async def owed(tx: Transaction, rep_id: int, currency: str, debt: Debt) -> Decimal:
    """What a rep owes of a kind after the months that are closed, what was forgiven taken off."""
    row = await tx.row("select carried, drawn from debt_of(:rep_id, :currency)", {"rep_id": rep_id, "currency": currency})
    assert row is not None, "a sum has a row"
    return Decimal(row["carried"] if debt is Debt.CARRIED else row["drawn"])


async def forgive(tx: Transaction, position: int, period_id: int, written_off: Mapping[str, Any]) -> None:
    """Write off a debt, or a part of it, in an open pay period: `rep_id`, `debt`, `amount`, `currency` and `note`."""
    await tx.execute(FORGIVE, {**written_off, "period_id": period_id, "position": position})


async def unreconciled(tx: Transaction, payout_id: int) -> Sequence[str]:
    """Where a batch and the payment ledger differ, in sentences; nothing if they agree to the cent in every currency."""
    rows = await tx.rows(UNRECONCILED, {"payout_id": payout_id})
    return [f"the batch has {row['batched']} {row['currency']}, and the ledger {row['paid']} {row['currency']}" for row in rows]


async def csv(tx: Transaction, payout_id: int) -> str:
    """A batch for payroll: RFC 4180 with a header; no field that a spreadsheet would take for a formula."""
    return str(await tx.scalar("select payout_csv(:payout_id)", {"payout_id": payout_id}))
