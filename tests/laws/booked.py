"""What must be true of the two ledgers, of what is earned and of what is paid: see `invariants`."""

BOOKED = {
    "what is earned is the sum of the earnings": """
        select rep_id, period_id, component_id, currency, kept.amount as kept, summed.amount as summed
        from (select * from earned where rep_id = any(:paid)) as kept
        full join (
            select rep_id, period_id, component_id, currency, sum(amount) as amount
            from earning where rep_id = any(:paid) group by 1, 2, 3, 4
        ) as summed using (rep_id, period_id, component_id, currency)
        where coalesce(kept.amount, 0) <> coalesce(summed.amount, 0)
    """,
    "nothing is booked in a month after its close": """
        select booked.* from (
            select 'earning' as ledger, id, period_id, position from earning where rep_id = any(:paid)
            union all select 'adjustment', id, period_id, position from adjustment where rep_id = any(:paid)
            union all select 'payment', id, period_id, position from payment where rep_id = any(:paid)
            union all select 'adjustment_decision', adjustment_id, period_id, position from adjustment_decision
        ) as booked join period on period.id = booked.period_id
        where booked.position > period.closed_position or period.kind <> 'MONTH'
    """,
    "the steps of an earning sum to its amount": """
        select id, amount, steps from earning
        where rep_id = any(:paid) and position > :since
          and amount <> (select coalesce(sum((step ->> 'amount')::numeric), 0) from jsonb_array_elements(steps) as step)
    """,
    "the parts of an earning by deal sum to it": """
        select rep_id, component_id, span, key, currency, sum(earning.amount) as amount, sum(parts.amount) as parts
        from earning
        left join lateral (
            select sum(amount) as amount from earning_credit where earning_id = earning.id
        ) as parts on true
        where rep_id = any(:paid)
        group by 1, 2, 3, 4, 5
        having max(position) > :since and sum(parts.amount) <> sum(earning.amount) and exists (
            select from earning as one join earning_credit as part on part.earning_id = one.id
            where one.rep_id = earning.rep_id and one.component_id = earning.component_id and one.span = earning.span
              and one.key = earning.key and one.currency = earning.currency
            group by part.transaction_id, part.role having sum(part.amount) <> 0
        )
    """,
    "nothing is held below zero": """
        select rep_id, component_id, opportunity_id, transaction_id, currency,
               sum(case kind when 'HELD' then amount else -amount end) as held
        from payment where rep_id = any(:paid) and kind in ('HELD', 'RELEASED') group by 1, 2, 3, 4, 5
        having sum(case kind when 'HELD' then amount else -amount end) < 0
    """,
    "what rep and company owe each other is what was earned, paid, held and drawn": """
        with ledger as (
            select rep_id, currency,
                   sum(amount) filter (where kind = 'PAID') as paid,
                   sum(case kind when 'HELD' then amount when 'RELEASED' then -amount end) as held,
                   sum(amount) filter (where debt = 'CARRIED') as forgiven,
                   sum(amount) filter (where debt = 'DRAW') as given,
                   sum(case kind when 'DRAWN' then amount when 'RECOVERED' then -amount end) as drawn
            from payment where rep_id = any(:paid) group by 1, 2
        ),
        due as (
            select rep_id, currency, sum(amount) as entitled
            from entitled join period on period.id = period_id where rep_id = any(:paid) and period.state = 'CLOSED' group by 1, 2
        )
        select rep_id, currency, entitled, paid, held, forgiven, given, ledger.drawn, debt.carried, debt.drawn as owed
        from ledger full join due using (rep_id, currency) cross join lateral debt_of(rep_id, currency) as debt
        where coalesce(entitled, 0) - coalesce(paid, 0) - coalesce(held, 0) + coalesce(ledger.drawn, 0) + coalesce(forgiven, 0)
              <> -debt.carried
           or debt.drawn <> coalesce(ledger.drawn, 0) - coalesce(given, 0)
           or debt.carried < 0 or debt.drawn < 0
    """,
    "a closed month paid what its statement came to, and no less than nothing": """
        with lately as (select id, name from period where kind = 'MONTH' and state = 'CLOSED' order by lower(effective) desc limit 2),
        accounts as (
            select rep_id, currency from entitled where rep_id = any(:paid)
            union
            select rep_id, currency from payment where rep_id = any(:paid)
        )
        select accounts.*, lately.name, said.*, coalesce(paid.amount, 0) as paid
        from lately cross join accounts cross join lateral statement_of(accounts.rep_id, accounts.currency, lately.id) as said
        left join payment as paid on paid.rep_id = accounts.rep_id and paid.currency = accounts.currency and paid.period_id = lately.id
                                 and paid.kind = 'PAID'
        where coalesce(paid.amount, 0)
              <> greatest(0, opening + earned + adjustments - held + released + drawn - recovered + said.written_off)
    """,
    "a batch pays what its month paid": """
        select payment.id from (select * from payment where position > :since) as payment
        left join payout_line on payout_line.payment_id = payment.id left join payout on payout.id = payout_line.payout_id
        where (payment.kind = 'PAID' and payout.period_id is distinct from payment.period_id)
           or (payment.kind <> 'PAID' and payout_line.payment_id is not null)
    """,
}
