select concat('{"rep":', coalesce(
(select concat('{"reports":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t2.name), '}'), ','), ']}') from 
(select t2.name from rep as t2 where t2.id in (
    select line.rep_id from reporting_line as line where not $1::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $1::boolean
) order by t2.name, t2.id limit 20) as t2 having true), ',"all":', 
(select concat('{"totalCount":', (
(select count(*) from rep as t4 where t4.id in (
    select line.rep_id from reporting_line as line where not $3::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $3::boolean
))), ',"nodes":[', string_agg(concat('{"name":', to_json(t3.name), '}'), ','), ']}') from 
(select t3.name from rep as t3 where t3.id in (
    select line.rep_id from reporting_line as line where not $3::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $3::boolean
) order by t3.id limit 20) as t3 having true), ',"then":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t5.name), ',"manager":', coalesce(
(select concat('{"name":', to_json(t6.name), '}') from rep as t6 where t6.id = 
(select line.manager_id from reporting_line as line where line.rep_id = t5.id and line.effective @> coalesce($4::date, $2::date))), 'null'), '}'), ',') filter (where t5.n <= 2), '],"pageInfo":{"hasNextPage":', (count(*) > 2)::text, '}}') from 
(select t5.name, t5.id, row_number() over (order by t5.name, t5.id) as n from rep as t5 where t5.id in (
    select line.rep_id from reporting_line as line where not $5::boolean and line.manager_id = t1.id and line.effective @> coalesce($6::date, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce($6::date, $2::date), false)) as below where $5::boolean
) order by t5.name, t5.id limit 2 + 1) as t5 having true), ',"some":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t7.name), '}'), ','), ']}') from 
(select t7.name from rep as t7 where t7.id in (
    select line.rep_id from reporting_line as line where not $7::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $7::boolean
) and (t7.office = any($8::text[])) order by t7.name, t7.id limit 20) as t7 having true), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $9::text)), 'null'), '}')
