-- What becomes payable, and when: the one rule by which a closing month is booked and an open one is shown in advance.
-- docs/payments.md says it in words, with numbers.

create trigger payment_period_open before insert on payment for each row execute function spm_period_open();

-- The transaction that all others of its family correct in the end: a deal where there is no opportunity.
create function transaction_root(given bigint) returns bigint language sql stable parallel safe as $$
    with recursive corrected(id, corrects_id) as (
        select sold.id, sold.corrects_id from transaction as sold where sold.id = given
        union
        select earlier.id, earlier.corrects_id from corrected join transaction as earlier on earlier.id = corrected.corrects_id
    )
    select id from corrected where corrects_id is null
$$;

-- What each rep is entitled to, by component and deal: an opportunity, or a family of transactions without one, or neither.
create view entitled_part as
select earning.rep_id, earning.period_id, earning.currency, earning.component_id, sold.opportunity_id,
       case when sold.opportunity_id is null then transaction_root(sold.id) end as transaction_id, part.amount
from earning
join earning_credit as part on part.earning_id = earning.id
join transaction as sold on sold.id = part.transaction_id
union all
select earning.rep_id, earning.period_id, earning.currency, earning.component_id, null, null,
       earning.amount - coalesce((select sum(part.amount) from earning_credit as part where part.earning_id = earning.id), 0)
from earning
union all
select rep_id, period_id, currency, null, opportunity_id, null, amount from booked_adjustment;

-- Of a deal in its own currency, up to a day: what it comes to, refunds taken off, and what of it the customer has not paid.
-- Orders say what it comes to, or invoices where there is none; without either there is nothing to wait for.
create function uncollected(deal bigint, root bigint, until date, out total numeric, out missing numeric) language sql stable parallel safe as $$
    with recursive family as (
        select line.id, line.kind, line.amount, line.currency from transaction as line
        where (line.opportunity_id = deal or line.id = root) and line.dated < until
        union
        select line.id, line.kind, line.amount, line.currency
        from family join transaction as line on line.corrects_id = family.id
        where line.dated < until
    ),
    counted as (
        select coalesce(sum(amount) filter (where kind = 'ORDER'), sum(amount) filter (where kind = 'INVOICE'))
                 + coalesce(sum(amount) filter (where kind = 'REFUND'), 0) as sold,
               coalesce(sum(amount) filter (where kind = 'PAYMENT'), 0) as paid
        from family
        where currency = (select first.currency from family as first where first.kind in ('ORDER', 'INVOICE') order by first.id limit 1)
    )
    select coalesce(sold, 0), case when sold > 0 then greatest(0, least(sold, sold - paid)) else 0 end from counted
$$;

-- What a line of the payment ledger does to the sum that is payable, and to what is owed of draws: 1 adds, -1 takes off.
create function payable_sign(kind text, debt text) returns integer language sql immutable parallel safe as $$
    select case when kind in ('RELEASED', 'DRAWN') or debt = 'CARRIED' then 1 when kind in ('HELD', 'RECOVERED', 'PAID') then -1 else 0 end
$$;
create function owed_sign(kind text, debt text) returns integer language sql immutable parallel safe as $$
    select case when kind = 'DRAWN' then 1 when kind = 'RECOVERED' or debt = 'DRAW' then -1 else 0 end
$$;

-- What the payment ledger books for these reps in an open month, and in the open months before it, in their order.
create function payment_due(reps bigint[], month_id bigint)
    returns table (rep_id bigint, period_id bigint, kind text, debt text, amount numeric, currency text,
                   component_id bigint, opportunity_id bigint, transaction_id bigint)
    language plpgsql stable as $$
#variable_conflict use_column
declare
    month daterange := (select effective from period where period.id = month_id and period.kind = 'MONTH' and state = 'OPEN');
    month_before bigint;
