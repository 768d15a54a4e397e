select concat('{"rep":', coalesce(
(select concat('{"quota":', coalesce(
(select concat('{"value":{"value":"', case when t2.unit = 'units' then trim_scale(t2.quota)::text else money_text(t2.quota, t2.unit) end, '","unit":', to_json(t2.unit), '},"fullValue":{"value":"', case when t2.unit = 'units' then trim_scale(t2.full_quota)::text else money_text(t2.full_quota, t2.unit) end, '","unit":', to_json(t2.unit), '},"explanation":[', 
(select string_agg(concat('{"says":', coalesce(((t3.value -> 'says'))::text, 'null'), ',"base":', coalesce(((t3.value -> 'base'))::text, 'null'), ',"rate":', coalesce(((t3.value -> 'rate'))::text, 'null'), ',"amount":', coalesce(((t3.value -> 'amount'))::text, 'null'), '}'), ',' order by t3.ordinality) from jsonb_array_elements((
    select coalesce(jsonb_agg(jsonb_build_object(
    'says', part.says, 'base', measure_text(part.full_value * part.carry, measure.kind, rep.currency),
    'rate', trim_scale(round(part.rate, 8))::text,
    'amount', trim_scale(round(part.full_value * part.carry * part.rate, 8))::text) order by lower(month.effective)), '[]')
    || case when trim_scale(t2.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0)) = 0 then '[]' else jsonb_build_array(jsonb_build_object(
        'says', 'rounded', 'base', trim_scale(t2.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0))::text, 'rate', '1', 'amount', trim_scale(t2.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0))::text)) end
    || jsonb_build_array(jsonb_build_object(
        'says', 'expected in ' || t2.period_name, 'base', measure_text(t2.quota, measure.kind, rep.currency), 'rate', '1',
        'amount', measure_text(t2.quota, measure.kind, rep.currency)))
    from measure join rep on rep.id = t2.rep_id
    left join quota_part as part on part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(t2.effective) and lower(month.effective) < upper(t2.effective))
    left join period as month on month.id = part.period_id
    where measure.id = t2.measure_id group by measure.kind, rep.currency
)) with ordinality as t3), '],"parts":[', 
(select string_agg(concat('{"period":', coalesce(
(select concat('{"name":', to_json(t5.name), '}') from period as t5 where t5.id = t4.period_id), 'null'), ',"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t4.rep_id, lower(whole.effective)) end from measure, quota as whole where measure.id = t4.measure_id and whole.id = t4.quota_id) = 'units' then trim_scale(t4.value)::text else money_text(t4.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t4.rep_id, lower(whole.effective)) end from measure, quota as whole where measure.id = t4.measure_id and whole.id = t4.quota_id)) end, '"},"fullValue":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t4.rep_id, lower(whole.effective)) end from measure, quota as whole where measure.id = t4.measure_id and whole.id = t4.quota_id) = 'units' then trim_scale(t4.full_value)::text else money_text(t4.full_value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t4.rep_id, lower(whole.effective)) end from measure, quota as whole where measure.id = t4.measure_id and whole.id = t4.quota_id)) end, '"},"rate":"', trim_scale(round(t4.rate, 8)), '","says":', to_json(t4.says), '}'), ',' order by 
(select lower(month.effective) from period as month where month.id = t4.period_id)) from quota_part as t4 where t4.rep_id = t2.rep_id and t4.measure_id = t2.measure_id and t4.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and month.effective <@ t2.effective)), ']}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $1::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
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
(select id from period where name = $1::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $1::text)
) as t2 where t2.measure = coalesce(null, 
(select name from measure order by id limit 1)) and t2.quota is not null), 'null'), ',"boxes":', coalesce(
(select concat('{"value":{"value":"', case when t6.unit = 'units' then trim_scale(t6.quota)::text else money_text(t6.quota, t6.unit) end, '","unit":', to_json(t6.unit), '},"explanation":[', 
(select string_agg(concat('{"says":', coalesce(((t7.value -> 'says'))::text, 'null'), ',"base":', coalesce(((t7.value -> 'base'))::text, 'null'), ',"rate":', coalesce(((t7.value -> 'rate'))::text, 'null'), ',"amount":', coalesce(((t7.value -> 'amount'))::text, 'null'), '}'), ',' order by t7.ordinality) from jsonb_array_elements((
    select coalesce(jsonb_agg(jsonb_build_object(
    'says', part.says, 'base', measure_text(part.full_value * part.carry, measure.kind, rep.currency),
    'rate', trim_scale(round(part.rate, 8))::text,
    'amount', trim_scale(round(part.full_value * part.carry * part.rate, 8))::text) order by lower(month.effective)), '[]')
    || case when trim_scale(t6.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0)) = 0 then '[]' else jsonb_build_array(jsonb_build_object(
        'says', 'rounded', 'base', trim_scale(t6.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0))::text, 'rate', '1', 'amount', trim_scale(t6.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0))::text)) end
    || jsonb_build_array(jsonb_build_object(
        'says', 'expected in ' || t6.period_name, 'base', measure_text(t6.quota, measure.kind, rep.currency), 'rate', '1',
        'amount', measure_text(t6.quota, measure.kind, rep.currency)))
    from measure join rep on rep.id = t6.rep_id
    left join quota_part as part on part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(t6.effective) and lower(month.effective) < upper(t6.effective))
    left join period as month on month.id = part.period_id
    where measure.id = t6.measure_id group by measure.kind, rep.currency
)) with ordinality as t7), ']}') from (
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
) as t6 where t6.measure = coalesce($3::text, 
(select name from measure order by id limit 1)) and t6.quota is not null), 'null'), ',"none":', coalesce(
(select concat('{"value":{"value":"', case when t8.unit = 'units' then trim_scale(t8.quota)::text else money_text(t8.quota, t8.unit) end, '"}}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $4::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
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
(select id from period where name = $4::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $4::text)
) as t8 where t8.measure = coalesce(null, 
(select name from measure order by id limit 1)) and t8.quota is not null), 'null'), ',"quotas":', 
(select concat('{"nodes":[', string_agg(concat('{"value":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t9.rep_id, lower(t9.effective)) end from measure where measure.id = t9.measure_id) = 'units' then trim_scale(t9.value)::text else money_text(t9.value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t9.rep_id, lower(t9.effective)) end from measure where measure.id = t9.measure_id)) end, '"},"fullValue":{"value":"', case when 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t9.rep_id, lower(t9.effective)) end from measure where measure.id = t9.measure_id) = 'units' then trim_scale(t9.full_value)::text else money_text(t9.full_value, 
(select case when measure.kind = 'UNITS' then 'units' else paid_in(t9.rep_id, lower(t9.effective)) end from measure where measure.id = t9.measure_id)) end, '"},"seasonality":', coalesce((
(select coalesce(jsonb_agg(trim_scale(weight)::text), '[]') from unnest(t9.seasonality) as weight))::text, 'null'), ',"proration":"', t9.proration, '","ramp":', coalesce((
(select coalesce(jsonb_agg(trim_scale(share)::text), '[]') from unnest(t9.ramp) as share))::text, 'null'), ',"explanation":[', 
(select string_agg(concat('{"says":', coalesce(((t10.value -> 'says'))::text, 'null'), ',"base":', coalesce(((t10.value -> 'base'))::text, 'null'), ',"rate":', coalesce(((t10.value -> 'rate'))::text, 'null'), ',"amount":', coalesce(((t10.value -> 'amount'))::text, 'null'), '}'), ',' order by t10.ordinality) from jsonb_array_elements((
    select coalesce(jsonb_agg(jsonb_build_object(
    'says', part.says, 'base', measure_text(part.full_value, measure.kind, paid_in(t9.rep_id, lower(t9.effective))),
    'rate', trim_scale(round(part.rate, 8))::text,
    'amount', trim_scale(round(part.full_value * part.rate, 8))::text) order by lower(month.effective)), '[]')
    || case when trim_scale(t9.value - coalesce(sum(round(part.full_value * part.rate, 8)), 0)) = 0 then '[]' else jsonb_build_array(jsonb_build_object(
        'says', 'rounded', 'base', trim_scale(t9.value - coalesce(sum(round(part.full_value * part.rate, 8)), 0))::text, 'rate', '1', 'amount', trim_scale(t9.value - coalesce(sum(round(part.full_value * part.rate, 8)), 0))::text)) end
    || jsonb_build_array(jsonb_build_object(
        'says', 'the quota as it is expected', 'base', measure_text(t9.value, measure.kind, paid_in(t9.rep_id, lower(t9.effective))), 'rate', '1',
        'amount', measure_text(t9.value, measure.kind, paid_in(t9.rep_id, lower(t9.effective)))))
    from measure join rep on rep.id = t9.rep_id
    left join quota_part as part on part.rep_id = rep.id and part.measure_id = measure.id and part.quota_id = t9.id
    left join period as month on month.id = part.period_id
    where measure.id = t9.measure_id group by measure.kind, rep.currency
)) with ordinality as t10), ']}'), ','), ']}') from 
(select t9.rep_id, t9.effective, t9.measure_id, t9.value, t9.full_value, t9.seasonality, t9.proration, t9.ramp, t9.id from quota as t9 where t9.rep_id = t1.id order by t9.id desc limit 20) as t9 having true), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $5::text)), 'null'), ',"boss":', coalesce(
(select concat('{"quotaCoverage":', coalesce(
(select concat('{"period":', coalesce(
(select concat('{"name":', to_json(t13.name), '}') from period as t13 where t13.id = t12.period_id), 'null'), ',"measure":', to_json(t12.measure), ',"quota":', case when t12.quota is not null then concat('{"value":"', case when t12.unit = 'units' then trim_scale(t12.quota)::text else money_text(t12.quota, t12.unit) end, '"}') else 'null' end, ',"streetQuota":', case when t12.street is not null then concat('{"value":"', case when t12.unit = 'units' then trim_scale(t12.street)::text else money_text(t12.street, t12.unit) end, '","unit":', to_json(t12.unit), '}') else 'null' end, ',"fullStreetQuota":', case when t12.full_street is not null then concat('{"value":"', case when t12.unit = 'units' then trim_scale(t12.full_street)::text else money_text(t12.full_street, t12.unit) end, '"}') else 'null' end, ',"overAssignment":', case when ratio_text(t12.street / nullif(t12.quota, 0)) is null then 'null' else concat('"', ratio_text(t12.street / nullif(t12.quota, 0)), '"') end, ',"attainmentFactor":', case when ratio_text(t12.quota / nullif(t12.street, 0)) is null then 'null' else concat('"', ratio_text(t12.quota / nullif(t12.street, 0)), '"') end, ',"carrying":', t12.carrying, ',"without":', t12.without, '}') from (
    with seller as (
        select rep.id, rep.currency from 
(select rep_id from oversight where manager_id = 
(select t11.id) and coalesce(effective @> $6::date, false)) as below join rep on rep.id = below.rep_id
        where not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $6::date)
    )
    select period.id as period_id, measure.name as measure, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, street.quota as street, street.full_quota as full_street,
           street.carrying, 
(select count(*) from seller) - street.carrying as without,
           
(select sum(part.value * part.carry) from quota_part as part
            where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))) as quota
    from rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota, count(distinct seller.id) as carrying
        from seller join quota_part as part on part.rep_id = seller.id and part.measure_id = measure.id
        where part.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective)) and (measure.kind = 'UNITS' or seller.currency = rep.currency)
    ) as street
    where rep.id = t11.id and period.id = 
