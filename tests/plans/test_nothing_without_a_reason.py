"""In a whole company, over years of its life: whoever is paid nothing, for a deal or for a month, is told why."""

from __future__ import annotations

from datetime import date

from spm_graph.demonstration.company import fill
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Database

# Whoever takes part in a deal that was won and gets nothing for it, and somebody who does not.
OF_DEALS = """
with paid as (
    select earning.rep_id, coalesce(sale.opportunity_id, corrected.opportunity_id) as deal_id, sum(shared.amount) as amount
    from earning join earning_credit as shared on shared.earning_id = earning.id
    join transaction as sale on sale.id = shared.transaction_id left join transaction as corrected on corrected.id = sale.corrects_id
    group by 1, 2
),
asked as (
    select id as deal_id, owner_id as rep_id from opportunity where outcome = 'WON'
    union select opportunity_id, rep_id from split
    union select opportunity_id, rep_id from credit
    union (select id, (select max(id) from rep) from opportunity where outcome = 'WON' order by id limit 50)
)
select asked.rep_id, asked.deal_id, array(select reason from explained_deal(asked.rep_id, asked.deal_id) order by ordinal) as reasons
from asked left join paid using (rep_id, deal_id)
where coalesce(paid.amount, 0) = 0
"""

OF_MONTHS = """
select rep.id as rep_id, period.name, array(select reason from explained_period(rep.id, period.id) order by ordinal) as reasons
from rep cross join period
where period.kind = 'MONTH' and lower(period.effective) <= :today
  and not exists (select from earned where earned.rep_id = rep.id and earned.period_id = period.id and earned.amount <> 0)
"""


async def test_nobody_in_the_demonstration_is_paid_nothing_without_a_reason(database: Database) -> None:
    database.today = lambda: date(2026, 5, 20)
    await fill(database, IncentiveTypes.discover(), lambda _: None)
    async with database.transaction() as tx:
        deals = await tx.rows(OF_DEALS)
        months = await tx.rows(OF_MONTHS, {"today": database.today()})
    silent = [row for row in [*deals, *months] if not row["reasons"]]
    assert silent == []
    told = {reason for row in [*deals, *months] for reason in row["reasons"]}
    assert told >= {"REFUNDED", "NOTHING_EARNED", "NO_PLAN", "NOT_CREDITED", "NOT_CALCULATED"}, told
    assert len(deals) > 20
    assert len(months) > 20