begin
    if month is null then
        return;
    end if;
    select period.id into month_before from period
    where period.kind = 'MONTH' and state = 'OPEN' and upper(effective) <= lower(month) order by lower(effective) desc limit 1;
    return query
    with earlier as materialized (select * from payment_due(reps, month_before)),
    ledger as materialized (
        select rep_id, period_id, kind, debt, amount, currency, component_id, opportunity_id, transaction_id
        from payment where rep_id = any (reps)
        union all
        select * from earlier
    ),
    holding as materialized (
        select hold.* from hold
        where released_position is null and (releases_on is null or releases_on >= upper(month)) and (rep_id is null or rep_id = any (reps))
    ),
    part as (
        select rep_id, currency, component_id, opportunity_id, transaction_id, sum(held) as held, sum(fresh) as fresh
        from (
            select rep_id, currency, component_id, opportunity_id, transaction_id,
                   case kind when 'HELD' then amount else -amount end as held, 0 as fresh
            from ledger where kind in ('HELD', 'RELEASED')
            union all
            select rep_id, currency, component_id, opportunity_id, transaction_id, 0, amount
            from entitled_part
            where period_id = month_id and rep_id = any (reps)
              and ((select count(*) from holding) > 0 or (select count(*) from ledger where kind = 'HELD') > 0)
        ) as counted
        group by 1, 2, 3, 4, 5 having sum(held) <> 0 or sum(fresh) <> 0
    ),
    -- What holds a part: an event, the customer's payments, or nothing.
    covered as (
        select part.*,
               case when held_by.event then 'BY_EVENT'
                    when held_by.cash and coalesce(opportunity_id, transaction_id) is not null then 'BY_CASH' end as release
        from part cross join lateral (
            select bool_or(release = 'BY_EVENT') as event, bool_or(release = 'BY_CASH') as cash
            from holding
            where (holding.rep_id is null or holding.rep_id = part.rep_id)
              and (holding.component_id is null or holding.component_id = part.component_id)
              and (holding.opportunity_id is null or holding.opportunity_id = part.opportunity_id)
        ) as held_by
    ),
    -- What is taken back comes off what is held of the same part, and then off what is held of the same deal.
    standing as (
        select covered.*,
               greatest(0, held + case when release is null then least(fresh, 0) else fresh end) as kept,
               greatest(0, -held - fresh) as lacking
        from covered
    ),
    netted as (
        select standing.*,
               kept - greatest(0, least(kept, case when coalesce(opportunity_id, transaction_id) is null then 0 else
                   sum(lacking) over deal - coalesce(sum(kept) over (deal order by component_id rows between unbounded preceding and 1 preceding), 0)
               end)) as left_over
        from standing
        window deal as (partition by rep_id, currency, opportunity_id, transaction_id)
    ),
    whole as (
        select rep_id, currency, component_id, opportunity_id, transaction_id, sum(amount) as amount
        from entitled_part join period on period.id = entitled_part.period_id
        where rep_id = any (array(select distinct rep_id from covered where release = 'BY_CASH')) and lower(effective) <= lower(month)
        group by 1, 2, 3, 4, 5
    ),
    -- Paid for in part, what is held is the part of everything earned on it that the customer still owes.
    holdings as (
        select netted.rep_id, netted.currency, netted.component_id, netted.opportunity_id, netted.transaction_id,
               left_over - held as newly_held,
               left_over - case release
                   when 'BY_EVENT' then left_over
                   when 'BY_CASH' then (
                       select least(left_over, greatest(0, case when total > 0 then
                           round(missing * whole.amount / total, currency_exponent(netted.currency)) else 0 end))
                       from uncollected(netted.opportunity_id, netted.transaction_id, upper(month)))
                   else 0 end as released
        from netted left join whole
          on whole.rep_id = netted.rep_id and whole.currency = netted.currency
         and coalesce(whole.component_id, 0) = coalesce(netted.component_id, 0)
         and coalesce(whole.opportunity_id, 0) = coalesce(netted.opportunity_id, 0)
         and coalesce(whole.transaction_id, 0) = coalesce(netted.transaction_id, 0)
    ),
    -- What each draw gives in the month, by days where it is prorated; the terms are those of the latest.
    granted as (
        select draw.*, days.count as days,
               row_number() over (partition by draw.rep_id, draw.currency order by days.count > 0 desc, lower(draw.effective) desc) as latest
        from draw join rep on rep.id = draw.rep_id
        cross join lateral (select draw.effective * month * daterange(rep.hired_on, rep.left_on) as dates) as given
        cross join lateral (select coalesce(upper(dates) - lower(dates), 0) as count) as days
        where draw.rep_id = any (reps) and lower(draw.effective) < upper(month)
    ),
    term as (
        select rep_id, currency,
               round(sum(case when prorated then monthly * days / (upper(month) - lower(month))
                              when latest = 1 and days > 0 then monthly else 0 end), currency_exponent(currency)) as granted,
               max(kind) filter (where latest = 1) as kind,
               coalesce(max(forgiven_on) filter (where latest = 1) < upper(month), false) as forgiven,
               coalesce(max(recovery_starts) filter (where latest = 1) < upper(month), true) as recovering,
               max(recovery_share) filter (where latest = 1) as share,
               (array_agg(to_jsonb(protected)) filter (where latest = 1))[1] as protected
        from granted group by 1, 2
    ),
    account as (
        select rep_id, currency, sum(opening) as opening, sum(brought) as brought, sum(owed) as owed
        from (
            select rep_id, currency, amount as opening, 0 as brought, 0 as owed
            from entitled join period on period.id = entitled.period_id where rep_id = any (reps) and lower(effective) < lower(month)
            union all
            select rep_id, currency, 0, amount, 0 from entitled where rep_id = any (reps) and period_id = month_id
            union all
            select rep_id, currency, payable_sign(kind, debt) * amount, 0, owed_sign(kind, debt) * amount from ledger
            union all
            select rep_id, currency, 0, released - newly_held, 0 from holdings
            union all
            select rep_id, currency, 0, 0, 0 from term
        ) as entry
        group by 1, 2
    ),
    -- What of it protected components brought: it is paid on top.
    guarded as (
        select rep_id, currency, sum(amount) as amount
        from (
            select rep_id, currency, component_id, amount from earned where rep_id = any (reps) and period_id = month_id
            union all
            select rep_id, currency, component_id, released - newly_held from holdings
        ) as counted
        join term using (rep_id, currency)
        where term.protected @> to_jsonb(counted.component_id)
        group by 1, 2
    ),
    drawing as (
        select account.*, coalesce(term.granted, 0) as granted, coalesce(term.kind, 'RECOVERABLE') as terms,
               coalesce(term.forgiven, false) as forgiven, coalesce(term.recovering, true) as recovering, coalesce(term.share, 1) as share,
               brought - coalesce(guarded.amount, 0) as counting
        from account left join term using (rep_id, currency) left join guarded using (rep_id, currency)
    ),
    drawn as (
        select drawing.*, greatest(0, granted - greatest(0, counting)) as drawn,
               case when recovering and not forgiven then
                   least(greatest(0, owed), round(share * greatest(0, least(counting - granted, opening + brought - granted)),
                                                  currency_exponent(currency)))
               else 0 end as recovered
        from drawing
    ),
    booked(rep_id, kind, debt, amount, currency, component_id, opportunity_id, transaction_id) as (
        select rep_id, 'HELD', null, newly_held, currency, component_id, opportunity_id, transaction_id from holdings
        union all
        select rep_id, 'RELEASED', null, released, currency, component_id, opportunity_id, transaction_id from holdings
        union all
        select rep_id, 'DRAWN', null, drawn, currency, null, null, null from drawn
        union all
        select rep_id, 'RECOVERED', null, recovered, currency, null, null, null from drawn
        union all
        select rep_id, 'WRITTEN_OFF', 'DRAW', case when forgiven then owed + drawn when terms = 'NON_RECOVERABLE' then drawn else 0 end,
               currency, null, null, null from drawn
        union all
        select rep_id, 'PAID', null, greatest(0, opening + brought + drawn - recovered), currency, null, null, null from drawn
    )
    select * from earlier
    union all
    select rep_id, month_id, kind, debt, amount, currency, component_id, opportunity_id, transaction_id from booked where amount <> 0;
