select concat('{"cy":', coalesce(
(select concat('{"drawBalance":{"amount":"', money_text(
(select drawn from debt_of(t1.id, t1.currency)), t1.currency), '","currency":', to_json(t1.currency), '},"receivable":{"amount":"', money_text(case when t1.left_on <= $1::date then 
(select carried + drawn from debt_of(t1.id, t1.currency)) else 0 end, t1.currency), '"},"draws":[', 
(select string_agg(concat('{"kind":"', t2.kind, '","monthly":{"amount":"', money_text(t2.monthly, t2.currency), '","currency":', to_json(t2.currency), '},"effective":{"starts":', case when lower(t2.effective) is null then 'null' else concat('"', lower(t2.effective), '"') end, ',"ends":', case when upper(t2.effective) is null then 'null' else concat('"', upper(t2.effective), '"') end, '},"prorated":', (t2.prorated)::text, ',"recoveryStarts":', case when t2.recovery_starts is null then 'null' else concat('"', t2.recovery_starts, '"') end, ',"recoveryShare":"', trim_scale(round(t2.recovery_share, 8)), '","forgivenOn":', case when t2.forgiven_on is null then 'null' else concat('"', t2.forgiven_on, '"') end, ',"protected":[', 
(select string_agg(concat('{"id":"component_', t3.component_id, '","name":', to_json(t3.name), '}'), ',' order by t3.component_id) from component_version as t3 where t3.id in 
(select max(part.id) from draw as given cross join unnest(given.protected) as chosen(component_id) join component_version as part on part.component_id = chosen.component_id where given.id = t2.id group by chosen.component_id)), ']}'), ',' order by lower(t2.effective)) from draw as t2 where t2.rep_id = t1.id), '],"holds":[', 
(select string_agg(concat('{"id":"hold_', t4.id, '","reason":', to_json(t4.reason), ',"releasesOn":', case when t4.releases_on is null then 'null' else concat('"', t4.releases_on, '"') end, '}'), ',' order by t4.id) from hold as t4 where (t4.rep_id = t1.id or (t4.rep_id is null and case
    when t4.opportunity_id is not null then exists (
        select from credit
        where credit.opportunity_id = t4.opportunity_id and credit.rep_id = t1.id and credit.superseded_position is null)
    else exists (
        select from component join plan_membership as given on given.plan_id = component.plan_id
        where component.id = t4.component_id and given.rep_id = t1.id) end))), '],"february":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t5.opening, t5.currency), '"},"earned":{"amount":"', money_text(t5.earned, t5.currency), '"},"adjustments":{"amount":"', money_text(t5.adjustments, t5.currency), '"},"held":{"amount":"', money_text(t5.held, t5.currency), '"},"released":{"amount":"', money_text(t5.released, t5.currency), '"},"drawn":{"amount":"', money_text(t5.drawn, t5.currency), '"},"recovered":{"amount":"', money_text(t5.recovered, t5.currency), '"},"writtenOff":{"amount":"', money_text(t5.written_off, t5.currency), '"},"payable":{"amount":"', money_text(greatest(0, t5.due), t5.currency), '","currency":', to_json(t5.currency), '},"carried":{"amount":"', money_text(least(0, t5.due), t5.currency), '"},"drawBalance":{"amount":"', money_text(t5.owed, t5.currency), '"},"payments":[', 
(select string_agg(concat('{"kind":"', t6.kind, '","debt":', case when t6.debt is null then 'null' else concat('"', t6.debt, '"') end, ',"amount":{"amount":"', money_text(t6.amount, t6.currency), '"},"note":', coalesce((to_json(t6.note))::text, 'null'), ',"component":', coalesce(
(select concat('{"name":', to_json(t7.name), '}') from component_version as t7 where t7.component_id = t6.component_id order by t7.plan_version_id desc limit 1), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t8.name), '}') from opportunity as t8 where t8.id = t6.opportunity_id), 'null'), ',"transaction":', coalesce(
(select concat('{"id":"transaction_', t9.id, '"}') from transaction as t9 where t9.id = t6.transaction_id), 'null'), '}'), ',' order by t6.place) from (
    select line.*, period.effective as span, row_number() over (
        order by array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], line.kind),
                 line.debt, line.component_id, line.opportunity_id, line.transaction_id) as place
    from payment_line(t5.rep_id, t5.period_id) as line join period on period.id = line.period_id
    where line.period_id = t5.period_id and line.currency = t5.currency
) as t6 where true), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $2::text) and target.kind = 'MONTH'
) as t5 where t5.usual), 'null'), ',"march":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t10.opening, t10.currency), '"},"earned":{"amount":"', money_text(t10.earned, t10.currency), '"},"adjustments":{"amount":"', money_text(t10.adjustments, t10.currency), '"},"held":{"amount":"', money_text(t10.held, t10.currency), '"},"released":{"amount":"', money_text(t10.released, t10.currency), '"},"drawn":{"amount":"', money_text(t10.drawn, t10.currency), '"},"recovered":{"amount":"', money_text(t10.recovered, t10.currency), '"},"writtenOff":{"amount":"', money_text(t10.written_off, t10.currency), '"},"payable":{"amount":"', money_text(greatest(0, t10.due), t10.currency), '","currency":', to_json(t10.currency), '},"carried":{"amount":"', money_text(least(0, t10.due), t10.currency), '"},"drawBalance":{"amount":"', money_text(t10.owed, t10.currency), '"},"payments":[', 
(select string_agg(concat('{"kind":"', t11.kind, '","debt":', case when t11.debt is null then 'null' else concat('"', t11.debt, '"') end, ',"amount":{"amount":"', money_text(t11.amount, t11.currency), '"},"note":', coalesce((to_json(t11.note))::text, 'null'), ',"component":', coalesce(
(select concat('{"name":', to_json(t12.name), '}') from component_version as t12 where t12.component_id = t11.component_id order by t12.plan_version_id desc limit 1), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t13.name), '}') from opportunity as t13 where t13.id = t11.opportunity_id), 'null'), ',"transaction":', coalesce(
(select concat('{"id":"transaction_', t14.id, '"}') from transaction as t14 where t14.id = t11.transaction_id), 'null'), '}'), ',' order by t11.place) from (
    select line.*, period.effective as span, row_number() over (
        order by array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], line.kind),
                 line.debt, line.component_id, line.opportunity_id, line.transaction_id) as place
    from payment_line(t10.rep_id, t10.period_id) as line join period on period.id = line.period_id
    where line.period_id = t10.period_id and line.currency = t10.currency
) as t11 where true), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $3::text) and target.kind = 'MONTH'
) as t10 where t10.usual), 'null'), ',"april":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t15.opening, t15.currency), '"},"earned":{"amount":"', money_text(t15.earned, t15.currency), '"},"adjustments":{"amount":"', money_text(t15.adjustments, t15.currency), '"},"held":{"amount":"', money_text(t15.held, t15.currency), '"},"released":{"amount":"', money_text(t15.released, t15.currency), '"},"drawn":{"amount":"', money_text(t15.drawn, t15.currency), '"},"recovered":{"amount":"', money_text(t15.recovered, t15.currency), '"},"writtenOff":{"amount":"', money_text(t15.written_off, t15.currency), '"},"payable":{"amount":"', money_text(greatest(0, t15.due), t15.currency), '","currency":', to_json(t15.currency), '},"carried":{"amount":"', money_text(least(0, t15.due), t15.currency), '"},"drawBalance":{"amount":"', money_text(t15.owed, t15.currency), '"},"payments":[', 
(select string_agg(concat('{"kind":"', t16.kind, '","debt":', case when t16.debt is null then 'null' else concat('"', t16.debt, '"') end, ',"amount":{"amount":"', money_text(t16.amount, t16.currency), '"},"note":', coalesce((to_json(t16.note))::text, 'null'), ',"component":', coalesce(
(select concat('{"name":', to_json(t17.name), '}') from component_version as t17 where t17.component_id = t16.component_id order by t17.plan_version_id desc limit 1), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t18.name), '}') from opportunity as t18 where t18.id = t16.opportunity_id), 'null'), ',"transaction":', coalesce(
(select concat('{"id":"transaction_', t19.id, '"}') from transaction as t19 where t19.id = t16.transaction_id), 'null'), '}'), ',' order by t16.place) from (
    select line.*, period.effective as span, row_number() over (
        order by array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], line.kind),
                 line.debt, line.component_id, line.opportunity_id, line.transaction_id) as place
    from payment_line(t15.rep_id, t15.period_id) as line join period on period.id = line.period_id
    where line.period_id = t15.period_id and line.currency = t15.currency
) as t16 where true), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $4::text) and target.kind = 'MONTH'
) as t15 where t15.usual), 'null'), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $5::text)), 'null'), ',"ana":', coalesce(
(select concat('{"draws":[', 
(select string_agg(concat('{"kind":"', t21.kind, '"}'), ',' order by lower(t21.effective)) from draw as t21 where t21.rep_id = t20.id), '],"drawBalance":{"amount":"', money_text(
(select drawn from debt_of(t20.id, t20.currency)), t20.currency), '"},"holds":[', 
(select string_agg(concat('{"id":"hold_', t22.id, '"}'), ',' order by t22.id) from hold as t22 where (t22.rep_id = t20.id or (t22.rep_id is null and case
    when t22.opportunity_id is not null then exists (
        select from credit
        where credit.opportunity_id = t22.opportunity_id and credit.rep_id = t20.id and credit.superseded_position is null)
    else exists (
        select from component join plan_membership as given on given.plan_id = component.plan_id
        where component.id = t22.component_id and given.rep_id = t20.id) end))), '],"january":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t23.opening, t23.currency), '"},"earned":{"amount":"', money_text(t23.earned, t23.currency), '"},"adjustments":{"amount":"', money_text(t23.adjustments, t23.currency), '"},"held":{"amount":"', money_text(t23.held, t23.currency), '"},"released":{"amount":"', money_text(t23.released, t23.currency), '"},"drawn":{"amount":"', money_text(t23.drawn, t23.currency), '"},"recovered":{"amount":"', money_text(t23.recovered, t23.currency), '"},"writtenOff":{"amount":"', money_text(t23.written_off, t23.currency), '"},"payable":{"amount":"', money_text(greatest(0, t23.due), t23.currency), '","currency":', to_json(t23.currency), '},"carried":{"amount":"', money_text(least(0, t23.due), t23.currency), '"},"drawBalance":{"amount":"', money_text(t23.owed, t23.currency), '"},"payments":[', 
(select string_agg(concat('{"kind":"', t24.kind, '","debt":', case when t24.debt is null then 'null' else concat('"', t24.debt, '"') end, ',"amount":{"amount":"', money_text(t24.amount, t24.currency), '"},"note":', coalesce((to_json(t24.note))::text, 'null'), ',"component":', coalesce(
(select concat('{"name":', to_json(t25.name), '}') from component_version as t25 where t25.component_id = t24.component_id order by t25.plan_version_id desc limit 1), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t26.name), '}') from opportunity as t26 where t26.id = t24.opportunity_id), 'null'), ',"transaction":', coalesce(
(select concat('{"id":"transaction_', t27.id, '"}') from transaction as t27 where t27.id = t24.transaction_id), 'null'), '}'), ',' order by t24.place) from (
    select line.*, period.effective as span, row_number() over (
        order by array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], line.kind),
                 line.debt, line.component_id, line.opportunity_id, line.transaction_id) as place
    from payment_line(t23.rep_id, t23.period_id) as line join period on period.id = line.period_id
    where line.period_id = t23.period_id and line.currency = t23.currency
) as t24 where true), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t20.id and target.id = 
(select id from period where name = $6::text) and target.kind = 'MONTH'
) as t23 where t23.usual), 'null'), ',"february":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t28.opening, t28.currency), '"},"earned":{"amount":"', money_text(t28.earned, t28.currency), '"},"adjustments":{"amount":"', money_text(t28.adjustments, t28.currency), '"},"held":{"amount":"', money_text(t28.held, t28.currency), '"},"released":{"amount":"', money_text(t28.released, t28.currency), '"},"drawn":{"amount":"', money_text(t28.drawn, t28.currency), '"},"recovered":{"amount":"', money_text(t28.recovered, t28.currency), '"},"writtenOff":{"amount":"', money_text(t28.written_off, t28.currency), '"},"payable":{"amount":"', money_text(greatest(0, t28.due), t28.currency), '","currency":', to_json(t28.currency), '},"carried":{"amount":"', money_text(least(0, t28.due), t28.currency), '"},"drawBalance":{"amount":"', money_text(t28.owed, t28.currency), '"},"payments":[', 
(select string_agg(concat('{"kind":"', t29.kind, '","debt":', case when t29.debt is null then 'null' else concat('"', t29.debt, '"') end, ',"amount":{"amount":"', money_text(t29.amount, t29.currency), '"},"note":', coalesce((to_json(t29.note))::text, 'null'), ',"component":', coalesce(
(select concat('{"name":', to_json(t30.name), '}') from component_version as t30 where t30.component_id = t29.component_id order by t30.plan_version_id desc limit 1), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t31.name), '}') from opportunity as t31 where t31.id = t29.opportunity_id), 'null'), ',"transaction":', coalesce(
(select concat('{"id":"transaction_', t32.id, '"}') from transaction as t32 where t32.id = t29.transaction_id), 'null'), '}'), ',' order by t29.place) from (
    select line.*, period.effective as span, row_number() over (
        order by array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], line.kind),
                 line.debt, line.component_id, line.opportunity_id, line.transaction_id) as place
    from payment_line(t28.rep_id, t28.period_id) as line join period on period.id = line.period_id
    where line.period_id = t28.period_id and line.currency = t28.currency
) as t29 where true), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t20.id and target.id = 
(select id from period where name = $7::text) and target.kind = 'MONTH'
) as t28 where t28.usual), 'null'), '}') from rep as t20 where t20.id = 
(select id from rep where external_id = $8::text)), 'null'), ',"dee":', coalesce(
(select concat('{"march":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t34.opening, t34.currency), '"},"earned":{"amount":"', money_text(t34.earned, t34.currency), '"},"adjustments":{"amount":"', money_text(t34.adjustments, t34.currency), '"},"held":{"amount":"', money_text(t34.held, t34.currency), '"},"released":{"amount":"', money_text(t34.released, t34.currency), '"},"drawn":{"amount":"', money_text(t34.drawn, t34.currency), '"},"recovered":{"amount":"', money_text(t34.recovered, t34.currency), '"},"writtenOff":{"amount":"', money_text(t34.written_off, t34.currency), '"},"payable":{"amount":"', money_text(greatest(0, t34.due), t34.currency), '","currency":', to_json(t34.currency), '},"carried":{"amount":"', money_text(least(0, t34.due), t34.currency), '"},"drawBalance":{"amount":"', money_text(t34.owed, t34.currency), '"},"payments":[', 
(select string_agg(concat('{"kind":"', t35.kind, '","debt":', case when t35.debt is null then 'null' else concat('"', t35.debt, '"') end, ',"amount":{"amount":"', money_text(t35.amount, t35.currency), '"},"note":', coalesce((to_json(t35.note))::text, 'null'), ',"component":', coalesce(
(select concat('{"name":', to_json(t36.name), '}') from component_version as t36 where t36.component_id = t35.component_id order by t36.plan_version_id desc limit 1), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t37.name), '}') from opportunity as t37 where t37.id = t35.opportunity_id), 'null'), ',"transaction":', coalesce(
(select concat('{"id":"transaction_', t38.id, '"}') from transaction as t38 where t38.id = t35.transaction_id), 'null'), '}'), ',' order by t35.place) from (
    select line.*, period.effective as span, row_number() over (
        order by array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], line.kind),
                 line.debt, line.component_id, line.opportunity_id, line.transaction_id) as place
    from payment_line(t34.rep_id, t34.period_id) as line join period on period.id = line.period_id
    where line.period_id = t34.period_id and line.currency = t34.currency
) as t35 where true), ']}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t33.id and target.id = 
(select id from period where name = $9::text) and target.kind = 'MONTH'
) as t34 where t34.usual), 'null'), '}') from rep as t33 where t33.id = $10::bigint), 'null'), ',"holds":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t39.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t40.name), '}') from rep as t40 where t40.id = t39.rep_id), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t41.name), '}') from opportunity as t41 where t41.id = t39.opportunity_id), 'null'), ',"component":', coalesce(
(select concat('{"id":"component_', t42.component_id, '","name":', to_json(t42.name), '}') from component_version as t42 where t42.component_id = t39.component_id order by t42.plan_version_id desc limit 1), 'null'), ',"release":"', t39.release, '","releasesOn":', case when t39.releases_on is null then 'null' else concat('"', t39.releases_on, '"') end, ',"reason":', to_json(t39.reason), ',"placedBy":', to_json(
(select tick.actor from tick where tick.position = t39.placed_position)), ',"releasedBy":', coalesce((to_json(
(select tick.actor from tick where tick.position = t39.released_position)))::text, 'null'), ',"releaseNote":', coalesce((to_json(t39.release_note))::text, 'null'), '}'), ','), ']}') from 
(select t39.id, t39.rep_id, t39.opportunity_id, t39.component_id, t39.release, t39.releases_on, t39.reason, t39.placed_position, t39.released_position, t39.release_note from hold as t39 where true order by t39.id desc limit 20) as t39 having true), ',"onDeal":{"totalCount":', (
(select count(*) from hold as t44 where true and (t44.opportunity_id = 
(select id from opportunity where external_id = $11::text)))), '},"ended":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"hold_', t45.id, '"}'), ','), ']}') from 
(select t45.id from hold as t45 where true and ((t45.released_position is not null or coalesce(t45.releases_on < $1::date, false)) = $12::boolean) order by t45.id desc limit 20) as t45 having true), ',"payout":', coalesce(
(select concat('{"id":"payout_', t46.id, '","period":', coalesce(
(select concat('{"name":', to_json(t47.name), '}') from period as t47 where t47.id = t46.period_id), 'null'), ',"state":"', t46.state, '","preparedBy":', to_json(
(select tick.actor from tick where tick.position = t46.prepared_position)), ',"approvedBy":', coalesce((to_json(
(select tick.actor from tick where tick.position = t46.approved_position)))::text, 'null'), ',"position":"', t46.prepared_position, '","csv":', coalesce((to_json(case when t46.state <> 'PREPARED' then payout_csv(t46.id) end))::text, 'null'), ',"totals":[', 
(select string_agg(concat('{"amount":{"amount":"', money_text(t48.amount, t48.currency), '","currency":', to_json(t48.currency), '},"reps":', t48.reps, '}'), ',' order by t48.currency) from (
    select payment.currency, sum(payment.amount) as amount, count(*) as reps
    from payout_line join payment on payment.id = payout_line.payment_id
    where payout_line.payout_id = t46.id group by payment.currency
) as t48 where true), '],"lines":', 
(select concat('{"totalCount":', (
(select count(*) from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t50 where t50.payout_id = t46.id)), ',"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t51.name), '}') from rep as t51 where t51.id = t49.rep_id), 'null'), ',"amount":{"amount":"', money_text(t49.amount, t49.currency), '","currency":', to_json(t49.currency), '}}'), ','), ']}') from 
(select t49.rep_id, t49.amount, t49.currency from (
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
) as t49 where t49.payout_id = t46.id order by t49.payment_id limit 20) as t49 having true), '}') from payout as t46 where t46.period_id = 
(select id from period where name = $13::text)), 'null'), ',"none":', coalesce(
(select concat('{"id":"payout_', t52.id, '"}') from payout as t52 where t52.period_id = 
(select id from period where name = $14::text)), 'null'), ',"payouts":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"payout_', t53.id, '"}'), ','), ']}') from 
(select t53.id from payout as t53 where true order by t53.id desc limit 20) as t53 having true), '}')
