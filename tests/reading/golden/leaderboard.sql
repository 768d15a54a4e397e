select concat('{"attainments":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t1.rank)::text, 'null'), ',"measure":', to_json(t1.measure), ',"rep":', coalesce(
(select concat('{"id":"rep_', t2.id, '","name":', to_json(t2.name), ',"externalId":', coalesce((to_json(t2.external_id))::text, 'null'), ',"title":', coalesce((to_json(t2.title))::text, 'null'), ',"rep":', coalesce(
(select concat('{"email":', coalesce((to_json(t3.email))::text, 'null'), '}') from rep as t3 where t3.id = t2.id), 'null'), '}') from rep as t2 where t2.id = t1.rep_id), 'null'), ',"credited":{"value":"', case when t1.unit = 'units' then trim_scale(t1.credited)::text else money_text(t1.credited, t1.unit) end, '","unit":', to_json(t1.unit), '},"quota":', case when t1.quota is not null then concat('{"value":"', case when t1.unit = 'units' then trim_scale(t1.quota)::text else money_text(t1.quota, t1.unit) end, '","unit":', to_json(t1.unit), '}') else 'null' end, ',"ratio":', case when ratio_text(t1.credited / nullif(t1.quota, 0)) is null then 'null' else concat('"', ratio_text(t1.credited / nullif(t1.quota, 0)), '"') end, ',"requiredPerWeek":', case when round((case when t1.quota is not null then greatest(0, t1.quota - t1.credited) end) * least(7, greatest(0, upper(t1.effective) - greatest($1::date, lower(t1.effective)))) / nullif(greatest(0, upper(t1.effective) - greatest($1::date, lower(t1.effective))), 0), 8) is not null then concat('{"value":"', case when t1.unit = 'units' then trim_scale(round((case when t1.quota is not null then greatest(0, t1.quota - t1.credited) end) * least(7, greatest(0, upper(t1.effective) - greatest($1::date, lower(t1.effective)))) / nullif(greatest(0, upper(t1.effective) - greatest($1::date, lower(t1.effective))), 0), 8))::text else money_text(round((case when t1.quota is not null then greatest(0, t1.quota - t1.credited) end) * least(7, greatest(0, upper(t1.effective) - greatest($1::date, lower(t1.effective)))) / nullif(greatest(0, upper(t1.effective) - greatest($1::date, lower(t1.effective))), 0), 8), t1.unit) end, '"}') else 'null' end, '}'), ',') filter (where t1.n <= 20), '],"totalCount":', (
(select count(*) from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $2::text)
) as t4 where true)), ',"pageInfo":{"hasNextPage":', (count(*) > 20)::text, ',"endCursor":', coalesce('"' || translate(encode(convert_to((array_agg(concat('["","', t1.rank, '","', t1.rep_id, '"]') order by t1.n desc) filter (where t1.n <= 20))[1], 'UTF8'), 'base64'), '+/=' || chr(10), '-_') || '"', 'null'), '}}') from 
(select t1.rank, t1.measure, t1.rep_id, t1.unit, t1.credited, t1.quota, t1.effective, row_number() over (order by t1.rank, t1.rep_id) as n from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $2::text)
) as t1 where true order by t1.rank, t1.rep_id limit 20 + 1) as t1 having true), ',"page":', 
(select concat('{"edges":[', string_agg(concat('{"cursor":"', translate(encode(convert_to(concat('["","', t5.rank, '","', t5.rep_id, '"]'), 'UTF8'), 'base64'), '+/=' || chr(10), '-_'), '","node":{"rank":', coalesce((t5.rank)::text, 'null'), '}}'), ',') filter (where t5.n <= 1), '],"pageInfo":{"hasNextPage":', (count(*) > 1)::text, ',"hasPreviousPage":', 'false', '}}') from 
(select t5.rank, t5.rep_id, row_number() over (order by t5.rank, t5.rep_id) as n from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $3::text)
) as t5 where true order by t5.rank, t5.rep_id limit 1 + 1) as t5 having true), ',"credited":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t6.rank)::text, 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t7.name), '}') from rep as t7 where t7.id = t6.rep_id), 'null'), '}'), ',' order by t6.n desc) filter (where t6.n <= 1), ']}') from 
(select t6.rank, t6.rep_id, row_number() over (order by t6.credited, t6.rep_id) as n from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $4::text)
) as t6 where true order by t6.credited, t6.rep_id limit 1 + 1) as t6 having true), ',"named":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t8.rank)::text, 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t9.name), '}') from rep as t9 where t9.id = t8.rep_id), 'null'), ',"credited":{"value":"', case when t8.unit = 'units' then trim_scale(t8.credited)::text else money_text(t8.credited, t8.unit) end, '","unit":', to_json(t8.unit), '}}'), ','), ']}') from 
(select t8.rank, t8.rep_id, t8.unit, t8.credited from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce($5::text, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $6::text)
) as t8 where true order by t8.name, t8.rep_id limit 20) as t8 having true), ',"nowhere":', 
(select concat('{"nodes":[', string_agg(concat('{"rank":', coalesce((t10.rank)::text, 'null'), '}'), ','), '],"totalCount":', (
(select count(*) from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $7::text)
) as t11 where true)), '}') from 
(select t10.rank from (
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce(null, 
(select name from measure order by id limit 1))
    cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, value from credited where measure_id = measure.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(period.effective) and lower(month.effective) < upper(period.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = measure.id and opening_balance.effective <@ period.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as standing
    join rep on rep.id = standing.rep_id
    where period.id = 
(select id from period where name = $7::text)
) as t10 where true order by t10.rank, t10.rep_id limit 20) as t10 having true), ',"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t12.name), ',"attainment":', coalesce(
(select concat('{"rank":', coalesce((case when t13.quota > 0 then (
    select 1 + count(*) from (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = t13.measure_id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(t13.effective) and lower(month.effective) < upper(t13.effective))
                    union all select rep_id, 0, value from credited where measure_id = t13.measure_id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(t13.effective) and lower(month.effective) < upper(t13.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = t13.measure_id and opening_balance.effective <@ t13.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as other
    where other.ratio > round(t13.credited / t13.quota, 6)
) end)::text, 'null'), ',"ratio":', case when ratio_text(t13.credited / nullif(t13.quota, 0)) is null then 'null' else concat('"', ratio_text(t13.credited / nullif(t13.quota, 0)), '"') end, ',"daysLeft":', greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective))), ',"requiredPerDay":', case when round((case when t13.quota is not null then greatest(0, t13.quota - t13.credited) end) / nullif(greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective))), 0), 8) is not null then concat('{"value":"', case when t13.unit = 'units' then trim_scale(round((case when t13.quota is not null then greatest(0, t13.quota - t13.credited) end) / nullif(greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective))), 0), 8))::text else money_text(round((case when t13.quota is not null then greatest(0, t13.quota - t13.credited) end) / nullif(greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective))), 0), 8), t13.unit) end, '"}') else 'null' end, ',"requiredPerWeek":', case when round((case when t13.quota is not null then greatest(0, t13.quota - t13.credited) end) * least(7, greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective)))) / nullif(greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective))), 0), 8) is not null then concat('{"value":"', case when t13.unit = 'units' then trim_scale(round((case when t13.quota is not null then greatest(0, t13.quota - t13.credited) end) * least(7, greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective)))) / nullif(greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective))), 0), 8))::text else money_text(round((case when t13.quota is not null then greatest(0, t13.quota - t13.credited) end) * least(7, greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective)))) / nullif(greatest(0, upper(t13.effective) - greatest($1::date, lower(t13.effective))), 0), 8), t13.unit) end, '","unit":', to_json(t13.unit), '}') else 'null' end, '}') from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where kind = $8::text and lower(effective) <= $9::date and upper(effective) > $9::date order by lower(effective) desc limit 1) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t12.id as id, t12.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where kind = $8::text and lower(effective) <= $9::date and upper(effective) > $9::date order by lower(effective) desc limit 1) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where kind = $8::text and lower(effective) <= $9::date and upper(effective) > $9::date order by lower(effective) desc limit 1)
) as t13 where t13.measure = coalesce(null, 
(select name from measure order by id limit 1))), 'null'), ',"q1":[', 
(select string_agg(concat('{"measure":', to_json(t14.measure), ',"rank":', coalesce((case when t14.quota > 0 then (
    select 1 + count(*) from (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = t14.measure_id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(t14.effective) and lower(month.effective) < upper(t14.effective))
                    union all select rep_id, 0, value from credited where measure_id = t14.measure_id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(t14.effective) and lower(month.effective) < upper(t14.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = t14.measure_id and opening_balance.effective <@ t14.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and (
(select leaderboard from company) = 'EVERYONE' or true)
    ) as other
    where other.ratio > round(t14.credited / t14.quota, 6)
) end)::text, 'null'), '}'), ',' order by t14.measure_id) from (
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, case when measure.kind = 'UNITS' then 'units' else rep.currency end as unit,
           
(select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $10::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))
             + 
(select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from 
(select t12.id as id, t12.currency as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $10::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))
    ) as expected
    where period.id = 
