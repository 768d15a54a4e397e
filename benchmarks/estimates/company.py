"""A company of any size: a tenth are managers, and each seller has so many deals in a year, half of them won."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

from spm_graph.actions.keys import hashed
from spm_graph.domain.terms import Grant, names
from spm_graph.store import migrate
from spm_graph.store.database import plain

SERVER = {"shared_buffers": "512MB", "max_wal_size": "4GB", "synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}
TODAY = "2026-05-15"
TOKEN = f"spm_{'benchmark':x<43}"

# Every number follows from a row's own, so that each building is the same. Triggers are off meanwhile: the audit of a million
# deals is not what is measured. Each won deal credits its seller by `bookings` and, with the manager, by `team`.
COMPANY = """
set session_replication_role = replica;
update company set name = 'Large', currency = 'USD';
insert into rep (external_id, name, currency, hired_on)
select 'rep-' || i, 'Rep ' || i, 'USD', date '2020-01-01' from generate_series(1, {reps}) as i;
insert into reporting_line (rep_id, manager_id, effective)
select i, case when i <= {managers} then 1 else 2 + i % ({managers} - 1) end, daterange('2020-01-01', null)
from generate_series(2, {reps}) as i;
select spm_oversee(array(select id from rep));
insert into target_variable (rep_id, effective, annual) select id, daterange('2020-01-01', null), 30000 from rep order by id;
insert into period (name, kind, effective)
select '2026', 'YEAR', daterange('2026-01-01', '2027-01-01')
union all
select to_char(starts, 'YYYY-"Q"Q'), 'QUARTER', daterange(starts::date, (starts + interval '3 months')::date)
from generate_series(timestamp '2026-01-01', '2026-12-01', '3 months') as starts
union all
select to_char(starts, 'YYYY-MM'), 'MONTH', daterange(starts::date, (starts + interval '1 month')::date)
from generate_series(timestamp '2026-01-01', '2026-12-01', '1 month') as starts;
insert into measure (name, kind, basis, transaction_kinds, roles) values
    ('bookings', 'MONEY', 'AMOUNT', '{{ORDER,REFUND}}', '{{DIRECT,SPLIT}}'),
    ('team', 'MONEY', 'AMOUNT', '{{ORDER,REFUND}}', '{{DIRECT,SPLIT,ROLLUP}}');
insert into opportunity (external_id, name, owner_id, stage, forecast_category, probability, amount, list_amount, currency, opened_on,
                         expected_close_on, closed_on, outcome)
select 'deal-' || i, 'Deal ' || i, {managers} + 1 + i % ({reps} - {managers}), case when won then 'Won' else 'Proposal' end,
       case when won then 'CLOSED' else 'COMMIT' end, case when won then 1 else 0.4 end, 1000 + i * 37 % 9000, 12000, 'USD', day - 20,
       case when won then day else date '2026-05-20' end, case when won then day end, case when won then 'WON' end
from (select i, i / ({reps} - {managers}) % 2 = 0 as won, date '2026-01-01' + (i * 13 % 130)::integer as day
      from generate_series(0, {deals}::bigint - 1) as i) as made
order by i;
insert into transaction (kind, opportunity_id, dated, quantity, amount, currency)
select 'ORDER', id, closed_on, 1, amount, currency from opportunity where outcome = 'WON' order by id;
insert into credit (transaction_id, opportunity_id, rep_id, role, measure_id, dated, share, amount, units, currency, sold_amount,
                    sold_currency, fx_rate, made_position)
select sale.id, deal.id, given.rep_id, given.role, given.measure_id, sale.dated, 1, sale.amount, 1, 'USD', sale.amount, 'USD', 1, 1
from transaction as sale
join opportunity as deal on deal.id = sale.opportunity_id
join reporting_line as line on line.rep_id = deal.owner_id
cross join lateral (values (deal.owner_id, 'DIRECT', 1), (line.manager_id, 'ROLLUP', 2)) as given(rep_id, role, measure_id);
insert into credited_deal (opportunity_id, rep_id, owner_id, amount, opened_on, expected_close_on, closed_on)
select * from credited_deal_due;
insert into credited (rep_id, measure_id, period_id, value, position)
select rep_id, measure_id, period.id, sum(amount), 1
from credit join period on period.kind = 'MONTH' and period.effective @> dated group by 1, 2, 3;
insert into quota (rep_id, measure_id, effective, value, full_value)
select rep.id, measure.id, daterange('2026-01-01', '2027-01-01'), 600000, 600000 from rep cross join measure order by rep.id, measure.id;
insert into quota_part (rep_id, measure_id, period_id, quota_id, value, full_value, says)
select quota.rep_id, quota.measure_id, period.id, quota.id, 50000, 50000, 'a twelfth' from quota join period on period.kind = 'MONTH';
insert into api_key (name, hash, rep_id, grants, created_at) values ('benchmark', $hash$, null, $grants$, now());
"""

PLANS = """
insert into plan (name) values ('Sellers'), ('Managers');
insert into plan_version (plan_id, version, state, effective) values (1, 1, 'DRAFT', '[2026-01-01,)'), (2, 1, 'DRAFT', '[2026-01-01,)');
insert into component (plan_id) values (1), (1), (2);
insert into component_version (component_id, plan_version_id, ordinal, name, incentive_type, measure_id, window_kind, quota_basis, config)
values (1, 1, 1, 'base', 'TieredCommission', 1, 'QUARTER_TO_DATE', 'FULL_WINDOW',
        '{"tiers": [{"starts": "0", "rate": "0.03"}, {"starts": "50000", "rate": "0.05"}, {"starts": "150000", "rate": "0.08"}]}'),
       (2, 1, 2, 'fast', 'Accelerator', 1, 'QUARTER_TO_DATE', 'FULL_WINDOW',
        '{"component": "base", "bands": [{"starts": "1", "multiplier": "1.5"}]}'),
       (3, 2, 1, 'team', 'TieredCommission', 2, 'PERIOD', 'FULL_WINDOW', '{"tiers": [{"starts": "0", "rate": "0.01"}]}');
update plan_version set state = 'PUBLISHED', published_position = 1;
insert into plan_assignment (plan_id, rep_id, effective)
select case when id > {managers} then 1 else 2 end, id, daterange('2026-01-01', null) from rep order by id;
-- Only what happens from now on is estimated: the months so far are taken as looked through.
update estimate_progress set begun = '2026-05-01';
"""


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A connection of the benchmark's own."""
    connection = await asyncpg.connect(plain(make_url(address)))
    try:
        yield connection
    finally:
        await connection.close()


async def build(address: str, reps: int, credits: int) -> None:  # noqa: A002 - the field's own word
    """Fill an empty database with so many reps, and with deals that credit so often."""
    await migrate.upgrade(address)
    sizes = {"reps": reps, "managers": reps // 10, "deals": credits}  # half of them are won, and credit twice
    company = COMPANY.format(**sizes)
    company = company.replace("$hash$", f"'\\x{hashed(TOKEN).hex()}'").replace("$grants$", f"'{{{','.join(names(Grant))}}}'")
    async with connected(address) as connection:
        await connection.execute(company)
        await connection.execute("set session_replication_role = replica;" + PLANS.replace("{managers}", str(sizes["managers"])))
        await connection.execute("vacuum analyze")
