select concat('{"rep":', coalesce(
(select concat('{"openingBalances":[', 
(select string_agg(concat('{"id":"opening_', t2.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t3.name), '}') from rep as t3 where t3.id = t2.rep_id), 'null'), ',"measure":', coalesce(
(select concat('{"name":', to_json(t4.name), ',"kind":"', t4.kind, '"}') from measure as t4 where t4.id = t2.measure_id), 'null'), ',"effective":{"starts":', case when lower(t2.effective) is null then 'null' else concat('"', lower(t2.effective), '"') end, ',"ends":', case when upper(t2.effective) is null then 'null' else concat('"', upper(t2.effective), '"') end, '},"credited":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t2.rep_id, lower(t2.effective)) end from measure where measure.id = t2.measure_id) = 'units' then trim_scale(t2.credited)::text else money_text(t2.credited, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t2.rep_id, lower(t2.effective)) end from measure where measure.id = t2.measure_id)) end, '","unit":', to_json(
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t2.rep_id, lower(t2.effective)) end from measure where measure.id = t2.measure_id)), '},"earned":{"amount":"', money_text(t2.earned, paid_in(t2.rep_id, lower(t2.effective))), '","currency":', to_json(paid_in(t2.rep_id, lower(t2.effective))), '}}'), ',' order by t2.id) from opening_balance as t2 where t2.rep_id = t1.id), '],"targetVariables":[', 
(select string_agg(concat('{"annual":{"amount":"', money_text(t5.annual, paid_in(t5.rep_id, coalesce(t5.promised_on, lower(t5.effective)))), '","currency":', to_json(paid_in(t5.rep_id, coalesce(t5.promised_on, lower(t5.effective)))), '},"effective":{"starts":', case when lower(t5.effective) is null then 'null' else concat('"', lower(t5.effective), '"') end, ',"ends":', case when upper(t5.effective) is null then 'null' else concat('"', upper(t5.effective), '"') end, '}}'), ',' order by lower(t5.effective)) from target_variable as t5 where t5.rep_id = t1.id), '],"april":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t6.opening, t6.currency), '"},"earned":{"amount":"', money_text(t6.earned, t6.currency), '"},"adjustments":{"amount":"', money_text(t6.adjustments, t6.currency), '","currency":', to_json(t6.currency), '},"payable":{"amount":"', money_text(greatest(0, t6.due), t6.currency), '"},"carried":{"amount":"', money_text(least(0, t6.due), t6.currency), '"},"paid":', case when 
(select sum(amount) from payment where payment.rep_id = t6.rep_id and payment.period_id = t6.period_id and payment.currency = t6.currency and payment.kind = 'PAID') is not null then concat('{"amount":"', money_text(
(select sum(amount) from payment where payment.rep_id = t6.rep_id and payment.period_id = t6.period_id and payment.currency = t6.currency and payment.kind = 'PAID'), t6.currency), '"}') else 'null' end, ',"adjusted":[', 
(select string_agg(concat('{"id":"adjustment_', t7.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t8.name), '}') from rep as t8 where t8.id = t7.rep_id), 'null'), ',"period":', coalesce(
(select concat('{"name":', to_json(t9.name), ',"state":"', t9.state, '"}') from period as t9 where t9.id = t7.period_id), 'null'), ',"amount":{"amount":"', money_text(t7.amount, t7.currency), '","currency":', to_json(t7.currency), '},"reason":"', t7.reason, '","note":', to_json(t7.note), ',"position":"', t7.position, '","actor":', to_json(
(select tick.actor from tick where tick.position = t7.position)), '}'), ',' order by t7.id) from adjustment as t7 where t7.rep_id = t6.rep_id and t7.period_id = t6.period_id and t7.currency = t6.currency), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $1::text) and target.kind = 'MONTH'
) as t6 where t6.usual), 'null'), ',"quiet":', coalesce(
(select concat('{"adjustments":{"amount":"', money_text(t10.adjustments, t10.currency), '"},"adjusted":[', 
(select string_agg(concat('{"id":"adjustment_', t11.id, '"}'), ',' order by t11.id) from adjustment as t11 where t11.rep_id = t10.rep_id and t11.period_id = t10.period_id and t11.currency = t10.currency), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $2::text) and target.kind = 'MONTH'
) as t10 where t10.usual), 'null'), ',"never":', coalesce(
(select concat('{"adjusted":[', 
(select string_agg(concat('{"id":"adjustment_', t13.id, '"}'), ',' order by t13.id) from adjustment as t13 where t13.rep_id = t12.rep_id and t13.period_id = t12.period_id and t13.currency = t12.currency), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $3::text) and target.kind = 'MONTH'
) as t12 where t12.usual), 'null'), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $4::text)), 'null'), ',"dee":', coalesce(
(select concat('{"openingBalances":[', 
(select string_agg(concat('{"id":"opening_', t15.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t16.name), '}') from rep as t16 where t16.id = t15.rep_id), 'null'), ',"measure":', coalesce(
(select concat('{"name":', to_json(t17.name), ',"kind":"', t17.kind, '"}') from measure as t17 where t17.id = t15.measure_id), 'null'), ',"effective":{"starts":', case when lower(t15.effective) is null then 'null' else concat('"', lower(t15.effective), '"') end, ',"ends":', case when upper(t15.effective) is null then 'null' else concat('"', upper(t15.effective), '"') end, '},"credited":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t15.rep_id, lower(t15.effective)) end from measure where measure.id = t15.measure_id) = 'units' then trim_scale(t15.credited)::text else money_text(t15.credited, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t15.rep_id, lower(t15.effective)) end from measure where measure.id = t15.measure_id)) end, '","unit":', to_json(
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t15.rep_id, lower(t15.effective)) end from measure where measure.id = t15.measure_id)), '},"earned":{"amount":"', money_text(t15.earned, paid_in(t15.rep_id, lower(t15.effective))), '","currency":', to_json(paid_in(t15.rep_id, lower(t15.effective))), '}}'), ',' order by t15.id) from opening_balance as t15 where t15.rep_id = t14.id), '],"targetVariables":[', 
(select string_agg(concat('{"annual":{"amount":"', money_text(t18.annual, paid_in(t18.rep_id, coalesce(t18.promised_on, lower(t18.effective)))), '","currency":', to_json(paid_in(t18.rep_id, coalesce(t18.promised_on, lower(t18.effective)))), '},"effective":{"starts":', case when lower(t18.effective) is null then 'null' else concat('"', lower(t18.effective), '"') end, ',"ends":', case when upper(t18.effective) is null then 'null' else concat('"', upper(t18.effective), '"') end, '}}'), ',' order by lower(t18.effective)) from target_variable as t18 where t18.rep_id = t14.id), '],"april":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t19.opening, t19.currency), '"},"earned":{"amount":"', money_text(t19.earned, t19.currency), '"},"adjustments":{"amount":"', money_text(t19.adjustments, t19.currency), '","currency":', to_json(t19.currency), '},"payable":{"amount":"', money_text(greatest(0, t19.due), t19.currency), '"},"carried":{"amount":"', money_text(least(0, t19.due), t19.currency), '"},"paid":', case when 
(select sum(amount) from payment where payment.rep_id = t19.rep_id and payment.period_id = t19.period_id and payment.currency = t19.currency and payment.kind = 'PAID') is not null then concat('{"amount":"', money_text(
(select sum(amount) from payment where payment.rep_id = t19.rep_id and payment.period_id = t19.period_id and payment.currency = t19.currency and payment.kind = 'PAID'), t19.currency), '"}') else 'null' end, ',"adjusted":[', 
(select string_agg(concat('{"id":"adjustment_', t20.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t21.name), '}') from rep as t21 where t21.id = t20.rep_id), 'null'), ',"period":', coalesce(
(select concat('{"name":', to_json(t22.name), ',"state":"', t22.state, '"}') from period as t22 where t22.id = t20.period_id), 'null'), ',"amount":{"amount":"', money_text(t20.amount, t20.currency), '","currency":', to_json(t20.currency), '},"reason":"', t20.reason, '","note":', to_json(t20.note), ',"position":"', t20.position, '","actor":', to_json(
(select tick.actor from tick where tick.position = t20.position)), '}'), ',' order by t20.id) from adjustment as t20 where t20.rep_id = t19.rep_id and t20.period_id = t19.period_id and t20.currency = t19.currency), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t14.id and target.id = 
(select id from period where name = $5::text) and target.kind = 'MONTH'
) as t19 where t19.usual), 'null'), '}') from rep as t14 where t14.id = $6::bigint), 'null'), ',"without":', coalesce(
(select concat('{"openingBalances":[', 
(select string_agg(concat('{"id":"opening_', t24.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t25.name), '}') from rep as t25 where t25.id = t24.rep_id), 'null'), ',"measure":', coalesce(
(select concat('{"name":', to_json(t26.name), ',"kind":"', t26.kind, '"}') from measure as t26 where t26.id = t24.measure_id), 'null'), ',"effective":{"starts":', case when lower(t24.effective) is null then 'null' else concat('"', lower(t24.effective), '"') end, ',"ends":', case when upper(t24.effective) is null then 'null' else concat('"', upper(t24.effective), '"') end, '},"credited":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t24.rep_id, lower(t24.effective)) end from measure where measure.id = t24.measure_id) = 'units' then trim_scale(t24.credited)::text else money_text(t24.credited, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t24.rep_id, lower(t24.effective)) end from measure where measure.id = t24.measure_id)) end, '","unit":', to_json(
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t24.rep_id, lower(t24.effective)) end from measure where measure.id = t24.measure_id)), '},"earned":{"amount":"', money_text(t24.earned, paid_in(t24.rep_id, lower(t24.effective))), '","currency":', to_json(paid_in(t24.rep_id, lower(t24.effective))), '}}'), ',' order by t24.id) from opening_balance as t24 where t24.rep_id = t23.id), '],"targetVariables":[', 
(select string_agg(concat('{"annual":{"amount":"', money_text(t27.annual, paid_in(t27.rep_id, coalesce(t27.promised_on, lower(t27.effective)))), '","currency":', to_json(paid_in(t27.rep_id, coalesce(t27.promised_on, lower(t27.effective)))), '},"effective":{"starts":', case when lower(t27.effective) is null then 'null' else concat('"', lower(t27.effective), '"') end, ',"ends":', case when upper(t27.effective) is null then 'null' else concat('"', upper(t27.effective), '"') end, '}}'), ',' order by lower(t27.effective)) from target_variable as t27 where t27.rep_id = t23.id), '],"april":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t28.opening, t28.currency), '"},"earned":{"amount":"', money_text(t28.earned, t28.currency), '"},"adjustments":{"amount":"', money_text(t28.adjustments, t28.currency), '","currency":', to_json(t28.currency), '},"payable":{"amount":"', money_text(greatest(0, t28.due), t28.currency), '"},"carried":{"amount":"', money_text(least(0, t28.due), t28.currency), '"},"paid":', case when 
(select sum(amount) from payment where payment.rep_id = t28.rep_id and payment.period_id = t28.period_id and payment.currency = t28.currency and payment.kind = 'PAID') is not null then concat('{"amount":"', money_text(
(select sum(amount) from payment where payment.rep_id = t28.rep_id and payment.period_id = t28.period_id and payment.currency = t28.currency and payment.kind = 'PAID'), t28.currency), '"}') else 'null' end, ',"adjusted":[', 
(select string_agg(concat('{"id":"adjustment_', t29.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t30.name), '}') from rep as t30 where t30.id = t29.rep_id), 'null'), ',"period":', coalesce(
(select concat('{"name":', to_json(t31.name), ',"state":"', t31.state, '"}') from period as t31 where t31.id = t29.period_id), 'null'), ',"amount":{"amount":"', money_text(t29.amount, t29.currency), '","currency":', to_json(t29.currency), '},"reason":"', t29.reason, '","note":', to_json(t29.note), ',"position":"', t29.position, '","actor":', to_json(
(select tick.actor from tick where tick.position = t29.position)), '}'), ',' order by t29.id) from adjustment as t29 where t29.rep_id = t28.rep_id and t29.period_id = t28.period_id and t29.currency = t28.currency), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t23.id and target.id = 
(select id from period where name = $7::text) and target.kind = 'MONTH'
) as t28 where t28.usual), 'null'), '}') from rep as t23 where t23.id = 
(select id from rep where external_id = $8::text)), 'null'), ',"nodes":[', 
(select string_agg(case t32.prefix when 'component' then (coalesce(
(select concat('{"__typename":"Component","id":"component_', t33.component_id, '"}') from component_version as t33 where t33.component_id = t32.number order by t33.plan_version_id desc limit 1), 'null'))::text when 'credit' then (coalesce(
(select concat('{"__typename":"Credit","id":"credit_', t34.id, '"}') from credit as t34 where t34.id = t32.number), 'null'))::text when 'rep' then (coalesce(
(select concat('{"__typename":"Rep","id":"rep_', t35.id, '"}') from rep as t35 where t35.id = t32.number), 'null'))::text when 'period' then (coalesce(
(select concat('{"__typename":"Period","id":"period_', t36.id, '"}') from period as t36 where t36.id = t32.number), 'null'))::text when 'quota' then (coalesce(
(select concat('{"__typename":"Quota","id":"quota_', t37.id, '"}') from quota as t37 where t37.id = t32.number), 'null'))::text when 'measure' then (coalesce(
(select concat('{"__typename":"Measure","id":"measure_', t38.id, '"}') from measure as t38 where t38.id = t32.number), 'null'))::text when 'product' then (coalesce(
(select concat('{"__typename":"Product","id":"product_', t39.id, '"}') from product as t39 where t39.id = t32.number), 'null'))::text when 'opportunity' then (coalesce(
(select concat('{"__typename":"Opportunity","id":"opportunity_', t40.id, '"}') from opportunity as t40 where t40.id = t32.number), 'null'))::text when 'account' then (coalesce(
(select concat('{"__typename":"Account","id":"account_', t41.id, '"}') from account as t41 where t41.id = t32.number), 'null'))::text when 'territory' then (coalesce(
(select concat('{"__typename":"Territory","id":"territory_', t42.id, '"}') from territory as t42 where t42.id = t32.number), 'null'))::text when 'territoryassignment' then (coalesce(
(select concat('{"__typename":"TerritoryAssignment","id":"territoryassignment_', t43.id, '"}') from territory_assignment as t43 where t43.id = t32.number), 'null'))::text when 'activity' then (coalesce(
(select concat('{"__typename":"Activity","id":"activity_', t44.id, '"}') from activity as t44 where t44.id = t32.number), 'null'))::text when 'transaction' then (coalesce(
(select concat('{"__typename":"Transaction","id":"transaction_', t45.id, '"}') from transaction as t45 where t45.id = t32.number), 'null'))::text when 'earning' then (coalesce(
(select concat('{"__typename":"Earning","id":"earning_', t46.id, '"}') from earning as t46 where t46.id = t32.number), 'null'))::text when 'adjustment' then (coalesce(
(select concat('{"__typename":"Adjustment","id":"adjustment_', t47.id, '","amount":{"amount":"', money_text(t47.amount, t47.currency), '","currency":', to_json(t47.currency), '},"rep":', coalesce(
(select concat('{"name":', to_json(t48.name), '}') from rep as t48 where t48.id = t47.rep_id), 'null'), '}') from adjustment as t47 where t47.id = t32.number), 'null'))::text when 'hold' then (coalesce(
(select concat('{"__typename":"Hold","id":"hold_', t49.id, '"}') from hold as t49 where t49.id = t32.number), 'null'))::text when 'goal' then (coalesce(
(select concat('{"__typename":"Goal","id":"goal_', t50.id, '"}') from goal as t50 where t50.id = t32.number), 'null'))::text when 'opening' then (coalesce(
(select concat('{"__typename":"OpeningBalance","id":"opening_', t51.id, '","credited":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t51.rep_id, lower(t51.effective)) end from measure where measure.id = t51.measure_id) = 'units' then trim_scale(t51.credited)::text else money_text(t51.credited, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t51.rep_id, lower(t51.effective)) end from measure where measure.id = t51.measure_id)) end, '","unit":', to_json(
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t51.rep_id, lower(t51.effective)) end from measure where measure.id = t51.measure_id)), '},"rep":', coalesce(
(select concat('{"name":', to_json(t52.name), '}') from rep as t52 where t52.id = t51.rep_id), 'null'), '}') from opening_balance as t51 where t51.id = t32.number), 'null'))::text when 'plan' then (coalesce(
(select concat('{"__typename":"Plan","id":"plan_', t53.id, '"}') from plan as t53 where t53.id = t32.number), 'null'))::text when 'version' then (coalesce(
(select concat('{"__typename":"PlanVersion","id":"version_', t54.id, '"}') from plan_version as t54 where t54.id = t32.number), 'null'))::text when 'posting' then (coalesce(
(select concat('{"__typename":"Posting","id":"posting_', t55.id, '"}') from posting as t55 where t55.id = t32.number), 'null'))::text when 'run' then (coalesce(
(select concat('{"__typename":"Run","id":"run_', t56.id, '"}') from run as t56 where t56.id = t32.number), 'null'))::text when 'key' then (coalesce(
(select concat('{"__typename":"ApiKey","id":"key_', t57.id, '"}') from api_key as t57 where t57.id = t32.number), 'null'))::text when 'webhook' then (coalesce(
(select concat('{"__typename":"Webhook","id":"webhook_', t58.id, '"}') from webhook as t58 where t58.id = t32.number), 'null'))::text when 'rule' then (coalesce(
(select concat('{"__typename":"CreditingRule","id":"rule_', t59.id, '"}') from crediting_rule as t59 where t59.id = t32.number), 'null'))::text when 'rate' then (coalesce(
(select concat('{"__typename":"FxRate","id":"rate_', t60.id, '"}') from fx_rate as t60 where t60.id = t32.number), 'null'))::text when 'dispute' then (coalesce(
(select concat('{"__typename":"Dispute","id":"dispute_', t61.id, '"}') from dispute as t61 where t61.id = t32.number), 'null'))::text when 'payout' then (coalesce(
(select concat('{"__typename":"Payout","id":"payout_', t62.id, '"}') from payout as t62 where t62.id = t32.number), 'null'))::text else 'null' end, ',' order by t32.ordinality) from unnest($9::text[], $10::bigint[]) with ordinality as t32(prefix, number, ordinality)), ']}')
