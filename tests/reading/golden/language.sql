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
(select concat('{"__typename":"Measure","id":"measure_', t14.id, '"}') from measure as t14 where t14.id = t8.number), 'null'))::text when 'opportunity' then (coalesce(
(select concat('{"__typename":"Opportunity","id":"opportunity_', t15.id, '"}') from opportunity as t15 where t15.id = t8.number), 'null'))::text when 'account' then (coalesce(
(select concat('{"__typename":"Account","id":"account_', t16.id, '"}') from account as t16 where t16.id = t8.number), 'null'))::text when 'territory' then (coalesce(
(select concat('{"__typename":"Territory","id":"territory_', t17.id, '"}') from territory as t17 where t17.id = t8.number), 'null'))::text when 'territoryassignment' then (coalesce(
(select concat('{"__typename":"TerritoryAssignment","id":"territoryassignment_', t18.id, '"}') from territory_assignment as t18 where t18.id = t8.number), 'null'))::text when 'product' then (coalesce(
(select concat('{"__typename":"Product","id":"product_', t19.id, '"}') from product as t19 where t19.id = t8.number), 'null'))::text when 'activity' then (coalesce(
(select concat('{"__typename":"Activity","id":"activity_', t20.id, '"}') from activity as t20 where t20.id = t8.number), 'null'))::text when 'transaction' then (coalesce(
(select concat('{"__typename":"Transaction","id":"transaction_', t21.id, '"}') from transaction as t21 where t21.id = t8.number), 'null'))::text when 'earning' then (coalesce(
(select concat('{"__typename":"Earning","id":"earning_', t22.id, '"}') from earning as t22 where t22.id = t8.number), 'null'))::text when 'adjustment' then (coalesce(
(select concat('{"__typename":"Adjustment","id":"adjustment_', t23.id, '"}') from adjustment as t23 where t23.id = t8.number), 'null'))::text when 'opening' then (coalesce(
(select concat('{"__typename":"OpeningBalance","id":"opening_', t24.id, '"}') from opening_balance as t24 where t24.id = t8.number), 'null'))::text when 'plan' then (coalesce(
(select concat('{"__typename":"Plan","id":"plan_', t25.id, '","name":', to_json(t25.name), '}') from plan as t25 where t25.id = t8.number), 'null'))::text when 'version' then (coalesce(
(select concat('{"__typename":"PlanVersion","id":"version_', t26.id, '"}') from plan_version as t26 where t26.id = t8.number), 'null'))::text when 'posting' then (coalesce(
(select concat('{"__typename":"Posting","id":"posting_', t27.id, '","note":', coalesce((to_json(t27.note))::text, 'null'), '}') from posting as t27 where t27.id = t8.number), 'null'))::text when 'run' then (coalesce(
(select concat('{"__typename":"Run","id":"run_', t28.id, '"}') from run as t28 where t28.id = t8.number), 'null'))::text when 'key' then (coalesce(
(select concat('{"__typename":"ApiKey","id":"key_', t29.id, '"}') from api_key as t29 where t29.id = t8.number), 'null'))::text when 'rule' then (coalesce(
(select concat('{"__typename":"CreditingRule","id":"rule_', t30.id, '"}') from crediting_rule as t30 where t30.id = t8.number), 'null'))::text when 'rate' then (coalesce(
(select concat('{"__typename":"FxRate","id":"rate_', t31.id, '"}') from fx_rate as t31 where t31.id = t8.number), 'null'))::text else 'null' end, ',' order by t8.ordinality) from unnest($8::text[], $9::bigint[]) with ordinality as t8(prefix, number, ordinality)), '],"rep":', coalesce(
(select concat('{"id":"rep_', t32.id, '","name":', to_json(t32.name), ',"title":', coalesce((to_json(t32.title))::text, 'null'), ',"manager":', coalesce(
(select concat('{"title":', coalesce((to_json(t33.title))::text, 'null'), '}') from rep as t33 where t33.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t32.id and line.effective @> coalesce(null, $4::date))), 'null'), ',"shown":', coalesce((to_json(t32.title))::text, 'null'), ',"a":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t34.id, '","name":', to_json(t34.name), '}'), ','), ']}') from 
(select t34.id, t34.name from opportunity as t34 where t34.owner_id = t32.id order by coalesce(t34.closed_on, t34.expected_close_on, t34.opened_on, date '1900-01-01') desc, t34.id desc limit $10::bigint) as t34 having true), ',"b":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t35.id, '","owner":', coalesce(
(select concat('{"rep":', coalesce(
(select concat('{"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"owner":', coalesce(
(select concat('{"name":', to_json(t39.name), '}') from rep as t39 where t39.id = t38.owner_id), 'null'), '}'), ','), ']}') from 
(select t38.owner_id from opportunity as t38 where t38.owner_id = t37.id order by coalesce(t38.closed_on, t38.expected_close_on, t38.opened_on, date '1900-01-01') desc, t38.id desc limit $11::bigint) as t38 having true), '}') from rep as t37 where t37.id = t36.id), 'null'), '}') from rep as t36 where t36.id = t35.owner_id), 'null'), '}'), ','), ']}') from 
(select t35.id, t35.owner_id from opportunity as t35 where t35.owner_id = t32.id order by coalesce(t35.closed_on, t35.expected_close_on, t35.opened_on, date '1900-01-01'), t35.id limit $12::bigint) as t35 having true), ',"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t40.id, '","stage":', to_json(t40.stage), '}'), ','), ']}') from 
(select t40.id, t40.stage from opportunity as t40 where t40.owner_id = t32.id order by coalesce(t40.closed_on, t40.expected_close_on, t40.opened_on, date '1900-01-01') desc, t40.id desc limit $13::bigint) as t40 having true), '}') from rep as t32 where t32.id = 
(select id from rep where external_id = $14::text)), 'null'), '}')
