select concat('{"audit":', 
(select concat('{"nodes":[', string_agg(concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t1.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","position":"', t1.position, '"}'), ','), ']}') from 
(select t1.position from audit as t1 where true and (t1.noun = $1::text) order by t1.position desc, t1.ordinal desc limit 2) as t1 having true), ',"adjustments":', 
(select concat('{"nodes":[', string_agg(concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t2.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","opportunity":', coalesce(
(select concat('{"id":"opportunity_', t3.id, '"}') from opportunity as t3 where t3.id = t2.opportunity_id), 'null'), ',"decision":', coalesce(
(select concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t4.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","approved":', (t4.approved)::text, '}') from adjustment_decision as t4 where t4.adjustment_id = t2.id), 'null'), '}'), ','), ']}') from 
(select t2.position, t2.opportunity_id, t2.id from adjustment as t2 where true order by t2.id desc limit 20) as t2 having true), ',"disputes":', 
(select concat('{"nodes":[', string_agg(concat('{"openedAt":"', to_char(
(select tick.at from tick where tick.position = t5.opened_position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","resolvedAt":', case when 
(select tick.at from tick where tick.position = t5.resolved_position) is null then 'null' else concat('"', to_char(
(select tick.at from tick where tick.position = t5.resolved_position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, '}'), ','), ']}') from 
(select t5.opened_position, t5.resolved_position from dispute as t5 where true order by t5.id desc limit 20) as t5 having true), ',"holds":', 
(select concat('{"nodes":[', string_agg(concat('{"placedAt":"', to_char(
(select tick.at from tick where tick.position = t6.placed_position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","releasedAt":', case when 
(select tick.at from tick where tick.position = t6.released_position) is null then 'null' else concat('"', to_char(
(select tick.at from tick where tick.position = t6.released_position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, '}'), ','), ']}') from 
(select t6.placed_position, t6.released_position from hold as t6 where true order by t6.id desc limit 20) as t6 having true), ',"payouts":', 
(select concat('{"nodes":[', string_agg(concat('{"approvedAt":', case when 
(select tick.at from tick where tick.position = t7.approved_position) is null then 'null' else concat('"', to_char(
(select tick.at from tick where tick.position = t7.approved_position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, ',"exportedAt":', case when 
(select tick.at from tick where tick.position = t7.exported_position) is null then 'null' else concat('"', to_char(
(select tick.at from tick where tick.position = t7.exported_position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, '}'), ','), ']}') from 
(select t7.approved_position, t7.exported_position from payout as t7 where true order by t7.id desc limit 20) as t7 having true), ',"posting":', coalesce(
(select concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t8.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}') from posting as t8 where t8.id = $2::bigint), 'null'), ',"version":', coalesce(
(select concat('{"acceptances":', 
(select concat('{"nodes":[', string_agg(concat('{"at":', case when 
(select tick.at from tick where tick.position = t10.position) is null then 'null' else concat('"', to_char(
(select tick.at from tick where tick.position = t10.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, '}'), ','), ']}') from 
(select t10.position from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t9.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t9.id and accepted.rep_id = member.rep_id
) as t10 where true order by t10.rep_id limit 20) as t10 having true), ',"feedback":{"comments":', 
(select concat('{"nodes":[', string_agg(concat('{"at":"', to_char(
(select tick.at from tick where tick.position = t11.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}'), ','), ']}') from 
(select t11.position from plan_feedback as t11 where t11.plan_version_id = t9.id order by t11.rep_id limit 20) as t11 having true), '}}') from plan_version as t9 where t9.id = $3::bigint), 'null'), ',"rep":', coalesce(
(select concat('{"managerCard":', coalesce(
(select concat('{"name":', to_json(t13.name), '}') from rep as t13 where t13.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t12.id and line.effective @> coalesce(null, $4::date))), 'null'), ',"earlier":', coalesce(
(select concat('{"name":', to_json(t14.name), '}') from rep as t14 where t14.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t12.id and line.effective @> coalesce($5::date, $4::date))), 'null'), ',"statement":', coalesce(
(select concat('{"acknowledgedAt":', case when 
(select tick.at from acknowledgement as said join tick on tick.position = said.position where said.rep_id = t15.rep_id and said.period_id = t15.period_id) is null then 'null' else concat('"', to_char(
(select tick.at from acknowledgement as said join tick on tick.position = said.position where said.rep_id = t15.rep_id and said.period_id = t15.period_id) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, '}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t12.id and target.id = 
(select id from period where name = $6::text) and target.kind = 'MONTH'
) as t15 where t15.usual), 'null'), ',"credits":', 
(select concat('{"nodes":[', string_agg(concat('{"fxRate":"', trim_scale(round(t16.fx_rate, 8)), '","sold":{"amount":"', money_text(t16.sold_amount, t16.sold_currency), '","currency":', to_json(t16.sold_currency), '}}'), ','), ']}') from 
(select t16.fx_rate, t16.sold_amount, t16.sold_currency from credit as t16 where t16.rep_id = t12.id and t16.superseded_position is null and (not true or t16.measure_id = 
(select id from measure where name = $7::text)) and (not false or 
(select effective from period where id = null) @> t16.dated) order by t16.dated desc, t16.id desc limit 20) as t16 having true), ',"quotaCoverage":', coalesce(
(select concat('{"measure":', to_json(t17.measure), ',"without":', t17.without, '}') from (
    with seller as (
        select rep.id, rep.currency from 
(select rep_id from oversight where manager_id = 
(select t12.id) and coalesce(effective @> $4::date, false)) as below join rep on rep.id = below.rep_id
        where not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $4::date)
    )
    select period.id as period_id, measure.name as measure, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, street.quota as street, street.full_quota as full_street,
           street.carrying, 
(select count(*) from seller) - street.carrying as without,
           
(select sum(part.value * part.carry) from quota_part as part
            where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))) as quota
    from rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota, count(distinct seller.id) as carrying
        from seller join quota_part as part on part.rep_id = seller.id and part.measure_id = measure.id
        where part.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective)) and (measure.kind = 'UNITS' or seller.currency = rep.currency)
    ) as street
    where rep.id = t12.id and period.id = 
(select id from period where name = $8::text)
) as t17 where t17.measure = coalesce($9::text, 
(select name from measure order by id limit 1))), 'null'), ',"goals":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"goal_', t18.id, '"}'), ','), ']}') from 
(select t18.id from goal as t18 where t18.rep_id = t12.id and (not false or t18.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t18.period_id), t18.id limit 20) as t18 having true), '}') from rep as t12 where t12.id = 
(select id from rep where external_id = $10::text)), 'null'), ',"attributed":', 
(select concat('{"nodes":[', string_agg(concat('{"attributes":[', 
(select string_agg(concat('{"name":', coalesce(((t20.value -> 'name'))::text, 'null'), ',"value":', coalesce(((t20.value -> 'value'))::text, 'null'), '}'), ',' order by t20.ordinality) from jsonb_array_elements(t19.attributes) with ordinality as t20), '],"transactions":[', 
(select string_agg(concat('{"attributes":[', 
(select string_agg(concat('{"name":', coalesce(((t22.value -> 'name'))::text, 'null'), ',"value":', coalesce(((t22.value -> 'value'))::text, 'null'), '}'), ',' order by t22.ordinality) from jsonb_array_elements(t21.attributes) with ordinality as t22), ']}'), ',' order by t21.id) from transaction as t21 where t21.opportunity_id = t19.id), ']}'), ','), ']}') from 
(select t19.attributes, t19.id from opportunity as t19 where true order by t19.id limit 2) as t19 having true), '}')
