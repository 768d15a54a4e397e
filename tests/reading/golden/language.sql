select concat('{"__typename":"Query","viewer":{"name":', to_json($1::text), ',"grants":', to_json($2::jsonb), ',"rep":', coalesce(
(select concat('{"name":', to_json(t1.name), '}') from rep as t1 where t1.id = $3::bigint), 'null'), '},"node":', coalesce(
(select concat('{"__typename":"Rep","id":"rep_', t2.id, '","name":', to_json(t2.name), ',"card":', coalesce(
(select concat('{"id":"rep_', t3.id, '","name":', to_json(t3.name), ',"title":', coalesce((to_json(t3.title))::text, 'null'), ',"manager":', coalesce(
(select concat('{"title":', coalesce((to_json(t4.title))::text, 'null'), '}') from rep as t4 where t4.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t3.id and line.effective @> coalesce(null, $4::date))), 'null'), '}') from rep as t3 where t3.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t2.id and line.effective @> coalesce(null, $4::date))), 'null'), ',"title":', coalesce((to_json(t2.title))::text, 'null'), ',"manager":', coalesce(
(select concat('{"title":', coalesce((to_json(t5.title))::text, 'null'), '}') from rep as t5 where t5.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t2.id and line.effective @> coalesce(null, $4::date))), 'null'), '}') from rep as t2 where t2.id = $5::bigint), 'null'), ',"same":', coalesce(
(select concat('{"state":"', t6.state, '","id":"run_', t6.id, '"}') from run as t6 where t6.id = $6::bigint), 'null'), ',"none":null,"unseen":', coalesce(
(select concat('{"id":"rep_', t7.id, '"}') from rep as t7 where t7.id = $7::bigint), 'null'), ',"nodes":[', 
(select string_agg(case t8.prefix when 'component' then (coalesce(
(select concat('{"__typename":"Component","id":"component_', t9.component_id, '","component":', to_json(t9.name), '}') from component_version as t9 where t9.component_id = t8.number order by t9.plan_version_id desc limit 1), 'null'))::text when 'credit' then (coalesce(
(select concat('{"__typename":"Credit","id":"credit_', t10.id, '"}') from credit as t10 where t10.id = t8.number), 'null'))::text when 'rep' then (coalesce(
(select concat('{"__typename":"Rep","id":"rep_', t11.id, '"}') from rep as t11 where t11.id = t8.number), 'null'))::text when 'period' then (coalesce(
(select concat('{"__typename":"Period","id":"period_', t12.id, '"}') from period as t12 where t12.id = t8.number), 'null'))::text when 'quota' then (coalesce(
(select concat('{"__typename":"Quota","id":"quota_', t13.id, '"}') from quota as t13 where t13.id = t8.number), 'null'))::text when 'measure' then (coalesce(
(select concat('{"__typename":"Measure","id":"measure_', t14.id, '"}') from measure as t14 where t14.id = t8.number), 'null'))::text when 'product' then (coalesce(
(select concat('{"__typename":"Product","id":"product_', t15.id, '"}') from product as t15 where t15.id = t8.number), 'null'))::text when 'opportunity' then (coalesce(
(select concat('{"__typename":"Opportunity","id":"opportunity_', t16.id, '"}') from opportunity as t16 where t16.id = t8.number), 'null'))::text when 'account' then (coalesce(
(select concat('{"__typename":"Account","id":"account_', t17.id, '"}') from account as t17 where t17.id = t8.number), 'null'))::text when 'territory' then (coalesce(
(select concat('{"__typename":"Territory","id":"territory_', t18.id, '"}') from territory as t18 where t18.id = t8.number), 'null'))::text when 'territoryassignment' then (coalesce(
(select concat('{"__typename":"TerritoryAssignment","id":"territoryassignment_', t19.id, '"}') from territory_assignment as t19 where t19.id = t8.number), 'null'))::text when 'activity' then (coalesce(
(select concat('{"__typename":"Activity","id":"activity_', t20.id, '"}') from activity as t20 where t20.id = t8.number), 'null'))::text when 'transaction' then (coalesce(
(select concat('{"__typename":"Transaction","id":"transaction_', t21.id, '"}') from transaction as t21 where t21.id = t8.number), 'null'))::text when 'earning' then (coalesce(
(select concat('{"__typename":"Earning","id":"earning_', t22.id, '"}') from earning as t22 where t22.id = t8.number), 'null'))::text when 'adjustment' then (coalesce(
(select concat('{"__typename":"Adjustment","id":"adjustment_', t23.id, '"}') from adjustment as t23 where t23.id = t8.number), 'null'))::text when 'hold' then (coalesce(
(select concat('{"__typename":"Hold","id":"hold_', t24.id, '"}') from hold as t24 where t24.id = t8.number), 'null'))::text when 'goal' then (coalesce(
(select concat('{"__typename":"Goal","id":"goal_', t25.id, '"}') from goal as t25 where t25.id = t8.number), 'null'))::text when 'opening' then (coalesce(
(select concat('{"__typename":"OpeningBalance","id":"opening_', t26.id, '"}') from opening_balance as t26 where t26.id = t8.number), 'null'))::text when 'plan' then (coalesce(
(select concat('{"__typename":"Plan","id":"plan_', t27.id, '","name":', to_json(t27.name), '}') from plan as t27 where t27.id = t8.number), 'null'))::text when 'version' then (coalesce(
(select concat('{"__typename":"PlanVersion","id":"version_', t28.id, '"}') from plan_version as t28 where t28.id = t8.number), 'null'))::text when 'posting' then (coalesce(
(select concat('{"__typename":"Posting","id":"posting_', t29.id, '","note":', coalesce((to_json(t29.note))::text, 'null'), '}') from posting as t29 where t29.id = t8.number), 'null'))::text when 'run' then (coalesce(
(select concat('{"__typename":"Run","id":"run_', t30.id, '"}') from run as t30 where t30.id = t8.number), 'null'))::text when 'key' then (coalesce(
(select concat('{"__typename":"ApiKey","id":"key_', t31.id, '"}') from api_key as t31 where t31.id = t8.number), 'null'))::text when 'webhook' then (coalesce(
(select concat('{"__typename":"Webhook","id":"webhook_', t32.id, '"}') from webhook as t32 where t32.id = t8.number), 'null'))::text when 'rule' then (coalesce(
(select concat('{"__typename":"CreditingRule","id":"rule_', t33.id, '"}') from crediting_rule as t33 where t33.id = t8.number), 'null'))::text when 'rate' then (coalesce(
(select concat('{"__typename":"FxRate","id":"rate_', t34.id, '"}') from fx_rate as t34 where t34.id = t8.number), 'null'))::text when 'dispute' then (coalesce(
(select concat('{"__typename":"Dispute","id":"dispute_', t35.id, '"}') from dispute as t35 where t35.id = t8.number), 'null'))::text when 'payout' then (coalesce(
(select concat('{"__typename":"Payout","id":"payout_', t36.id, '"}') from payout as t36 where t36.id = t8.number), 'null'))::text else 'null' end, ',' order by t8.ordinality) from unnest($8::text[], $9::bigint[]) with ordinality as t8(prefix, number, ordinality)), '],"rep":', coalesce(
(select concat('{"id":"rep_', t37.id, '","name":', to_json(t37.name), ',"title":', coalesce((to_json(t37.title))::text, 'null'), ',"manager":', coalesce(
(select concat('{"title":', coalesce((to_json(t38.title))::text, 'null'), '}') from rep as t38 where t38.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t37.id and line.effective @> coalesce(null, $4::date))), 'null'), ',"shown":', coalesce((to_json(t37.title))::text, 'null'), ',"a":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t39.id, '","name":', to_json(t39.name), '}'), ','), ']}') from 
(select t39.id, t39.name from opportunity as t39 where t39.owner_id = t37.id order by coalesce(t39.closed_on, t39.expected_close_on, t39.opened_on, date '1900-01-01') desc, t39.id desc limit 1) as t39 having true), ',"b":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t40.id, '","owner":', coalesce(
(select concat('{"rep":', coalesce(
(select concat('{"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"owner":', coalesce(
(select concat('{"name":', to_json(t44.name), '}') from rep as t44 where t44.id = t43.owner_id), 'null'), '}'), ','), ']}') from 
(select t43.owner_id from opportunity as t43 where t43.owner_id = t42.id order by coalesce(t43.closed_on, t43.expected_close_on, t43.opened_on, date '1900-01-01') desc, t43.id desc limit 2) as t43 having true), '}') from rep as t42 where t42.id = t41.id), 'null'), '}') from rep as t41 where t41.id = t40.owner_id), 'null'), '}'), ','), ']}') from 
(select t40.id, t40.owner_id from opportunity as t40 where t40.owner_id = t37.id order by coalesce(t40.closed_on, t40.expected_close_on, t40.opened_on, date '1900-01-01'), t40.id limit 1) as t40 having true), ',"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t45.id, '","stage":', to_json(t45.stage), '}'), ','), ']}') from 
(select t45.id, t45.stage from opportunity as t45 where t45.owner_id = t37.id order by coalesce(t45.closed_on, t45.expected_close_on, t45.opened_on, date '1900-01-01') desc, t45.id desc limit 1) as t45 having true), '}') from rep as t37 where t37.id = 
(select id from rep where external_id = $10::text)), 'null'), '}')
