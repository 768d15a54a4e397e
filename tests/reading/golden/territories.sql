select concat('{"territory":', coalesce(
(select concat('{"id":"territory_', t1.id, '","externalId":', coalesce((to_json(t1.external_id))::text, 'null'), ',"name":', to_json(t1.name), ',"parent":', coalesce(
(select concat('{"name":', to_json(t2.name), '}') from territory as t2 where t2.id = t1.parent_id), 'null'), ',"children":[', 
(select string_agg(concat('{"name":', to_json(t3.name), '}'), ',' order by t3.name, t3.id) from territory as t3 where t3.parent_id = t1.id), '],"rules":[', 
(select string_agg(concat('{"attribute":"', t4.attribute, '","values":', to_json(t4.accepted), '}'), ',' order by t4.attribute) from territory_rule as t4 where t4.territory_id = t1.id), '],"accounts":', 
(select concat('{"totalCount":', (
(select count(*) from account as t6 where t6.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t1.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $1::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))))), ',"nodes":[', string_agg(concat('{"name":', to_json(t5.name), ',"territories":[', 
(select string_agg(concat('{"territory":', coalesce(
(select concat('{"name":', to_json(t8.name), '}') from territory as t8 where t8.id = t7.territory_id), 'null'), ',"effective":{"starts":', case when lower(t7.effective) is null then 'null' else concat('"', lower(t7.effective), '"') end, ',"ends":', case when upper(t7.effective) is null then 'null' else concat('"', upper(t7.effective), '"') end, '},"byRule":', (t7.by_rule)::text, '}'), ',' order by t7.territory_id) from account_territory as t7 where t7.account_id = t5.id and t7.effective @> coalesce(null, $2::date)), ']}'), ','), ']}') from 
(select t5.name, t5.id from account as t5 where t5.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t1.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $1::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))) order by t5.name, t5.id limit 20) as t5 having true), ',"assignments":', 
(select concat('{"totalCount":', (
(select count(*) from territory_assignment as t10 where t10.territory_id = t1.id)), ',"nodes":[', string_agg(concat('{"id":"territoryassignment_', t9.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t11.name), '}') from rep as t11 where t11.id = t9.rep_id), 'null'), ',"territory":', coalesce(
(select concat('{"name":', to_json(t12.name), '}') from territory as t12 where t12.id = t9.territory_id), 'null'), ',"effective":{"starts":', case when lower(t9.effective) is null then 'null' else concat('"', lower(t9.effective), '"') end, ',"ends":', case when upper(t9.effective) is null then 'null' else concat('"', upper(t9.effective), '"') end, '}}'), ','), ']}') from 
(select t9.id, t9.rep_id, t9.territory_id, t9.effective from territory_assignment as t9 where t9.territory_id = t1.id order by lower(t9.effective), t9.id limit 20) as t9 having true), ',"reps":[', 
(select string_agg(concat('{"name":', to_json(t13.name), ',"title":', coalesce((to_json(t13.title))::text, 'null'), '}'), ',' order by t13.name, t13.id) from rep as t13 where t13.id in 
(select worked.rep_id from territory_assignment as worked where worked.territory_id = t1.id and worked.effective @> coalesce(null, $2::date))), '],"then":[', 
(select string_agg(concat('{"name":', to_json(t14.name), '}'), ',' order by t14.name, t14.id) from rep as t14 where t14.id in 
(select worked.rep_id from territory_assignment as worked where worked.territory_id = t1.id and worked.effective @> coalesce($3::date, $2::date))), ']}') from territory as t1 where t1.id = 
(select id from territory where external_id = $4::text)), 'null'), ',"europe":', coalesce(
(select concat('{"children":[', 
(select string_agg(concat('{"name":', to_json(t16.name), ',"rules":[', 
(select string_agg(concat('{"attribute":"', t17.attribute, '"}'), ',' order by t17.attribute) from territory_rule as t17 where t17.territory_id = t16.id), ']}'), ',' order by t16.name, t16.id) from territory as t16 where t16.parent_id = t15.id), '],"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t18.name), '}'), ','), ']}') from 
(select t18.name from account as t18 where t18.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t15.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $5::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))) order by t18.name, t18.id limit 20) as t18 having true), ',"deep":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t19.name), '}'), ','), ']}') from 
(select t19.name from account as t19 where t19.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t15.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $6::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))) and (t19.industry = any($7::text[])) order by t19.name, t19.id limit 20) as t19 having true), ',"before":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t20.name), '}'), ','), ']}') from 
(select t20.name from account as t20 where t20.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t15.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $8::boolean
    )
    select id from below
) and given.effective @> coalesce($9::date, $2::date))) order by t20.name, t20.id limit 20) as t20 having true), '}') from territory as t15 where t15.id = $10::bigint), 'null'), ',"nowhere":', coalesce(
(select concat('{"id":"territory_', t21.id, '"}') from territory as t21 where t21.id = 
(select id from territory where external_id = $11::text)), 'null'), ',"territories":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t22.name), ',"', t22.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"name":', to_json(t22.name), '}}'), ',') filter (where t22.n <= 2), '],"pageInfo":{"hasNextPage":', (count(*) > 2)::text, '},"totalCount":', (
(select count(*) from territory as t23 where true)), '}') from 
(select t22.name, t22.id, row_number() over (order by t22.name, t22.id) as n from territory as t22 where true order by t22.name, t22.id limit 2 + 1) as t22 having true), ',"parts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t24.name), '}'), ','), ']}') from 
(select t24.name from territory as t24 where true and (t24.parent_id = 
(select id from territory where external_id = $12::text)) and (starts_with(t24.name, $13::text)) order by t24.name, t24.id limit 20) as t24 having true), ',"hers":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t25.name), '}'), ','), ']}') from 
(select t25.name from territory as t25 where true and (t25.id in 
(select worked.territory_id from territory_assignment as worked where worked.rep_id = 
(select id from rep where external_id = $14::text) and worked.effective @> $2::date)) order by t25.name, t25.id limit 20) as t25 having true), ',"its":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t26.name), '}'), ','), ']}') from 
(select t26.name from territory as t26 where true and (t26.id in 
(select given.territory_id from account_territory as given where given.account_id = 
(select id from account where external_id = $15::text) and given.effective @> $2::date)) order by t26.name, t26.id limit 20) as t26 having true), ',"territoryCoverage":{"asOf":"', coalesce(null, $2::date), '","uncovered":', 
(select concat('{"totalCount":', (
(select count(*) from account as t28 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) and given.account_id = t28.id))), ',"nodes":[', string_agg(concat('{"name":', to_json(t27.name), '}'), ','), ']}') from 
(select t27.name from account as t27 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) and given.account_id = t27.id) order by t27.name, t27.id limit 20) as t27 having true), ',"coveredTwice":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t29.name), '}'), ','), ']}') from 
(select t29.name from account as t29 where t29.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) group by given.account_id having count(*) > 1) order by t29.name, t29.id limit 20) as t29 having true), ',"vacant":', 
(select concat('{"totalCount":', (
(select count(*) from territory as t31 where not exists 
(select from territory_assignment as worked where worked.territory_id = t31.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t31.id) or exists 
(select from account_territory as given where given.territory_id = t31.id and given.effective @> coalesce(null, $2::date))))), ',"nodes":[', string_agg(concat('{"name":', to_json(t30.name), '}'), ','), ']}') from 
(select t30.name from territory as t30 where not exists 
(select from territory_assignment as worked where worked.territory_id = t30.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t30.id) or exists 
(select from account_territory as given where given.territory_id = t30.id and given.effective @> coalesce(null, $2::date))) order by t30.name, t30.id limit 5) as t30 having true), '},"then":{"asOf":"', coalesce($16::date, $2::date), '","uncovered":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t32.name), '}'), ','), ']}') from 
(select t32.name from account as t32 where not exists 
(select from account_territory as given where given.effective @> coalesce($16::date, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce($16::date, $2::date)) and given.account_id = t32.id) and (starts_with(t32.name, $17::text)) order by t32.name, t32.id limit 20) as t32 having true), ',"coveredTwice":{"totalCount":', (
(select count(*) from account as t34 where t34.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce($16::date, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce($16::date, $2::date)) group by given.account_id having count(*) > 1))), '},"vacant":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t35.name), '}'), ','), ']}') from 
(select t35.name from territory as t35 where not exists 
(select from territory_assignment as worked where worked.territory_id = t35.id and worked.effective @> coalesce($16::date, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t35.id) or exists 
(select from account_territory as given where given.territory_id = t35.id and given.effective @> coalesce($16::date, $2::date))) and (t35.parent_id = 
(select id from territory where external_id = $18::text)) order by t35.name, t35.id limit 20) as t35 having true), '},"rep":', coalesce(
(select concat('{"titles":[', 
(select string_agg(concat('{"title":', to_json(t37.title), ',"effective":{"starts":', case when lower(t37.effective) is null then 'null' else concat('"', lower(t37.effective), '"') end, ',"ends":', case when upper(t37.effective) is null then 'null' else concat('"', upper(t37.effective), '"') end, '}}'), ',' order by lower(t37.effective)) from rep_title as t37 where t37.rep_id = t36.id), '],"territories":[', 
(select string_agg(concat('{"id":"territoryassignment_', t38.id, '","territory":', coalesce(
(select concat('{"name":', to_json(t39.name), ',"accounts":{"totalCount":', (
(select count(*) from account as t41 where t41.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t39.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $19::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))))), '}}') from territory as t39 where t39.id = t38.territory_id), 'null'), ',"effective":{"starts":', case when lower(t38.effective) is null then 'null' else concat('"', lower(t38.effective), '"') end, ',"ends":', case when upper(t38.effective) is null then 'null' else concat('"', upper(t38.effective), '"') end, '}}'), ',' order by t38.territory_id) from territory_assignment as t38 where t38.rep_id = t36.id and t38.effective @> coalesce(null, $2::date)), '],"later":[', 
(select string_agg(concat('{"territory":', coalesce(
(select concat('{"name":', to_json(t43.name), '}') from territory as t43 where t43.id = t42.territory_id), 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t44.name), '}') from rep as t44 where t44.id = t42.rep_id), 'null'), '}'), ',' order by t42.territory_id) from territory_assignment as t42 where t42.rep_id = t36.id and t42.effective @> coalesce($20::date, $2::date)), '],"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t45.name), '}'), ','), ']}') from 
(select t45.name from account as t45 where t45.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t36.id and worked.effective @> coalesce(null, $2::date) and given.effective @> coalesce(null, $2::date)) order by t45.name, t45.id limit 20) as t45 having true), ',"soon":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t46.name), '}'), ',') filter (where t46.n <= 1), '],"totalCount":', (
(select count(*) from account as t47 where t47.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t36.id and worked.effective @> coalesce($21::date, $2::date) and given.effective @> coalesce($21::date, $2::date)))), ',"pageInfo":{"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t46.name), ',"', t46.id, '"]') order by t46.n desc) filter (where t46.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t46.name, t46.id, row_number() over (order by t46.name, t46.id) as n from account as t46 where t46.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t36.id and worked.effective @> coalesce($21::date, $2::date) and given.effective @> coalesce($21::date, $2::date)) order by t46.name, t46.id limit 1 + 1) as t46 having true), '}') from rep as t36 where t36.id = 
(select id from rep where external_id = $22::text)), 'null'), ',"account":', coalesce(
(select concat('{"name":', to_json(t48.name), ',"children":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t49.name), '}'), ','), ']}') from 
(select t49.name from account as t49 where t49.parent_id = t48.id order by t49.name, t49.id limit 20) as t49 having true), ',"then":[', 
(select string_agg(concat('{"territory":', coalesce(
(select concat('{"name":', to_json(t51.name), '}') from territory as t51 where t51.id = t50.territory_id), 'null'), '}'), ',' order by t50.territory_id) from account_territory as t50 where t50.account_id = t48.id and t50.effective @> coalesce($23::date, $2::date)), ']}') from account as t48 where t48.id = 
(select id from account where external_id = $24::text)), 'null'), ',"product":', coalesce(
(select concat('{"id":"product_', t52.id, '","name":', to_json(t52.name), ',"family":', coalesce((to_json(t52.family))::text, 'null'), ',"listPrice":', case when t52.list_price is not null then concat('{"amount":"', money_text(t52.list_price, t52.currency), '","currency":', to_json(t52.currency), '}') else 'null' end, '}') from product as t52 where t52.id = 
(select id from product where external_id = $25::text)), 'null'), ',"node":', coalesce(
(select concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t54.name), '}') from rep as t54 where t54.id = t53.rep_id), 'null'), '}') from territory_assignment as t53 where t53.id = $26::bigint), 'null'), '}')