(select id from period where name = $7::text)
) as t12 where t12.measure = coalesce(null, 
(select name from measure order by id limit 1))), 'null'), ',"targetVariables":[', 
(select string_agg(concat('{"annual":{"amount":"', money_text(t14.annual, paid_in(t14.rep_id, coalesce(t14.promised_on, lower(t14.effective)))), '"},"proration":"', t14.proration, '"}'), ',' order by lower(t14.effective)) from target_variable as t14 where t14.rep_id = t11.id), ']}') from rep as t11 where t11.id = $8::bigint), 'null'), ',"cy":', coalesce(
(select concat('{"quota":', coalesce(
(select concat('{"value":{"value":"', case when t16.unit = 'units' then trim_scale(t16.quota)::text else money_text(t16.quota, t16.unit) end, '"},"explanation":[', 
(select string_agg(concat('{"says":', coalesce(((t17.value -> 'says'))::text, 'null'), ',"base":', coalesce(((t17.value -> 'base'))::text, 'null'), ',"rate":', coalesce(((t17.value -> 'rate'))::text, 'null'), ',"amount":', coalesce(((t17.value -> 'amount'))::text, 'null'), '}'), ',' order by t17.ordinality) from jsonb_array_elements((
    select coalesce(jsonb_agg(jsonb_build_object(
    'says', part.says, 'base', measure_text(part.full_value * part.carry, measure.kind, rep.currency),
    'rate', trim_scale(round(part.rate, 8))::text,
    'amount', trim_scale(round(part.full_value * part.carry * part.rate, 8))::text) order by lower(month.effective)), '[]')
    || case when trim_scale(t16.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0)) = 0 then '[]' else jsonb_build_array(jsonb_build_object(
        'says', 'rounded', 'base', trim_scale(t16.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0))::text, 'rate', '1', 'amount', trim_scale(t16.quota - coalesce(sum(round(part.full_value * part.carry * part.rate, 8)), 0))::text)) end
    || jsonb_build_array(jsonb_build_object(
        'says', 'expected in ' || t16.period_name, 'base', measure_text(t16.quota, measure.kind, rep.currency), 'rate', '1',
        'amount', measure_text(t16.quota, measure.kind, rep.currency)))
    from measure join rep on rep.id = t16.rep_id
    left join quota_part as part on part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(t16.effective) and lower(month.effective) < upper(t16.effective))
    left join period as month on month.id = part.period_id
    where measure.id = t16.measure_id group by measure.kind, rep.currency
)) with ordinality as t17), ']}') from (
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
(select t15.id as id, t15.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $9::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $9::text)
) as t16 where t16.measure = coalesce(null, 
(select name from measure order by id limit 1)) and t16.quota is not null), 'null'), '}') from rep as t15 where t15.id = $10::bigint), 'null'), ',"measures":[', 
(select string_agg(concat('{"name":', to_json(t18.name), ',"products":[', 
(select string_agg(concat('{"name":', to_json(t19.name), '}'), ',' order by t19.id) from product as t19 where t19.id = any(t18.product_ids)), '],"productFamilies":', to_json(t18.product_families), ',"rollupLevels":', coalesce((t18.rollup_levels)::text, 'null'), '}'), ',' order by t18.id) from measure as t18 where true), '],"company":', coalesce(
(select concat('{"proration":"', t20.proration, '"}') from company as t20 where true), 'null'), '}')
