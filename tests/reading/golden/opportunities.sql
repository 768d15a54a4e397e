select concat('{"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"opportunity_', t1.id, '","externalId":', coalesce((to_json(t1.external_id))::text, 'null'), ',"name":', to_json(t1.name), ',"stage":', to_json(t1.stage), ',"forecastCategory":"', t1.forecast_category, '","probability":"', trim_scale(round(t1.probability, 8)), '","openedOn":', case when t1.opened_on is null then 'null' else concat('"', t1.opened_on, '"') end, ',"expectedCloseOn":', case when t1.expected_close_on is null then 'null' else concat('"', t1.expected_close_on, '"') end, ',"closedOn":', case when t1.closed_on is null then 'null' else concat('"', t1.closed_on, '"') end, ',"outcome":', case when t1.outcome is null then 'null' else concat('"', t1.outcome, '"') end, ',"daysOpen":', coalesce((coalesce(t1.closed_on, $1::date) - t1.opened_on)::text, 'null'), ',"amount":', case when t1.amount is not null then concat('{"amount":"', money_text(t1.amount, t1.currency), '","currency":', to_json(t1.currency), '}') else 'null' end, ',"account":', coalesce(
(select concat('{"id":"account_', t2.id, '","name":', to_json(t2.name), ',"industry":', coalesce((to_json(t2.industry))::text, 'null'), ',"country":', coalesce((to_json(t2.country))::text, 'null'), ',"externalId":', coalesce((to_json(t2.external_id))::text, 'null'), ',"parent":', coalesce(
(select concat('{"name":', to_json(t3.name), ',"parent":', coalesce(
(select concat('{"name":', to_json(t4.name), '}') from account as t4 where t4.id = t3.parent_id), 'null'), '}') from account as t3 where t3.id = t2.parent_id), 'null'), '}') from account as t2 where t2.id = t1.account_id), 'null'), ',"product":', coalesce(
(select concat('{"id":"product_', t5.id, '","externalId":', coalesce((to_json(t5.external_id))::text, 'null'), ',"name":', to_json(t5.name), ',"family":', coalesce((to_json(t5.family))::text, 'null'), ',"listPrice":', case when t5.list_price is not null then concat('{"amount":"', money_text(t5.list_price, t5.currency), '","currency":', to_json(t5.currency), '}') else 'null' end, '}') from product as t5 where t5.id = t1.product_id), 'null'), ',"owner":', coalesce(
(select concat('{"id":"rep_', t6.id, '","externalId":', coalesce((to_json(t6.external_id))::text, 'null'), ',"name":', to_json(t6.name), ',"title":', coalesce((to_json(t6.title))::text, 'null'), ',"rep":', coalesce(
(select concat('{"email":', coalesce((to_json(t7.email))::text, 'null'), '}') from rep as t7 where t7.id = t6.id), 'null'), '}') from rep as t6 where t6.id = t1.owner_id), 'null'), ',"splits":[', 
(select string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t9.name), '}') from rep as t9 where t9.id = t8.rep_id), 'null'), ',"role":"', t8.role, '","share":"', trim_scale(round(t8.share, 8)), '"}'), ',' order by t8.id) from split as t8 where t8.opportunity_id = t1.id), '],"transactions":[', 
(select string_agg(concat('{"id":"transaction_', t10.id, '","externalId":', coalesce((to_json(t10.external_id))::text, 'null'), ',"kind":"', t10.kind, '","dated":"', t10.dated, '","quantity":"', trim_scale(t10.quantity), '","amount":{"amount":"', money_text(t10.amount, t10.currency), '"},"margin":', case when t10.margin is not null then concat('{"amount":"', money_text(t10.margin, t10.currency), '","currency":', to_json(t10.currency), '}') else 'null' end, ',"corrects":', coalesce(
(select concat('{"id":"transaction_', t11.id, '"}') from transaction as t11 where t11.id = t10.corrects_id), 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t12.name), '}') from rep as t12 where t12.id = t10.rep_id), 'null'), ',"account":', coalesce(
(select concat('{"name":', to_json(t13.name), '}') from account as t13 where t13.id = t10.account_id), 'null'), ',"product":', coalesce(
(select concat('{"name":', to_json(t14.name), '}') from product as t14 where t14.id = t10.product_id), 'null'), ',"opportunity":', coalesce(
(select concat('{"id":"opportunity_', t15.id, '"}') from opportunity as t15 where t15.id = t10.opportunity_id), 'null'), ',"credits":[', 
(select string_agg(concat('{"id":"credit_', t16.id, '"}'), ',' order by t16.id) from credit as t16 where t16.transaction_id = t10.id and t16.superseded_position is null), ']}'), ',' order by t10.id) from transaction as t10 where t10.opportunity_id = t1.id), '],"credits":[', 
(select string_agg(concat('{"id":"credit_', t17.id, '","role":"', t17.role, '","dated":"', t17.dated, '","share":"', trim_scale(round(t17.share, 8)), '","units":"', trim_scale(t17.units), '","madePosition":"', t17.made_position, '","supersededPosition":', case when t17.superseded_position is null then 'null' else concat('"', t17.superseded_position, '"') end, ',"rep":', coalesce(
(select concat('{"name":', to_json(t18.name), '}') from rep as t18 where t18.id = t17.rep_id), 'null'), ',"measure":', coalesce(
(select concat('{"name":', to_json(t19.name), '}') from measure as t19 where t19.id = t17.measure_id), 'null'), ',"sourceRep":', coalesce(
(select concat('{"name":', to_json(t20.name), '}') from rep as t20 where t20.id = t17.source_rep_id), 'null'), ',"amount":{"amount":"', money_text(t17.amount, t17.currency), '","currency":', to_json(t17.currency), '},"transaction":', coalesce(
(select concat('{"kind":"', t21.kind, '"}') from transaction as t21 where t21.id = t17.transaction_id), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t22.name), '}') from opportunity as t22 where t22.id = t17.opportunity_id), 'null'), '}'), ',' order by t17.id) from credit as t17 where t17.opportunity_id = t1.id and t17.superseded_position is null), ']}'), ',') filter (where t1.n <= 4), '],"pageInfo":{"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', coalesce(t1.closed_on, t1.expected_close_on, t1.opened_on, date '1900-01-01'), '","', t1.id, '"]') order by t1.n desc) filter (where t1.n <= 4))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"hasNextPage":', (count(*) > 4)::text, '}}') from 
(select t1.id, t1.external_id, t1.name, t1.stage, t1.forecast_category, t1.probability, t1.opened_on, t1.expected_close_on, t1.closed_on, t1.outcome, t1.amount, t1.currency, t1.account_id, t1.product_id, t1.owner_id, row_number() over (order by coalesce(t1.closed_on, t1.expected_close_on, t1.opened_on, date '1900-01-01') desc, t1.id desc) as n from opportunity as t1 where true order by coalesce(t1.closed_on, t1.expected_close_on, t1.opened_on, date '1900-01-01') desc, t1.id desc limit 4 + 1) as t1 having true), ',"open":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t23.name), '}'), ','), ']}') from 
(select t23.name from opportunity as t23 where true and ((t23.outcome is null) = $2::boolean) order by coalesce(t23.closed_on, t23.expected_close_on, t23.opened_on, date '1900-01-01') desc, t23.id desc limit 20) as t23 having true), ',"won":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t24.name), '}'), ','), '],"totalCount":', (
(select count(*) from opportunity as t25 where true and (t25.outcome = $3::text) and (t25.closed_on >= $4::date) and (t25.closed_on < $5::date))), '}') from 
(select t24.name from opportunity as t24 where true and (t24.outcome = $3::text) and (t24.closed_on >= $4::date) and (t24.closed_on < $5::date) order by coalesce(t24.amount, 0) desc, t24.id desc limit 20) as t24 having true), ',"staged":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t26.name), '}'), ','), ']}') from 
(select t26.name from opportunity as t26 where true and (t26.product_id = 
(select id from product where external_id = $6::text)) and (t26.stage = any($7::text[])) and (t26.forecast_category = any($8::text[])) order by coalesce(t26.closed_on, t26.expected_close_on, t26.opened_on, date '1900-01-01') desc, t26.id desc limit 20) as t26 having true), ',"expected":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t27.name), '}'), ','), ']}') from 
(select t27.name from opportunity as t27 where true and (t27.expected_close_on >= $9::date) and (t27.expected_close_on < $10::date) order by coalesce(t27.closed_on, t27.expected_close_on, t27.opened_on, date '1900-01-01') desc, t27.id desc limit 20) as t27 having true), ',"mine":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t28.name), '}'), ','), ']}') from 
(select t28.name from opportunity as t28 where true and (t28.owner_id = $11::bigint) and (t28.account_id = 
(select id from account where external_id = $12::text)) order by coalesce(t28.closed_on, t28.expected_close_on, t28.opened_on, date '1900-01-01'), t28.id limit 20) as t28 having true), ',"large":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t29.name), '}'), ','), ']}') from 
(select t29.name from opportunity as t29 where true and (t29.amount >= $13::numeric) and (starts_with(t29.name, $14::text)) order by t29.id limit 20) as t29 having true), ',"one":', coalesce(
(select concat('{"name":', to_json(t30.name), '}') from opportunity as t30 where t30.id = 
(select id from opportunity where external_id = $15::text)), 'null'), ',"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t31.name), '}'), ','), '],"totalCount":', (
(select count(*) from account as t32 where true)), '}') from 
(select t31.name from account as t31 where true order by t31.name, t31.id limit 2) as t31 having true), ',"retail":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"account_', t33.id, '"}'), ','), ']}') from 
(select t33.id from account as t33 where true and (t33.industry = any($16::text[])) and (t33.country = any($17::text[])) order by t33.name, t33.id limit 20) as t33 having true), ',"children":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"account_', t34.id, '"}'), ','), ']}') from 
(select t34.id from account as t34 where true and (t34.parent_id = 
(select id from account where external_id = $18::text)) and (starts_with(t34.name, $19::text)) order by t34.name, t34.id limit 20) as t34 having true), ',"account":', coalesce(
(select concat('{"name":', to_json(t35.name), '}') from account as t35 where t35.id = 
(select id from account where external_id = $20::text)), 'null'), ',"products":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t36.name), '}'), ','), ']}') from 
(select t36.name from product as t36 where true order by t36.name, t36.id limit 20) as t36 having true), ',"transactions":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"transaction_', t37.id, '","dated":"', t37.dated, '"}'), ','), ']}') from 
(select t37.id, t37.dated from transaction as t37 where true and (t37.kind = any($21::text[])) and (t37.dated >= $22::date) and (t37.dated < $23::date) order by t37.dated desc, t37.id desc limit 20) as t37 having true), ',"of":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"transaction_', t38.id, '"}'), ','), ']}') from 
(select t38.id from transaction as t38 where true and (t38.opportunity_id = $24::bigint) and (t38.account_id = 
(select id from account where external_id = $25::text)) and (t38.product_id = 
(select id from product where external_id = $26::text)) order by t38.dated desc, t38.id desc limit 20) as t38 having true), '}')
