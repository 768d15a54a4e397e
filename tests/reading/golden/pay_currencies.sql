select concat('{"rep":', coalesce(
(select concat('{"currency":', to_json(coalesce(
(select paid.currency from pay_currency as paid where paid.rep_id = t1.id and paid.effective @> coalesce(null, $1::date)), t1.currency)), ',"then":', to_json(coalesce(
(select paid.currency from pay_currency as paid where paid.rep_id = t1.id and paid.effective @> coalesce($2::date, $1::date)), t1.currency)), ',"payCurrencies":[', 
(select string_agg(concat('{"currency":', to_json(t2.currency), ',"rate":"', trim_scale(round(t2.rate, 8)), '","effective":{"starts":', case when lower(t2.effective) is null then 'null' else concat('"', lower(t2.effective), '"') end, ',"ends":', case when upper(t2.effective) is null then 'null' else concat('"', upper(t2.effective), '"') end, '}}'), ',' order by coalesce(lower(t2.effective), '-infinity')) from pay_currency as t2 where t2.rep_id = t1.id), '],"statements":[', 
(select string_agg(concat('{"earned":{"amount":"', money_text(t3.earned, t3.currency), '","currency":', to_json(t3.currency), '},"payable":{"amount":"', money_text(greatest(0, t3.due), t3.currency), '"}}'), ',' order by t3.usual desc, t3.currency) from (
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
) as t3 where t3.usual or t3.opening <> 0 or t3.earned <> 0 or t3.adjustments <> 0 or t3.held <> 0 or t3.released <> 0 or t3.drawn <> 0 or t3.recovered <> 0 or t3.written_off <> 0 or t3.owed <> 0), ']}') from rep as t1 where t1.id = $4::bigint), 'null'), ',"ana":', coalesce(
(select concat('{"currency":', to_json(coalesce(
(select paid.currency from pay_currency as paid where paid.rep_id = t4.id and paid.effective @> coalesce($5::date, $1::date)), t4.currency)), ',"payCurrencies":[', 
(select string_agg(concat('{"currency":', to_json(t5.currency), '}'), ',' order by coalesce(lower(t5.effective), '-infinity')) from pay_currency as t5 where t5.rep_id = t4.id), '],"statements":[', 
(select string_agg(concat('{"earned":{"amount":"', money_text(t6.earned, t6.currency), '","currency":', to_json(t6.currency), '},"payable":{"amount":"', money_text(greatest(0, t6.due), t6.currency), '"}}'), ',' order by t6.usual desc, t6.currency) from (
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = t4.id and target.id = 
(select id from period where name = $6::text) and target.kind = 'MONTH'
) as t6 where t6.usual or t6.opening <> 0 or t6.earned <> 0 or t6.adjustments <> 0 or t6.held <> 0 or t6.released <> 0 or t6.drawn <> 0 or t6.recovered <> 0 or t6.written_off <> 0 or t6.owed <> 0), ']}') from rep as t4 where t4.id = 
(select id from rep where external_id = $7::text)), 'null'), '}')