end $$;

-- The lines of the payment ledger of a rep: those that are booked, and those that the open months up to this one would book.
create function payment_line(given_rep bigint, month_id bigint)
    returns table (rep_id bigint, period_id bigint, kind text, debt text, amount numeric, currency text,
                   component_id bigint, opportunity_id bigint, transaction_id bigint, note text)
    language sql stable as $$
    select rep_id, period_id, kind, debt, amount, currency, component_id, opportunity_id, transaction_id, note
    from payment where rep_id = given_rep
    union all
    select due.*, null from payment_due(array[given_rep], month_id) as due
$$;

-- A rep's statement of a month in one currency: opening + earned + adjustments - held + released + drawn - recovered + written off
-- is payable where it is above zero, and else a debt that is carried on.
create function statement_of(given_rep bigint, given_currency text, month_id bigint,
                             out opening numeric, out earned numeric, out adjustments numeric, out held numeric, out released numeric,
                             out drawn numeric, out recovered numeric, out written_off numeric, out owed numeric)
    language sql stable as $$
    with month as (select effective from period where id = month_id),
    line as materialized (
        select line.kind, line.debt, line.amount, period.effective << month.effective as past
        from month, payment_line(given_rep, month_id) as line join period on period.id = line.period_id
        where line.currency = given_currency and not period.effective >> month.effective
    ),
    summed as (
        select coalesce(sum(payable_sign(kind, debt) * amount) filter (where past), 0) as before,
               coalesce(sum(amount) filter (where not past and kind = 'HELD'), 0) as held,
               coalesce(sum(amount) filter (where not past and kind = 'RELEASED'), 0) as released,
               coalesce(sum(amount) filter (where not past and kind = 'DRAWN'), 0) as drawn,
               coalesce(sum(amount) filter (where not past and kind = 'RECOVERED'), 0) as recovered,
               coalesce(sum(amount) filter (where not past and debt = 'CARRIED'), 0) as written_off,
               coalesce(sum(owed_sign(kind, debt) * amount), 0) as owed
        from line
    )
    select before + coalesce((select sum(entitled.amount) from entitled, period, month
                              where entitled.rep_id = given_rep and entitled.currency = given_currency
                                and period.id = entitled.period_id and period.effective << month.effective), 0),
           coalesce((select sum(amount) from earned where rep_id = given_rep and currency = given_currency and period_id = month_id), 0),
           coalesce((select sum(amount) from booked_adjustment
                     where rep_id = given_rep and currency = given_currency and period_id = month_id), 0),
           held, released, drawn, recovered, written_off, owed
    from summed
