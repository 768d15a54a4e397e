select concat('{"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t1.name), '}'), ','), ']}') from 
(select t1.name from rep as t1 where true and ((((to_tsvector('simple', t1.name) @@ words_query($1::text)))) or ((((t1.office = any($2::text[]))) is not true))) order by t1.name, t1.id limit $3::bigint) as t1 having true), ',"hired":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t2.name), '}'), ','), ']}') from 
(select t2.name from rep as t2 where true and (exists 
(select from reporting_line as line where line.rep_id = t2.id and line.effective @> $4::date) = $5::boolean) and (t2.hired_on >= $6::date) and (t2.hired_on < $7::date) order by t2.name, t2.id limit $8::bigint) as t2 having true), ',"deals":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t3.id, '"}'), ','), '],"totalCount":', (
(select count(*) from opportunity as t4 where true and ((t4.outcome = $9::text)) and ((((t4.stage = any($10::text[]))) or (((((t4.amount is not null) = $11::boolean)) is not true)))))), '}') from 
(select t3.id from opportunity as t3 where true and ((t3.outcome = $9::text)) and ((((t3.stage = any($10::text[]))) or (((((t3.amount is not null) = $11::boolean)) is not true)))) order by coalesce(t3.closed_on, t3.expected_close_on, t3.opened_on, date '1900-01-01') desc, t3.id desc limit $12::bigint) as t3 having true), ',"every":{"totalCount":', (
(select count(*) from opportunity as t6 where true)), '},"anybody":{"totalCount":', (
(select count(*) from opportunity as t8 where true and ((t8.account_id is not null) = $13::boolean) and ((t8.product_id is not null) = $14::boolean))), '},"smaller":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t9.id, '"}'), ','), ']}') from 
(select t9.id from opportunity as t9 where true and (t9.opened_on >= $15::date) and (t9.opened_on < $16::date) and (t9.amount < $17::numeric) and (t9.probability >= $18::numeric) order by coalesce(t9.closed_on, t9.expected_close_on, t9.opened_on, date '1900-01-01') desc, t9.id desc limit $19::bigint) as t9 having true), ',"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t10.name), '}'), ','), ']}') from 
(select t10.name from account as t10 where true and (((t10.parent_id is not null) = $20::boolean)) and ((((t10.country = any($21::text[]))) is not true)) order by t10.name, t10.id limit $22::bigint) as t10 having true), ',"others":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t11.name), '}'), ','), ']}') from 
(select t11.name from account as t11 where true and (((t11.industry = any($23::text[]))) or (((t11.parent_id is not null) = $24::boolean) and (starts_with(t11.name, $25::text)))) order by t11.name, t11.id limit $26::bigint) as t11 having true), ',"territories":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t12.name), '}'), ','), ']}') from 
(select t12.name from territory as t12 where true and ((starts_with(t12.name, $27::text))) and (((t12.parent_id = 
(select id from territory where external_id = $28::text))) or ((((t12.id in 
(select worked.territory_id from territory_assignment as worked where worked.rep_id = 
(select id from rep where external_id = $29::text) and worked.effective @> $4::date))) is not true))) order by t12.name, t12.id limit $30::bigint) as t12 having true), ',"transactions":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"transaction_', t13.id, '"}'), ','), ']}') from 
(select t13.id from transaction as t13 where true and (t13.rep_id = $31::bigint) and (t13.amount >= $32::numeric) and (t13.amount < $33::numeric) and ((t13.opportunity_id is not null) = $34::boolean) order by t13.dated desc, t13.id desc limit $35::bigint) as t13 having true), ',"taken":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"transaction_', t14.id, '"}'), ','), ']}') from 
(select t14.id from transaction as t14 where true and (((t14.amount < $36::numeric)) or (((t14.kind = any($37::text[]))) and (((((t14.opportunity_id is not null) = $38::boolean)) is not true)))) order by t14.dated desc, t14.id desc limit $39::bigint) as t14 having true), ',"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t15.id, '"}'), ','), ']}') from 
(select t15.id from quota as t15 where true and ((t15.rep_id = 
(select id from rep where external_id = $40::text))) and ((((t15.measure_id = 
(select id from measure where name = $41::text))) is not true)) and (((t15.effective && 
(select effective from period where id = 
(select id from period where name = $42::text))))) order by t15.id desc limit $43::bigint) as t15 having true), ',"periods":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t16.name), '}'), ','), ']}') from 
(select t16.name from period as t16 where true and (t16.kind = $44::text) and (((upper(t16.effective) > $45::date)) or (((lower(t16.effective) < $46::date)))) and (((t16.state = $47::text)) is not true) order by lower(t16.effective), t16.id limit $48::bigint) as t16 having true), ',"earnings":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t17.id, '"}'), ','), ']}') from 
(select t17.id from earning as t17 where true and (t17.amount >= $49::numeric) and (t17.amount < $50::numeric) and (lower(t17.span) >= $51::date) and (lower(t17.span) < $52::date) order by t17.id desc limit $53::bigint) as t17 having true), ',"more":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t18.id, '"}'), ','), ']}') from 
(select t18.id from earning as t18 where true and (((t18.kind = $54::text)) or (((t18.rep_id = 
(select id from rep where external_id = $55::text))))) and (((t18.amount < $56::numeric)) is not true) order by t18.id desc limit $57::bigint) as t18 having true), ',"adjustments":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"adjustment_', t19.id, '"}'), ','), ']}') from 
(select t19.id from adjustment as t19 where true and (((((t19.pending and not exists 
(select from adjustment_decision as decision where decision.adjustment_id = t19.id)) = $58::boolean)) is not true)) and ((((t19.pending and not exists 
(select from adjustment_decision as decision where decision.adjustment_id = t19.id)) = $59::boolean)) or ((t19.rep_id = $60::bigint))) order by t19.id desc limit $61::bigint) as t19 having true), ',"disputes":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"dispute_', t20.id, '"}'), ','), ']}') from 
(select t20.id from dispute as t20 where true and ((((t20.rep_id = 
(select id from rep where external_id = $62::text))) is not true)) and (((t20.state = $63::text)) or ((t20.opportunity_id = 
(select id from opportunity where external_id = $64::text)))) order by t20.id desc limit $65::bigint) as t20 having true), ',"holds":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t21.id, '"}'), ','), ']}') from 
(select t21.id from hold as t21 where true and (t21.rep_id = 
(select id from rep where external_id = $66::text)) and ((((t21.released_position is not null or coalesce(t21.releases_on < $4::date, false)) = $67::boolean)) is not true) order by t21.id desc limit $68::bigint) as t21 having true), ',"held":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t22.id, '"}'), ','), ']}') from 
(select t22.id from hold as t22 where true and (((t22.component_id = $69::bigint)) or (((t22.opportunity_id = $70::bigint)))) order by t22.id desc limit $71::bigint) as t22 having true), ',"audit":{"totalCount":', (
(select count(*) from audit as t24 where true and (t24.noun = $72::text) and (((t24.row_id = $73::text)) or (((t24.row_id = $74::text)) and ((((exists 
(select from tick where tick.position = t24.position and tick.actor = $75::text))) is not true)))))), '},"territoryCoverage":{"coveredTwice":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t25.name), '}'), ','), ']}') from 
(select t25.name from account as t25 where 
(select count(*) from account_territory as given where given.account_id = t25.id and given.effective @> coalesce(null, $4::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $4::date))) > 1 and (starts_with(t25.name, $76::text)) order by t25.name, t25.id limit $77::bigint) as t25 having true), '},"version":', coalesce(
(select concat('{"acceptances":{"totalCount":', (
(select count(*) from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t26.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t26.id and accepted.rep_id = member.rep_id
) as t28 where true and (((((t28.position is not null) = $78::boolean)) is not true)) and ((((t28.position is not null) = $79::boolean))))), '}}') from plan_version as t26 where t26.id = $80::bigint), 'null'), ',"rep":', coalesce(
(select concat('{"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t30.name), '}'), ','), ']}') from 
(select t30.name from account as t30 where t30.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t29.id and worked.effective @> coalesce(null, $4::date) and given.effective @> coalesce(null, $4::date)) and (to_tsvector('simple', t30.name) @@ words_query($81::text)) order by t30.name, t30.id limit $82::bigint) as t30 having true), ',"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t31.name), '}'), ','), ']}') from 
(select t31.name from opportunity as t31 where t31.owner_id = t29.id and (to_tsvector('simple', t31.name) @@ words_query($83::text)) order by coalesce(t31.closed_on, t31.expected_close_on, t31.opened_on, date '1900-01-01') desc, t31.id desc limit $84::bigint) as t31 having true), ',"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"kind":"', t32.kind, '","dated":"', t32.dated, '"}'), ','), ']}') from 
(select t32.kind, t32.dated from activity as t32 where t32.rep_id = t29.id and (t32.rep_id = 
(select id from rep where external_id = $85::text)) and (((t32.kind = any($86::text[]))) or (((t32.dated >= $87::date)) and ((((t32.kind = any($88::text[]))) is not true)))) order by t32.dated desc, t32.id desc limit $89::bigint) as t32 having true), ',"pipeline":', (with t34 as not materialized 
(select t33.*, t33.amount * case when t33.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t33.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t33.closed_on, $4::date)
) end as worth from opportunity as t33 where t33.owner_id = t29.id and (t33.outcome = $90::text)) select concat('{"wonOnly":', case when ratio_text(t35.won_count::numeric / nullif(t35.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t35.won_count::numeric / nullif(t35.decided_count, 0)), '"') end, '}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $4::date) as overdue_count,
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
        from t34 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t34 as deal where deal.closed_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.closed_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end
    ) as decided on true
) as t35), '}') from rep as t29 where t29.id = 
(select id from rep where external_id = $91::text)), 'null'), ',"opportunity":', coalesce(
(select concat('{"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"kind":"', t37.kind, '"}'), ','), ']}') from 
(select t37.kind from activity as t37 where t37.opportunity_id = t36.id and (t37.kind = any($92::text[])) order by t37.dated desc, t37.id desc limit $93::bigint) as t37 having true), '}') from opportunity as t36 where t36.id = 
(select id from opportunity where external_id = $94::text)), 'null'), ',"attainments":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t39.name), '}') from rep as t39 where t39.id = t38.rep_id), 'null'), '}'), ','), ']}') from 
(select t38.rep_id from (
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
(select id from period where name = $95::text)
) as t38 where true order by t38.rank, t38.rep_id limit $96::bigint) as t38 having true), '}')
