select concat('{"rep":', coalesce(
(select concat('{"id":"rep_', t1.id, '","externalId":', coalesce((to_json(t1.external_id))::text, 'null'), ',"name":', to_json(t1.name), ',"email":', coalesce((to_json(t1.email))::text, 'null'), ',"title":', coalesce((to_json(t1.title))::text, 'null'), ',"office":', coalesce((to_json(t1.office))::text, 'null'), ',"currency":', to_json(coalesce(
(select paid.currency from pay_currency as paid where paid.rep_id = t1.id and paid.effective @> coalesce(null, $1::date)), t1.currency)), ',"hiredOn":', case when t1.hired_on is null then 'null' else concat('"', t1.hired_on, '"') end, ',"leftOn":', case when t1.left_on is null then 'null' else concat('"', t1.left_on, '"') end, ',"manager":', coalesce(
(select concat('{"id":"rep_', t2.id, '","name":', to_json(t2.name), ',"manager":', coalesce(
(select concat('{"name":', to_json(t3.name), '}') from rep as t3 where t3.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t2.id and line.effective @> coalesce(null, $1::date))), 'null'), '}') from rep as t2 where t2.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t1.id and line.effective @> coalesce(null, $1::date))), 'null'), ',"before":', coalesce(
(select concat('{"name":', to_json(t4.name), '}') from rep as t4 where t4.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t1.id and line.effective @> coalesce($2::date, $1::date))), 'null'), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $3::text)), 'null'), ',"nobody":', coalesce(
(select concat('{"id":"rep_', t5.id, '"}') from rep as t5 where t5.id = $4::bigint), 'null'), ',"stranger":', coalesce(
(select concat('{"id":"rep_', t6.id, '"}') from rep as t6 where t6.id = $5::bigint), 'null'), ',"reps":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t7.name), ',"', t7.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"id":"rep_', t7.id, '","name":', to_json(t7.name), ',"email":', coalesce((to_json(t7.email))::text, 'null'), '}}'), ',') filter (where t7.n <= 3), '],"nodes":[', string_agg(concat('{"id":"rep_', t7.id, '","leftOn":', case when t7.left_on is null then 'null' else concat('"', t7.left_on, '"') end, ',"reports":', 
(select concat('{"totalCount":', (
(select count(*) from rep as t9 where t9.id in (
    select line.rep_id from reporting_line as line where not $6::boolean and line.manager_id = t7.id and line.effective @> coalesce(null, $1::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t7.id) and coalesce(effective @> coalesce(null, $1::date), false)) as below where $6::boolean
))), ',"nodes":[', string_agg(concat('{"name":', to_json(t8.name), '}'), ','), ']}') from 
(select t8.name from rep as t8 where t8.id in (
    select line.rep_id from reporting_line as line where not $6::boolean and line.manager_id = t7.id and line.effective @> coalesce(null, $1::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t7.id) and coalesce(effective @> coalesce(null, $1::date), false)) as below where $6::boolean
) order by t8.name, t8.id limit 20) as t8 having true), '}'), ',') filter (where t7.n <= 3), '],"pageInfo":{"hasNextPage":', (count(*) > 3)::text, ',"hasPreviousPage":', 'false', ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t7.name), ',"', t7.id, '"]') order by t7.n asc) filter (where t7.n <= 3))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t7.name), ',"', t7.id, '"]') order by t7.n desc) filter (where t7.n <= 3))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from rep as t10 where true)), '}') from 
(select t7.name, t7.id, t7.email, t7.left_on, row_number() over (order by t7.name, t7.id) as n from rep as t7 where true order by t7.name, t7.id limit 3 + 1) as t7 having true), ',"east":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t11.name), '}'), ','), '],"totalCount":', (
(select count(*) from rep as t12 where true and (t12.office = any($7::text[])) and (coalesce(t12.hired_on, '-infinity') <= $8::date and coalesce(t12.left_on, 'infinity') > $8::date))), '}') from 
(select t11.name from rep as t11 where true and (t11.office = any($7::text[])) and (coalesce(t11.hired_on, '-infinity') <= $8::date and coalesce(t11.left_on, 'infinity') > $8::date) order by t11.id limit 20) as t11 having true), ',"of":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t13.name), '}'), ','), ']}') from 
(select t13.name from rep as t13 where true and (t13.id in 
(select line.rep_id from reporting_line as line where line.manager_id = 
(select id from rep where external_id = $9::text) and line.effective @> $1::date)) and (starts_with(t13.name, $10::text)) order by t13.name, t13.id limit 20) as t13 having true), ',"titled":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t14.name), ',"title":', coalesce((to_json(t14.title))::text, 'null'), '}'), ','), ']}') from 
(select t14.name, t14.title from rep as t14 where true and (t14.title = any($11::text[])) order by t14.name, t14.id limit 20) as t14 having true), '}')
