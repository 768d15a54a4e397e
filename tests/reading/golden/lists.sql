select concat('{"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t1.name), '}'), ','), ']}') from 
(select t1.name from account as t1 where true and (t1.id = any(array
(select given.account_id from account_territory as given where given.territory_id = 
(select id from territory where external_id = $1::text) and given.effective @> $2::date))) order by t1.name, t1.id limit 20) as t1 having true), ',"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t2.name), '}'), ','), ']}') from 
(select t2.name from rep as t2 where true and (t2.id in 
(select worked.rep_id from territory_assignment as worked where worked.territory_id = 
(select id from territory where external_id = $3::text) and worked.effective @> $2::date)) and (t2.currency = $4::text) order by t2.name, t2.id limit 20) as t2 having true), ',"territories":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t3.name), '}'), ','), ']}') from 
(select t3.name from territory as t3 where true and ((t3.parent_id is not null) = $5::boolean) and (words_of(t3.name) @@ words_query($6::text) and t3.name || '' = t3.name) order by t3.name, t3.id limit 20) as t3 having true), ',"vacant":{"vacant":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t4.name), '}'), ','), ']}') from 
(select t4.name from territory as t4 where not exists 
(select from territory_assignment as worked where worked.territory_id = t4.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t4.id) or exists 
(select from account_territory as given where given.territory_id = t4.id and given.effective @> coalesce(null, $2::date))) and ((t4.parent_id is not null) = $7::boolean) order by t4.name, t4.id limit 20) as t4 having true), '},"transactions":', 
(select concat('{"nodes":[', string_agg(concat('{"externalId":', coalesce((to_json(t5.external_id))::text, 'null'), '}'), ','), ']}') from 
(select t5.external_id from transaction as t5 where true and (t5.external_id = any($8::text[])) and (t5.currency = $9::text) order by t5.dated desc, t5.id desc limit 20) as t5 having true), ',"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t6.rep_id, lower(t6.effective)) end from measure where measure.id = t6.measure_id) = 'units' then trim_scale(t6.value)::text else money_text(t6.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t6.rep_id, lower(t6.effective)) end from measure where measure.id = t6.measure_id)) end, '"}}'), ','), ']}') from 
(select t6.rep_id, t6.effective, t6.measure_id, t6.value from quota as t6 where true and (t6.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($10::text) and who.name || '' = who.name)) and (t6.rep_id in 
(select line.rep_id from reporting_line as line where line.manager_id = 
(select id from rep where external_id = $11::text) and line.effective @> $2::date)) and (t6.value >= $12::numeric) and (t6.value < $13::numeric) order by t6.id desc limit 20) as t6 having true), ',"earnings":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t7.id, '"}'), ','), ']}') from 
(select t7.id from earning as t7 where true and (t7.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($14::text) and who.name || '' = who.name)) and (t7.id = any(array
(select brought.earning_id from transaction as sold join earning_credit as brought on brought.transaction_id = sold.id where sold.opportunity_id = 
(select id from opportunity where external_id = $15::text)))) and (t7.currency = $16::text) order by t7.id desc limit 20) as t7 having true), ',"adjustments":', 
(select concat('{"nodes":[', string_agg(concat('{"state":"', case when not t8.pending then 'BOOKED' else coalesce(
(select case when decision.approved then 'BOOKED' else 'DECLINED' end from adjustment_decision as decision where decision.adjustment_id = t8.id), 'PENDING') end, '","amount":{"amount":"', money_text(t8.amount, t8.currency), '"}}'), ','), ']}') from 
(select t8.pending, t8.id, t8.amount, t8.currency from adjustment as t8 where true and (case when not t8.pending then 'BOOKED' else coalesce(
(select case when decision.approved then 'BOOKED' else 'DECLINED' end from adjustment_decision as decision where decision.adjustment_id = t8.id), 'PENDING') end = any($17::text[])) and (t8.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $18::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))) and (t8.reason = any($19::text[])) and (
(select tick.actor from tick where tick.position = t8.position) = $20::text) and (t8.position >= 
(select tick.position from tick where tick.at >= $21::timestamptz order by tick.at, tick.position limit 1)) and (t8.position <= 
(select tick.position from tick where tick.at < $22::timestamptz order by tick.at desc, tick.position desc limit 1)) and (t8.amount >= $23::numeric) and (t8.amount < $24::numeric) and (t8.currency = $25::text) order by t8.id desc limit 20) as t8 having true), ',"about":{"totalCount":', (
(select count(*) from adjustment as t10 where true and (t10.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($26::text) and who.name || '' = who.name)) and (((t10.opportunity_id = 
(select id from opportunity where external_id = $27::text))) is not true))), '},"disputes":', 
(select concat('{"nodes":[', string_agg(concat('{"says":', to_json(t11.says), '}'), ','), ']}') from 
(select t11.says from dispute as t11 where true and (t11.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($28::text) and who.name || '' = who.name)) and (t11.earning_id = $29::bigint) and (t11.opened_position >= 
(select tick.position from tick where tick.at >= $30::timestamptz order by tick.at, tick.position limit 1)) and (t11.opened_position <= 
(select tick.position from tick where tick.at < $31::timestamptz order by tick.at desc, tick.position desc limit 1)) order by t11.id desc limit 20) as t11 having true), ',"holds":', 
(select concat('{"nodes":[', string_agg(concat('{"reason":', to_json(t12.reason), '}'), ','), ']}') from 
(select t12.reason from hold as t12 where true and (t12.release = $32::text) and (t12.releases_on >= $33::date) and (t12.releases_on < $34::date) order by t12.id desc limit 20) as t12 having true), ',"payouts":', 
(select concat('{"nodes":[', string_agg(concat('{"lines":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t15.name), '}') from rep as t15 where t15.id = t14.rep_id), 'null'), ',"amount":{"amount":"', money_text(t14.amount, t14.currency), '"}}'), ','), ']}') from 
(select t14.rep_id, t14.amount, t14.currency from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t14 where t14.payout_id = t13.id and (t14.rep_id = 
(select id from rep where external_id = $35::text)) and (t14.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($36::text) and who.name || '' = who.name)) and (t14.currency = $37::text) and (t14.amount >= $38::numeric) and (t14.amount < $39::numeric) and ((((((t14.rep_id = 
(select id from rep where external_id = $40::text))) is not true)))) order by t14.payment_id limit 20) as t14 having true), '}'), ','), ']}') from 
(select t13.id from payout as t13 where true order by t13.id desc limit 20) as t13 having true), ',"plans":', 
(select concat('{"nodes":[', string_agg(concat('{"assignments":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t18.name), '}') from rep as t18 where t18.id = t17.rep_id), 'null'), '}'), ','), ']}') from 
(select t17.rep_id from plan_membership as t17 where t17.plan_id = t16.id and (t17.rep_id = 
(select id from rep where external_id = $41::text)) and (t17.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($42::text) and who.name || '' = who.name)) and (t17.effective @> $43::date) and ((((((t17.effective @> $44::date)) is not true)))) order by t17.rep_id, lower(t17.effective) limit 20) as t17 having true), ',"versions":[', 
(select string_agg(concat('{"acceptances":', 
(select concat('{"nodes":[', string_agg(concat('{"accepted":', ((t20.position is not null))::text, '}'), ','), ']}') from 
(select t20.position from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t19.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t19.id and accepted.rep_id = member.rep_id
) as t20 where true and (t20.rep_id = 
(select id from rep where external_id = $45::text)) and (t20.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($46::text) and who.name || '' = who.name)) order by t20.rep_id limit 20) as t20 having true), ',"feedback":{"comments":', 
(select concat('{"nodes":[', string_agg(concat('{"score":', t21.score, '}'), ','), ']}') from 
(select t21.score from plan_feedback as t21 where t21.plan_version_id = t19.id and (t21.rep_id = 
(select id from rep where external_id = $47::text)) and (t21.score >= $48::bigint) and (t21.score < $49::bigint) and (((((t21.comment is not null) = $50::boolean)) and (((((t21.comment is not null) = $51::boolean)) is not true)))) order by t21.rep_id limit 20) as t21 having true), '}}'), ',' order by t19.version) from plan_version as t19 where t19.plan_id = t16.id), ']}'), ','), ']}') from 
(select t16.id from plan as t16 where true and (exists 
(select from plan_membership as plan_assignment where plan_assignment.plan_id = t16.id and plan_assignment.rep_id = 
(select id from rep where external_id = $52::text) and plan_assignment.effective @> $2::date and true)) and (exists 
(select from plan_version where plan_version.plan_id = t16.id and plan_version.state = $53::text and true)) and (exists 
(select from plan_version as version where version.plan_id = t16.id and version.state <> 'DRAFT' and version.effective @> $54::date)) order by t16.name, t16.id limit 20) as t16 having true), ',"runs":', 
(select concat('{"nodes":[', string_agg(concat('{"changes":', 
(select concat('{"nodes":[', string_agg(concat('{"difference":{"amount":"', money_text(t23.difference, t23.currency), '"}}'), ','), ']}') from 
(select t23.difference, t23.currency from run_change as t23 where t23.run_id = t22.id and (t23.rep_id = 
(select id from rep where external_id = $55::text)) and (t23.rep_id in 
(select who.id from rep as who where words_of(who.name) @@ words_query($56::text) and who.name || '' = who.name)) and (t23.component_id = $57::bigint) and (t23.is_new = $58::boolean) and (t23.currency = $59::text) and (t23.difference >= $60::numeric) and (t23.difference < $61::numeric) and ((((((t23.is_new = $62::boolean)) is not true)))) order by t23.rep_id, t23.component_id, lower(t23.span), upper(t23.span), t23.key, t23.currency limit 20) as t23 having true), '}'), ','), ']}') from 
(select t22.id from run as t22 where true and (t22.started_by = $63::text) and (exists 
(select from run_problem as found where found.run_id = t22.id) = $64::boolean) order by t22.id desc limit 20) as t22 having true), ',"apiKeys":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t24.name), '}'), ','), ']}') from 
(select t24.name from api_key as t24 where true and ($65::text = any(t24.grants)) order by t24.id desc limit 20) as t24 having true), ',"ending":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t25.name), '}'), ','), ']}') from 
(select t25.name from api_key as t25 where true and (t25.expires_at < $66::timestamptz) order by t25.id desc limit 20) as t25 having true), ',"webhooks":', 
(select concat('{"nodes":[', string_agg(concat('{"attempts":{"totalCount":', (
(select count(*) from webhook_attempt as t28 where t28.webhook_id = t26.id and ((coalesce(t28.status, 0) not between 200 and 299) = $67::boolean) and (t28.at >= $68::timestamptz) and (t28.at < $69::timestamptz) and (((((((coalesce(t28.status, 0) not between 200 and 299) = $70::boolean)) is not true)))))), '}}'), ','), ']}') from 
(select t26.id from webhook as t26 where true and ((coalesce(
(select progress.failures from webhook_progress as progress where progress.webhook_id = t26.id), 0) > 0) = $71::boolean) order by t26.id desc limit 20) as t26 having true), ',"territory":', coalesce(
(select concat('{"assignments":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t31.name), '}') from rep as t31 where t31.id = t30.rep_id), 'null'), '}'), ','), ']}') from 
(select t30.rep_id from territory_assignment as t30 where t30.territory_id = t29.id and (t30.rep_id = 
(select id from rep where external_id = $72::text)) and (t30.effective @> $73::date) and ((((((t30.effective @> $74::date)) is not true)))) order by lower(t30.effective), t30.id limit 20) as t30 having true), '}') from territory as t29 where t29.id = 
(select id from territory where external_id = $75::text)), 'null'), ',"account":', coalesce(
(select concat('{"children":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t33.name), '}'), ','), ']}') from 
(select t33.name from account as t33 where t33.parent_id = t32.id and (t33.country = any($76::text[])) order by t33.name, t33.id limit 20) as t33 having true), '}') from account as t32 where t32.id = 
(select id from account where external_id = $77::text)), 'null'), ',"rep":', coalesce(
(select concat('{"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t35.id, '"}'), ','), ']}') from 
(select t35.id from quota as t35 where t35.rep_id = t34.id and (t35.measure_id = 
(select id from measure where name = $78::text)) order by t35.id desc limit 20) as t35 having true), ',"credits":', 
(select concat('{"nodes":[', string_agg(concat('{"measure":', coalesce(
(select concat('{"name":', to_json(t37.name), '}') from measure as t37 where t37.id = t36.measure_id), 'null'), ',"amount":{"amount":"', money_text(t36.amount, t36.currency), '"}}'), ','), ']}') from 
(select t36.measure_id, t36.amount, t36.currency from credit as t36 where t36.rep_id = t34.id and t36.superseded_position is null and (not false or t36.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t36.dated) and (t36.role = any($79::text[])) and (t36.transaction_id = $80::bigint) and (t36.opportunity_id = 
(select id from opportunity where external_id = $81::text)) and (exists 
(select from transaction as sold where sold.id = t36.transaction_id and sold.account_id = 
(select id from account where external_id = $82::text))) and (exists 
(select from transaction as sold where sold.id = t36.transaction_id and sold.product_id = $83::bigint)) and (t36.dated >= $84::date) and (t36.dated < $85::date) and (t36.amount >= $86::numeric) and (t36.amount < $87::numeric) and ((((((t36.source_rep_id = 
(select id from rep where external_id = $88::text))) is not true)))) order by t36.dated desc, t36.id desc limit 20) as t36 having true), ',"goals":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t38.name), '}'), ','), ']}') from 
(select t38.name from goal as t38 where t38.rep_id = t34.id and (not false or t38.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) and ((t38.achieved is not null) = $89::boolean) and (t38.achieved < $90::numeric) and (((starts_with(t38.name, $91::text))) or (((((starts_with(t38.name, $92::text))) is not true)))) order by 
(select lower(effective) from period where period.id = t38.period_id), t38.id limit 20) as t38 having true), ',"statement":', coalesce(
(select concat('{"lines":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t40.amount, t40.currency), '"}}'), ','), ']}') from 
(select t40.amount, t40.currency from earning as t40 where t40.rep_id = t39.rep_id and t40.period_id = t39.period_id and t40.currency = t39.currency and (t40.kind = $93::text) order by t40.id limit 20) as t40 having true), '}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t34.id and target.id = 
(select id from period where name = $94::text) and target.kind = 'MONTH'
) as t39 where t39.usual), 'null'), '}') from rep as t34 where t34.id = 
(select id from rep where external_id = $95::text)), 'null'), '}')
