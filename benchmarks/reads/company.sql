-- A company of 1,000 reps over two years and a half, as many deals as asked for. Every number follows from a row's own number, so
-- that each building of it is the same. Triggers are off meanwhile: they would write a row of audit for each.
set session_replication_role = replica;

-- Indexes of the tables with most rows are made at the end: all at once takes a third of the time.
set maintenance_work_mem = '256MB';
create temporary table made_later as
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
from pg_index
where indrelid = any ('{opportunity,stage_change,transaction,credit,credited_deal,activity,earning,earning_credit,event,audit,tick}'::regclass[])
  and not exists (select from pg_constraint where conindid = indexrelid);
do $$
declare
    dropped text;
begin
    for dropped in select name from made_later loop
        execute 'drop index ' || dropped;
    end loop;
end $$;

-- A column that is not null and that nothing here fills, because it is newer, has its type's nothing meanwhile.
create temporary table defaulted as
select format('alter table %s alter column %I', attrelid::regclass, attname) as altering,
       case typcategory when 'N' then '0' when 'B' then 'false' when 'D' then '2024-01-01' when 'A' then '{}' when 'R' then 'empty'
                        else case typname when 'jsonb' then '{}' else '' end end as nothing
from pg_attribute join pg_class on pg_class.oid = attrelid join pg_type on pg_type.oid = atttypid
where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and attnotnull and not atthasdef and attidentity = ''
  and typtype <> 'd';
do $$
declare
    found record;
begin
    for found in select * from defaulted loop
        execute format('%s set default %L', found.altering, found.nothing);
    end loop;
end $$;

update company set name = 'Large', currency = 'USD';
insert into rep (external_id, name, email, title, office, currency, hired_on)
select 'rep-' || i, 'Rep ' || lpad((i * 7919 % 10007)::text, 5, '0'), 'rep' || i || '@large.example',
       case when i = 1 then 'Vice President' when i <= 11 then 'Director' when i <= 111 then 'Manager' else 'Account Executive' end,
       'Office ' || i % 12, 'USD', date '2019-01-01' + i
from generate_series(1, 1000) as i;

-- One vice president, ten directors, a hundred managers, and about nine sellers under each of these.
insert into reporting_line (rep_id, manager_id, effective)
select i, case when i <= 11 then 1 when i <= 111 then 2 + i % 10 else 12 + i % 100 end, daterange('2024-01-01', null)
from generate_series(2, 1000) as i;
select spm_oversee(array(select id from rep));
insert into rep_title (rep_id, title, effective) select id, title, daterange('2024-01-01', null) from rep order by id;
insert into target_variable (rep_id, effective, annual) select id, daterange('2024-01-01', null), 30000 + id from rep order by id;

insert into territory (external_id, name, parent_id)
select 'territory-' || i, 'Territory ' || i, case when i > 10 then 1 + i % 10 end from generate_series(1, 100) as i;
insert into territory_rule (territory_id, attribute, accepted) select id, 'COUNTRY', array['C' || id % 40] from territory where id > 10 order by id;
insert into territory_assignment (territory_id, rep_id, effective)
select 11 + i % 90, i, daterange('2024-01-01', null) from generate_series(112, 1000) as i;

insert into account (external_id, name, industry, country, parent_id)
select 'account-' || i, 'Account ' || lpad((i * 7919 % 100003)::text, 6, '0'), 'Industry ' || i % 20, 'C' || i % 40,
       case when i > 1000 and i % 10 = 0 then 1 + i % 1000 end
from generate_series(1, 20000) as i;
insert into account_territory (account_id, territory_id, effective, by_rule)
select i, 11 + i % 90, daterange('2024-01-01', null), true from generate_series(1, 20000) as i;
insert into product (external_id, name, family, list_price, currency)
select 'product-' || i, 'Product ' || i, 'Family ' || i % 5, 100 * i, 'USD' from generate_series(1, 50) as i;
insert into fx_rate (base, quote, rate, effective) values ('EUR', 'USD', 1.08, daterange('2024-01-01', null));

insert into period (name, kind, effective)
select year::text, 'YEAR', daterange(make_date(year, 1, 1), make_date(year + 1, 1, 1)) from generate_series(2024, 2026) as year
union all
select to_char(starts, 'YYYY-"Q"Q'), 'QUARTER', daterange(starts::date, (starts + interval '3 months')::date)
from generate_series(timestamp '2024-01-01', '2026-12-01', '3 months') as starts
union all
select to_char(starts, 'YYYY-MM'), 'MONTH', daterange(starts::date, (starts + interval '1 month')::date)
from generate_series(timestamp '2024-01-01', '2026-12-01', '1 month') as starts;
insert into measure (name, kind, basis, transaction_kinds, roles) values
    ('bookings', 'MONEY', 'AMOUNT', '{ORDER,REFUND}', '{DIRECT,SPLIT,OVERLAY,ROLLUP}'),
    ('boxes', 'UNITS', 'QUANTITY', '{ORDER,REFUND}', '{DIRECT,SPLIT}');