(select id from period where name = $10::text)
) as t14 where true), '],"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"activity_', t15.id, '","kind":"', t15.kind, '"}'), ','), '],"totalCount":', (
(select count(*) from activity as t16 where t16.rep_id = t12.id and (t16.kind = any($11::text[])) and (t16.opportunity_id = 
(select id from opportunity where external_id = $12::text)) and (t16.dated >= $13::date) and (t16.dated < $14::date))), '}') from 
(select t15.id, t15.kind from activity as t15 where t15.rep_id = t12.id and (t15.kind = any($11::text[])) and (t15.opportunity_id = 
(select id from opportunity where external_id = $12::text)) and (t15.dated >= $13::date) and (t15.dated < $14::date) order by t15.dated desc, t15.id desc limit 20) as t15 having true), ',"of":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"activity_', t17.id, '"}'), ','), ']}') from 
(select t17.id from activity as t17 where t17.rep_id = t12.id and (t17.account_id = 
(select id from account where external_id = $15::text)) order by t17.dated desc, t17.id desc limit 20) as t17 having true), ',"activitySummary":', coalesce(
(select concat('{"period":', coalesce(
(select concat('{"name":', to_json(t19.name), '}') from period as t19 where t19.id = t18.period_id), 'null'), ',"count":', 
(select coalesce(sum(part.done), 0)::bigint from (
        select kind, coalesce(had.number, 0) as done, due.target
        from 
(select done.kind, count(*) as number from activity as done
              where done.rep_id = t18.rep_id and done.dated >= lower(t18.effective) and done.dated < upper(t18.effective)
              group by done.kind) as had
        full join 
(select target.kind, sum(target.monthly) as target
                   from activity_target as target
                   join period as month on month.kind = 'MONTH' and target.effective @> lower(month.effective)
                   where target.rep_id = t18.rep_id
                   and lower(month.effective) >= lower(t18.effective) and lower(month.effective) < upper(t18.effective)
                   group by target.kind) as due using (kind)
    ) as part), ',"target":', coalesce((
(select sum(part.target)::bigint from (
        select kind, coalesce(had.number, 0) as done, due.target
        from 
(select done.kind, count(*) as number from activity as done
              where done.rep_id = t18.rep_id and done.dated >= lower(t18.effective) and done.dated < upper(t18.effective)
              group by done.kind) as had
        full join 
(select target.kind, sum(target.monthly) as target
                   from activity_target as target
                   join period as month on month.kind = 'MONTH' and target.effective @> lower(month.effective)
                   where target.rep_id = t18.rep_id
                   and lower(month.effective) >= lower(t18.effective) and lower(month.effective) < upper(t18.effective)
                   group by target.kind) as due using (kind)
    ) as part))::text, 'null'), ',"byKind":[', 
(select string_agg(concat('{"kind":"', t20.kind, '","count":', t20.done, ',"target":', coalesce((t20.target)::text, 'null'), ',"ratio":', case when ratio_text(t20.done / t20.target::numeric) is null then 'null' else concat('"', ratio_text(t20.done / t20.target::numeric), '"') end, '}'), ',' order by t20.kind) from (
        select kind, coalesce(had.number, 0) as done, due.target
        from 
(select done.kind, count(*) as number from activity as done
              where done.rep_id = t18.rep_id and done.dated >= lower(t18.effective) and done.dated < upper(t18.effective)
              group by done.kind) as had
        full join 
(select target.kind, sum(target.monthly) as target
                   from activity_target as target
                   join period as month on month.kind = 'MONTH' and target.effective @> lower(month.effective)
                   where target.rep_id = t18.rep_id
                   and lower(month.effective) >= lower(t18.effective) and lower(month.effective) < upper(t18.effective)
                   group by target.kind) as due using (kind)
    ) as t20 where true), ']}') from (
    select rep.id as rep_id, period.id as period_id, period.effective from rep, period where rep.id = t12.id and period.id = 
(select id from period where name = $16::text)
) as t18 where true), 'null'), ',"never":', coalesce(
(select concat('{"count":', 
(select coalesce(sum(part.done), 0)::bigint from (
        select kind, coalesce(had.number, 0) as done, due.target
        from 
(select done.kind, count(*) as number from activity as done
              where done.rep_id = t21.rep_id and done.dated >= lower(t21.effective) and done.dated < upper(t21.effective)
              group by done.kind) as had
        full join 
(select target.kind, sum(target.monthly) as target
                   from activity_target as target
                   join period as month on month.kind = 'MONTH' and target.effective @> lower(month.effective)
                   where target.rep_id = t21.rep_id
                   and lower(month.effective) >= lower(t21.effective) and lower(month.effective) < upper(t21.effective)
                   group by target.kind) as due using (kind)
    ) as part), '}') from (
    select rep.id as rep_id, period.id as period_id, period.effective from rep, period where rep.id = t12.id and period.id = 
(select id from period where name = $17::text)
) as t21 where true), 'null'), '}'), ','), ']}') from 
(select t12.name, t12.id, t12.currency from rep as t12 where true order by t12.id limit 20) as t12 having true), '}')
