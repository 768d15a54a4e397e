select concat('{"rep":', coalesce(
(select concat('{"quarter":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t2.name), ',"description":', coalesce((to_json(t2.description))::text, 'null'), ',"weight":"', t2.weight, '","achieved":', case when t2.achieved is null then 'null' else concat('"', t2.achieved, '"') end, ',"period":', coalesce(
(select concat('{"name":', to_json(t3.name), '}') from period as t3 where t3.id = t2.period_id), 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t4.name), '}') from rep as t4 where t4.id = t2.rep_id), 'null'), '}'), ','), ']}') from 
(select t2.name, t2.description, t2.weight, t2.achieved, t2.period_id, t2.rep_id from goal as t2 where t2.rep_id = t1.id and (not true or t2.period_id in (
    select inside.id from period as whole, period as inside where whole.id = 
(select id from period where name = $1::text) and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t2.period_id), t2.id limit 20) as t2 having true), ',"january":', 
(select concat('{"totalCount":', (
(select count(*) from goal as t6 where t6.rep_id = t1.id and (not true or t6.period_id in (
    select inside.id from period as whole, period as inside where whole.id = 
(select id from period where name = $2::text) and inside.effective <@ whole.effective
)))), ',"nodes":[', string_agg(concat('{"name":', to_json(t5.name), ',"weight":"', t5.weight, '","achieved":', case when t5.achieved is null then 'null' else concat('"', t5.achieved, '"') end, '}'), ','), ']}') from 
(select t5.name, t5.weight, t5.achieved from goal as t5 where t5.rep_id = t1.id and (not true or t5.period_id in (
    select inside.id from period as whole, period as inside where whole.id = 
(select id from period where name = $2::text) and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t5.period_id), t5.id limit 20) as t5 having true), ',"page":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t7.name), '}'), ',') filter (where t7.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, '}}') from 
(select t7.name, row_number() over (order by 
(select lower(effective) from period where period.id = t7.period_id), t7.id) as n from goal as t7 where t7.rep_id = t1.id and (not false or t7.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t7.period_id), t7.id limit 1 + 1) as t7 having true), ',"nothing":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t8.name), '}'), ','), ']}') from 
(select t8.name from goal as t8 where t8.rep_id = t1.id and (not true or t8.period_id in (
    select inside.id from period as whole, period as inside where whole.id = 
(select id from period where name = $3::text) and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t8.period_id), t8.id limit 20) as t8 having true), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $4::text)), 'null'), ',"other":', coalesce(
(select concat('{"goals":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t10.name), ',"achieved":', case when t10.achieved is null then 'null' else concat('"', t10.achieved, '"') end, '}'), ','), ']}') from 
(select t10.name, t10.achieved from goal as t10 where t10.rep_id = t9.id and (not false or t10.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) order by 
(select lower(effective) from period where period.id = t10.period_id), t10.id limit 20) as t10 having true), '}') from rep as t9 where t9.id = $5::bigint), 'null'), '}')
