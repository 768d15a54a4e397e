select concat('{"boss":', coalesce(
(select concat('{"reports":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t2.name), ',"', t2.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Rep"}}'), ',') filter (where t2.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from rep as t3 where t3.id in (
    select line.rep_id from reporting_line as line where not $1::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $1::boolean
) and (t3.name, t3.id) <= ($3::text, $4::bigint) order by t3.name desc, t3.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t2.name), ',"', t2.id, '"]') order by t2.n asc) filter (where t2.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t2.name), ',"', t2.id, '"]') order by t2.n desc) filter (where t2.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from rep as t4 where t4.id in (
    select line.rep_id from reporting_line as line where not $1::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $1::boolean
))), '}') from 
(select t2.name, t2.id, row_number() over (order by t2.name, t2.id) as n from rep as t2 where t2.id in (
    select line.rep_id from reporting_line as line where not $1::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $1::boolean
) and (t2.name, t2.id) > ($3::text, $4::bigint) order by t2.name, t2.id limit 1 + 1) as t2 having true), ',"reportsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t5.name), ',"', t5.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Rep"}}'), ',' order by t5.n desc) filter (where t5.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from rep as t6 where t6.id in (
    select line.rep_id from reporting_line as line where not $5::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $5::boolean
) and (t6.name, t6.id) >= ($6::text, $7::bigint) order by t6.name, t6.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t5.name), ',"', t5.id, '"]') order by t5.n desc) filter (where t5.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t5.name), ',"', t5.id, '"]') order by t5.n asc) filter (where t5.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t5.name, t5.id, row_number() over (order by t5.name desc, t5.id desc) as n from rep as t5 where t5.id in (
    select line.rep_id from reporting_line as line where not $5::boolean and line.manager_id = t1.id and line.effective @> coalesce(null, $2::date)
    union all
    select below.rep_id from 
(select rep_id from oversight where manager_id = 
(select t1.id) and coalesce(effective @> coalesce(null, $2::date), false)) as below where $5::boolean
) and (t5.name, t5.id) < ($6::text, $7::bigint) order by t5.name desc, t5.id desc limit 1 + 1) as t5 having true), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $8::text)), 'null'), ',"rep":', coalesce(
(select concat('{"quotas":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t8.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Quota"}}'), ',') filter (where t8.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from quota as t9 where t9.rep_id = t7.id and (t9.id) >= ($9::bigint) order by t9.id limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t8.id, '"]') order by t8.n asc) filter (where t8.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t8.id, '"]') order by t8.n desc) filter (where t8.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from quota as t10 where t10.rep_id = t7.id)), '}') from 
(select t8.id, row_number() over (order by t8.id desc) as n from quota as t8 where t8.rep_id = t7.id and (t8.id) < ($9::bigint) order by t8.id desc limit 1 + 1) as t8 having true), ',"quotasBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t11.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Quota"}}'), ',' order by t11.n desc) filter (where t11.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from quota as t12 where t12.rep_id = t7.id and (t12.id) <= ($10::bigint) order by t12.id desc limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t11.id, '"]') order by t11.n desc) filter (where t11.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t11.id, '"]') order by t11.n asc) filter (where t11.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t11.id, row_number() over (order by t11.id) as n from quota as t11 where t11.rep_id = t7.id and (t11.id) > ($10::bigint) order by t11.id limit 1 + 1) as t11 having true), ',"opportunities":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', coalesce(t13.closed_on, t13.expected_close_on, t13.opened_on, date '1900-01-01'), '","', t13.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Opportunity"}}'), ',') filter (where t13.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from opportunity as t14 where t14.owner_id = t7.id and (coalesce(t14.closed_on, t14.expected_close_on, t14.opened_on, date '1900-01-01'), t14.id) >= ($11::date, $12::bigint) order by coalesce(t14.closed_on, t14.expected_close_on, t14.opened_on, date '1900-01-01'), t14.id limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', coalesce(t13.closed_on, t13.expected_close_on, t13.opened_on, date '1900-01-01'), '","', t13.id, '"]') order by t13.n asc) filter (where t13.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', coalesce(t13.closed_on, t13.expected_close_on, t13.opened_on, date '1900-01-01'), '","', t13.id, '"]') order by t13.n desc) filter (where t13.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from opportunity as t15 where t15.owner_id = t7.id)), '}') from 
(select t13.closed_on, t13.expected_close_on, t13.opened_on, t13.id, row_number() over (order by coalesce(t13.closed_on, t13.expected_close_on, t13.opened_on, date '1900-01-01') desc, t13.id desc) as n from opportunity as t13 where t13.owner_id = t7.id and (coalesce(t13.closed_on, t13.expected_close_on, t13.opened_on, date '1900-01-01'), t13.id) < ($11::date, $12::bigint) order by coalesce(t13.closed_on, t13.expected_close_on, t13.opened_on, date '1900-01-01') desc, t13.id desc limit 1 + 1) as t13 having true), ',"opportunitiesBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', coalesce(t16.closed_on, t16.expected_close_on, t16.opened_on, date '1900-01-01'), '","', t16.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Opportunity"}}'), ',' order by t16.n desc) filter (where t16.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from opportunity as t17 where t17.owner_id = t7.id and (coalesce(t17.closed_on, t17.expected_close_on, t17.opened_on, date '1900-01-01'), t17.id) <= ($13::date, $14::bigint) order by coalesce(t17.closed_on, t17.expected_close_on, t17.opened_on, date '1900-01-01') desc, t17.id desc limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', coalesce(t16.closed_on, t16.expected_close_on, t16.opened_on, date '1900-01-01'), '","', t16.id, '"]') order by t16.n desc) filter (where t16.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', coalesce(t16.closed_on, t16.expected_close_on, t16.opened_on, date '1900-01-01'), '","', t16.id, '"]') order by t16.n asc) filter (where t16.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t16.closed_on, t16.expected_close_on, t16.opened_on, t16.id, row_number() over (order by coalesce(t16.closed_on, t16.expected_close_on, t16.opened_on, date '1900-01-01'), t16.id) as n from opportunity as t16 where t16.owner_id = t7.id and (coalesce(t16.closed_on, t16.expected_close_on, t16.opened_on, date '1900-01-01'), t16.id) > ($13::date, $14::bigint) order by coalesce(t16.closed_on, t16.expected_close_on, t16.opened_on, date '1900-01-01'), t16.id limit 1 + 1) as t16 having true), ',"activities":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t18.dated, '","', t18.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Activity"}}'), ',') filter (where t18.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from activity as t19 where t19.rep_id = t7.id and (t19.dated, t19.id) >= ($15::date, $16::bigint) order by t19.dated, t19.id limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t18.dated, '","', t18.id, '"]') order by t18.n asc) filter (where t18.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t18.dated, '","', t18.id, '"]') order by t18.n desc) filter (where t18.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from activity as t20 where t20.rep_id = t7.id)), '}') from 
(select t18.dated, t18.id, row_number() over (order by t18.dated desc, t18.id desc) as n from activity as t18 where t18.rep_id = t7.id and (t18.dated, t18.id) < ($15::date, $16::bigint) order by t18.dated desc, t18.id desc limit 1 + 1) as t18 having true), ',"activitiesBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t21.dated, '","', t21.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Activity"}}'), ',' order by t21.n desc) filter (where t21.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from activity as t22 where t22.rep_id = t7.id and (t22.dated, t22.id) <= ($17::date, $18::bigint) order by t22.dated desc, t22.id desc limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t21.dated, '","', t21.id, '"]') order by t21.n desc) filter (where t21.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t21.dated, '","', t21.id, '"]') order by t21.n asc) filter (where t21.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t21.dated, t21.id, row_number() over (order by t21.dated, t21.id) as n from activity as t21 where t21.rep_id = t7.id and (t21.dated, t21.id) > ($17::date, $18::bigint) order by t21.dated, t21.id limit 1 + 1) as t21 having true), ',"credits":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t23.dated, '","', t23.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Credit"}}'), ',') filter (where t23.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from credit as t24 where t24.rep_id = t7.id and t24.superseded_position is null and (not false or t24.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t24.dated) and (t24.dated, t24.id) >= ($19::date, $20::bigint) order by t24.dated, t24.id limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t23.dated, '","', t23.id, '"]') order by t23.n asc) filter (where t23.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t23.dated, '","', t23.id, '"]') order by t23.n desc) filter (where t23.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from credit as t25 where t25.rep_id = t7.id and t25.superseded_position is null and (not false or t25.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t25.dated))), '}') from 
(select t23.dated, t23.id, row_number() over (order by t23.dated desc, t23.id desc) as n from credit as t23 where t23.rep_id = t7.id and t23.superseded_position is null and (not false or t23.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t23.dated) and (t23.dated, t23.id) < ($19::date, $20::bigint) order by t23.dated desc, t23.id desc limit 1 + 1) as t23 having true), ',"creditsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t26.dated, '","', t26.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Credit"}}'), ',' order by t26.n desc) filter (where t26.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from credit as t27 where t27.rep_id = t7.id and t27.superseded_position is null and (not false or t27.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t27.dated) and (t27.dated, t27.id) <= ($21::date, $22::bigint) order by t27.dated desc, t27.id desc limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t26.dated, '","', t26.id, '"]') order by t26.n desc) filter (where t26.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t26.dated, '","', t26.id, '"]') order by t26.n asc) filter (where t26.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t26.dated, t26.id, row_number() over (order by t26.dated, t26.id) as n from credit as t26 where t26.rep_id = t7.id and t26.superseded_position is null and (not false or t26.measure_id = 
(select id from measure where name = null)) and (not false or 
(select effective from period where id = null) @> t26.dated) and (t26.dated, t26.id) > ($21::date, $22::bigint) order by t26.dated, t26.id limit 1 + 1) as t26 having true), ',"earnings":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t28.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Earning"}}'), ',') filter (where t28.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from earning as t29 where t29.rep_id = t7.id and (t29.id) >= ($23::bigint) order by t29.id limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t28.id, '"]') order by t28.n asc) filter (where t28.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t28.id, '"]') order by t28.n desc) filter (where t28.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from earning as t30 where t30.rep_id = t7.id)), '}') from 
(select t28.id, row_number() over (order by t28.id desc) as n from earning as t28 where t28.rep_id = t7.id and (t28.id) < ($23::bigint) order by t28.id desc limit 1 + 1) as t28 having true), ',"earningsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t31.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Earning"}}'), ',' order by t31.n desc) filter (where t31.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from earning as t32 where t32.rep_id = t7.id and (t32.id) <= ($24::bigint) order by t32.id desc limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t31.id, '"]') order by t31.n desc) filter (where t31.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t31.id, '"]') order by t31.n asc) filter (where t31.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t31.id, row_number() over (order by t31.id) as n from earning as t31 where t31.rep_id = t7.id and (t31.id) > ($24::bigint) order by t31.id limit 1 + 1) as t31 having true), ',"goals":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', 
(select lower(effective) from period where period.id = t33.period_id), '","', t33.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Goal"}}'), ',') filter (where t33.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from goal as t34 where t34.rep_id = t7.id and (not false or t34.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) and (
(select lower(effective) from period where period.id = t34.period_id), t34.id) <= ($25::date, $26::bigint) order by 
(select lower(effective) from period where period.id = t34.period_id) desc, t34.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', 
(select lower(effective) from period where period.id = t33.period_id), '","', t33.id, '"]') order by t33.n asc) filter (where t33.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', 
(select lower(effective) from period where period.id = t33.period_id), '","', t33.id, '"]') order by t33.n desc) filter (where t33.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from goal as t35 where t35.rep_id = t7.id and (not false or t35.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)))), '}') from 
(select t33.period_id, t33.id, row_number() over (order by 
(select lower(effective) from period where period.id = t33.period_id), t33.id) as n from goal as t33 where t33.rep_id = t7.id and (not false or t33.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) and (
(select lower(effective) from period where period.id = t33.period_id), t33.id) > ($25::date, $26::bigint) order by 
(select lower(effective) from period where period.id = t33.period_id), t33.id limit 1 + 1) as t33 having true), ',"goalsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', 
(select lower(effective) from period where period.id = t36.period_id), '","', t36.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Goal"}}'), ',' order by t36.n desc) filter (where t36.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from goal as t37 where t37.rep_id = t7.id and (not false or t37.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) and (
(select lower(effective) from period where period.id = t37.period_id), t37.id) >= ($27::date, $28::bigint) order by 
(select lower(effective) from period where period.id = t37.period_id), t37.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', 
(select lower(effective) from period where period.id = t36.period_id), '","', t36.id, '"]') order by t36.n desc) filter (where t36.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', 
(select lower(effective) from period where period.id = t36.period_id), '","', t36.id, '"]') order by t36.n asc) filter (where t36.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t36.period_id, t36.id, row_number() over (order by 
(select lower(effective) from period where period.id = t36.period_id) desc, t36.id desc) as n from goal as t36 where t36.rep_id = t7.id and (not false or t36.period_id in (
    select inside.id from period as whole, period as inside where whole.id = null and inside.effective <@ whole.effective
)) and (
(select lower(effective) from period where period.id = t36.period_id), t36.id) < ($27::date, $28::bigint) order by 
(select lower(effective) from period where period.id = t36.period_id) desc, t36.id desc limit 1 + 1) as t36 having true), ',"accounts":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t38.name), ',"', t38.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',') filter (where t38.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from account as t39 where t39.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t7.id and worked.effective @> coalesce(null, $2::date) and given.effective @> coalesce(null, $2::date)) and (t39.name, t39.id) <= ($29::text, $30::bigint) order by t39.name desc, t39.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t38.name), ',"', t38.id, '"]') order by t38.n asc) filter (where t38.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t38.name), ',"', t38.id, '"]') order by t38.n desc) filter (where t38.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from account as t40 where t40.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t7.id and worked.effective @> coalesce(null, $2::date) and given.effective @> coalesce(null, $2::date)))), '}') from 
(select t38.name, t38.id, row_number() over (order by t38.name, t38.id) as n from account as t38 where t38.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t7.id and worked.effective @> coalesce(null, $2::date) and given.effective @> coalesce(null, $2::date)) and (t38.name, t38.id) > ($29::text, $30::bigint) order by t38.name, t38.id limit 1 + 1) as t38 having true), ',"accountsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t41.name), ',"', t41.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',' order by t41.n desc) filter (where t41.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from account as t42 where t42.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t7.id and worked.effective @> coalesce(null, $2::date) and given.effective @> coalesce(null, $2::date)) and (t42.name, t42.id) >= ($31::text, $32::bigint) order by t42.name, t42.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t41.name), ',"', t41.id, '"]') order by t41.n desc) filter (where t41.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t41.name), ',"', t41.id, '"]') order by t41.n asc) filter (where t41.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t41.name, t41.id, row_number() over (order by t41.name desc, t41.id desc) as n from account as t41 where t41.id in 
(select given.account_id from territory_assignment as worked join account_territory as given on given.territory_id = worked.territory_id where worked.rep_id = t7.id and worked.effective @> coalesce(null, $2::date) and given.effective @> coalesce(null, $2::date)) and (t41.name, t41.id) < ($31::text, $32::bigint) order by t41.name desc, t41.id desc limit 1 + 1) as t41 having true), '}') from rep as t7 where t7.id = 
(select id from rep where external_id = $33::text)), 'null'), ',"opportunity":', coalesce(
(select concat('{"activities":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t44.dated, '","', t44.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Activity"}}'), ',') filter (where t44.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from activity as t45 where t45.opportunity_id = t43.id and (t45.dated, t45.id) >= ($34::date, $35::bigint) order by t45.dated, t45.id limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t44.dated, '","', t44.id, '"]') order by t44.n asc) filter (where t44.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t44.dated, '","', t44.id, '"]') order by t44.n desc) filter (where t44.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from activity as t46 where t46.opportunity_id = t43.id)), '}') from 
(select t44.dated, t44.id, row_number() over (order by t44.dated desc, t44.id desc) as n from activity as t44 where t44.opportunity_id = t43.id and (t44.dated, t44.id) < ($34::date, $35::bigint) order by t44.dated desc, t44.id desc limit 1 + 1) as t44 having true), ',"activitiesBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t47.dated, '","', t47.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Activity"}}'), ',' order by t47.n desc) filter (where t47.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from activity as t48 where t48.opportunity_id = t43.id and (t48.dated, t48.id) <= ($36::date, $37::bigint) order by t48.dated desc, t48.id desc limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t47.dated, '","', t47.id, '"]') order by t47.n desc) filter (where t47.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t47.dated, '","', t47.id, '"]') order by t47.n asc) filter (where t47.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t47.dated, t47.id, row_number() over (order by t47.dated, t47.id) as n from activity as t47 where t47.opportunity_id = t43.id and (t47.dated, t47.id) > ($36::date, $37::bigint) order by t47.dated, t47.id limit 1 + 1) as t47 having true), '}') from opportunity as t43 where t43.id = 
(select id from opportunity where external_id = $38::text)), 'null'), ',"account":', coalesce(
(select concat('{"children":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t50.name), ',"', t50.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',') filter (where t50.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from account as t51 where t51.parent_id = t49.id and (t51.name, t51.id) <= ($39::text, $40::bigint) order by t51.name desc, t51.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t50.name), ',"', t50.id, '"]') order by t50.n asc) filter (where t50.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t50.name), ',"', t50.id, '"]') order by t50.n desc) filter (where t50.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from account as t52 where t52.parent_id = t49.id)), '}') from 
(select t50.name, t50.id, row_number() over (order by t50.name, t50.id) as n from account as t50 where t50.parent_id = t49.id and (t50.name, t50.id) > ($39::text, $40::bigint) order by t50.name, t50.id limit 1 + 1) as t50 having true), ',"childrenBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t53.name), ',"', t53.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',' order by t53.n desc) filter (where t53.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from account as t54 where t54.parent_id = t49.id and (t54.name, t54.id) >= ($41::text, $42::bigint) order by t54.name, t54.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t53.name), ',"', t53.id, '"]') order by t53.n desc) filter (where t53.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t53.name), ',"', t53.id, '"]') order by t53.n asc) filter (where t53.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t53.name, t53.id, row_number() over (order by t53.name desc, t53.id desc) as n from account as t53 where t53.parent_id = t49.id and (t53.name, t53.id) < ($41::text, $42::bigint) order by t53.name desc, t53.id desc limit 1 + 1) as t53 having true), '}') from account as t49 where t49.id = 
(select id from account where external_id = $43::text)), 'null'), ',"territory":', coalesce(
(select concat('{"accounts":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t56.name), ',"', t56.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',') filter (where t56.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from account as t57 where t57.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t55.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $44::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))) and (t57.name, t57.id) <= ($45::text, $46::bigint) order by t57.name desc, t57.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t56.name), ',"', t56.id, '"]') order by t56.n asc) filter (where t56.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t56.name), ',"', t56.id, '"]') order by t56.n desc) filter (where t56.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from account as t58 where t58.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t55.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $44::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))))), '}') from 
(select t56.name, t56.id, row_number() over (order by t56.name, t56.id) as n from account as t56 where t56.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t55.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $44::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))) and (t56.name, t56.id) > ($45::text, $46::bigint) order by t56.name, t56.id limit 1 + 1) as t56 having true), ',"accountsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t59.name), ',"', t59.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',' order by t59.n desc) filter (where t59.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from account as t60 where t60.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t55.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $47::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))) and (t60.name, t60.id) >= ($48::text, $49::bigint) order by t60.name, t60.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t59.name), ',"', t59.id, '"]') order by t59.n desc) filter (where t59.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t59.name), ',"', t59.id, '"]') order by t59.n asc) filter (where t59.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t59.name, t59.id, row_number() over (order by t59.name desc, t59.id desc) as n from account as t59 where t59.id = any(array
(select given.account_id from account_territory as given where given.territory_id in (
    with recursive below(id) as (
        select t55.id
        union
        select part.id from below join territory as part on part.parent_id = below.id where $47::boolean
    )
    select id from below
) and given.effective @> coalesce(null, $2::date))) and (t59.name, t59.id) < ($48::text, $49::bigint) order by t59.name desc, t59.id desc limit 1 + 1) as t59 having true), ',"assignments":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', lower(t61.effective), '","', t61.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"TerritoryAssignment"}}'), ',') filter (where t61.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from territory_assignment as t62 where t62.territory_id = t55.id and (lower(t62.effective), t62.id) <= ($50::date, $51::bigint) order by lower(t62.effective) desc, t62.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', lower(t61.effective), '","', t61.id, '"]') order by t61.n asc) filter (where t61.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', lower(t61.effective), '","', t61.id, '"]') order by t61.n desc) filter (where t61.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from territory_assignment as t63 where t63.territory_id = t55.id)), '}') from 
(select t61.effective, t61.id, row_number() over (order by lower(t61.effective), t61.id) as n from territory_assignment as t61 where t61.territory_id = t55.id and (lower(t61.effective), t61.id) > ($50::date, $51::bigint) order by lower(t61.effective), t61.id limit 1 + 1) as t61 having true), ',"assignmentsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', lower(t64.effective), '","', t64.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"TerritoryAssignment"}}'), ',' order by t64.n desc) filter (where t64.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from territory_assignment as t65 where t65.territory_id = t55.id and (lower(t65.effective), t65.id) >= ($52::date, $53::bigint) order by lower(t65.effective), t65.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', lower(t64.effective), '","', t64.id, '"]') order by t64.n desc) filter (where t64.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', lower(t64.effective), '","', t64.id, '"]') order by t64.n asc) filter (where t64.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t64.effective, t64.id, row_number() over (order by lower(t64.effective) desc, t64.id desc) as n from territory_assignment as t64 where t64.territory_id = t55.id and (lower(t64.effective), t64.id) < ($52::date, $53::bigint) order by lower(t64.effective) desc, t64.id desc limit 1 + 1) as t64 having true), '}') from territory as t55 where t55.id = 
(select id from territory where external_id = $54::text)), 'null'), ',"statement":', coalesce(
(select concat('{"statement":', coalesce(
(select concat('{"lines":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t68.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Earning"}}'), ',') filter (where t68.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from earning as t69 where t69.rep_id = t67.rep_id and t69.period_id = t67.period_id and t69.currency = t67.currency and (t69.id) <= ($55::bigint) order by t69.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t68.id, '"]') order by t68.n asc) filter (where t68.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t68.id, '"]') order by t68.n desc) filter (where t68.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from earning as t70 where t70.rep_id = t67.rep_id and t70.period_id = t67.period_id and t70.currency = t67.currency)), '}') from 
(select t68.id, row_number() over (order by t68.id) as n from earning as t68 where t68.rep_id = t67.rep_id and t68.period_id = t67.period_id and t68.currency = t67.currency and (t68.id) > ($55::bigint) order by t68.id limit 1 + 1) as t68 having true), ',"linesBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t71.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Earning"}}'), ',' order by t71.n desc) filter (where t71.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from earning as t72 where t72.rep_id = t67.rep_id and t72.period_id = t67.period_id and t72.currency = t67.currency and (t72.id) >= ($56::bigint) order by t72.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t71.id, '"]') order by t71.n desc) filter (where t71.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t71.id, '"]') order by t71.n asc) filter (where t71.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t71.id, row_number() over (order by t71.id desc) as n from earning as t71 where t71.rep_id = t67.rep_id and t71.period_id = t67.period_id and t71.currency = t67.currency and (t71.id) < ($56::bigint) order by t71.id desc limit 1 + 1) as t71 having true), '}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t66.id and target.id = 
(select id from period where name = $57::text) and target.kind = 'MONTH'
) as t67 where t67.usual), 'null'), '}') from rep as t66 where t66.id = 
(select id from rep where external_id = $58::text)), 'null'), ',"plan":', coalesce(
(select concat('{"assignments":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t74.rep_id, '","', lower(t74.effective), '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"PlanAssignment"}}'), ',') filter (where t74.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from plan_membership as t75 where t75.plan_id = t73.id and (t75.rep_id, lower(t75.effective)) <= ($59::bigint, $60::date) order by t75.rep_id desc, lower(t75.effective) desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t74.rep_id, '","', lower(t74.effective), '"]') order by t74.n asc) filter (where t74.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t74.rep_id, '","', lower(t74.effective), '"]') order by t74.n desc) filter (where t74.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from plan_membership as t76 where t76.plan_id = t73.id)), '}') from 
(select t74.rep_id, t74.effective, row_number() over (order by t74.rep_id, lower(t74.effective)) as n from plan_membership as t74 where t74.plan_id = t73.id and (t74.rep_id, lower(t74.effective)) > ($59::bigint, $60::date) order by t74.rep_id, lower(t74.effective) limit 1 + 1) as t74 having true), ',"assignmentsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t77.rep_id, '","', lower(t77.effective), '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"PlanAssignment"}}'), ',' order by t77.n desc) filter (where t77.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from plan_membership as t78 where t78.plan_id = t73.id and (t78.rep_id, lower(t78.effective)) >= ($61::bigint, $62::date) order by t78.rep_id, lower(t78.effective) limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t77.rep_id, '","', lower(t77.effective), '"]') order by t77.n desc) filter (where t77.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t77.rep_id, '","', lower(t77.effective), '"]') order by t77.n asc) filter (where t77.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t77.rep_id, t77.effective, row_number() over (order by t77.rep_id desc, lower(t77.effective) desc) as n from plan_membership as t77 where t77.plan_id = t73.id and (t77.rep_id, lower(t77.effective)) < ($61::bigint, $62::date) order by t77.rep_id desc, lower(t77.effective) desc limit 1 + 1) as t77 having true), '}') from plan as t73 where t73.id = $63::bigint), 'null'), ',"planVersion":', coalesce(
(select concat('{"acceptances":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t80.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"PlanAcceptance"}}'), ',') filter (where t80.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t79.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t79.id and accepted.rep_id = member.rep_id
) as t81 where true and (t81.rep_id) <= ($64::bigint) order by t81.rep_id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t80.rep_id, '"]') order by t80.n asc) filter (where t80.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t80.rep_id, '"]') order by t80.n desc) filter (where t80.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t79.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t79.id and accepted.rep_id = member.rep_id
) as t82 where true)), '}') from 
(select t80.rep_id, row_number() over (order by t80.rep_id) as n from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t79.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t79.id and accepted.rep_id = member.rep_id
) as t80 where true and (t80.rep_id) > ($64::bigint) order by t80.rep_id limit 1 + 1) as t80 having true), ',"acceptancesBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t83.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"PlanAcceptance"}}'), ',' order by t83.n desc) filter (where t83.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t79.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t79.id and accepted.rep_id = member.rep_id
) as t84 where true and (t84.rep_id) >= ($65::bigint) order by t84.rep_id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t83.rep_id, '"]') order by t83.n desc) filter (where t83.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t83.rep_id, '"]') order by t83.n asc) filter (where t83.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t83.rep_id, row_number() over (order by t83.rep_id desc) as n from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t79.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t79.id and accepted.rep_id = member.rep_id
) as t83 where true and (t83.rep_id) < ($65::bigint) order by t83.rep_id desc limit 1 + 1) as t83 having true), '}') from plan_version as t79 where t79.id = $66::bigint), 'null'), ',"feedbackSummary":', coalesce(
(select concat('{"feedback":{"comments":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t86.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Feedback"}}'), ',') filter (where t86.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from plan_feedback as t87 where t87.plan_version_id = t85.id and (t87.rep_id) <= ($67::bigint) order by t87.rep_id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t86.rep_id, '"]') order by t86.n asc) filter (where t86.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t86.rep_id, '"]') order by t86.n desc) filter (where t86.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from plan_feedback as t88 where t88.plan_version_id = t85.id)), '}') from 
(select t86.rep_id, row_number() over (order by t86.rep_id) as n from plan_feedback as t86 where t86.plan_version_id = t85.id and (t86.rep_id) > ($67::bigint) order by t86.rep_id limit 1 + 1) as t86 having true), ',"commentsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t89.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Feedback"}}'), ',' order by t89.n desc) filter (where t89.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from plan_feedback as t90 where t90.plan_version_id = t85.id and (t90.rep_id) >= ($68::bigint) order by t90.rep_id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t89.rep_id, '"]') order by t89.n desc) filter (where t89.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t89.rep_id, '"]') order by t89.n asc) filter (where t89.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t89.rep_id, row_number() over (order by t89.rep_id desc) as n from plan_feedback as t89 where t89.plan_version_id = t85.id and (t89.rep_id) < ($68::bigint) order by t89.rep_id desc limit 1 + 1) as t89 having true), '}}') from plan_version as t85 where t85.id = $69::bigint), 'null'), ',"run":', coalesce(
(select concat('{"changes":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t92.rep_id, '","', t92.component_id, '","', lower(t92.span), '","', upper(t92.span), '",', to_json(t92.key), ',', to_json(t92.currency), ']'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Change"}}'), ',') filter (where t92.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from run_change as t93 where t93.run_id = t91.id and (t93.rep_id, t93.component_id, lower(t93.span), upper(t93.span), t93.key, t93.currency) <= ($70::bigint, $71::bigint, $72::date, $73::date, $74::text, $75::text) order by t93.rep_id desc, t93.component_id desc, lower(t93.span) desc, upper(t93.span) desc, t93.key desc, t93.currency desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t92.rep_id, '","', t92.component_id, '","', lower(t92.span), '","', upper(t92.span), '",', to_json(t92.key), ',', to_json(t92.currency), ']') order by t92.n asc) filter (where t92.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t92.rep_id, '","', t92.component_id, '","', lower(t92.span), '","', upper(t92.span), '",', to_json(t92.key), ',', to_json(t92.currency), ']') order by t92.n desc) filter (where t92.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from run_change as t94 where t94.run_id = t91.id)), '}') from 
(select t92.rep_id, t92.component_id, t92.span, t92.key, t92.currency, row_number() over (order by t92.rep_id, t92.component_id, lower(t92.span), upper(t92.span), t92.key, t92.currency) as n from run_change as t92 where t92.run_id = t91.id and (t92.rep_id, t92.component_id, lower(t92.span), upper(t92.span), t92.key, t92.currency) > ($70::bigint, $71::bigint, $72::date, $73::date, $74::text, $75::text) order by t92.rep_id, t92.component_id, lower(t92.span), upper(t92.span), t92.key, t92.currency limit 1 + 1) as t92 having true), ',"changesBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t95.rep_id, '","', t95.component_id, '","', lower(t95.span), '","', upper(t95.span), '",', to_json(t95.key), ',', to_json(t95.currency), ']'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Change"}}'), ',' order by t95.n desc) filter (where t95.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from run_change as t96 where t96.run_id = t91.id and (t96.rep_id, t96.component_id, lower(t96.span), upper(t96.span), t96.key, t96.currency) >= ($76::bigint, $77::bigint, $78::date, $79::date, $80::text, $81::text) order by t96.rep_id, t96.component_id, lower(t96.span), upper(t96.span), t96.key, t96.currency limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t95.rep_id, '","', t95.component_id, '","', lower(t95.span), '","', upper(t95.span), '",', to_json(t95.key), ',', to_json(t95.currency), ']') order by t95.n desc) filter (where t95.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t95.rep_id, '","', t95.component_id, '","', lower(t95.span), '","', upper(t95.span), '",', to_json(t95.key), ',', to_json(t95.currency), ']') order by t95.n asc) filter (where t95.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t95.rep_id, t95.component_id, t95.span, t95.key, t95.currency, row_number() over (order by t95.rep_id desc, t95.component_id desc, lower(t95.span) desc, upper(t95.span) desc, t95.key desc, t95.currency desc) as n from run_change as t95 where t95.run_id = t91.id and (t95.rep_id, t95.component_id, lower(t95.span), upper(t95.span), t95.key, t95.currency) < ($76::bigint, $77::bigint, $78::date, $79::date, $80::text, $81::text) order by t95.rep_id desc, t95.component_id desc, lower(t95.span) desc, upper(t95.span) desc, t95.key desc, t95.currency desc limit 1 + 1) as t95 having true), '}') from run as t91 where t91.id = $82::bigint), 'null'), ',"webhook":', 
(select concat('{"nodes":[', string_agg(concat('{"attempts":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t98.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"WebhookAttempt"}}'), ',') filter (where t98.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from webhook_attempt as t99 where t99.webhook_id = t97.id and (t99.id) >= ($83::bigint) order by t99.id limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t98.id, '"]') order by t98.n asc) filter (where t98.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t98.id, '"]') order by t98.n desc) filter (where t98.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from webhook_attempt as t100 where t100.webhook_id = t97.id)), '}') from 
(select t98.id, row_number() over (order by t98.id desc) as n from webhook_attempt as t98 where t98.webhook_id = t97.id and (t98.id) < ($83::bigint) order by t98.id desc limit 1 + 1) as t98 having true), ',"attemptsBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t101.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"WebhookAttempt"}}'), ',' order by t101.n desc) filter (where t101.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from webhook_attempt as t102 where t102.webhook_id = t97.id and (t102.id) <= ($84::bigint) order by t102.id desc limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t101.id, '"]') order by t101.n desc) filter (where t101.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t101.id, '"]') order by t101.n asc) filter (where t101.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t101.id, row_number() over (order by t101.id) as n from webhook_attempt as t101 where t101.webhook_id = t97.id and (t101.id) > ($84::bigint) order by t101.id limit 1 + 1) as t101 having true), '}'), ',' order by t97.n desc) filter (where t97.n <= 1), ']}') from 
(select t97.id, row_number() over (order by t97.id) as n from webhook as t97 where true order by t97.id limit 1 + 1) as t97 having true), ',"territoryCoverage":{"uncovered":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t103.name), ',"', t103.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',') filter (where t103.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from account as t104 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) and given.account_id = t104.id) and (t104.name, t104.id) <= ($85::text, $86::bigint) order by t104.name desc, t104.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t103.name), ',"', t103.id, '"]') order by t103.n asc) filter (where t103.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t103.name), ',"', t103.id, '"]') order by t103.n desc) filter (where t103.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from account as t105 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) and given.account_id = t105.id))), '}') from 
(select t103.name, t103.id, row_number() over (order by t103.name, t103.id) as n from account as t103 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) and given.account_id = t103.id) and (t103.name, t103.id) > ($85::text, $86::bigint) order by t103.name, t103.id limit 1 + 1) as t103 having true), ',"uncoveredBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t106.name), ',"', t106.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',' order by t106.n desc) filter (where t106.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from account as t107 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) and given.account_id = t107.id) and (t107.name, t107.id) >= ($87::text, $88::bigint) order by t107.name, t107.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t106.name), ',"', t106.id, '"]') order by t106.n desc) filter (where t106.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t106.name), ',"', t106.id, '"]') order by t106.n asc) filter (where t106.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t106.name, t106.id, row_number() over (order by t106.name desc, t106.id desc) as n from account as t106 where not exists 
(select from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) and given.account_id = t106.id) and (t106.name, t106.id) < ($87::text, $88::bigint) order by t106.name desc, t106.id desc limit 1 + 1) as t106 having true), ',"coveredTwice":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t108.name), ',"', t108.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',') filter (where t108.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from account as t109 where t109.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) group by given.account_id having count(*) > 1) and (t109.name, t109.id) <= ($89::text, $90::bigint) order by t109.name desc, t109.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t108.name), ',"', t108.id, '"]') order by t108.n asc) filter (where t108.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t108.name), ',"', t108.id, '"]') order by t108.n desc) filter (where t108.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from account as t110 where t110.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) group by given.account_id having count(*) > 1))), '}') from 
(select t108.name, t108.id, row_number() over (order by t108.name, t108.id) as n from account as t108 where t108.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) group by given.account_id having count(*) > 1) and (t108.name, t108.id) > ($89::text, $90::bigint) order by t108.name, t108.id limit 1 + 1) as t108 having true), ',"coveredTwiceBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t111.name), ',"', t111.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Account"}}'), ',' order by t111.n desc) filter (where t111.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from account as t112 where t112.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) group by given.account_id having count(*) > 1) and (t112.name, t112.id) >= ($91::text, $92::bigint) order by t112.name, t112.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t111.name), ',"', t111.id, '"]') order by t111.n desc) filter (where t111.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t111.name), ',"', t111.id, '"]') order by t111.n asc) filter (where t111.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t111.name, t111.id, row_number() over (order by t111.name desc, t111.id desc) as n from account as t111 where t111.id in 
(select given.account_id from account_territory as given where given.effective @> coalesce(null, $2::date) and exists 
(select from territory_assignment as worked where worked.territory_id = given.territory_id and worked.effective @> coalesce(null, $2::date)) group by given.account_id having count(*) > 1) and (t111.name, t111.id) < ($91::text, $92::bigint) order by t111.name desc, t111.id desc limit 1 + 1) as t111 having true), ',"vacant":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t113.name), ',"', t113.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Territory"}}'), ',') filter (where t113.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from territory as t114 where not exists 
(select from territory_assignment as worked where worked.territory_id = t114.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t114.id) or exists 
(select from account_territory as given where given.territory_id = t114.id and given.effective @> coalesce(null, $2::date))) and (t114.name, t114.id) <= ($93::text, $94::bigint) order by t114.name desc, t114.id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t113.name), ',"', t113.id, '"]') order by t113.n asc) filter (where t113.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t113.name), ',"', t113.id, '"]') order by t113.n desc) filter (where t113.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from territory as t115 where not exists 
(select from territory_assignment as worked where worked.territory_id = t115.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t115.id) or exists 
(select from account_territory as given where given.territory_id = t115.id and given.effective @> coalesce(null, $2::date))))), '}') from 
(select t113.name, t113.id, row_number() over (order by t113.name, t113.id) as n from territory as t113 where not exists 
(select from territory_assignment as worked where worked.territory_id = t113.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t113.id) or exists 
(select from account_territory as given where given.territory_id = t113.id and given.effective @> coalesce(null, $2::date))) and (t113.name, t113.id) > ($93::text, $94::bigint) order by t113.name, t113.id limit 1 + 1) as t113 having true), ',"vacantBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["",', to_json(t116.name), ',"', t116.id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"Territory"}}'), ',' order by t116.n desc) filter (where t116.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from territory as t117 where not exists 
(select from territory_assignment as worked where worked.territory_id = t117.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t117.id) or exists 
(select from account_territory as given where given.territory_id = t117.id and given.effective @> coalesce(null, $2::date))) and (t117.name, t117.id) >= ($95::text, $96::bigint) order by t117.name, t117.id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t116.name), ',"', t116.id, '"]') order by t116.n desc) filter (where t116.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["",', to_json(t116.name), ',"', t116.id, '"]') order by t116.n asc) filter (where t116.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t116.name, t116.id, row_number() over (order by t116.name desc, t116.id desc) as n from territory as t116 where not exists 
(select from territory_assignment as worked where worked.territory_id = t116.id and worked.effective @> coalesce(null, $2::date)) and (not exists 
(select from territory as part where part.parent_id = t116.id) or exists 
(select from account_territory as given where given.territory_id = t116.id and given.effective @> coalesce(null, $2::date))) and (t116.name, t116.id) < ($95::text, $96::bigint) order by t116.name desc, t116.id desc limit 1 + 1) as t116 having true), '},"payout":', coalesce(
(select concat('{"lines":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t119.payment_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"PayoutLine"}}'), ',') filter (where t119.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', coalesce(
(select true from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t120 where t120.payout_id = t118.id and (t120.payment_id) <= ($97::bigint) order by t120.payment_id desc limit 1), false)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t119.payment_id, '"]') order by t119.n asc) filter (where t119.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t119.payment_id, '"]') order by t119.n desc) filter (where t119.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '},"totalCount":', (
(select count(*) from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t121 where t121.payout_id = t118.id)), '}') from 
(select t119.payment_id, row_number() over (order by t119.payment_id) as n from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t119 where t119.payout_id = t118.id and (t119.payment_id) > ($97::bigint) order by t119.payment_id limit 1 + 1) as t119 having true), ',"linesBefore":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t122.payment_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"__typename":"PayoutLine"}}'), ',' order by t122.n desc) filter (where t122.n <= 1), '],"pageInfo":{"hasNextPage":', coalesce(
(select true from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t123 where t123.payout_id = t118.id and (t123.payment_id) >= ($98::bigint) order by t123.payment_id limit 1), false)::text, ',"hasPreviousPage":', (count(*) > 1)::text, ',"startCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t122.payment_id, '"]') order by t122.n desc) filter (where t122.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t122.payment_id, '"]') order by t122.n asc) filter (where t122.n <= 1))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t122.payment_id, row_number() over (order by t122.payment_id desc) as n from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t122 where t122.payout_id = t118.id and (t122.payment_id) < ($98::bigint) order by t122.payment_id desc limit 1 + 1) as t122 having true), '}') from payout as t118 where t118.period_id = 
(select id from period where name = $99::text)), 'null'), '}')
