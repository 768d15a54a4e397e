select concat('{"runs":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"run_', t1.id, '","state":"', t1.state, '","position":"', t1.position, '","startedBy":', to_json(t1.started_by), ',"shards":', t1.shards, ',"shardsDone":', t1.shards_done, ',"period":', coalesce(
(select concat('{"name":', to_json(t2.name), '}') from period as t2 where t2.id = t1.period_id), 'null'), ',"total":', case when 
(select case when count(distinct change.currency) <= 1 then coalesce(sum(change.difference), 0) end from run_change as change where change.run_id = t1.id) is not null then concat('{"amount":"', money_text(
(select case when count(distinct change.currency) <= 1 then coalesce(sum(change.difference), 0) end from run_change as change where change.run_id = t1.id), coalesce(
(select change.currency from run_change as change where change.run_id = t1.id limit 1), 
(select currency from company))), '","currency":', to_json(coalesce(
(select change.currency from run_change as change where change.run_id = t1.id limit 1), 
(select currency from company))), '}') else 'null' end, ',"excluded":[', 
(select string_agg(concat('{"name":', to_json(t3.name), '}'), ',' order by t3.id) from rep as t3 where t3.id = any
(select unnest(run.excluded) from run where run.id = t1.id)), '],"problems":[', 
(select string_agg(concat('{"code":"', t4.code, '","message":', to_json(t4.message), ',"rep":', coalesce(
(select concat('{"name":', to_json(t5.name), '}') from rep as t5 where t5.id = t4.rep_id), 'null'), ',"component":', coalesce(
(select concat('{"id":"component_', t6.component_id, '","name":', to_json(t6.name), '}') from component_version as t6 where t6.component_id = t4.component_id order by coalesce(
(select version.state <> 'DRAFT' and version.effective && t4.span from plan_version as version where version.id = t6.plan_version_id), false) desc, t6.plan_version_id desc limit 1), 'null'), ',"window":{"starts":', case when lower(t4.span) is null then 'null' else concat('"', lower(t4.span), '"') end, ',"ends":', case when upper(t4.span) is null then 'null' else concat('"', upper(t4.span), '"') end, '}}'), ',' order by t4.id) from run_problem as t4 where t4.run_id = t1.id), '],"changes":', 
(select concat('{"totalCount":', (
(select count(*) from run_change as t8 where t8.run_id = t1.id)), ',"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t7.rep_id, '","', t7.component_id, '","', lower(t7.span), '","', upper(t7.span), '",', to_json(t7.key), ',', to_json(t7.currency), ']'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"key":', to_json(t7.key), ',"isNew":', (t7.is_new)::text, ',"rep":', coalesce(
(select concat('{"name":', to_json(t9.name), '}') from rep as t9 where t9.id = t7.rep_id), 'null'), ',"component":', coalesce(
(select concat('{"name":', to_json(t10.name), '}') from component_version as t10 where t10.component_id = t7.component_id order by coalesce(
(select version.state <> 'DRAFT' and version.effective && t7.span from plan_version as version where version.id = t10.plan_version_id), false) desc, t10.plan_version_id desc limit 1), 'null'), ',"window":{"starts":', case when lower(t7.span) is null then 'null' else concat('"', lower(t7.span), '"') end, ',"ends":', case when upper(t7.span) is null then 'null' else concat('"', upper(t7.span), '"') end, '},"before":{"amount":"', money_text(t7.before, t7.currency), '"},"after":{"amount":"', money_text(t7.after, t7.currency), '"},"difference":{"amount":"', money_text(t7.difference, t7.currency), '","currency":', to_json(t7.currency), '},"steps":', case jsonb_typeof(t7.steps) when 'array' then concat('[', 
(select string_agg(concat('{"says":', coalesce(((t11.value -> 'says'))::text, 'null'), ',"amount":', coalesce(((t11.value -> 'amount'))::text, 'null'), '}'), ',' order by t11.ordinality) from jsonb_array_elements(t7.steps) with ordinality as t11), ']') else 'null' end, '}}'), ','), ']}') from 
(select t7.rep_id, t7.component_id, t7.span, t7.key, t7.currency, t7.is_new, t7.before, t7.after, t7.difference, t7.steps from run_change as t7 where t7.run_id = t1.id order by t7.rep_id, t7.component_id, lower(t7.span), upper(t7.span), t7.key, t7.currency limit 20) as t7 having true), ',"posting":', coalesce(
(select concat('{"id":"posting_', t12.id, '"}') from posting as t12 where t12.run_id = t1.id), 'null'), '}'), ','), ']}') from 
(select t1.id, t1.state, t1.position, t1.started_by, t1.shards, t1.shards_done, t1.period_id from run as t1 where true order by t1.id desc limit 20) as t1 having true), ',"run":', coalesce(
(select concat('{"changes":', 
(select concat('{"nodes":[', string_agg(concat('{"key":', to_json(t14.key), '}'), ',') filter (where t14.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, '}}') from 
(select t14.key, row_number() over (order by t14.rep_id, t14.component_id, lower(t14.span), upper(t14.span), t14.key, t14.currency) as n from run_change as t14 where t14.run_id = t13.id order by t14.rep_id, t14.component_id, lower(t14.span), upper(t14.span), t14.key, t14.currency limit 1 + 1) as t14 having true), '}') from run as t13 where t13.id = $1::bigint), 'null'), '}')
