select concat('{"webhooks":', 
(select concat('{"totalCount":', (
(select count(*) from webhook as t2 where true)), ',"nodes":[', string_agg(concat('{"id":"webhook_', t1.id, '","name":', to_json(t1.name), ',"url":', to_json(t1.url), ',"kinds":', to_json(t1.kinds), ',"rep":', coalesce(
(select concat('{"name":', to_json(t3.name), '}') from rep as t3 where t3.id = t1.rep_id), 'null'), ',"state":"', t1.state, '","createdAt":"', to_char(t1.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","cursor":', case when 
(select concat_ws('.', progress.position, nullif(progress.ordinal, 2147483647)) from webhook_progress as progress where progress.webhook_id = t1.id) is null then 'null' else concat('"', 
(select concat_ws('.', progress.position, nullif(progress.ordinal, 2147483647)) from webhook_progress as progress where progress.webhook_id = t1.id), '"') end, ',"lag":', coalesce((
(select greatest(
(select position from clock) - progress.position, 0) from webhook_progress as progress where progress.webhook_id = t1.id))::text, 'null'), ',"failures":', coalesce((
(select progress.failures from webhook_progress as progress where progress.webhook_id = t1.id))::text, 'null'), ',"failingSince":', case when 
(select progress.failing_since from webhook_progress as progress where progress.webhook_id = t1.id) is null then 'null' else concat('"', to_char(
(select progress.failing_since from webhook_progress as progress where progress.webhook_id = t1.id) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, ',"nextAttemptAt":', case when 
(select case when progress.failures > 0 and t1.state = 'ENABLED' then progress.due_at end from webhook_progress as progress where progress.webhook_id = t1.id) is null then 'null' else concat('"', to_char(
(select case when progress.failures > 0 and t1.state = 'ENABLED' then progress.due_at end from webhook_progress as progress where progress.webhook_id = t1.id) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"') end, ',"attempts":', 
(select concat('{"totalCount":', (
(select count(*) from webhook_attempt as t5 where t5.webhook_id = t1.id)), ',"pageInfo":{"hasNextPage":', (count(*) > 2)::text, '},"nodes":[', string_agg(concat('{"event":"', concat_ws('.', t4.position, t4.ordinal), '","number":', t4.number, ',"at":"', to_char(t4.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","milliseconds":', t4.milliseconds, ',"status":', coalesce((t4.status)::text, 'null'), ',"problem":', coalesce((to_json(t4.problem))::text, 'null'), '}'), ',') filter (where t4.n <= 2), ']}') from 
(select t4.position, t4.ordinal, t4.number, t4.at, t4.milliseconds, t4.status, t4.problem, row_number() over (order by t4.id desc) as n from webhook_attempt as t4 where t4.webhook_id = t1.id order by t4.id desc limit 2 + 1) as t4 having true), '}'), ','), ']}') from 
(select t1.id, t1.name, t1.url, t1.kinds, t1.rep_id, t1.state, t1.created_at from webhook as t1 where true order by t1.id desc limit 20) as t1 having true), '}')