insert into crediting_rule (name, role, rep_id, product_id, share, effective)
select 'Expert ' || i, 'OVERLAY', 111 + i, i, 0.1, daterange('2024-01-01', null) from generate_series(1, 20) as i;

insert into tick (position, at, actor, action)
select i, timestamptz '2024-01-01' + i * interval '7 minutes', 'service', 'opportunityUpsert' from generate_series(1, 100000) as i;
update clock set position = 100000;

-- Half of the deals are won, a fifth lost, and the rest open.
insert into opportunity (external_id, name, account_id, product_id, owner_id, stage, forecast_category, probability, amount, list_amount,
                         currency, opened_on, expected_close_on, first_expected_on, closed_on, outcome, revision)
select 'deal-' || i, 'Deal ' || i || ' of account ' || 1 + i * 7919 % 20000, 1 + i * 7919 % 20000, 1 + i % 50, 112 + i * 31 % 889,
       (array['Won', 'Won', 'Won', 'Won', 'Won', 'Lost', 'Lost', 'Engaging', 'Proposal', 'Prospecting'])[1 + i % 10],
       (array['CLOSED', 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED', 'OMITTED', 'OMITTED', 'COMMIT', 'BEST_CASE', 'PIPELINE'])[1 + i % 10],
       (array[1, 1, 1, 1, 1, 0, 0, 0.8, 0.4, 0.1])[1 + i % 10],
       (1000 + i * 37 % 90000) / 4.0, (1000 + i * 37 % 90000) / 3, 'USD',
       opened, opened + 30 + (i % 60)::integer, opened + 30 + (i % 50)::integer,
       case when i % 10 < 7 then least(opened + 5 + (i % 100)::integer, date '2026-05-09') end,
       case when i % 10 < 5 then 'WON' when i % 10 < 7 then 'LOST' end, 1
from (select i, date '2024-01-01' + (i * 13 % 850)::integer as opened from generate_series(1, {deals}::bigint) as i) as made;
insert into split (opportunity_id, rep_id, role, share)
select i, 112 + (i * 31 + k * 17) % 889, 'SPLIT', 0.5 from generate_series(20, {deals}::bigint, 20) as i, generate_series(0, 1) as k;
insert into stage_change (opportunity_id, position, from_stage, to_stage, outcome, dated)
select id, 1 + id % 50000, null, 'Prospecting', null, opened_on from opportunity
union all
select id, 50001 + id % 50000, 'Prospecting', stage, outcome, coalesce(closed_on, opened_on + 3) from opportunity where stage <> 'Prospecting';
insert into activity (external_id, rep_id, opportunity_id, account_id, kind, dated)
select 'activity-' || i, 112 + i * 31 % 889, i, 1 + i * 7919 % 20000, (array['CALL', 'EMAIL', 'MEETING', 'DEMO'])[1 + i % 4],
       date '2024-01-01' + (i * 17 % 850)::integer
from generate_series(1, 100000) as i;
insert into activity_target (rep_id, kind, effective, monthly) select i, 'CALL', daterange('2024-01-01', null), 10 from generate_series(112, 1000) as i;

-- An order for each deal that was won; it is credited to the owner, or to those who share it, and to the owner's manager.
insert into transaction (kind, opportunity_id, account_id, product_id, dated, quantity, amount, margin, currency)
select 'ORDER', id, account_id, product_id, closed_on, 1 + id % 9, amount, amount / 2, 'USD' from opportunity where outcome = 'WON' order by id;
insert into transaction (external_id, kind, opportunity_id, account_id, product_id, dated, quantity, amount, currency, corrects_id)
select 'refund-' || id, 'REFUND', opportunity_id, account_id, product_id, dated + 10, -1, -100, 'USD', id
from transaction where id % 50 = 0 order by id;
insert into credit (transaction_id, opportunity_id, rep_id, role, measure_id, source_rep_id, dated, share, amount, units, currency, sold_amount,
                    sold_currency, fx_rate, made_position)
select sold.id, deal.id, given.rep_id, given.role, measure.id, given.source, sold.dated, given.share, sold.amount * given.share,
       sold.quantity * given.share, 'USD', sold.amount * given.share, 'USD', 1, 1 + sold.id % 100000
from transaction as sold
join opportunity as deal on deal.id = sold.opportunity_id
cross join lateral (
    select deal.owner_id as rep_id, 'DIRECT' as role, 1.0 as share, null::bigint as source where deal.id % 20 > 0
    union all
    select 112 + (deal.id * 31 + k * 17) % 889, 'SPLIT', 0.5, null from generate_series(0, 1) as k where deal.id % 20 = 0
    union all
    select line.manager_id, 'ROLLUP', 1, deal.owner_id from reporting_line as line where line.rep_id = deal.owner_id
) as given
join measure on measure.id = 1 or (measure.id = 2 and given.role <> 'ROLLUP' and sold.id % 4 = 0)
order by sold.id;
insert into credited_deal (opportunity_id, rep_id, owner_id, amount, opened_on, expected_close_on, closed_on) select * from credited_deal_due;
insert into credited (rep_id, measure_id, period_id, value, position)
select credit.rep_id, credit.measure_id, period.id, sum(case credit.measure_id when 1 then credit.amount else credit.units end), 100000
from credit join period on period.kind = 'MONTH' and period.effective @> credit.dated group by 1, 2, 3;

insert into quota (rep_id, measure_id, effective, value, full_value)
select rep.id, 1, period.effective, 300000 + 3 * rep.id, 300000 + 3 * rep.id from rep, period where period.kind = 'QUARTER' order by period.id, rep.id;
insert into quota_part (rep_id, measure_id, period_id, quota_id, value, full_value, says)
select quota.rep_id, 1, period.id, quota.id, quota.value / 3, quota.value / 3, '' from quota join period on period.kind = 'MONTH' and period.effective <@ quota.effective;
insert into opening_balance (rep_id, measure_id, effective, credited, earned)
select i, 1, daterange('2023-01-01', '2024-01-01'), 1000 + i, 100 + i from generate_series(112, 1000) as i;

insert into plan (name) values ('Sales 2024'), ('Specialists');
insert into plan_version (plan_id, version, state, effective, published_position) values
    (1, 1, 'PUBLISHED', daterange('2024-01-01', null), 1), (2, 1, 'PUBLISHED', daterange('2024-01-01', null), 1);
insert into component (plan_id) values (1), (2);
insert into component_version (component_id, plan_version_id, ordinal, name, incentive_type, measure_id, window_kind, quota_basis, config)
select i, i, 0, 'Base', 'TieredCommission', 1, 'PERIOD', 'FULL_WINDOW', '{"tiers": []}' from generate_series(1, 2) as i;
insert into plan_assignment (plan_id, rep_id, effective)
select 1 + i % 2, i, daterange('2024-01-01', null) from generate_series(112, 1000) as i;

-- Twenty-seven months were run and posted.
insert into run (period_id, state, position, shards, shards_done, started_by, excluded)
select id, 'POSTED', 1000 * row_number() over (order by effective), 1, 1, 'service', '{}' from period
where kind = 'MONTH' and lower(effective) < '2026-04-01' order by effective;
insert into posting (position, run_id, period_id) select position, id, period_id from run order by id;
insert into earning (posting_id, rep_id, component_id, kind, span, key, period_id, amount, currency, steps, position)
select run.id, 112 + i % 889, 1 + (112 + i % 889) % 2, 'EARNED', period.effective, 'deal-' || i, run.period_id, (i % 5000) / 10.0, 'USD',
       jsonb_build_array(jsonb_build_object('says', 'deal-' || i, 'base', (i % 5000)::text, 'rate', '0.1', 'amount', ((i % 5000) / 10.0)::text)),
       run.position
from generate_series(1, 300000) as i join run on run.id = 1 + (i / 889) % 27 join period on period.id = run.period_id;
insert into earning_credit (earning_id, transaction_id, role, amount)
select id, 1 + id % (select count(*) from transaction), 'DIRECT', amount from earning;
insert into earned (rep_id, period_id, component_id, currency, amount, position)
select rep_id, period_id, component_id, currency, sum(amount), max(position) from earning group by 1, 2, 3, 4;
insert into evaluation (rep_id, component_id, span, through, position, posted_position)
select distinct rep_id, component_id, span, upper(span) - 1, position, position from earning;
insert into run_evaluation (run_id, rep_id, component_id, span, shard, reads_from, through, position, evaluated)
select distinct posting_id, rep_id, component_id, span, 0, lower(span), upper(span) - 1, position, 'DONE' from earning;
insert into run_line (run_id, rep_id, component_id, span, key, currency, amount, steps, credits)
select posting_id, rep_id, component_id, span, key, currency, amount, steps, '[]' from earning where id % 10 = 0;
insert into adjustment (rep_id, period_id, reason, note, amount, currency, position)
select 112 + i % 889, 16 + i % 27, 'CORRECTION', 'Agreed.', 10 + i % 90, 'USD', i from generate_series(1, 3000) as i;
insert into payment (rep_id, period_id, kind, amount, currency, position)
select rep_id, period_id, 'PAID', sum(amount), 'USD', 90000 from earned group by 1, 2 having sum(amount) > 0;

insert into event (position, ordinal, kind, rep_id, payload)
select i, 0, 'AttainmentChanged', 112 + i % 889, jsonb_build_object('measure', 'bookings', 'rep', i) from generate_series(1, 100000) as i;
insert into audit (position, ordinal, noun, row_id, after)
select i, 0, 'opportunity', i::text, jsonb_build_object('id', i, 'stage', 'Won') from generate_series(1, 100000) as i;
insert into touch (rep_id, position, span)
select 112 + i % 889, i, daterange('2026-04-01', '2026-05-01') from generate_series(1, 20000) as i;

do $$
declare
    made text;
begin
    for made in select definition from made_later loop
        execute made;
    end loop;
end $$;
do $$
declare
    found record;
begin
    for found in select * from defaulted loop
        execute found.altering || ' drop default';
    end loop;
end $$;
drop table made_later, defaulted;
set session_replication_role = origin;