$$;

-- What a rep owes after the months that are closed: what is carried, and what was drawn. Forgiven debts are taken off.
create function debt_of(given_rep bigint, given_currency text, out carried numeric, out drawn numeric) language sql stable as $$
    select -least(0, coalesce(sum(payable_sign(kind, debt) * amount), 0)
                     + coalesce((select sum(entitled.amount) from entitled join period on period.id = entitled.period_id
                                 where entitled.rep_id = given_rep and entitled.currency = given_currency and period.state = 'CLOSED'), 0)),
           coalesce(sum(owed_sign(kind, debt) * amount), 0)
    from payment where rep_id = given_rep and currency = given_currency
$$;

-- A field of a CSV file: quoted where RFC 4180 wants it, and never what a spreadsheet would take for a formula.
create function csv_field(value text) returns text language sql immutable parallel safe as $$
    select case when safe ~ E'[",\r\n]' then '"' || replace(safe, '"', '""') || '"' else safe end
    from (select case when value ~ E'^[=+@\t\r-]' then '''' || value else coalesce(value, '') end) as escaped(safe)
$$;

-- A payout batch as payroll reads it: the same to the byte however often it is asked for.
create function payout_csv(given_payout bigint) returns text language sql stable as $$
    select E'externalId,name,period,currency,amount\r\n' || coalesce(string_agg(
        concat_ws(',', csv_field(rep.external_id), csv_field(rep.name), period.name, payment.currency,
                  money_text(payment.amount, payment.currency)) || E'\r\n', '' order by payment.id), '')
    from payout_line
    join payment on payment.id = payout_line.payment_id
    join period on period.id = payment.period_id
    join rep on rep.id = payment.rep_id
    where payout_line.payout_id = given_payout
$$;
