select concat('{"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t1.name), '}'), ','), ']}') from 
(select t1.name from rep as t1 where true and ((((words_of(t1.name) @@ words_query($1::text) and t1.name || '' = t1.name))) or ((((t1.office = any($2::text[]))) is not true))) order by t1.name, t1.id limit 20) as t1 having true), ',"hired":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t2.name), '}'), ','), ']}') from 
(select t2.name from rep as t2 where true and (exists 
(select from reporting_line as line where line.rep_id = t2.id and line.effective @> $3::date) = $4::boolean) and (t2.hired_on >= $5::date) and (t2.hired_on < $6::date) order by t2.name, t2.id limit 20) as t2 having true), ',"deals":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t3.id, '"}'), ','), ']}') from 
(select t3.id from opportunity as t3 where true and ((t3.outcome = $7::text)) and ((((t3.stage = any($8::text[]))) or (((((t3.amount is not null) = $9::boolean)) is not true)))) order by coalesce(t3.closed_on, t3.expected_close_on, t3.opened_on, date '1900-01-01') desc, t3.id desc limit 20) as t3 having true), ',"every":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t4.id, '"}'), ','), ']}') from 
(select t4.id from opportunity as t4 where true order by coalesce(t4.closed_on, t4.expected_close_on, t4.opened_on, date '1900-01-01') desc, t4.id desc limit 20) as t4 having true), ',"anybody":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t5.id, '"}'), ','), ']}') from 
(select t5.id from opportunity as t5 where true and ((t5.account_id is not null) = $10::boolean) and ((t5.product_id is not null) = $11::boolean) order by coalesce(t5.closed_on, t5.expected_close_on, t5.opened_on, date '1900-01-01') desc, t5.id desc limit 20) as t5 having true), ',"smaller":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t6.id, '"}'), ','), ']}') from 
(select t6.id from opportunity as t6 where true and (t6.opened_on >= $12::date) and (t6.opened_on < $13::date) and (t6.amount < $14::numeric) and (t6.probability >= $15::numeric) order by coalesce(t6.closed_on, t6.expected_close_on, t6.opened_on, date '1900-01-01') desc, t6.id desc limit 20) as t6 having true), ',"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t7.name), '}'), ','), ']}') from 
(select t7.name from account as t7 where true and (((t7.parent_id is not null) = $16::boolean)) and ((((t7.country = any($17::text[]))) is not true)) order by t7.name, t7.id limit 20) as t7 having true), ',"others":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t8.name), '}'), ','), ']}') from 
(select t8.name from account as t8 where true and (((t8.industry = any($18::text[]))) or (((t8.parent_id is not null) = $19::boolean) and (starts_with(t8.name, $20::text)))) order by t8.name, t8.id limit 20) as t8 having true), ',"territories":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t9.name), '}'), ','), ']}') from 
(select t9.name from territory as t9 where true and ((starts_with(t9.name, $21::text))) and (((t9.parent_id = 
(select id from territory where external_id = $22::text))) or ((((t9.id in 
(select worked.territory_id from territory_assignment as worked where worked.rep_id = 
(select id from rep where external_id = $23::text) and worked.effective @> $3::date))) is not true))) order by t9.name, t9.id limit 20) as t9 having true), ',"transactions":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"transaction_', t10.id, '"}'), ','), ']}') from 
(select t10.id from transaction as t10 where true and (t10.rep_id = $24::bigint) and (t10.amount >= $25::numeric) and (t10.amount < $26::numeric) and ((t10.opportunity_id is not null) = $27::boolean) order by t10.dated desc, t10.id desc limit 20) as t10 having true), ',"taken":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"transaction_', t11.id, '"}'), ','), ']}') from 
(select t11.id from transaction as t11 where true and (((t11.amount < $28::numeric)) or (((t11.kind = any($29::text[]))) and (((((t11.opportunity_id is not null) = $30::boolean)) is not true)))) order by t11.dated desc, t11.id desc limit 20) as t11 having true), ',"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t12.id, '"}'), ','), ']}') from 
(select t12.id from quota as t12 where true and ((t12.rep_id = 
(select id from rep where external_id = $31::text))) and ((((t12.measure_id = 
(select id from measure where name = $32::text))) is not true)) and (((t12.effective && 
(select effective from period where id = 
(select id from period where name = $33::text))))) order by t12.id desc limit 20) as t12 having true), ',"periods":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t13.name), '}'), ','), ']}') from 
(select t13.name from period as t13 where true and (t13.kind = $34::text) and (((upper(t13.effective) > $35::date)) or (((lower(t13.effective) < $36::date)))) and (((t13.state = $37::text)) is not true) order by lower(t13.effective), t13.id limit 20) as t13 having true), ',"earnings":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t14.id, '"}'), ','), ']}') from 
(select t14.id from earning as t14 where true and (t14.amount >= $38::numeric) and (t14.amount < $39::numeric) and (lower(t14.span) >= $40::date) and (lower(t14.span) < $41::date) order by t14.id desc limit 20) as t14 having true), ',"more":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t15.id, '"}'), ','), ']}') from 
(select t15.id from earning as t15 where true and (((t15.kind = $42::text)) or (((t15.rep_id = 
(select id from rep where external_id = $43::text))))) and (((t15.amount < $44::numeric)) is not true) order by t15.id desc limit 20) as t15 having true), ',"adjustments":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"adjustment_', t16.id, '"}'), ','), ']}') from 
(select t16.id from adjustment as t16 where true and (((((t16.pending and not exists 
(select from adjustment_decision as decision where decision.adjustment_id = t16.id)) = $45::boolean)) is not true)) and ((((t16.pending and not exists 
(select from adjustment_decision as decision where decision.adjustment_id = t16.id)) = $46::boolean)) or ((t16.rep_id = $47::bigint))) order by t16.id desc limit 20) as t16 having true), ',"disputes":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"dispute_', t17.id, '"}'), ','), ']}') from 
(select t17.id from dispute as t17 where true and ((((t17.rep_id = 
(select id from rep where external_id = $48::text))) is not true)) and (((t17.state = $49::text)) or ((t17.opportunity_id = 
(select id from opportunity where external_id = $50::text)))) order by t17.id desc limit 20) as t17 having true), ',"holds":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t18.id, '"}'), ','), ']}') from 
(select t18.id from hold as t18 where true and (t18.rep_id = 
(select id from rep where external_id = $51::text)) and ((((t18.released_position is not null or coalesce(t18.releases_on < $3::date, false)) = $52::boolean)) is not true) order by t18.id desc limit 20) as t18 having true), ',"held":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t19.id, '"}'), ','), ']}') from 
(select t19.id from hold as t19 where true and (((t19.component_id = $53::bigint)) or (((t19.opportunity_id = $54::bigint)))) order by t19.id desc limit 20) as t19 having true), ',"audit":{"totalCount":', (
(select count(*) from audit as t21 where true and (t21.noun = $55::text) and (((t21.row_id = $56::text)) or (((t21.row_id = $57::text)) and ((((exists 
(select from tick where tick.position = t21.position and tick.actor = $58::text))) is not true)))))), '},"territoryCoverage":{"coveredTwice":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t22.name), '}'), ','), ']}') from 
(select t22.name from account as t22 where t22.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $3::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $3::date)) group by given.account_id having count(*) > 1) and (starts_with(t22.name, $59::text)) order by t22.name, t22.id limit 20) as t22 having true), '},"version":', coalesce(
(select concat('{"acceptances":{"totalCount":', (
(select count(*) from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t23.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t23.id and accepted.rep_id = member.rep_id
) as t25 where true and (((((t25.position is not null) = $60::boolean)) is not true)) and ((((t25.position is not null) = $61::boolean))))), '}}') from plan_version as t23 where t23.id = $62::bigint), 'null'), ',"rep":', coalesce(
(select concat('{"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t27.name), '}'), ','), ']}') from 
(select t27.name from account as t27 where t27.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t26.id and worked.effective @> coalesce(null, $3::date) and given.effective @> coalesce(null, $3::date)) and (words_of(t27.name) @@ words_query($63::text) and t27.name || '' = t27.name) order by t27.name, t27.id limit 20) as t27 having true), ',"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t28.name), '}'), ','), ']}') from 
(select t28.name from opportunity as t28 where t28.owner_id = t26.id and (words_of(t28.name) @@ words_query($64::text) and t28.name || '' = t28.name) order by coalesce(t28.closed_on, t28.expected_close_on, t28.opened_on, date '1900-01-01') desc, t28.id desc limit 20) as t28 having true), ',"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"kind":"', t29.kind, '","dated":"', t29.dated, '"}'), ','), ']}') from 
(select t29.kind, t29.dated from activity as t29 where t29.rep_id = t26.id and (t29.rep_id = 
(select id from rep where external_id = $65::text)) and (((t29.kind = any($66::text[]))) or (((t29.dated >= $67::date)) and ((((t29.kind = any($68::text[]))) is not true)))) order by t29.dated desc, t29.id desc limit 20) as t29 having true), ',"pipeline":', (with t31 as not materialized 
(select t30.*, t30.amount * case when t30.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t30.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t30.closed_on, $3::date)
) end as worth from opportunity as t30 where t30.owner_id = t26.id and (t30.outcome = $69::text)) select concat('{"wonOnly":', case when ratio_text(t32.won_count::numeric / nullif(t32.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t32.won_count::numeric / nullif(t32.decided_count, 0)), '"') end, '}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $3::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.first_expected_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and (deal.expected_close_on >= case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end or not false)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t31 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t31 as deal where deal.closed_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.closed_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end
    ) as decided on true
) as t32), '}') from rep as t26 where t26.id = 
(select id from rep where external_id = $70::text)), 'null'), ',"opportunity":', coalesce(
(select concat('{"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"kind":"', t34.kind, '"}'), ','), ']}') from 
(select t34.kind from activity as t34 where t34.opportunity_id = t33.id and (t34.kind = any($71::text[])) order by t34.dated desc, t34.id desc limit 20) as t34 having true), '}') from opportunity as t33 where t33.id = 
(select id from opportunity where external_id = $72::text)), 'null'), ',"attainments":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t36.name), '}') from rep as t36 where t36.id = t35.rep_id), 'null'), '}'), ','), ']}') from 
(select t35.rep_id from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $73::text)
) as t35 where true order by t35.rank, t35.rep_id limit 20) as t35 having true), ',"products":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t37.name), '}'), ','), ']}') from 
(select t37.name from product as t37 where true and (t37.family = any($74::text[])) and (words_of(t37.name) @@ words_query($75::text) and t37.name || '' = t37.name) and (starts_with(t37.name, $76::text)) and ((((((t37.family = any($77::text[]))) is not true)))) order by t37.name, t37.id limit 20) as t37 having true), ',"plans":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t38.name), '}'), ','), ']}') from 
(select t38.name from plan as t38 where true and (((words_of(t38.name) @@ words_query($78::text) and t38.name || '' = t38.name)) or (((starts_with(t38.name, $79::text))) and ((((words_of(t38.name) @@ words_query($80::text) and t38.name || '' = t38.name)) is not true)))) order by t38.name, t38.id limit 20) as t38 having true), ',"runs":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"run_', t39.id, '"}'), ','), ']}') from 
(select t39.id from run as t39 where true and (t39.period_id = 
(select id from period where name = $81::text)) and ((((t39.state = any($82::text[]))) is not true)) and (((t39.state = any($83::text[])))) order by t39.id desc limit 20) as t39 having true), ',"payouts":', 
(select concat('{"nodes":[', string_agg(concat('{"period":', coalesce(
(select concat('{"name":', to_json(t41.name), '}') from period as t41 where t41.id = t40.period_id), 'null'), '}'), ','), ']}') from 
(select t40.period_id from payout as t40 where true and ((((t40.state = $84::text)) is not true)) and (((t40.state = $85::text))) order by t40.id desc limit 20) as t40 having true), ',"fxRates":', 
(select concat('{"nodes":[', string_agg(concat('{"rate":"', trim_scale(round(t42.rate, 8)), '"}'), ','), ']}') from 
(select t42.rate from fx_rate as t42 where true and (t42.base = $86::text) and (t42.quote = $87::text) and (t42.effective @> $88::date) and ((((((t42.base = $89::text)) is not true)))) order by t42.id desc limit 20) as t42 having true), ',"apiKeys":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t43.name), '}'), ','), ']}') from 
(select t43.name from api_key as t43 where true and (t43.rep_id = 
(select id from rep where external_id = $90::text)) and ((t43.revoked_at is not null) = $91::boolean) and (words_of(t43.name) @@ words_query($92::text) and t43.name || '' = t43.name) and (((((((t43.revoked_at is not null) = $93::boolean)) is not true)))) order by t43.id desc limit 20) as t43 having true), ',"webhooks":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t44.name), '}'), ','), ']}') from 
(select t44.name from webhook as t44 where true and ((((t44.state = $94::text)) is not true)) and (((t44.state = $95::text) and (words_of(t44.name) @@ words_query($96::text) and t44.name || '' = t44.name))) order by t44.id desc limit 20) as t44 having true), ',"ahead":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t45.rank)::text, 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t46.name), '}') from rep as t46 where t46.id = t45.rep_id), 'null'), '}'), ','), ']}') from 
(select t45.rank, t45.rep_id from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $97::text)
) as t45 where true and (round(t45.credited / t45.quota, 6) >= $98::numeric) and (((t45.rep_id in 
(select line.rep_id from reporting_line as line where line.manager_id = 
(select id from rep where external_id = $99::text) and line.effective @> $3::date))) or ((t45.rep_id in 
(select line.rep_id from reporting_line as line where line.manager_id = 
(select id from rep where external_id = $100::text) and line.effective @> $3::date)))) order by t45.rank, t45.rep_id limit 20) as t45 having true), ',"behind":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t47.rank)::text, 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t48.name), '}') from rep as t48 where t48.id = t47.rep_id), 'null'), '}'), ','), ']}') from 
(select t47.rank, t47.rep_id from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $101::text)
) as t47 where true and ((round(t47.credited / t47.quota, 6) < $102::numeric)) and ((((t47.rep_id in 
(select line.rep_id from reporting_line as line where line.manager_id = 
(select id from rep where external_id = $103::text) and line.effective @> $3::date))) is not true)) order by t47.rank, t47.rep_id limit 20) as t47 having true), ',"changed":', 
(select concat('{"nodes":[', string_agg(concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t49.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","action":', to_json(
(select tick.action from tick where tick.position = t49.position)), ',"noun":', to_json(t49.noun), '}'), ','), ']}') from 
(select t49.position, t49.noun from audit as t49 where true and (t49.noun = $104::text) and (exists 
(select from tick where tick.position = t49.position and tick.action = $105::text)) and (t49.position >= 
(select tick.position from tick where tick.at >= $106::timestamptz order by tick.at, tick.position limit 1)) and (t49.position <= 
(select tick.position from tick where tick.at < $107::timestamptz order by tick.at desc, tick.position desc limit 1)) order by t49.position desc, t49.ordinal desc limit 2) as t49 having true), ',"before":', 
(select concat('{"nodes":[', string_agg(concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t50.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}'), ','), ']}') from 
(select t50.position from audit as t50 where true and (t50.position <= 
(select tick.position from tick where tick.at < $108::timestamptz order by tick.at desc, tick.position desc limit 1)) order by t50.position desc, t50.ordinal desc limit 20) as t50 having true), ',"later":', 
(select concat('{"nodes":[', string_agg(concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t51.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}'), ','), ']}') from 
(select t51.position from audit as t51 where true and (t51.position >= 
(select tick.position from tick where tick.at >= $109::timestamptz order by tick.at, tick.position limit 1)) order by t51.position desc, t51.ordinal desc limit 20) as t51 having true), ',"sold":{"totalCount":', (
(select count(*) from transaction as t53 where true and (t53.opportunity_id = 
(select id from opportunity where external_id = $110::text)))), '},"ours":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t54.id, '"}'), ','), ']}') from 
(select t54.id from opportunity as t54 where true and (t54.owner_id in 
(select 
(select id from rep where external_id = $111::text) union all select rep_id from oversight where manager_id = 
(select 
(select id from rep where external_id = $111::text)) and coalesce(effective @> $3::date, false))) and (t54.probability < $112::numeric) and (t54.currency = $113::text) order by coalesce(t54.amount, 0), t54.id limit 20) as t54 having true), ',"team":', (with t56 as not materialized 
(select t55.*, t55.amount * case when t55.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t55.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t55.closed_on, $3::date)
) end as worth from opportunity as t55 where true and (t55.owner_id in 
(select 
(select id from rep where external_id = $114::text) union all select rep_id from oversight where manager_id = 
(select 
(select id from rep where external_id = $114::text)) and coalesce(effective @> $3::date, false))) and true) select concat('{"openCount":', t57.open_count, ',"wonAlways":', case when ratio_text(t57.won_count::numeric / nullif(t57.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t57.won_count::numeric / nullif(t57.decided_count, 0)), '"') end, '}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $3::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.first_expected_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and (deal.expected_close_on >= case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end or not false)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t56 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t56 as deal where deal.closed_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.closed_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end
    ) as decided on true
) as t57), ',"earned":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t58.id, '"}'), ','), ']}') from 
(select t58.id from earning as t58 where true and (t58.rep_id in 
(select 
(select id from rep where external_id = $115::text) union all select rep_id from oversight where manager_id = 
(select 
(select id from rep where external_id = $115::text)) and coalesce(effective @> $3::date, false))) order by t58.id desc limit 20) as t58 having true), ',"expected":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t59.id, '"}'), ','), ']}') from 
(select t59.id from quota as t59 where true and (t59.rep_id in 
(select 
(select id from rep where external_id = $116::text) union all select rep_id from oversight where manager_id = 
(select 
(select id from rep where external_id = $116::text)) and coalesce(effective @> $3::date, false))) order by t59.id desc limit 20) as t59 having true), ',"teams":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t60.rank)::text, 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t61.name), '}') from rep as t61 where t61.id = t60.rep_id), 'null'), '}'), ','), ']}') from 
(select t60.rank, t60.rep_id from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $117::text)
) as t60 where true and (t60.rep_id in 
(select 
(select id from rep where external_id = $118::text) union all select rep_id from oversight where manager_id = 
(select 
(select id from rep where external_id = $118::text)) and coalesce(effective @> $3::date, false))) and (t60.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($119::text) and who.name || '' = who.name)) order by t60.rank, t60.rep_id limit 20) as t60 having true), ',"one":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t62.rank)::text, 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t63.name), '}') from rep as t63 where t63.id = t62.rep_id), 'null'), '}'), ','), ']}') from 
(select t62.rank, t62.rep_id from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $120::text)
) as t62 where true and (t62.rep_id = 
(select id from rep where external_id = $121::text)) order by t62.rank, t62.rep_id limit 20) as t62 having true), '}')
