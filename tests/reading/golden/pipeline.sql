select concat('{"pipeline":', (with t2 as not materialized 
(select t1.*, t1.amount * case when t1.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t1.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t1.closed_on, $1::date)
) end as worth from opportunity as t1 where true and true) select concat('{"openCount":', t3.open_count, ',"openAmount":{"amount":"', money_text(t3.open_amount, 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '},"weightedAmount":{"amount":"', money_text(t3.weighted_amount, 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '},"byStage":[', 
(select string_agg(concat('{"stage":', to_json(t4.stage), ',"count":', t4.deals, ',"amount":{"amount":"', money_text(t4.amount, 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '},"weightedAmount":{"amount":"', money_text(t4.weighted, 
(select currency from company)), '"},"averageDaysInStage":', case when round(t4.days, 1) is null then 'null' else concat('"', round(t4.days, 1), '"') end, ',"conversion":', case when ratio_text(t4.conversion) is null then 'null' else concat('"', ratio_text(t4.conversion), '"') end, '}'), ',' order by t4.likely, t4.stage) from (
    select deal.stage, count(*) as deals, coalesce(sum(deal.worth), 0) as amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted, avg(deal.probability) as likely,
           avg($1::date - 
(select change.dated from stage_change as change where change.opportunity_id = deal.id
                            order by change.position desc limit 1)) as days,
           
(select count(*) filter (where change.outcome is distinct from 'LOST')::numeric / nullif(count(*), 0)
            from stage_change as change join t2 as moved on moved.id = change.opportunity_id
            where change.from_stage = deal.stage
            and change.dated >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and change.dated < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end) as conversion
    from t2 as deal where deal.outcome is null group by deal.stage
) as t4 where true), '],"byCategory":[', 
(select string_agg(concat('{"category":"', t5.forecast_category, '","count":', t5.deals, ',"amount":{"amount":"', money_text(t5.amount, 
(select currency from company)), '"},"weightedAmount":{"amount":"', money_text(t5.weighted, 
(select currency from company)), '"}}'), ',' order by strpos('PIPELINE BEST_CASE COMMIT CLOSED OMITTED', t5.forecast_category)) from (
    select deal.forecast_category, count(*) as deals, coalesce(sum(deal.worth), 0) as amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted
    from t2 as deal where deal.outcome is null group by deal.forecast_category
) as t5 where true), '],"coverage":', case when ratio_text(t3.due_amount / (case when true and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where name = $2::text)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)) is null then 'null' else concat('"', ratio_text(t3.due_amount / (case when true and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where name = $2::text)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)), '"') end, ',"winRate":', case when ratio_text(t3.won_count::numeric / nullif(t3.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t3.won_count::numeric / nullif(t3.decided_count, 0)), '"') end, ',"averageDealSize":', case when t3.won_amount / nullif(t3.won_count, 0) is not null then concat('{"amount":"', money_text(t3.won_amount / nullif(t3.won_count, 0), 
(select currency from company)), '"}') else 'null' end, ',"averageCycleDays":', case when round(t3.cycle, 1) is null then 'null' else concat('"', round(t3.cycle, 1), '"') end, ',"velocityPerDay":', case when t3.open_count * (t3.won_amount / nullif(t3.won_count, 0)) * (t3.won_count::numeric / nullif(t3.decided_count, 0)) / nullif(t3.cycle, 0) is not null then concat('{"amount":"', money_text(t3.open_count * (t3.won_amount / nullif(t3.won_count, 0)) * (t3.won_count::numeric / nullif(t3.decided_count, 0)) / nullif(t3.cycle, 0), 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '}') else 'null' end, ',"slippedCount":', t3.slipped_count, ',"overdueCount":', t3.overdue_count, ',"forecast":{"closed":{"amount":"', money_text(t3.won_amount, 
(select currency from company)), '"},"commit":{"amount":"', money_text((t3.won_amount + t3.commit), 
(select currency from company)), '"},"bestCase":{"amount":"', money_text((t3.won_amount + t3.commit + t3.best_case), 
(select currency from company)), '"},"pipeline":{"amount":"', money_text((t3.won_amount + t3.commit + t3.best_case + t3.pipeline), 
(select currency from company)), '"},"weighted":{"amount":"', money_text((t3.won_amount + t3.weighted), 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '}}}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $1::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and deal.first_expected_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end and (deal.expected_close_on >= case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end or not true)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t2 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t2 as deal where deal.closed_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $2::text)) else date '-infinity' end and deal.closed_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $2::text)) else date 'infinity' end
    ) as decided on true
) as t3), ',"always":', (with t7 as not materialized 
(select t6.*, t6.amount * case when t6.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t6.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t6.closed_on, $1::date)
) end as worth from opportunity as t6 where true and true) select concat('{"openCount":', t8.open_count, ',"openAmount":{"amount":"', money_text(t8.open_amount, 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '},"weightedAmount":{"amount":"', money_text(t8.weighted_amount, 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '},"byStage":[', 
(select string_agg(concat('{"stage":', to_json(t9.stage), ',"count":', t9.deals, ',"amount":{"amount":"', money_text(t9.amount, 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '},"weightedAmount":{"amount":"', money_text(t9.weighted, 
(select currency from company)), '"},"averageDaysInStage":', case when round(t9.days, 1) is null then 'null' else concat('"', round(t9.days, 1), '"') end, ',"conversion":', case when ratio_text(t9.conversion) is null then 'null' else concat('"', ratio_text(t9.conversion), '"') end, '}'), ',' order by t9.likely, t9.stage) from (
    select deal.stage, count(*) as deals, coalesce(sum(deal.worth), 0) as amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted, avg(deal.probability) as likely,
           avg($1::date - 
(select change.dated from stage_change as change where change.opportunity_id = deal.id
                            order by change.position desc limit 1)) as days,
           
(select count(*) filter (where change.outcome is distinct from 'LOST')::numeric / nullif(count(*), 0)
            from stage_change as change join t7 as moved on moved.id = change.opportunity_id
            where change.from_stage = deal.stage
            and change.dated >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and change.dated < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end) as conversion
    from t7 as deal where deal.outcome is null group by deal.stage
) as t9 where true), '],"byCategory":[', 
(select string_agg(concat('{"category":"', t10.forecast_category, '","count":', t10.deals, ',"amount":{"amount":"', money_text(t10.amount, 
(select currency from company)), '"},"weightedAmount":{"amount":"', money_text(t10.weighted, 
(select currency from company)), '"}}'), ',' order by strpos('PIPELINE BEST_CASE COMMIT CLOSED OMITTED', t10.forecast_category)) from (
    select deal.forecast_category, count(*) as deals, coalesce(sum(deal.worth), 0) as amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted
    from t7 as deal where deal.outcome is null group by deal.forecast_category
) as t10 where true), '],"coverage":', case when ratio_text(t8.due_amount / (case when false and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = null) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)) is null then 'null' else concat('"', ratio_text(t8.due_amount / (case when false and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = null) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)), '"') end, ',"winRate":', case when ratio_text(t8.won_count::numeric / nullif(t8.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t8.won_count::numeric / nullif(t8.decided_count, 0)), '"') end, ',"averageDealSize":', case when t8.won_amount / nullif(t8.won_count, 0) is not null then concat('{"amount":"', money_text(t8.won_amount / nullif(t8.won_count, 0), 
(select currency from company)), '"}') else 'null' end, ',"averageCycleDays":', case when round(t8.cycle, 1) is null then 'null' else concat('"', round(t8.cycle, 1), '"') end, ',"velocityPerDay":', case when t8.open_count * (t8.won_amount / nullif(t8.won_count, 0)) * (t8.won_count::numeric / nullif(t8.decided_count, 0)) / nullif(t8.cycle, 0) is not null then concat('{"amount":"', money_text(t8.open_count * (t8.won_amount / nullif(t8.won_count, 0)) * (t8.won_count::numeric / nullif(t8.decided_count, 0)) / nullif(t8.cycle, 0), 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '}') else 'null' end, ',"slippedCount":', t8.slipped_count, ',"overdueCount":', t8.overdue_count, ',"forecast":{"closed":{"amount":"', money_text(t8.won_amount, 
(select currency from company)), '"},"commit":{"amount":"', money_text((t8.won_amount + t8.commit), 
(select currency from company)), '"},"bestCase":{"amount":"', money_text((t8.won_amount + t8.commit + t8.best_case), 
(select currency from company)), '"},"pipeline":{"amount":"', money_text((t8.won_amount + t8.commit + t8.best_case + t8.pipeline), 
(select currency from company)), '"},"weighted":{"amount":"', money_text((t8.won_amount + t8.weighted), 
(select currency from company)), '","currency":', to_json(
(select currency from company)), '}}}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $1::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.first_expected_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and (deal.expected_close_on >= case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end or not false)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t7 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t7 as deal where deal.closed_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.closed_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end
    ) as decided on true
) as t8), ',"narrowed":', (with t12 as not materialized 
(select t11.*, t11.amount * case when t11.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t11.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t11.closed_on, $1::date)
) end as worth from opportunity as t11 where true and ((t11.outcome is null) = $3::boolean) and true) select concat('{"__typename":"Pipeline","openCount":', t13.open_count, ',"coverage":', case when ratio_text(t13.due_amount / (case when true and not true then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)) is null then 'null' else concat('"', ratio_text(t13.due_amount / (case when true and not true then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)), '"') end, ',"winRate":', case when ratio_text(t13.won_count::numeric / nullif(t13.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t13.won_count::numeric / nullif(t13.decided_count, 0)), '"') end, ',"slippedCount":', t13.slipped_count, '}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $1::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date '-infinity' end and deal.first_expected_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end and (deal.expected_close_on >= case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end or not true)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t12 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t12 as deal where deal.closed_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date '-infinity' end and deal.closed_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where kind = $4::text and lower(effective) <= $5::date and upper(effective) > $5::date order by lower(effective) desc limit 1)) else date 'infinity' end
    ) as decided on true
) as t13), ',"cy":', (with t15 as not materialized 
(select t14.*, t14.amount * case when t14.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t14.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t14.closed_on, $1::date)
) end as worth from opportunity as t14 where true and (t14.owner_id = 
(select id from rep where external_id = $6::text)) and (t14.closed_on >= $7::date) and true) select concat('{"openCount":', t16.open_count, ',"winRate":', case when ratio_text(t16.won_count::numeric / nullif(t16.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t16.won_count::numeric / nullif(t16.decided_count, 0)), '"') end, ',"averageDealSize":', case when t16.won_amount / nullif(t16.won_count, 0) is not null then concat('{"amount":"', money_text(t16.won_amount / nullif(t16.won_count, 0), 
(select currency from company)), '"}') else 'null' end, '}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $1::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.first_expected_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and (deal.expected_close_on >= case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end or not false)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t15 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t15 as deal where deal.closed_on >= case when false then 
(select lower(effective) from period where id = null) else date '-infinity' end and deal.closed_on < case when false then 
(select upper(effective) from period where id = null) else date 'infinity' end
    ) as decided on true
) as t16), ',"unknown":', (with t18 as not materialized 
(select t17.*, t17.amount * case when t17.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t17.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t17.closed_on, $1::date)
) end as worth from opportunity as t17 where true and true) select concat('{"openCount":', t19.open_count, ',"winRate":', case when ratio_text(t19.won_count::numeric / nullif(t19.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t19.won_count::numeric / nullif(t19.decided_count, 0)), '"') end, ',"coverage":', case when ratio_text(t19.due_amount / (case when true and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where name = $8::text)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)) is null then 'null' else concat('"', ratio_text(t19.due_amount / (case when true and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where name = $8::text)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and true and not exists 
(select from reporting_line as line where line.manager_id = rep.id and line.effective @> $1::date)
    ) as standing) end)), '"') end, ',"forecast":{"closed":{"amount":"', money_text(t19.won_amount, 
(select currency from company)), '"}}}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $1::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $8::text)) else date '-infinity' end and deal.first_expected_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end and (deal.expected_close_on >= case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end or not true)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $8::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $8::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $8::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $8::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $8::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t18 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t18 as deal where deal.closed_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $8::text)) else date '-infinity' end and deal.closed_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $8::text)) else date 'infinity' end
    ) as decided on true
) as t19), ',"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t20.name), ',"pipeline":', (with t22 as not materialized 
(select t21.*, t21.amount * case when t21.currency = 
(select currency from company) then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = t21.currency and fx.quote = 
(select currency from company) and fx.effective @> coalesce(t21.closed_on, $1::date)
) end as worth from opportunity as t21 where t21.owner_id = t20.id) select concat('{"openCount":', t23.open_count, ',"coverage":', case when ratio_text(t23.due_amount / (case when true and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where name = $9::text)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and rep.id = t20.id
    ) as standing) end)) is null then 'null' else concat('"', ratio_text(t23.due_amount / (case when true and not false then 
(select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0) from 
(select id from measure where kind = 'MONEY' order by id limit 1) as counted cross join 
(select effective from period where id = 
(select id from period where name = $9::text)) as asked cross join lateral (
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from 
(select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from 
(select rep_id, value * carry as quota, 0 as credited from quota_part where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, value from credited where measure_id = counted.id and period_id in 
(select month.id from period as month where month.kind = 'MONTH' and lower(month.effective) >= lower(asked.effective) and lower(month.effective) < upper(asked.effective))
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = counted.id and opening_balance.effective <@ asked.effective) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and rep.id = t20.id
    ) as standing) end)), '"') end, ',"winRate":', case when ratio_text(t23.won_count::numeric / nullif(t23.decided_count, 0)) is null then 'null' else concat('"', ratio_text(t23.won_count::numeric / nullif(t23.decided_count, 0)), '"') end, ',"overdueCount":', t23.overdue_count, ',"forecast":{"weighted":{"amount":"', money_text((t23.won_amount + t23.weighted), 
(select currency from company)), '"}},"byStage":[', 
(select string_agg(concat('{"stage":', to_json(t24.stage), ',"count":', t24.deals, '}'), ',' order by t24.likely, t24.stage) from (
    select deal.stage, count(*) as deals, coalesce(sum(deal.worth), 0) as amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted, avg(deal.probability) as likely,
           avg($1::date - 
(select change.dated from stage_change as change where change.opportunity_id = deal.id
                            order by change.position desc limit 1)) as days,
           
(select count(*) filter (where change.outcome is distinct from 'LOST')::numeric / nullif(count(*), 0)
            from stage_change as change join t22 as moved on moved.id = change.opportunity_id
            where change.from_stage = deal.stage
            and change.dated >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and change.dated < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end) as conversion
    from t22 as deal where deal.outcome is null group by deal.stage
) as t24 where true), ']}') from (
    select standing.*, decided.*
    from (
        select count(*) as open_count, coalesce(sum(deal.worth), 0) as open_amount, coalesce(sum(deal.worth * deal.probability), 0) as weighted_amount,
               count(*) filter (where deal.expected_close_on < $1::date) as overdue_count,
               count(*) filter (where deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and deal.first_expected_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end and (deal.expected_close_on >= case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end or not true)) as slipped_count,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where coalesce(deal.expected_close_on, date '-infinity') >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and coalesce(deal.expected_close_on, date '-infinity') < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from t22 as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from t22 as deal where deal.closed_on >= case when true then 
(select lower(effective) from period where id = 
(select id from period where name = $9::text)) else date '-infinity' end and deal.closed_on < case when true then 
(select upper(effective) from period where id = 
(select id from period where name = $9::text)) else date 'infinity' end
    ) as decided on true
) as t23), '}'), ','), ']}') from 
(select t20.name, t20.id from rep as t20 where true order by t20.id limit 6) as t20 having true), ',"opportunities":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t25.name), ',"listAmount":', case when t25.list_amount is not null then concat('{"amount":"', money_text(t25.list_amount, t25.currency), '","currency":', to_json(t25.currency), '}') else 'null' end, ',"discount":', case when trim_scale(round(1 - t25.amount / nullif(t25.list_amount, 0), 8)) is null then 'null' else concat('"', trim_scale(round(1 - t25.amount / nullif(t25.list_amount, 0), 8)), '"') end, ',"daysOpen":', coalesce((coalesce(t25.closed_on, $1::date) - t25.opened_on)::text, 'null'), ',"history":[', 
(select string_agg(concat('{"fromStage":', coalesce((to_json(t26.from_stage))::text, 'null'), ',"toStage":', to_json(t26.to_stage), ',"outcome":', case when t26.outcome is null then 'null' else concat('"', t26.outcome, '"') end, ',"dated":"', t26.dated, '","days":', coalesce((coalesce(
(select later.dated from stage_change as later where later.opportunity_id = t26.opportunity_id and later.position > t26.position order by later.position limit 1), case when t26.outcome is null then $1::date end) - t26.dated)::text, 'null'), ',"position":"', t26.position, '"}'), ',' order by t26.position) from stage_change as t26 where t26.opportunity_id = t25.id), '],"activities":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"activity_', t27.id, '","externalId":', coalesce((to_json(t27.external_id))::text, 'null'), ',"kind":"', t27.kind, '","dated":"', t27.dated, '","note":', coalesce((to_json(t27.note))::text, 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t28.name), '}') from rep as t28 where t28.id = t27.rep_id), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t29.name), '}') from opportunity as t29 where t29.id = t27.opportunity_id), 'null'), ',"account":', coalesce(
(select concat('{"name":', to_json(t30.name), '}') from account as t30 where t30.id = t27.account_id), 'null'), '}'), ','), '],"totalCount":', (
(select count(*) from activity as t31 where t31.opportunity_id = t25.id)), '}') from 
(select t27.id, t27.external_id, t27.kind, t27.dated, t27.note, t27.rep_id, t27.opportunity_id, t27.account_id from activity as t27 where t27.opportunity_id = t25.id order by t27.dated desc, t27.id desc limit 20) as t27 having true), '}'), ','), ']}') from 
(select t25.name, t25.list_amount, t25.currency, t25.amount, t25.closed_on, t25.opened_on, t25.id from opportunity as t25 where true order by t25.id limit 4) as t25 having true), '}')
