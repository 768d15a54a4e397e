select concat('{"rep":', coalesce(
(select concat('{"earningsTotal":{"amount":"', money_text(
(select coalesce(sum(earned.amount), 0) from earned where earned.rep_id = t1.id and earned.currency = t1.currency and (not false or earned.period_id = any (array
(select month.id from period as whole, period as month where whole.id = null and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))), t1.currency), '","currency":', to_json(t1.currency), '},"january":{"amount":"', money_text(
(select coalesce(sum(earned.amount), 0) from earned where earned.rep_id = t1.id and earned.currency = t1.currency and (not true or earned.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $1::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))), t1.currency), '"},"quarter":{"amount":"', money_text(
(select coalesce(sum(earned.amount), 0) from earned where earned.rep_id = t1.id and earned.currency = t1.currency and (not true or earned.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $2::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))), t1.currency), '"},"never":{"amount":"', money_text(
(select coalesce(sum(earned.amount), 0) from earned where earned.rep_id = t1.id and earned.currency = t1.currency and (not true or earned.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $3::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective))))), t1.currency), '"},"s1":', coalesce(
(select concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t3.name), '}') from rep as t3 where t3.id = t2.rep_id), 'null'), ',"period":', coalesce(
(select concat('{"name":', to_json(t4.name), ',"state":"', t4.state, '"}') from period as t4 where t4.id = t2.period_id), 'null'), ',"opening":{"amount":"', money_text(t2.opening, t2.currency), '","currency":', to_json(t2.currency), '},"earned":{"amount":"', money_text(t2.earned, t2.currency), '"},"payable":{"amount":"', money_text(greatest(0, t2.due), t2.currency), '"},"carried":{"amount":"', money_text(least(0, t2.due), t2.currency), '"},"paid":', case when 
(select sum(amount) from payment where payment.rep_id = t2.rep_id and payment.period_id = t2.period_id and payment.currency = t2.currency and payment.kind = 'PAID') is not null then concat('{"amount":"', money_text(
(select sum(amount) from payment where payment.rep_id = t2.rep_id and payment.period_id = t2.period_id and payment.currency = t2.currency and payment.kind = 'PAID'), t2.currency), '"}') else 'null' end, ',"byComponent":[', 
(select string_agg(concat('{"component":', coalesce(
(select concat('{"id":"component_', t6.component_id, '","name":', to_json(t6.name), '}') from component_version as t6 where t6.component_id = t5.component_id order by coalesce(
(select version.state <> 'DRAFT' and version.effective && t5.span from plan_version as version where version.id = t6.plan_version_id), false) desc, t6.plan_version_id desc limit 1), 'null'), ',"amount":{"amount":"', money_text(t5.amount, t5.currency), '","currency":', to_json(t5.currency), '}}'), ',' order by t5.component_id) from (
    select earned.component_id, earned.amount, earned.currency, target.effective as span, target.id as period_id
    from earned join period as target on target.id = earned.period_id
    where earned.rep_id = t2.rep_id and earned.period_id = t2.period_id and earned.currency = t2.currency
) as t5 where true), '],"lines":', 
(select concat('{"totalCount":', (
(select count(*) from earning as t8 where t8.rep_id = t2.rep_id and t8.period_id = t2.period_id and t8.currency = t2.currency)), ',"nodes":[', string_agg(concat('{"id":"earning_', t7.id, '"}'), ','), ']}') from 
(select t7.id from earning as t7 where t7.rep_id = t2.rep_id and t7.period_id = t2.period_id and t7.currency = t2.currency order by t7.id limit 20) as t7 having true), '}') from (
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
) as t2 where t2.usual), 'null'), ',"s2":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t9.opening, t9.currency), '"},"earned":{"amount":"', money_text(t9.earned, t9.currency), '"},"payable":{"amount":"', money_text(greatest(0, t9.due), t9.currency), '"},"carried":{"amount":"', money_text(least(0, t9.due), t9.currency), '"},"paid":', case when 
(select sum(amount) from payment where payment.rep_id = t9.rep_id and payment.period_id = t9.period_id and payment.currency = t9.currency and payment.kind = 'PAID') is not null then concat('{"amount":"', money_text(
(select sum(amount) from payment where payment.rep_id = t9.rep_id and payment.period_id = t9.period_id and payment.currency = t9.currency and payment.kind = 'PAID'), t9.currency), '"}') else 'null' end, ',"byComponent":[', 
(select string_agg(concat('{"component":', coalesce(
(select concat('{"name":', to_json(t11.name), '}') from component_version as t11 where t11.component_id = t10.component_id order by coalesce(
(select version.state <> 'DRAFT' and version.effective && t10.span from plan_version as version where version.id = t11.plan_version_id), false) desc, t11.plan_version_id desc limit 1), 'null'), ',"amount":{"amount":"', money_text(t10.amount, t10.currency), '"}}'), ',' order by t10.component_id) from (
    select earned.component_id, earned.amount, earned.currency, target.effective as span, target.id as period_id
    from earned join period as target on target.id = earned.period_id
    where earned.rep_id = t9.rep_id and earned.period_id = t9.period_id and earned.currency = t9.currency
) as t10 where true), '],"lines":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t12.id, '","amount":{"amount":"', money_text(t12.amount, t12.currency), '"}}'), ','), ']}') from 
(select t12.id, t12.amount, t12.currency from earning as t12 where t12.rep_id = t9.rep_id and t12.period_id = t9.period_id and t12.currency = t9.currency order by t12.id limit 20) as t12 having true), '}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $5::text) and target.kind = 'MONTH'
) as t9 where t9.usual), 'null'), ',"s3":', coalesce(
(select concat('{"opening":{"amount":"', money_text(t13.opening, t13.currency), '"},"earned":{"amount":"', money_text(t13.earned, t13.currency), '"},"payable":{"amount":"', money_text(greatest(0, t13.due), t13.currency), '"},"carried":{"amount":"', money_text(least(0, t13.due), t13.currency), '"}}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $6::text) and target.kind = 'MONTH'
) as t13 where t13.usual), 'null'), ',"quarterly":', coalesce(
(select concat('{"payable":{"amount":"', money_text(greatest(0, t14.due), t14.currency), '"}}') from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t1.id and target.id = 
(select id from period where name = $7::text) and target.kind = 'MONTH'
) as t14 where t14.usual), 'null'), ',"earnings":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t15.id, '"}'), ','), ']}') from 
(select t15.id from earning as t15 where t15.rep_id = t1.id and (t15.period_id = any (array
(select month.id from period as whole, period as month where whole.id = 
(select id from period where name = $8::text) and month.kind = 'MONTH' and lower(month.effective) >= lower(whole.effective) and lower(month.effective) < upper(whole.effective)))) and (t15.kind = $9::text) order by t15.id desc limit 20) as t15 having true), '}') from rep as t1 where t1.id = 
(select id from rep where external_id = $10::text)), 'null'), ',"earnings":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t16.id, '","kind":"', t16.kind, '","key":', to_json(t16.key), ',"amount":{"amount":"', money_text(t16.amount, t16.currency), '","currency":', to_json(t16.currency), '},"window":{"starts":', case when lower(t16.span) is null then 'null' else concat('"', lower(t16.span), '"') end, ',"ends":', case when upper(t16.span) is null then 'null' else concat('"', upper(t16.span), '"') end, '},"bookedIn":', coalesce(
(select concat('{"name":', to_json(t17.name), '}') from period as t17 where t17.id = t16.period_id), 'null'), ',"rep":', coalesce(
(select concat('{"name":', to_json(t18.name), '}') from rep as t18 where t18.id = t16.rep_id), 'null'), ',"component":', coalesce(
(select concat('{"id":"component_', t19.component_id, '","name":', to_json(t19.name), ',"config":', case t19.incentive_type when 'Flat' then '{"__typename":"Flat"}' when 'Steps' then '{"__typename":"Steps"}' else '{"__typename":"UninstalledIncentiveType"}' end, '}') from component_version as t19 where t19.component_id = t16.component_id order by coalesce(
(select version.state <> 'DRAFT' and version.effective && t16.span from plan_version as version where version.id = t19.plan_version_id), false) desc, t19.plan_version_id desc limit 1), 'null'), ',"steps":[', 
(select string_agg(concat('{"says":', coalesce(((t20.value -> 'says'))::text, 'null'), ',"base":', coalesce(((t20.value -> 'base'))::text, 'null'), ',"rate":', coalesce(((t20.value -> 'rate'))::text, 'null'), ',"amount":', coalesce(((t20.value -> 'amount'))::text, 'null'), '}'), ',' order by t20.ordinality) from jsonb_array_elements(t16.steps) with ordinality as t20), '],"credits":[', 
(select string_agg(concat('{"transaction":', coalesce(
(select concat('{"id":"transaction_', t22.id, '"}') from transaction as t22 where t22.id = t21.transaction_id), 'null'), ',"role":"', t21.role, '","amount":{"amount":"', money_text(t21.amount, 
(select currency from earning where earning.id = t21.earning_id)), '","currency":', to_json(
(select currency from earning where earning.id = t21.earning_id)), '}}'), ',' order by t21.transaction_id, t21.role) from earning_credit as t21 where t21.earning_id = t16.id), '],"posting":', coalesce(
(select concat('{"id":"posting_', t23.id, '","position":"', t23.position, '","actor":', to_json(
(select tick.actor from tick where tick.position = t23.position)), ',"note":', coalesce((to_json(t23.note))::text, 'null'), ',"period":', coalesce(
(select concat('{"name":', to_json(t24.name), '}') from period as t24 where t24.id = t23.period_id), 'null'), ',"run":', coalesce(
(select concat('{"id":"run_', t25.id, '","state":"', t25.state, '"}') from run as t25 where t25.id = t23.run_id), 'null'), '}') from posting as t23 where t23.id = t16.posting_id), 'null'), '}'), ','), ']}') from 
(select t16.id, t16.kind, t16.key, t16.amount, t16.currency, t16.span, t16.period_id, t16.rep_id, t16.component_id, t16.steps, t16.posting_id from earning as t16 where true order by t16.id desc limit 20) as t16 having true), ',"some":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"earning_', t26.id, '"}'), ','), ']}') from 
(select t26.id from earning as t26 where true and (t26.rep_id = 
(select id from rep where external_id = $11::text)) and (t26.component_id = $12::bigint) and (t26.posting_id = $13::bigint) order by t26.id desc limit 20) as t26 having true), '}')
