select concat(concat('{"byName":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t1.name), '}'), ','), ']}') from 
(select t1.name from account as t1 where true order by t1.name, t1.id limit 3) as t1 having true), ',"newest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NEWEST","', t2.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"name":', to_json(t2.name), '}}'), ','), ']}') from 
(select t2.id, t2.name from account as t2 where true order by t2.id desc limit 2) as t2 having true), ',"oldest":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t3.name), '}'), ',' order by t3.n desc) filter (where t3.n <= 2), '],"pageInfo":{"hasPreviousPage":', (count(*) > 2)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["OLDEST","', t3.id, '"]') order by t3.n desc) filter (where t3.n <= 2))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t3.name, t3.id, row_number() over (order by t3.id desc) as n from account as t3 where true order by t3.id desc limit 2 + 1) as t3 having true), ',"products":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["FAMILY","', (t4.family is null)::integer, '",', to_json(coalesce(t4.family, '')), ',', to_json(t4.name), ',"', t4.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"name":', to_json(t4.name), ',"family":', coalesce((to_json(t4.family))::text, 'null'), '}}'), ','), ']}') from 
(select t4.family, t4.name, t4.id from product as t4 where true order by (t4.family is null)::integer, coalesce(t4.family, ''), t4.name, t4.id limit 20) as t4 having true), ',"named":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t5.name), '}'), ','), ']}') from 
(select t5.name from product as t5 where true order by t5.name, t5.id limit 20) as t5 having true), ',"fresh":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t6.name), '}'), ','), ']}') from 
(select t6.name from product as t6 where true order by t6.id desc limit 1) as t6 having true), ',"first":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t7.name), '}'), ','), ']}') from 
(select t7.name from product as t7 where true order by t7.id limit 1) as t7 having true), ',"reps":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["HIRED","', coalesce(t8.hired_on, date '1900-01-01'), '","', t8.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"name":', to_json(t8.name), ',"hiredOn":', case when t8.hired_on is null then 'null' else concat('"', t8.hired_on, '"') end, '}}'), ','), ']}') from 
(select t8.hired_on, t8.id, t8.name from rep as t8 where true order by coalesce(t8.hired_on, date '1900-01-01') desc, t8.id desc limit 3) as t8 having true), ',"territories":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t9.name), ',"children":[', 
(select string_agg(concat('{"name":', to_json(t10.name), '}'), ',' order by t10.name, t10.id) from territory as t10 where t10.parent_id = t9.id), '],"assignments":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t12.name), '}') from rep as t12 where t12.id = t11.rep_id), 'null'), '}'), ','), ']}') from 
(select t11.rep_id from territory_assignment as t11 where t11.territory_id = t9.id order by 
(select who.name from rep as who where who.id = t11.rep_id), t11.id limit 20) as t11 having true), '}'), ','), ']}') from 
(select t9.name, t9.id from territory as t9 where true order by t9.id desc limit 2) as t9 having true), ',"latest":', 
(select concat('{"nodes":[', string_agg(concat('{"dated":"', t13.dated, '"}'), ','), ']}') from 
(select t13.dated from transaction as t13 where true order by t13.dated desc, t13.id desc limit 2) as t13 having true), ',"earlier":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["OLDEST","', t14.dated, '","', t14.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"dated":"', t14.dated, '"}}'), ','), ']}') from 
(select t14.dated, t14.id from transaction as t14 where true order by t14.dated, t14.id limit 2) as t14 having true), ',"largest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LARGEST","', t15.amount, '","', t15.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"amount":{"amount":"', money_text(t15.amount, t15.currency), '","currency":', to_json(t15.currency), '}}}'), ','), ']}') from 
(select t15.amount, t15.id, t15.currency from transaction as t15 where true and (t15.kind = any($1::text[])) order by t15.amount desc, t15.id desc limit 2) as t15 having true), ',"smallest":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t16.amount, t16.currency), '"}}'), ',' order by t16.n desc) filter (where t16.n <= 2), '],"pageInfo":{"hasPreviousPage":', (count(*) > 2)::text, '}}') from 
(select t16.amount, t16.currency, row_number() over (order by t16.amount desc, t16.id desc) as n from transaction as t16 where true order by t16.amount desc, t16.id desc limit 2 + 1) as t16 having true), ',"set":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t17.id, '"}'), ','), ']}') from 
(select t17.id from quota as t17 where true order by t17.id desc limit 2) as t17 having true), ',"before":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t18.id, '"}'), ','), ']}') from 
(select t18.id from quota as t18 where true order by t18.id limit 2) as t18 having true), ',"coming":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LATEST","', lower(t19.effective), '","', t19.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"effective":{"starts":', case when lower(t19.effective) is null then 'null' else concat('"', lower(t19.effective), '"') end, '}}}'), ','), ']}') from 
(select t19.effective, t19.id from quota as t19 where true order by lower(t19.effective) desc, t19.id desc limit 3) as t19 having true), ',"gone":', 
(select concat('{"nodes":[', string_agg(concat('{"effective":{"starts":', case when lower(t20.effective) is null then 'null' else concat('"', lower(t20.effective), '"') end, '}}'), ','), ']}') from 
(select t20.effective from quota as t20 where true order by lower(t20.effective), t20.id limit 3) as t20 having true), ',"high":', 
(select concat('{"nodes":[', string_agg(concat('{"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t21.rep_id, lower(t21.effective)) end from measure where measure.id = t21.measure_id) = 'units' then trim_scale(t21.value)::text else money_text(t21.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t21.rep_id, lower(t21.effective)) end from measure where measure.id = t21.measure_id)) end, '"}}'), ','), ']}') from 
(select t21.rep_id, t21.effective, t21.measure_id, t21.value from quota as t21 where true order by t21.value desc, t21.id desc limit 2) as t21 having true), ',"low":', 
(select concat('{"nodes":[', string_agg(concat('{"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t22.rep_id, lower(t22.effective)) end from measure where measure.id = t22.measure_id) = 'units' then trim_scale(t22.value)::text else money_text(t22.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t22.rep_id, lower(t22.effective)) end from measure where measure.id = t22.measure_id)) end, '"}}'), ','), ']}') from 
(select t22.rep_id, t22.effective, t22.measure_id, t22.value from quota as t22 where true order by t22.value, t22.id limit 2) as t22 having true), ',"whose":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NAME",', to_json(
(select who.name from rep as who where who.id = t23.rep_id)), ',"', t23.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"rep":', coalesce(
(select concat('{"name":', to_json(t24.name), '}') from rep as t24 where t24.id = t23.rep_id), 'null'), '}}'), ','), ']}') from 
(select t23.rep_id, t23.id from quota as t23 where true order by 
(select who.name from rep as who where who.id = t23.rep_id), t23.id limit 20) as t23 having true), ',"fxRates":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LATEST","', lower(t25.effective), '","', t25.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"base":', to_json(t25.base), ',"effective":{"starts":', case when lower(t25.effective) is null then 'null' else concat('"', lower(t25.effective), '"') end, '}}}'), ','), ']}') from 
(select t25.effective, t25.id, t25.base from fx_rate as t25 where true order by lower(t25.effective) desc, t25.id desc limit 20) as t25 having true), ',"entered":', 
(select concat('{"nodes":[', string_agg(concat('{"base":', to_json(t26.base), '}'), ','), ']}') from 
(select t26.base from fx_rate as t26 where true order by t26.id desc limit 1) as t26 having true), ',"kept":', 
(select concat('{"nodes":[', string_agg(concat('{"base":', to_json(t27.base), '}'), ','), ']}') from 
(select t27.base from fx_rate as t27 where true order by t27.id limit 1) as t27 having true), ',"past":', 
(select concat('{"nodes":[', string_agg(concat('{"base":', to_json(t28.base), '}'), ','), ']}') from 
(select t28.base from fx_rate as t28 where true order by lower(t28.effective), t28.id limit 2) as t28 having true), ',"booked":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t29.id, '"}'), ','), ']}') from 
(select t29.id from earning as t29 where true order by t29.id desc limit 2) as t29 having true), ',"former":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t30.id, '"}'), ','), ']}') from 
(select t30.id from earning as t30 where true order by t30.id limit 2) as t30 having true), ',"late":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LATEST","', lower(t31.span), '","', t31.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"window":{"starts":', case when lower(t31.span) is null then 'null' else concat('"', lower(t31.span), '"') end, '}}}'), ','), ']}') from 
(select t31.span, t31.id from earning as t31 where true order by lower(t31.span) desc, t31.id desc limit 3) as t31 having true), ',"early":', 
(select concat('{"nodes":[', string_agg(concat('{"window":{"starts":', case when lower(t32.span) is null then 'null' else concat('"', lower(t32.span), '"') end, '}}'), ','), ']}') from 
(select t32.span from earning as t32 where true order by lower(t32.span), t32.id limit 3) as t32 having true), ',"most":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LARGEST","', t33.amount, '","', t33.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"amount":{"amount":"', money_text(t33.amount, t33.currency), '"}}}'), ','), ']}') from 
(select t33.amount, t33.id, t33.currency from earning as t33 where true order by t33.amount desc, t33.id desc limit 2) as t33 having true), ',"least":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t34.amount, t34.currency), '"}}'), ','), ']}') from 
(select t34.amount, t34.currency from earning as t34 where true order by t34.amount, t34.id limit 2) as t34 having true), ',"adjustments":', 
(select concat('{"nodes":[', string_agg(concat('{"state":"', case when not t35.pending then 'BOOKED' else coalesce(
(select case when decision.approved then 'BOOKED' else 'DECLINED' end from adjustment_decision as decision where decision.adjustment_id = t35.id), 'PENDING') end, '"}'), ','), ']}') from 
(select t35.pending, t35.id from adjustment as t35 where true and (case when not t35.pending then 'BOOKED' else coalesce(
(select case when decision.approved then 'BOOKED' else 'DECLINED' end from adjustment_decision as decision where decision.adjustment_id = t35.id), 'PENDING') end = any($2::text[])) order by t35.id desc limit 2) as t35 having true), ',"adjusted":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"adjustment_', t36.id, '"}'), ','), ']}') from 
(select t36.id from adjustment as t36 where true order by t36.id limit 2) as t36 having true), ',"more":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LARGEST","', t37.amount, '","', t37.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"amount":{"amount":"', money_text(t37.amount, t37.currency), '"}}}'), ','), ']}') from 
(select t37.amount, t37.id, t37.currency from adjustment as t37 where true order by t37.amount desc, t37.id desc limit 2) as t37 having true), ',"less":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t38.amount, t38.currency), '"}}'), ','), ']}') from 
(select t38.amount, t38.currency from adjustment as t38 where true order by t38.amount, t38.id limit 2) as t38 having true), ',"disputes":', 
(select concat('{"nodes":[', string_agg(concat('{"state":"', t39.state, '"}'), ','), ']}') from 
(select t39.state from dispute as t39 where true order by t39.id desc limit 1) as t39 having true), ',"queue":', 
(select concat('{"nodes":[', string_agg(concat('{"openedAt":"', to_char(
(select tick.at from tick where tick.position = t40.opened_position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}'), ','), ']}') from 
(select t40.opened_position from dispute as t40 where true and (t40.state = $3::text) order by t40.id limit 20) as t40 having true), ',"holds":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["RELEASES","', coalesce(t41.releases_on, date '3000-01-01'), '","', t41.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"releasesOn":', case when t41.releases_on is null then 'null' else concat('"', t41.releases_on, '"') end, '}}'), ','), ']}') from 
(select t41.releases_on, t41.id from hold as t41 where true order by coalesce(t41.releases_on, date '3000-01-01'), t41.id limit 20) as t41 having true), ',"placed":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t42.id, '"}'), ','), ']}') from 
(select t42.id from hold as t42 where true order by t42.id desc limit 1) as t42 having true), ',"waiting":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t43.id, '"}'), ','), ']}') from 
(select t43.id from hold as t43 where true order by t43.id limit 1) as t43 having true), ',"payouts":', 
(select concat('{"nodes":[', string_agg(concat('{"named":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NAME",', to_json(
(select who.name from rep as who where who.id = t45.rep_id)), ',"', t45.payment_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"rep":', coalesce(
(select concat('{"name":', to_json(t46.name), '}') from rep as t46 where t46.id = t45.rep_id), 'null'), '}}'), ','), ']}') from 
(select t45.rep_id, t45.payment_id from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t45 where t45.payout_id = t44.id order by 
(select who.name from rep as who where who.id = t45.rep_id), t45.payment_id limit 20) as t45 having true), ',"largest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LARGEST","', t47.amount, '","', t47.payment_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"amount":{"amount":"', money_text(t47.amount, t47.currency), '"}}}'), ','), ']}') from 
(select t47.amount, t47.payment_id, t47.currency from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t47 where t47.payout_id = t44.id order by t47.amount desc, t47.payment_id desc limit 20) as t47 having true), ',"smallest":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t48.amount, t48.currency), '"}}'), ','), ']}') from 
(select t48.amount, t48.currency from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t48 where t48.payout_id = t44.id order by t48.amount, t48.payment_id limit 20) as t48 having true), '}'), ','), ']}') from 
(select t44.id from payout as t44 where true order by t44.id desc limit 20) as t44 having true), ',"plans":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LATEST","', 
(select coalesce(max(lower(version.effective)), date '1900-01-01') from plan_version as version where version.plan_id = t49.id and version.state <> 'DRAFT'), '","', t49.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"name":', to_json(t49.name), ',"named":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NAME",', to_json(
(select who.name from rep as who where who.id = t50.rep_id)), ',"', t50.rep_id, '","', lower(t50.effective), '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"rep":', coalesce(
(select concat('{"name":', to_json(t51.name), '}') from rep as t51 where t51.id = t50.rep_id), 'null'), ',"effective":{"starts":', case when lower(t50.effective) is null then 'null' else concat('"', lower(t50.effective), '"') end, '}}}'), ','), ']}') from 
(select t50.rep_id, t50.effective from plan_membership as t50 where t50.plan_id = t49.id order by 
(select who.name from rep as who where who.id = t50.rep_id), t50.rep_id, lower(t50.effective) limit 20) as t50 having true), ',"latest":', 
(select concat('{"nodes":[', string_agg(concat('{"effective":{"starts":', case when lower(t52.effective) is null then 'null' else concat('"', lower(t52.effective), '"') end, '}}'), ','), ']}') from 
(select t52.effective from plan_membership as t52 where t52.plan_id = t49.id order by lower(t52.effective) desc, t52.rep_id desc, lower(t52.effective) desc limit 20) as t52 having true), ',"earliest":', 
(select concat('{"nodes":[', string_agg(concat('{"effective":{"starts":', case when lower(t53.effective) is null then 'null' else concat('"', lower(t53.effective), '"') end, '}}'), ','), ']}') from 
(select t53.effective from plan_membership as t53 where t53.plan_id = t49.id order by lower(t53.effective), t53.rep_id, lower(t53.effective) limit 20) as t53 having true), ',"versions":[', 
(select string_agg(concat('{"named":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NAME",', to_json(
(select who.name from rep as who where who.id = t55.rep_id)), ',"', t55.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"rep":', coalesce(
(select concat('{"name":', to_json(t56.name), '}') from rep as t56 where t56.id = t55.rep_id), 'null'), '}}'), ','), ']}') from 
(select t55.rep_id from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t54.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t54.id and accepted.rep_id = member.rep_id
) as t55 where true order by 
(select who.name from rep as who where who.id = t55.rep_id), t55.rep_id limit 20) as t55 having true), ',"newest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NEWEST","', coalesce(t57.position, 0), '","', t57.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"at":', case when 
(select tick.at from tick where tick.position = t57.position) is null then 'null' else concat('"', to_char(
(select tick.at from tick where tick.position = t57.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, '}}'), ','), ']}') from 
(select t57.position, t57.rep_id from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t54.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t54.id and accepted.rep_id = member.rep_id
) as t57 where true order by coalesce(t57.position, 0) desc, t57.rep_id desc limit 20) as t57 having true), ',"oldest":', 
(select concat('{"nodes":[', string_agg(concat('{"at":', case when 
(select tick.at from tick where tick.position = t58.position) is null then 'null' else concat('"', to_char(
(select tick.at from tick where tick.position = t58.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, '}'), ','), ']}') from 
(select t58.position from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t54.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t54.id and accepted.rep_id = member.rep_id
) as t58 where true order by coalesce(t58.position, 0), t58.rep_id limit 20) as t58 having true), ',"feedback":{"named":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t60.name), '}') from rep as t60 where t60.id = t59.rep_id), 'null'), '}'), ','), ']}') from 
(select t59.rep_id from plan_feedback as t59 where t59.plan_version_id = t54.id order by 
(select who.name from rep as who where who.id = t59.rep_id), t59.rep_id limit 20) as t59 having true), ',"newest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NEWEST","', t61.position, '","', t61.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"at":"', to_char(
(select tick.at from tick where tick.position = t61.position) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}}'), ','), ']}') from 
(select t61.position, t61.rep_id from plan_feedback as t61 where t61.plan_version_id = t54.id order by t61.position desc, t61.rep_id desc limit 20) as t61 having true), ',"highest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["HIGHEST","', t62.score, '","', t62.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"score":', t62.score, '}}'), ','), ']}') from 
(select t62.score, t62.rep_id from plan_feedback as t62 where t62.plan_version_id = t54.id order by t62.score desc, t62.rep_id desc limit 20) as t62 having true), ',"lowest":', 
(select concat('{"nodes":[', string_agg(concat('{"score":', t63.score, '}'), ','), ']}') from 
(select t63.score from plan_feedback as t63 where t63.plan_version_id = t54.id order by t63.score, t63.rep_id limit 20) as t63 having true), '}}'), ',' order by t54.version) from plan_version as t54 where t54.plan_id = t49.id), ']}}'), ','), ']}') from 
(select t49.id, t49.name from plan as t49 where true order by 
(select coalesce(max(lower(version.effective)), date '1900-01-01') from plan_version as version where version.plan_id = t49.id and version.state <> 'DRAFT') desc, t49.id desc limit 20) as t49 having true), ',"planned":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t64.name), '}'), ','), ']}') from 
(select t64.name from plan as t64 where true order by t64.name, t64.id limit 20) as t64 having true), ',"drawn":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t65.name), '}'), ','), ']}') from 
(select t65.name from plan as t65 where true order by t65.id desc limit 1) as t65 having true), ',"founding":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t66.name), '}'), ','), ']}') from 
(select t66.name from plan as t66 where true order by t66.id limit 1) as t66 having true), ',"runs":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["PERIOD","', 
(select lower(effective) from period where period.id = t67.period_id), '","', t67.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t69.name), '}') from rep as t69 where t69.id = t68.rep_id), 'null'), '}'), ','), ']}') from 
(select t68.rep_id from run_change as t68 where t68.run_id = t67.id order by t68.rep_id, t68.component_id, lower(t68.span), upper(t68.span), t68.key, t68.currency limit 20) as t68 having true), ',"named":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["NAME",', to_json(
(select who.name from rep as who where who.id = t70.rep_id)), ',"', t70.rep_id, '","', t70.component_id, '","', lower(t70.span), '","', upper(t70.span), '",', to_json(t70.key), ',', to_json(t70.currency), ']'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"key":', to_json(t70.key), '}}'), ','), ']}') from 
(select t70.rep_id, t70.component_id, t70.span, t70.key, t70.currency from run_change as t70 where t70.run_id = t67.id order by 
(select who.name from rep as who where who.id = t70.rep_id), t70.rep_id, t70.component_id, lower(t70.span), upper(t70.span), t70.key, t70.currency limit 20) as t70 having true), ',"largest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LARGEST","', t71.difference, '","', t71.rep_id, '","', t71.component_id, '","', lower(t71.span), '","', upper(t71.span), '",', to_json(t71.key), ',', to_json(t71.currency), ']'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"difference":{"amount":"', money_text(t71.difference, t71.currency), '"}}}'), ','), ']}') from 
(select t71.difference, t71.rep_id, t71.component_id, t71.span, t71.key, t71.currency from run_change as t71 where t71.run_id = t67.id order by t71.difference desc, t71.rep_id desc, t71.component_id desc, lower(t71.span) desc, upper(t71.span) desc, t71.key desc, t71.currency desc limit 20) as t71 having true), ',"smallest":', 
(select concat('{"nodes":[', string_agg(concat('{"difference":{"amount":"', money_text(t72.difference, t72.currency), '"}}'), ','), ']}') from 
(select t72.difference, t72.currency from run_change as t72 where t72.run_id = t67.id order by t72.difference, t72.rep_id, t72.component_id, lower(t72.span), upper(t72.span), t72.key, t72.currency limit 20) as t72 having true), '}}'), ','), ']}') from 
(select t67.period_id, t67.id from run as t67 where true order by 
(select lower(effective) from period where period.id = t67.period_id) desc, t67.id desc limit 20) as t67 having true)), concat(',"ran":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"run_', t73.id, '"}'), ','), ']}') from 
(select t73.id from run as t73 where true order by t73.id desc limit 1) as t73 having true), ',"again":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"run_', t74.id, '"}'), ','), ']}') from 
(select t74.id from run as t74 where true order by t74.id limit 1) as t74 having true), ',"changed":', 
(select concat('{"nodes":[', string_agg(concat('{"position":"', t75.position, '"}'), ','), ']}') from 
(select t75.position from audit as t75 where true order by t75.position desc, t75.ordinal desc limit 1) as t75 having true), ',"audit":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["OLDEST","', t76.position, '","', t76.ordinal, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"position":"', t76.position, '","noun":', to_json(t76.noun), '}}'), ','), ']}') from 
(select t76.position, t76.ordinal, t76.noun from audit as t76 where true order by t76.position, t76.ordinal limit 2) as t76 having true), ',"apiKeys":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t77.name), '}'), ','), ']}') from 
(select t77.name from api_key as t77 where true order by t77.name, t77.id limit 20) as t77 having true), ',"made":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t78.name), '}'), ','), ']}') from 
(select t78.name from api_key as t78 where true order by t78.id desc limit 1) as t78 having true), ',"used":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t79.name), '}'), ','), ']}') from 
(select t79.name from api_key as t79 where true order by t79.id limit 1) as t79 having true), ',"webhooks":', 
(select concat('{"nodes":[', string_agg(concat('{"newest":', 
(select concat('{"nodes":[', string_agg(concat('{"number":', t81.number, '}'), ','), ']}') from 
(select t81.number from webhook_attempt as t81 where t81.webhook_id = t80.id order by t81.id desc limit 2) as t81 having true), ',"attempts":', 
(select concat('{"nodes":[', string_agg(concat('{"number":', t82.number, '}'), ','), ']}') from 
(select t82.number from webhook_attempt as t82 where t82.webhook_id = t80.id order by t82.id limit 2) as t82 having true), '}'), ','), ']}') from 
(select t80.id from webhook as t80 where true order by t80.id desc limit 20) as t80 having true), ',"territoryCoverage":{"uncovered":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t83.name), '}'), ','), ']}') from 
(select t83.name from account as t83 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $4::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $4::date)) and given.account_id = t83.id) order by t83.id desc limit 1) as t83 having true), ',"coveredTwice":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t84.name), '}'), ','), ']}') from 
(select t84.name from account as t84 where t84.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $4::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $4::date)) group by given.account_id having count(*) > 1) order by t84.id limit 1) as t84 having true), ',"vacant":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t85.name), '}'), ','), ']}') from 
(select t85.name from territory as t85 where not exists 
(select from territory_assignment as worked where worked.territory_id = t85.id and worked.effective @> coalesce(null, $4::date)) and (not exists 
(select from territory as part where part.parent_id = t85.id) or exists 
(select from account_territory as given where given.territory_id = t85.id and given.effective @> coalesce(null, $4::date))) order by t85.id limit 20) as t85 having true), '},"territory":', coalesce(
(select concat('{"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t87.name), '}'), ','), ']}') from 
(select t87.name from account as t87 where t87.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t86.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $5::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $4::date))) order by t87.id desc limit 20) as t87 having true), ',"latest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LATEST","', lower(t88.effective), '","', t88.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"effective":{"starts":', case when lower(t88.effective) is null then 'null' else concat('"', lower(t88.effective), '"') end, '}}}'), ','), ']}') from 
(select t88.effective, t88.id from territory_assignment as t88 where t88.territory_id = t86.id order by lower(t88.effective) desc, t88.id desc limit 20) as t88 having true), ',"earliest":', 
(select concat('{"nodes":[', string_agg(concat('{"effective":{"starts":', case when lower(t89.effective) is null then 'null' else concat('"', lower(t89.effective), '"') end, '}}'), ','), ']}') from 
(select t89.effective from territory_assignment as t89 where t89.territory_id = t86.id order by lower(t89.effective), t89.id limit 20) as t89 having true), '}') from territory as t86 where t86.id = 
(select id from territory where external_id = $6::text)), 'null'), ',"tree":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t90.name), '}'), ','), ']}') from 
(select t90.name from territory as t90 where true and ((t90.parent_id is not null) = $7::boolean) order by t90.name, t90.id limit 20) as t90 having true), ',"account":', coalesce(
(select concat('{"children":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t92.name), '}'), ','), ']}') from 
(select t92.name from account as t92 where t92.parent_id = t91.id order by t92.id desc limit 20) as t92 having true), '}') from account as t91 where t91.id = 
(select id from account where external_id = $8::text)), 'null'), ',"opportunity":', coalesce(
(select concat('{"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"dated":"', t94.dated, '"}'), ','), ']}') from 
(select t94.dated from activity as t94 where t94.opportunity_id = t93.id order by t94.dated, t94.id limit 20) as t94 having true), '}') from opportunity as t93 where t93.id = 
(select id from opportunity where external_id = $9::text)), 'null'), ',"rep":', coalesce(
(select concat('{"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t96.rep_id, lower(t96.effective)) end from measure where measure.id = t96.measure_id) = 'units' then trim_scale(t96.value)::text else money_text(t96.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t96.rep_id, lower(t96.effective)) end from measure where measure.id = t96.measure_id)) end, '"}}'), ','), ']}') from 
(select t96.rep_id, t96.effective, t96.measure_id, t96.value from quota as t96 where t96.rep_id = t95.id order by t96.value desc, t96.id desc limit 20) as t96 having true), ',"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"dated":"', t97.dated, '"}'), ','), ']}') from 
(select t97.dated from activity as t97 where t97.rep_id = t95.id order by t97.dated desc, t97.id desc limit 20) as t97 having true), ',"latest":', 
(select concat('{"nodes":[', string_agg(concat('{"dated":"', t98.dated, '"}'), ','), ']}') from 
(select t98.dated from credit as t98 where t98.rep_id = t95.id and t98.superseded_position is null and (not false or t98.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t98.dated) order by t98.dated desc, t98.id desc limit 20) as t98 having true), ',"oldest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["OLDEST","', t99.dated, '","', t99.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"dated":"', t99.dated, '"}}'), ','), ']}') from 
(select t99.dated, t99.id from credit as t99 where t99.rep_id = t95.id and t99.superseded_position is null and (not false or t99.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t99.dated) order by t99.dated, t99.id limit 20) as t99 having true), ',"largest":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LARGEST","', t100.amount, '","', t100.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"amount":{"amount":"', money_text(t100.amount, t100.currency), '"}}}'), ','), ']}') from 
(select t100.amount, t100.id, t100.currency from credit as t100 where t100.rep_id = t95.id and t100.superseded_position is null and (not false or t100.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t100.dated) order by t100.amount desc, t100.id desc limit 20) as t100 having true), ',"smallest":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t101.amount, t101.currency), '"}}'), ','), ']}') from 
(select t101.amount, t101.currency from credit as t101 where t101.rep_id = t95.id and t101.superseded_position is null and (not false or t101.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t101.dated) order by t101.amount, t101.id limit 2) as t101 having true), ',"earnings":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t102.amount, t102.currency), '"}}'), ','), ']}') from 
(select t102.amount, t102.currency from earning as t102 where t102.rep_id = t95.id order by t102.amount desc, t102.id desc limit 20) as t102 having true), ',"goals":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["LATEST","', 
(select lower(effective) from period where period.id = t103.period_id), '","', t103.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"name":', to_json(t103.name), '}}'), ','), ']}') from 
(select t103.period_id, t103.id, t103.name from goal as t103 where t103.rep_id = t95.id and (not false or t103.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t103.period_id) desc, t103.id desc limit 20) as t103 having true), ',"early":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t104.name), '}'), ','), ']}') from 
(select t104.name from goal as t104 where t104.rep_id = t95.id and (not false or t104.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t104.period_id), t104.id limit 20) as t104 having true), ',"heavy":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["HEAVIEST","', t105.weight, '","', t105.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"weight":"', t105.weight, '"}}'), ','), ']}') from 
(select t105.weight, t105.id from goal as t105 where t105.rep_id = t95.id and (not false or t105.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) order by t105.weight desc, t105.id desc limit 20) as t105 having true), ',"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t106.name), '}'), ','), ']}') from 
(select t106.name from account as t106 where t106.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t95.id and worked.effective @> coalesce(null, $4::date) and given.effective @> coalesce(null, $4::date)) order by t106.id desc limit 20) as t106 having true), ',"statement":', coalesce(
(select concat('{"lines":', 
(select concat('{"nodes":[', string_agg(concat('{"amount":{"amount":"', money_text(t108.amount, t108.currency), '"}}'), ','), ']}') from 
(select t108.amount, t108.currency from earning as t108 where t108.rep_id = t107.rep_id and t108.period_id = t107.period_id and t108.currency = t107.currency order by t108.amount, t108.id limit 20) as t108 having true), '}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t95.id and target.id = 
(select id from period where name = $10::text) and target.kind = 'MONTH'
) as t107 where t107.usual), 'null'), '}') from rep as t95 where t95.id = 
(select id from rep where external_id = $11::text)), 'null'), '}'))
