"""What must be true of the clock, of what is told, and of what is credited and expected: see `invariants`."""

COUNTED = {
    "the clock has every position once": """
        select number from generate_series(:since + 1, :until) as number left join tick on tick.position = number
        where tick.position is null
        union all
        select position from tick where position > :until
    """,
    "events are numbered without gaps": """
        select position, count(*), min(ordinal), max(ordinal) from event where position > :since and position <= :until
        group by 1 having min(ordinal) <> 0 or max(ordinal) <> count(*) - 1
        union all
        select position, 0, 0, 0 from event where position > :until
    """,
    "audits are numbered without gaps": """
        select position, count(*), min(ordinal), max(ordinal) from audit where position > :since and position <= :until
        group by 1 having min(ordinal) <> 0 or max(ordinal) <> count(*) - 1
        union all
        select position, 0, 0, 0 from audit where position > :until
    """,
    "what is credited is the sum of the credits": """
        select rep_id, measure_id, period_id, kept.value as kept, summed.value as summed
        from (select * from credited where rep_id = any(:reps)) as kept
        full join (
            select daily.rep_id, daily.measure_id, period.id as period_id,
                   sum(case when measure.kind = 'UNITS' then units
                            else amount * case when rep_id in (select rep_id from pay_currency) then carry_rate(rep_id, dated) else 1 end
                       end) as value
            from (
                select rep_id, measure_id, dated, sum(amount) as amount, sum(units) as units from credit
                where rep_id = any(:reps) and superseded_position is null group by 1, 2, 3
            ) as daily
            join measure on measure.id = daily.measure_id
            join period on period.kind = 'MONTH' and period.effective @> daily.dated
            group by 1, 2, 3
        ) as summed using (rep_id, measure_id, period_id)
        where coalesce(kept.value, 0) <> coalesce(summed.value, 0)
    """,
    "whoever is credited on a deal of somebody else has it listed": """
        with deal as (
            select row_id::bigint as id from audit where noun = 'opportunity' and position > :since
            union
            select opportunity_id from credit where made_position > :since or superseded_position > :since
        ),
        kept as (select * from credited_deal where opportunity_id in (select id from deal)),
        due as (
            select id, credited.rep_id, owner_id, amount, opened_on, expected_close_on, closed_on
            from opportunity
            cross join lateral (
                select rep_id from credit where opportunity_id = opportunity.id and superseded_position is null
                except
                select owner_id
            ) as credited
            where id in (select id from deal)
        )
        (select 'missing' as is, * from (select * from due except all select * from kept) as missing)
        union all
        (select 'too much', * from (select * from kept except all select * from due) as too_much)
    """,
    "the parts of a quota sum to it": """
        select quota.id, quota.value, quota.full_value, parts.value as parts, parts.full_value as full_parts
        from quota
        left join lateral (
            select sum(value) as value, sum(quota_part.full_value) as full_value, count(*) as number,
                   bool_and(period.effective <@ quota.effective and quota_part.rep_id = quota.rep_id
                            and quota_part.measure_id = quota.measure_id) as mine
            from quota_part join period on period.id = quota_part.period_id where quota_part.quota_id = quota.id
        ) as parts on true
        where quota.rep_id = any(:reps)
          and (parts.value is distinct from quota.value or parts.full_value is distinct from quota.full_value or not mine
               or number <> (select count(*) from period where period.kind = 'MONTH' and period.effective <@ quota.effective))
    """,
    "what is split is shared out whole": """
        select opportunity_id, sum(share) as shares from split where role = 'SPLIT' group by 1 having sum(share) <> 1
    """,
    "owner and split are credited with all that was sold": """
        select credit.transaction_id, credit.measure_id, sum(credit.sold_amount) as credited, sold.amount, sold.margin
        from credit join transaction as sold on sold.id = credit.transaction_id join measure on measure.id = credit.measure_id
        where superseded_position is null and credit.role in ('DIRECT', 'SPLIT') and measure.roles @> array['DIRECT', 'SPLIT']
          and measure.kind = 'MONEY' and credit.transaction_id = any(array(
              select transaction_id from credit where rep_id = any(:reps) and (made_position > :since or superseded_position > :since)
          ))
        group by credit.transaction_id, credit.measure_id, measure.basis, sold.amount, sold.margin
        having sum(credit.sold_amount) <> case when measure.basis = 'MARGIN' then sold.margin else sold.amount end
    """,
    "what attainment changes to is announced": """
        with given(rep_id, measure_id, during) as (
            select rep_id, measure_id, daterange(dated, dated + 1) from credit
            where rep_id = any(:reps) and (made_position > :since or superseded_position > :since)
            union
            select (row ->> 'rep_id')::bigint, (row ->> 'measure_id')::bigint, (row ->> 'effective')::daterange
            from audit cross join lateral (values (before), (after)) as was(row)
            where position > :since and position <= :until and noun in ('quota', 'opening_balance') and row is not null
        ),
        changed as (
            select distinct rep_id, measure_id, period.id as period_id from given join period on period.effective && during
        ),
        announced as (
            select distinct on (event.rep_id, measure.id, payload -> 'period' ->> 'id')
                   event.rep_id, measure.id as measure_id, split_part(payload -> 'period' ->> 'id', '_', 2)::bigint as period_id,
                   (payload -> 'credited' ->> 'value')::numeric as credited, (payload -> 'quota' ->> 'value')::numeric as quota
            from event join measure on measure.name = payload ->> 'measure'
            where event.position > :since and event.position <= :until and event.kind = 'AttainmentChange'
            order by 1, 2, payload -> 'period' ->> 'id', event.position desc, ordinal desc
        ),
        counted as (
            select rep_id, measure_id, period_id, measure.kind, rep.currency, part.effective,
                   coalesce(announced.credited, said.credited) as credited, coalesce(announced.quota, said.quota) as quota
            from changed full join announced using (rep_id, measure_id, period_id)
            join measure on measure.id = measure_id join rep on rep.id = rep_id join period as part on part.id = period_id
            left join lateral (
                select (payload -> 'credited' ->> 'value')::numeric as credited, (payload -> 'quota' ->> 'value')::numeric as quota
                from event
                where announced.rep_id is null and event.rep_id = changed.rep_id and event.kind = 'AttainmentChange'
                  and payload ->> 'measure' = measure.name and payload -> 'period' ->> 'id' = concat('period_', period_id)
                  and event.position <= :since
                order by event.position desc, ordinal desc limit 1
            ) as said on true
        )
        select counted.*, truly.*
        from counted cross join lateral (
            select (
                       select coalesce(sum(balance.value), 0) from credited as balance join period as month on month.id = balance.period_id
                       where balance.rep_id = counted.rep_id and balance.measure_id = counted.measure_id
                         and month.effective <@ counted.effective
                   ) + (
                       select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                       where opening.rep_id = counted.rep_id and opening.measure_id = counted.measure_id
                         and opening.effective <@ counted.effective
                   ) as is_credited,
                   (
                       select sum(part.value * part.carry) from quota_part as part join period as month on month.id = part.period_id
                       where part.rep_id = counted.rep_id and part.measure_id = counted.measure_id
                         and month.effective <@ counted.effective
                   ) as is_expected
        ) as truly
        where coalesce(credited, 0) <> measure_text(is_credited, kind, currency)::numeric
           or quota is distinct from measure_text(is_expected, kind, currency)::numeric
    """,
    "nobody reports to themselves": """
        with recursive above(rep_id, manager_id, during) as (
            select rep_id, manager_id, effective from reporting_line where rep_id = any(:reps)
            union
            select above.rep_id, line.manager_id, above.during * line.effective
            from above join reporting_line as line on line.rep_id = above.manager_id and line.effective && above.during
            where above.manager_id <> above.rep_id
        )
        select rep_id, during from above where rep_id = manager_id
    """,
    "who oversees whom follows from the reporting lines of each day": """
        with recursive dates(effective) as (select effective from reporting_line union select effective from oversight),
        day(day) as (
            select coalesce(lower(effective), '-infinity') from dates
            union
            select upper(effective) from dates where not upper_inf(effective)
        ),
        above(day, rep_id, manager_id) as (
            select day, rep_id, manager_id from day join reporting_line on effective @> day where rep_id = any(:reps)
            union
            select day, above.rep_id, line.manager_id
            from above join reporting_line as line on line.rep_id = above.manager_id and line.effective @> day
        ),
        kept as (select day, rep_id, manager_id from day join oversight on effective @> day where rep_id = any(:reps))
        (select 'missing' as is, * from (select * from above except all select * from kept) as missing)
        union all
        (select 'too much', * from (select * from kept except all select * from above) as too_much)
    """,
}
