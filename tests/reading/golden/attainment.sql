select concat('{"rep":', coalesce(
(select concat('{"q1":', coalesce(
(select concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t3.name), '}') from rep as t3 where t3.id = t2.rep_id), 'null'), ',"period":', coalesce(
(select concat('{"id":"period_', t4.id, '","name":', to_json(t4.name), ',"kind":"', t4.kind, '","starts":"', lower(t4.effective), '","ends":"', upper(t4.effective), '","state":"', t4.state, '","closedPosition":', case when t4.closed_position is null then 'null' else concat('"', t4.closed_position, '"') end, '}') from period as t4 where t4.id = t2.period_id), 'null'), ',"measure":', to_json(t2.measure), ',"credited":{"value":"', case when t2.unit = 'units' then trim_scale(t2.credited)::text else money_text(t2.credited, t2.unit) end, '","unit":', to_json(t2.unit), '},"quota":', case when t2.quota is not null then concat('{"value":"', case when t2.unit = 'units' then trim_scale(t2.quota)::text else money_text(t2.quota, t2.unit) end, '","unit":', to_json(t2.unit), '}') else 'null' end, ',"ratio":', case when ratio_text(t2.credited / nullif(t2.quota, 0)) is null then 'null' else concat('"', ratio_text(t2.credited / nullif(t2.quota, 0)), '"') end, ',"remaining":', case when (case when t2.quota is not null then greatest(0, t2.quota - t2.credited) end) is not null then concat('{"value":"', case when t2.unit = 'units' then trim_scale((case when t2.quota is not null then greatest(0, t2.quota - t2.credited) end))::text else money_text((case when t2.quota is not null then greatest(0, t2.quota - t2.credited) end), t2.unit) end, '","unit":', to_json(t2.unit), '}') else 'null' end, ',"daysLeft":', greatest(0, upper(t2.effective) - greatest($1::date, lower(t2.effective))), ',"requiredPerDay":', case when round((case when t2.quota is not null then greatest(0, t2.quota - t2.credited) end) / nullif(greatest(0, upper(t2.effective) - greatest($1::date, lower(t2.effective))), 0), 8) is not null then concat('{"value":"', case when t2.unit = 'units' then trim_scale(round((case when t2.quota is not null then greatest(0, t2.quota - t2.credited) end) / nullif(greatest(0, upper(t2.effective) - greatest($1::date, lower(t2.effective))), 0), 8))::text else money_text(round((case when t2.quota is not null then greatest(0, t2.quota - t2.credited) end) / nullif(greatest(0, upper(t2.effective) - greatest($1::date, lower(t2.effective))), 0), 8), t2.unit) end, '","unit":', to_json(t2.unit), '}') else 'null' end, ',"position":"', 
(select position from clock), '"}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $2::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $2::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $2::text)
) as t2 where t2.measure = coalesce(null, 
(select name from measure order by id limit 1))), 'null'), ',"q2":', coalesce(
(select concat('{"credited":{"value":"', case when t5.unit = 'units' then trim_scale(t5.credited)::text else money_text(t5.credited, t5.unit) end, '"},"quota":', case when t5.quota is not null then concat('{"value":"', case when t5.unit = 'units' then trim_scale(t5.quota)::text else money_text(t5.quota, t5.unit) end, '"}') else 'null' end, ',"ratio":', case when ratio_text(t5.credited / nullif(t5.quota, 0)) is null then 'null' else concat('"', ratio_text(t5.credited / nullif(t5.quota, 0)), '"') end, ',"remaining":', case when (case when t5.quota is not null then greatest(0, t5.quota - t5.credited) end) is not null then concat('{"value":"', case when t5.unit = 'units' then trim_scale((case when t5.quota is not null then greatest(0, t5.quota - t5.credited) end))::text else money_text((case when t5.quota is not null then greatest(0, t5.quota - t5.credited) end), t5.unit) end, '"}') else 'null' end, ',"daysLeft":', greatest(0, upper(t5.effective) - greatest($1::date, lower(t5.effective))), ',"requiredPerDay":', case when round((case when t5.quota is not null then greatest(0, t5.quota - t5.credited) end) / nullif(greatest(0, upper(t5.effective) - greatest($1::date, lower(t5.effective))), 0), 8) is not null then concat('{"value":"', case when t5.unit = 'units' then trim_scale(round((case when t5.quota is not null then greatest(0, t5.quota - t5.credited) end) / nullif(greatest(0, upper(t5.effective) - greatest($1::date, lower(t5.effective))), 0), 8))::text else money_text(round((case when t5.quota is not null then greatest(0, t5.quota - t5.credited) end) / nullif(greatest(0, upper(t5.effective) - greatest($1::date, lower(t5.effective))), 0), 8), t5.unit) end, '","unit":', to_json(t5.unit), '}') else 'null' end, '}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where kind = $3::text and lower(effective) <= $4::date and upper(effective) > $4::date order by lower(effective) desc limit 1) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where kind = $3::text and lower(effective) <= $4::date and upper(effective) > $4::date order by lower(effective) desc limit 1) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where kind = $3::text and lower(effective) <= $4::date and upper(effective) > $4::date order by lower(effective) desc limit 1)
) as t5 where t5.measure = coalesce(null, 
(select name from measure order by id limit 1))), 'null'), ',"boxes":', coalesce(
(select concat('{"credited":{"value":"', case when t6.unit = 'units' then trim_scale(t6.credited)::text else money_text(t6.credited, t6.unit) end, '","unit":', to_json(t6.unit), '},"quota":', case when t6.quota is not null then concat('{"value":"', case when t6.unit = 'units' then trim_scale(t6.quota)::text else money_text(t6.quota, t6.unit) end, '"}') else 'null' end, ',"ratio":', case when ratio_text(t6.credited / nullif(t6.quota, 0)) is null then 'null' else concat('"', ratio_text(t6.credited / nullif(t6.quota, 0)), '"') end, ',"remaining":', case when (case when t6.quota is not null then greatest(0, t6.quota - t6.credited) end) is not null then concat('{"value":"', case when t6.unit = 'units' then trim_scale((case when t6.quota is not null then greatest(0, t6.quota - t6.credited) end))::text else money_text((case when t6.quota is not null then greatest(0, t6.quota - t6.credited) end), t6.unit) end, '"}') else 'null' end, ',"requiredPerDay":', case when round((case when t6.quota is not null then greatest(0, t6.quota - t6.credited) end) / nullif(greatest(0, upper(t6.effective) - greatest($1::date, lower(t6.effective))), 0), 8) is not null then concat('{"value":"', case when t6.unit = 'units' then trim_scale(round((case when t6.quota is not null then greatest(0, t6.quota - t6.credited) end) / nullif(greatest(0, upper(t6.effective) - greatest($1::date, lower(t6.effective))), 0), 8))::text else money_text(round((case when t6.quota is not null then greatest(0, t6.quota - t6.credited) end) / nullif(greatest(0, upper(t6.effective) - greatest($1::date, lower(t6.effective))), 0), 8), t6.unit) end, '"}') else 'null' end, '}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = $5::bigint and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = $5::bigint and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = $5::bigint
) as t6 where t6.measure = coalesce($6::text, 
(select name from measure order by id limit 1))), 'null'), ',"year":[', 
(select string_agg(concat('{"measure":', to_json(t7.measure), ',"credited":{"value":"', case when t7.unit = 'units' then trim_scale(t7.credited)::text else money_text(t7.credited, t7.unit) end, '","unit":', to_json(t7.unit), '},"quota":', case when t7.quota is not null then concat('{"value":"', case when t7.unit = 'units' then trim_scale(t7.quota)::text else money_text(t7.quota, t7.unit) end, '"}') else 'null' end, ',"ratio":', case when ratio_text(t7.credited / nullif(t7.quota, 0)) is null then 'null' else concat('"', ratio_text(t7.credited / nullif(t7.quota, 0)), '"') end, '}'), ',' order by t7.measure_id) from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $7::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $7::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $7::text)
) as t7 where true), '],"none":', coalesce(
(select concat('{"ratio":', case when ratio_text(t8.credited / nullif(t8.quota, 0)) is null then 'null' else concat('"', ratio_text(t8.credited / nullif(t8.quota, 0)), '"') end, '}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $8::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $8::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $8::text)
) as t8 where t8.measure = coalesce(null, 
(select name from measure order by id limit 1))), 'null'), ',"nothing":', coalesce(
(select concat('{"ratio":', case when ratio_text(t9.credited / nullif(t9.quota, 0)) is null then 'null' else concat('"', ratio_text(t9.credited / nullif(t9.quota, 0)), '"') end, '}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $9::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $9::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $9::text)
) as t9 where t9.measure = coalesce($10::text, 
(select name from measure order by id limit 1))), 'null'), ',"quota":', coalesce(
(select concat('{"period":', coalesce(
(select concat('{"name":', to_json(t11.name), '}') from period as t11 where t11.id = t10.period_id), 'null'), ',"measure":', to_json(t10.measure), ',"value":{"value":"', case when t10.unit = 'units' then trim_scale(t10.quota)::text else money_text(t10.quota, t10.unit) end, '","unit":', to_json(t10.unit), '},"parts":[', 
(select string_agg(concat('{"period":', coalesce(
(select concat('{"name":', to_json(t13.name), '}') from period as t13 where t13.id = t12.period_id), 'null'), ',"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t12.rep_id, lower(whole.effective)) end from measure, quota as whole where measure.id = t12.measure_id and whole.id = t12.quota_id) = 'units' then trim_scale(t12.value)::text else money_text(t12.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t12.rep_id, lower(whole.effective)) end from measure, quota as whole where measure.id = t12.measure_id and whole.id = t12.quota_id)) end, '","unit":', to_json(
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t12.rep_id, lower(whole.effective)) end from measure, quota as whole where measure.id = t12.measure_id and whole.id = t12.quota_id)), '},"quota":', coalesce(
(select concat('{"id":"quota_', t14.id, '","measure":', coalesce(
(select concat('{"name":', to_json(t15.name), '}') from measure as t15 where t15.id = t14.measure_id), 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t16.name), '}') from rep as t16 where t16.id = t14.rep_id), 'null'), ',"effective":{"starts":', case when lower(t14.effective) is null then 'null' else concat('"', lower(t14.effective), '"') end, ',"ends":', case when upper(t14.effective) is null then 'null' else concat('"', upper(t14.effective), '"') end, '},"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t14.rep_id, lower(t14.effective)) end from measure where measure.id = t14.measure_id) = 'units' then trim_scale(t14.value)::text else money_text(t14.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t14.rep_id, lower(t14.effective)) end from measure where measure.id = t14.measure_id)) end, '","unit":', to_json(
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t14.rep_id, lower(t14.effective)) end from measure where measure.id = t14.measure_id)), '}}') from quota as t14 where t14.id = t12.quota_id), 'null'), '}'), ',' order by 
(select lower(month.effective) from period as month where month.id = t12.period_id)) from quota_part as t12 where t12.rep_id = t10.rep_id and t12.measure_id = t10.measure_id and t12.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and month.effective <@ t10.effective)), ']}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $11::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $11::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $11::text)
) as t10 where t10.measure = coalesce(null, 
(select name from measure order by id limit 1)) and t10.quota is not null), 'null'), ',"noQuota":', coalesce(
(select concat('{"measure":', to_json(t17.measure), '}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $12::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t1.id as id, t1.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $12::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $12::text)
) as t17 where t17.measure = coalesce(null, 
(select name from measure order by id limit 1)) and t17.quota is not null), 'null'), ',"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t18.id, '","effective":{"starts":', case when lower(t18.effective) is null then 'null' else concat('"', lower(t18.effective), '"') end, ',"ends":', case when upper(t18.effective) is null then 'null' else concat('"', upper(t18.effective), '"') end, '}}'), ','), '],"totalCount":', (
(select count(*) from quota as t19 where t19.rep_id = t1.id)), '}') from 
(select t18.id, t18.effective from quota as t18 where t18.rep_id = t1.id order by t18.id desc limit 20) as t18 having true), ',"credits":', 
(select concat('{"totalCount":', (
(select count(*) from credit as t21 where t21.rep_id = t1.id and t21.superseded_position is null and (not true or t21.measure_id = 
(select id from measure where name = $13::text)) and (not true or 
(select effective from period where id = 
(select id from period where name = $14::text)) @> t21.dated))), ',"nodes":[', string_agg(concat('{"id":"credit_', t20.id, '","dated":"', t20.dated, '","amount":{"amount":"', money_text(t20.amount, t20.currency), '"}}'), ','), ']}') from 
(select t20.id, t20.dated, t20.amount, t20.currency from credit as t20 where t20.rep_id = t1.id and t20.superseded_position is null and (not true or t20.measure_id = 
(select id from measure where name = $13::text)) and (not true or 
(select effective from period where id = 
(select id from period where name = $14::text)) @> t20.dated) order by t20.dated desc, t20.id desc limit 20) as t20 having true), ',"noCredits":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"credit_', t22.id, '"}'), ','), ']}') from 
(select t22.id from credit as t22 where t22.rep_id = t1.id and t22.superseded_position is null and (not true or t22.measure_id = 
(select id from measure where name = $15::text)) and (not false or 
(select effective from period where id = null) @> t22.dated) order by t22.dated desc, t22.id desc limit 20) as t22 having true), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $16::text)), 'null'), ',"dee":', coalesce(
(select concat('{"attainments":[', 
(select string_agg(concat('{"measure":', to_json(t24.measure), ',"credited":{"value":"', case when t24.unit = 'units' then trim_scale(t24.credited)::text else money_text(t24.credited, t24.unit) end, '","unit":', to_json(t24.unit), '},"quota":', case when t24.quota is not null then concat('{"value":"', case when t24.unit = 'units' then trim_scale(t24.quota)::text else money_text(t24.quota, t24.unit) end, '","unit":', to_json(t24.unit), '}') else 'null' end, ',"ratio":', case when ratio_text(t24.credited / nullif(t24.quota, 0)) is null then 'null' else concat('"', ratio_text(t24.credited / nullif(t24.quota, 0)), '"') end, ',"remaining":', case when (case when t24.quota is not null then greatest(0, t24.quota - t24.credited) end) is not null then concat('{"value":"', case when t24.unit = 'units' then trim_scale((case when t24.quota is not null then greatest(0, t24.quota - t24.credited) end))::text else money_text((case when t24.quota is not null then greatest(0, t24.quota - t24.credited) end), t24.unit) end, '"}') else 'null' end, ',"requiredPerDay":', case when round((case when t24.quota is not null then greatest(0, t24.quota - t24.credited) end) / nullif(greatest(0, upper(t24.effective) - greatest($1::date, lower(t24.effective))), 0), 8) is not null then concat('{"value":"', case when t24.unit = 'units' then trim_scale(round((case when t24.quota is not null then greatest(0, t24.quota - t24.credited) end) / nullif(greatest(0, upper(t24.effective) - greatest($1::date, lower(t24.effective))), 0), 8))::text else money_text(round((case when t24.quota is not null then greatest(0, t24.quota - t24.credited) end) / nullif(greatest(0, upper(t24.effective) - greatest($1::date, lower(t24.effective))), 0), 8), t24.unit) end, '"}') else 'null' end, '}'), ',' order by t24.measure_id) from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $17::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t23.id as id, t23.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $17::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $17::text)
) as t24 where true), ']}') from rep as t23 where t23.id = $18::bigint), 'null'), ',"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t25.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t26.name), '}') from rep as t26 where t26.id = t25.rep_id), 'null'), ',"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t25.rep_id, lower(t25.effective)) end from measure where measure.id = t25.measure_id) = 'units' then trim_scale(t25.value)::text else money_text(t25.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t25.rep_id, lower(t25.effective)) end from measure where measure.id = t25.measure_id)) end, '","unit":', to_json(
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t25.rep_id, lower(t25.effective)) end from measure where measure.id = t25.measure_id)), '}}'), ','), ']}') from 
(select t25.id, t25.rep_id, t25.effective, t25.measure_id, t25.value from quota as t25 where true and (t25.measure_id = 
(select id from measure where name = $19::text)) and (t25.effective && 
(select effective from period where id = 
(select id from period where name = $20::text))) order by t25.id desc limit 20) as t25 having true), ',"of":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"quota_', t27.id, '"}'), ','), ']}') from 
(select t27.id from quota as t27 where true and (t27.rep_id = 
(select id from rep where external_id = $21::text)) order by t27.id desc limit 20) as t27 having true), ',"measures":[', 
(select string_agg(concat('{"id":"measure_', t28.id, '","name":', to_json(t28.name), ',"kind":"', t28.kind, '","basis":"', t28.basis, '","transactionKinds":', to_json(t28.transaction_kinds), ',"roles":', to_json(t28.roles), '}'), ',' order by t28.id) from measure as t28 where true), '],"period":', coalesce(
(select concat('{"name":', to_json(t29.name), '}') from period as t29 where (true or false) and (not true or t29.id = $22::bigint) and (not false or (t29.kind = coalesce(null, 'MONTH') and lower(t29.effective) <= null and upper(t29.effective) > null))), 'null'), ',"on":', coalesce(
(select concat('{"name":', to_json(t30.name), '}') from period as t30 where (false or true) and (not false or t30.id = null) and (not true or (t30.kind = coalesce(null, 'MONTH') and lower(t30.effective) <= $23::date and upper(t30.effective) > $23::date))), 'null'), ',"quarter":', coalesce(
(select concat('{"name":', to_json(t31.name), '}') from period as t31 where (false or true) and (not false or t31.id = null) and (not true or (t31.kind = coalesce($24::text, 'MONTH') and lower(t31.effective) <= $25::date and upper(t31.effective) > $25::date))), 'null'), ',"nowhere":', coalesce(
(select concat('{"name":', to_json(t32.name), '}') from period as t32 where (false or false) and (not false or t32.id = null) and (not false or (t32.kind = coalesce(null, 'MONTH') and lower(t32.effective) <= null and upper(t32.effective) > null))), 'null'), ',"periods":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t33.name), '}'), ','), ']}') from 
(select t33.name from period as t33 where true and (t33.kind = $26::text) and (t33.state = $27::text) and (upper(t33.effective) > $28::date) and (lower(t33.effective) < $29::date) order by lower(t33.effective), t33.id limit 20) as t33 having true), '}')
