select concat('{"rep":', coalesce(
(select concat('{"february":', coalesce(
(select concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t3.name), '}') from rep as t3 where t3.id = t2.rep_id), 'null'), ',"period":', coalesce(
(select concat('{"name":', to_json(t4.name), ',"state":"', t4.state, '"}') from period as t4 where t4.id = t2.period_id), 'null'), ',"total":{"amount":"', money_text(t2.amount, t2.currency), '","currency":', to_json(t2.currency), '},"position":"', t2.position, '","upToDate":', (not exists (
    select from touch join period on period.id = t2.period_id
    where touch.rep_id = t2.rep_id and touch.position > t2.position
      and (lower(touch.span) < upper(period.effective)
           or exists 
(select from evaluation as posted where posted.rep_id = t2.rep_id and lower(posted.span) < upper(period.effective)
                      and posted.through > lower(touch.span)))
) and not exists 
(select from estimate_due as due where due.rep_id = t2.rep_id and due.period_id = t2.period_id))::text, ',"problem":', coalesce((to_json(t2.problem))::text, 'null'), ',"byComponent":[', 
(select string_agg(concat('{"component":', coalesce(
(select concat('{"name":', to_json(t6.name), ',"window":"', t6.window_kind, '"}') from component_version as t6 where t6.component_id = t5.component_id order by coalesce(
(select version.state <> 'DRAFT' and version.effective && t5.span from plan_version as version where version.id = t6.plan_version_id), false) desc, t6.plan_version_id desc limit 1), 'null'), ',"amount":{"amount":"', money_text(t5.amount, t5.currency), '"},"lines":[', 
(select string_agg(concat('{"window":{"starts":', coalesce((((t7.value -> 'window') -> 'starts'))::text, 'null'), ',"ends":', coalesce((((t7.value -> 'window') -> 'ends'))::text, 'null'), '},"key":', coalesce(((t7.value -> 'key'))::text, 'null'), ',"amount":{"amount":', coalesce((((t7.value -> 'amount') -> 'amount'))::text, 'null'), ',"currency":', coalesce((((t7.value -> 'amount') -> 'currency'))::text, 'null'), '},"steps":[', 
(select string_agg(concat('{"says":', coalesce(((t8.value -> 'says'))::text, 'null'), ',"base":', coalesce(((t8.value -> 'base'))::text, 'null'), ',"rate":', coalesce(((t8.value -> 'rate'))::text, 'null'), ',"amount":', coalesce(((t8.value -> 'amount'))::text, 'null'), '}'), ',' order by t8.ordinality) from jsonb_array_elements((t7.value -> 'steps')) with ordinality as t8), ']}'), ',' order by t7.ordinality) from jsonb_array_elements(t5.lines) with ordinality as t7), ']}'), ',' order by t5.component_id) from (
    select part.*, whole.currency, period.effective as span
    from estimate_part as part
    join estimate as whole on whole.rep_id = part.rep_id and whole.period_id = part.period_id
    join period on period.id = part.period_id
) as t5 where t5.rep_id = t2.rep_id and t5.period_id = t2.period_id), ']}') from estimate as t2 where t2.rep_id = t1.id and t2.period_id = 
(select id from period where name = $1::text) and exists 
(select from period where period.id = 
(select id from period where name = $1::text) and period.state = 'OPEN')), 'null'), ',"march":', coalesce(
(select concat('{"total":{"amount":"', money_text(t9.amount, t9.currency), '"},"problem":', coalesce((to_json(t9.problem))::text, 'null'), ',"upToDate":', (not exists (
    select from touch join period on period.id = t9.period_id
    where touch.rep_id = t9.rep_id and touch.position > t9.position
      and (lower(touch.span) < upper(period.effective)
           or exists 
(select from evaluation as posted where posted.rep_id = t9.rep_id and lower(posted.span) < upper(period.effective)
                      and posted.through > lower(touch.span)))
) and not exists 
(select from estimate_due as due where due.rep_id = t9.rep_id and due.period_id = t9.period_id))::text, ',"byComponent":[', 
(select string_agg(concat('{"amount":{"amount":"', money_text(t10.amount, t10.currency), '"}}'), ',' order by t10.component_id) from (
    select part.*, whole.currency, period.effective as span
    from estimate_part as part
    join estimate as whole on whole.rep_id = part.rep_id and whole.period_id = part.period_id
    join period on period.id = part.period_id
) as t10 where t10.rep_id = t9.rep_id and t10.period_id = t9.period_id), ']}') from estimate as t9 where t9.rep_id = t1.id and t9.period_id = 
(select id from period where name = $2::text) and exists 
(select from period where period.id = 
(select id from period where name = $2::text) and period.state = 'OPEN')), 'null'), ',"january":', coalesce(
(select concat('{"position":"', t11.position, '"}') from estimate as t11 where t11.rep_id = t1.id and t11.period_id = 
(select id from period where name = $3::text) and exists 
(select from period where period.id = 
(select id from period where name = $3::text) and period.state = 'OPEN')), 'null'), ',"quarter":', coalesce(
(select concat('{"position":"', t12.position, '"}') from estimate as t12 where t12.rep_id = t1.id and t12.period_id = 
(select id from period where name = $4::text) and exists 
(select from period where period.id = 
(select id from period where name = $4::text) and period.state = 'OPEN')), 'null'), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $5::text)), 'null'), ',"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t13.name), ',"estimate":', coalesce(
(select concat('{"total":{"amount":"', money_text(t14.amount, t14.currency), '"},"upToDate":', (not exists (
    select from touch join period on period.id = t14.period_id
    where touch.rep_id = t14.rep_id and touch.position > t14.position
      and (lower(touch.span) < upper(period.effective)
           or exists 
(select from evaluation as posted where posted.rep_id = t14.rep_id and lower(posted.span) < upper(period.effective)
                      and posted.through > lower(touch.span)))
) and not exists 
(select from estimate_due as due where due.rep_id = t14.rep_id and due.period_id = t14.period_id))::text, ',"position":"', t14.position, '"}') from estimate as t14 where t14.rep_id = t13.id and t14.period_id = 
(select id from period where kind = $6::text and lower(effective) <= $7::date and upper(effective) > $7::date order by lower(effective) desc limit 1) and exists 
(select from period where period.id = 
(select id from period where kind = $6::text and lower(effective) <= $7::date and upper(effective) > $7::date order by lower(effective) desc limit 1) and period.state = 'OPEN')), 'null'), '}'), ','), ']}') from 
(select t13.name, t13.id from rep as t13 where true order by t13.name, t13.id limit 20) as t13 having true), '}')
