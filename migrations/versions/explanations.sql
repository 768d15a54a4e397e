-- Why a deal, or a component, pays a rep what it pays: sentences with their numbers, also where that is nothing.

-- What a rep is credited with in a window, against what is expected of them.
create function reached_text(of_rep bigint, of_measure bigint, window_span daterange, currency text) returns text language sql stable as $$
    select format('%s credited against %s', measure_text(coalesce(sum(credited.value), 0), max(measure.kind), reached_text.currency),
                  case when sum(part.value * part.carry) > 0
                       then format('a quota of %s (%s %%)', measure_text(sum(part.value * part.carry), max(measure.kind), reached_text.currency),
                                   round(100 * coalesce(sum(credited.value), 0) / sum(part.value * part.carry), 2))
                       else 'no quota'
                  end)
    from measure
    join period as month on month.kind = 'MONTH' and month.effective <@ window_span
    left join credited on credited.period_id = month.id and credited.rep_id = of_rep and credited.measure_id = measure.id
    left join quota_part as part on part.period_id = month.id and part.rep_id = of_rep and part.measure_id = measure.id
    where measure.id = of_measure
$$;

-- The components that pay a rep for a measure, or for any, in some days, and how each of their windows stands. What is paid is
-- that for a deal, or, without one, what was booked in the pay period of the days.
create function standing(of_rep bigint, of_deal bigint, of_measure bigint, days daterange)
    returns table (component_id bigint, span daterange, rep text, currency text, what text, dates text, day date, reached text,
                   is_posted boolean, seen_position bigint, through date, run_outcome text, run_period text, message text,
                   line_amount numeric, steps jsonb, said text, is_capped boolean,
                   paid numeric, booked_in text, later numeric, later_in text)
    language sql stable as $$
    with form as (
        select distinct on (part.component_id) part.component_id, part.name, part.measure_id, plan.name as plan,
               window_span(part.window_kind, lower(days)) as span
        from plan_membership as member
        join plan on plan.id = member.plan_id
        join plan_version as version on version.plan_id = plan.id and version.state = 'PUBLISHED'
                                    and version.effective * member.effective && days
        join component_version as part on part.plan_version_id = version.id and (of_measure is null or part.measure_id = of_measure)
        where member.rep_id = of_rep
        order by part.component_id, version.version desc
    )
    select form.component_id, form.span, rep.name, rep.currency, format('%s of %s', form.name, form.plan),
           format('from %s until %s', lower(form.span), upper(form.span)), upper(days) - 1,
           reached_text(of_rep, form.measure_id, form.span, rep.counted_in),
           coalesce(posted.through >= upper(days), false), posted.position, posted.through,
           last_run.outcome, last_run.period, last_run.message,
           line.amount, line.steps, line.said, coalesce(line.is_capped, false),
           coalesce(booked.amount, 0), booked.periods, coalesce(later.amount, 0), later.periods
    from form
    join (select id, name, paid_in(id, lower(days)) as currency, currency as counted_in from rep) as rep on rep.id = of_rep
    left join evaluation as posted on posted.rep_id = of_rep and posted.component_id = form.component_id and posted.span = form.span
    left join lateral (
        select month.name as period,
               case when of_rep = any (run.excluded) then 'EXCLUDED' when evaluated.evaluated = 'FAILED' then 'FAILED'
                    when run.state <> 'POSTED' then 'WAITING'
               end as outcome,
               (select problem.message from run_problem as problem
                where problem.run_id = run.id and problem.rep_id = of_rep and problem.component_id = form.component_id
                  and problem.span = form.span
                limit 1) as message
        from run_evaluation as evaluated
        join run on run.id = evaluated.run_id and run.state <> 'CANCELLED'
        join period as month on month.id = run.period_id
        where evaluated.rep_id = of_rep and evaluated.component_id = form.component_id and evaluated.span = form.span
        order by run.id desc
        limit 1
    ) as last_run on true
    left join lateral (
        select sum((step.value ->> 'amount')::numeric) as amount, jsonb_agg(step.value order by each.key, step.ordinality) as steps,
               string_agg(step.value ->> 'says', '; ' order by each.key, step.ordinality) as said,
               bool_or(coalesce((step.value ->> 'caps')::boolean, false)) as is_capped
        from posting
        join run_line as each on each.run_id = posting.run_id and each.rep_id = of_rep and each.component_id = form.component_id
                             and each.span = form.span and each.currency = rep.currency
        cross join jsonb_array_elements(each.steps) with ordinality as step
        where posting.position = posted.posted_position
    ) as line on true
    left join lateral (
        select sum(part.amount) as amount, string_agg(distinct part.name, ', ' order by part.name) as periods
        from (
            select shared.amount, month.name
            from earning
            join earning_credit as shared on shared.earning_id = earning.id
            join transaction on transaction.id = shared.transaction_id
            left join transaction as corrected on corrected.id = transaction.corrects_id
            join period as month on month.id = earning.period_id
            where earning.rep_id = of_rep and earning.component_id = form.component_id and earning.span = form.span
              and earning.currency = rep.currency and coalesce(transaction.opportunity_id, corrected.opportunity_id) = of_deal
            union all
            select earned.amount, month.name
            from earned join period as month on month.id = earned.period_id
            where of_deal is null and earned.rep_id = of_rep and earned.component_id = form.component_id
              and earned.currency = rep.currency and month.effective = days
        ) as part
    ) as booked on true
    left join lateral (
        select sum(coalesce(shared.amount, earning.amount)) as amount, string_agg(distinct month.name, ', ' order by month.name) as periods
        from earning
        join period as month on month.id = earning.period_id and lower(month.effective) >= upper(form.span)
        left join lateral (
            select earning_credit.amount
            from earning_credit
            join transaction on transaction.id = earning_credit.transaction_id
            left join transaction as corrected on corrected.id = transaction.corrects_id
            where earning_credit.earning_id = earning.id and coalesce(transaction.opportunity_id, corrected.opportunity_id) = of_deal
        ) as shared on true
        where earning.rep_id = of_rep and earning.component_id = form.component_id and earning.span = form.span
          and earning.currency = rep.currency and (of_deal is null or shared.amount is not null)
    ) as later on true
$$;

-- What there is to say of these components.
create function explained_components(of_rep bigint, of_deal bigint, of_measure bigint, days daterange)
    returns table (ordinal integer, component_id bigint, span daterange, reason text, says text, amount numeric, currency text, steps jsonb)
    language sql stable as $$
    with found as (select * from standing(of_rep, of_deal, of_measure, days)),
    -- What is held by the last month with earnings, or by the first open one where that is later.
    due as (
        select period.id from period
        where period.kind = 'MONTH' and lower(period.effective) = greatest(
            (select min(lower(month.effective)) from period as month where month.kind = 'MONTH' and month.state = 'OPEN'),
            (select max(lower(month.effective)) from earned join period as month on month.id = earned.period_id
             where earned.rep_id = of_rep))
    ),
    held as (
        select component_id, sum(case kind when 'HELD' then amount else -amount end) as amount
        from (
            select component_id, opportunity_id, kind, amount from payment where rep_id = of_rep and kind in ('HELD', 'RELEASED')
            union all
            select ahead.component_id, ahead.opportunity_id, ahead.kind, ahead.amount
            from due cross join lateral payment_due(array[of_rep], due.id) as ahead where ahead.kind in ('HELD', 'RELEASED')
        ) as line
        where of_deal is null or opportunity_id = of_deal
        group by component_id having sum(case kind when 'HELD' then amount else -amount end) <> 0
    )
    select 10, component_id, span, 'PAID', format('%s pays %s %s, booked in %s.', what, money_text(paid, currency), currency, booked_in),
           paid, currency, steps
    from found where paid <> 0
    union all
    select 20, component_id, span, 'HELD',
           format('%s: %s %s is held%s', what, money_text(held.amount, currency), currency, coalesce(': ' || (
               select string_agg(hold.reason, '; ' order by hold.id) from hold
               where hold.released_position is null and (hold.releases_on is null or hold.releases_on >= (
                   select upper(period.effective) from due join period using (id)))
                 and (hold.rep_id is null or hold.rep_id = of_rep)
                 and (hold.component_id is null or hold.component_id = found.component_id)
                 and (hold.opportunity_id is null or of_deal is null or hold.opportunity_id = of_deal)), '.')),
           held.amount, currency, null
    from found join held using (component_id) where paid <> 0
    union all
    select 30, component_id, span, 'BOOKED_LATER',
           format('%s: %s %s %s was booked in %s.', what, money_text(later, currency), currency, dates, later_in), later, currency, null
    from found where later <> 0
    union all
    select 40, component_id, span,
           case run_outcome when 'EXCLUDED' then 'EXCLUDED' when 'FAILED' then 'RUN_HAS_PROBLEM' else 'NOT_CALCULATED' end,
           case run_outcome
               when 'EXCLUDED' then format('%s was left out of the run of %s.', rep, run_period)
               when 'FAILED' then format('The run of %s has a problem: %s.', run_period, message)
               when 'WAITING' then format('%s %s was calculated by the run of %s, which is not posted yet.', what, dates, run_period)
               else format('%s %s was not calculated through %s yet.', what, dates, day)
           end, null, null, null
    from found where not is_posted
    union all
    select 50, component_id, span, case when is_capped then 'CAPPED' else 'NOTHING_EARNED' end,
           case
               when said is null then format('%s %s has no line: %s.', what, dates, reached)
               when line_amount = 0 then format('%s %s comes to nothing: %s (%s).', what, dates, said, reached)
               else format('%s %s comes to %s %s, and nothing of it is for this: %s (%s).', what, dates,
                           money_text(line_amount, currency), currency, said, reached)
           end, 0, currency, steps
    from found where is_posted and paid = 0 and later = 0
    union all
    select 60, component_id, span, 'CHANGED_SINCE',
           format('Something changed for %s since %s %s was posted: the next run looks at it again.', rep, what, dates), null, null, null
    from found
    where is_posted and exists (
        select from touch
        where touch.rep_id = of_rep and touch.position > seen_position and touch.span && daterange(lower(found.span), through))
$$;

-- Why no component pays a rep on a day: there is no plan, or no version of one in force, or none for these measures.
create function explained_plans(of_rep bigint, measures bigint[], days daterange, credited_text text)
    returns table (reason text, says text) language sql stable as $$
    with member as (
        select plan.id, plan.name,
               exists (select from plan_version as version join plan_membership as member on member.plan_id = version.plan_id
                       where version.plan_id = plan.id and version.state = 'PUBLISHED' and member.rep_id = of_rep
                         and member.effective * version.effective && days) as in_force,
               (select min(version.version) from plan_version as version
                where version.plan_id = plan.id and version.state = 'DRAFT' and version.effective && days) as drafted
        from plan where exists (select from plan_membership as member where member.plan_id = plan.id and member.rep_id = of_rep
                                                                        and member.effective && days)
    )
    select 'NO_PLAN', format('%s is on no plan on %s.', rep.name, lower(days)) from rep where rep.id = of_rep and not exists (select from member)
    union all
    select 'PLAN_IS_DRAFT', format('Version %s of %s, for %s, is a draft: it pays nobody.', drafted, name, lower(days))
    from member where not in_force and drafted is not null
    union all
    select 'PLAN_NOT_IN_FORCE', format('No version of %s is in force on %s.', name, lower(days)) from member where not in_force and drafted is null
    union all
    select 'NOT_MEASURED', format('%s, and no component of %s pays for %s.', credited_text, string_agg(member.name, ', ' order by member.name),
                                  case cardinality(measures) when 1 then 'that' else 'any of these' end)
    from member where in_force and measures is not null having count(*) > 0
$$;

-- How many reporting lines, on the day that a deal was won, a manager is above the nearest of its people.
create function levels_above(manager bigint, of_deal bigint) returns integer language sql stable as $$
    with recursive above(rep_id, closed_on, depth) as (
        select coalesce(sharer.rep_id, deal.owner_id), deal.closed_on, 0
        from opportunity as deal left join split as sharer on sharer.opportunity_id = deal.id and sharer.role = 'SPLIT'
        where deal.id = of_deal
        union
        select line.manager_id, above.closed_on, above.depth + 1
        from above join reporting_line as line on line.rep_id = above.rep_id and line.effective @> above.closed_on
        where above.depth < 100
    )
    select min(depth) from above where rep_id = manager and depth > 0
$$;

-- What a deal pays a rep, and why it is not more.
create function explained_deal(of_rep bigint, of_deal bigint)
    returns table (id bigint, ordinal integer, component_id bigint, span daterange, reason text, says text, amount numeric, currency text,
                   steps jsonb)
    language sql stable as $$
    with deal as (
        select opportunity.*, owner.name as owner, rep.name as rep,
               paid_in(rep.id, coalesce(opportunity.closed_on, opportunity.expected_close_on)) as paid_in
        from opportunity join rep as owner on owner.id = opportunity.owner_id join rep on rep.id = of_rep
        where opportunity.id = of_deal
    ),
    mine as (
        select credit.measure_id, measure.name, credit.dated, sum(credit.amount) as amount, sum(credit.units) as units,
               format('%s in %s', case when measure.kind = 'UNITS' then trim_scale(sum(credit.units))::text
                                       else format('%s %s', money_text(sum(credit.amount), max(credit.currency)), max(credit.currency)) end,
                      measure.name) as says
        from credit
        join measure on measure.id = credit.measure_id
        where credit.opportunity_id = of_deal and credit.rep_id = of_rep and credit.superseded_position is null
        group by credit.measure_id, measure.name, measure.kind, credit.dated
    ),
    counted as (
        select count(*) as number, coalesce(bool_and(amount = 0 and units = 0), false) as is_refunded, min(dated) as dated,
               array_agg(distinct measure_id) as measures, string_agg(says, ', ' order by measure_id, dated) as says
        from mine
    ),
    before as (
        select credit.superseded_position as position, tick.action, tick.actor
        from credit join tick on tick.position = credit.superseded_position
        where credit.opportunity_id = of_deal and credit.rep_id = of_rep
        order by credit.superseded_position desc limit 1
    ),
    -- In which role a rep takes part in the deal: their share of it, or else it is their own or their people's.
    part as (
        select coalesce(
            (select min(split.role) from split where split.opportunity_id = of_deal and split.rep_id = of_rep),
            (select 'DIRECT' from deal where owner_id = of_rep
                and not exists (select from split where split.opportunity_id = of_deal and split.role = 'SPLIT')),
            (select 'ROLLUP' from deal left join split as sharer on sharer.opportunity_id = of_deal and sharer.role = 'SPLIT'
             join oversight as below on below.rep_id = coalesce(sharer.rep_id, deal.owner_id)
             where below.manager_id = of_rep and below.effective @> deal.closed_on limit 1)) as role
    ),
    -- Why each measure that counts this role does not count the deal.
    uncounted as (
        select measure.name, deal.rep, case
                   when not exists (select from transaction as sale where sale.opportunity_id = of_deal
                                                                     and sale.kind = any(measure.transaction_kinds)) then 'KIND'
                   when cardinality(product_ids) + cardinality(product_families) > 0 and not coalesce(
                       (select product.id = any(product_ids) or product.family = any(product_families)
                        from product where product.id = deal.product_id), false) then 'PRODUCT'
                   when part.role = 'ROLLUP' and levels_above(of_rep, of_deal) > measure.rollup_levels then 'LEVEL'
                   else 'NUMBER'
               end as why, measure.transaction_kinds, measure.rollup_levels,
               coalesce((select format('the product %s', product.name) from product where product.id = deal.product_id),
                        'deals without a product') as sold
        from deal cross join part join measure on part.role = any(measure.roles)
    ),
    paying as (
        select distinct on (said.ordinal, said.component_id, said.span, said.says) said.*
        from mine cross join lateral explained_components(of_rep, of_deal, mine.measure_id, daterange(mine.dated, mine.dated + 1)) as said
        order by said.ordinal, said.component_id, said.span, said.says
    ),
    said as (
        select 1 as ordinal, null::bigint as component_id, null::daterange as span, 'NOT_WON' as reason,
               case when outcome = 'LOST' then format('The deal was lost on %s.', closed_on)
                    else format('The deal is open, in stage %s: it counts once it is won.', stage) end as says,
               null::numeric as amount, null as currency, null::jsonb as steps
        from deal, counted where number = 0 and outcome is distinct from 'WON'
        union all
        select 2, null, null, 'SUPERSEDED',
               format('%s had a credit until position %s, when %s did %s.', rep, before.position, before.actor, before.action), null, null, null
        from deal, counted, before where number = 0 and outcome = 'WON'
        union all
        select 2, null, null, 'NOT_CREDITED',
               format('%s has no credit, and no overlay, rule or reporting line makes one: the deal is %s.', rep, coalesce(
                   (select 'shared by ' || string_agg(format('%s (%s %%)', sharer.name, trim_scale(split.share * 100)), ', ' order by sharer.id)
                    from split join rep as sharer on sharer.id = split.rep_id where split.opportunity_id = of_deal),
                   format('owned by %s alone', owner))), null, null, null
        from deal, counted, part where number = 0 and outcome = 'WON' and role is null and not exists (select from before)
        union all
        select 2, null, null, 'NOT_COUNTED', format('%s takes part in the deal as %s, and no measure counts that.', rep, role), null, null, null
        from deal, counted, part
        where number = 0 and outcome = 'WON' and role is not null and not exists (select from before) and not exists (select from uncounted)
        union all
        select 2, null, null,
               case why when 'PRODUCT' then 'PRODUCT_NOT_COUNTED' when 'LEVEL' then 'LEVEL_NOT_COUNTED' else 'NOT_COUNTED' end,
               case why
                   when 'PRODUCT' then format('%s does not count %s.', uncounted.name, sold)
                   when 'LEVEL' then format('%s is %s levels above who sold the deal, and %s counts %s.', uncounted.rep,
                                            levels_above(of_rep, of_deal), uncounted.name, rollup_levels)
                   when 'KIND' then format('%s counts %s only, and the deal has none.', uncounted.name, array_to_string(transaction_kinds, ', '))
                   else format('The deal has none of what %s counts.', uncounted.name)
               end, null, null, null
        from deal, counted, uncounted where number = 0 and outcome = 'WON' and not exists (select from before)
        union all
        select 3, null, null, 'REFUNDED', 'What was sold was given back: the credits come to nothing.', null, null, null
        from counted where number > 0 and is_refunded
        union all
        select 4, null, null, plans.reason, plans.says, null, null, null
        from deal, counted
        cross join lateral explained_plans(of_rep, measures, daterange(counted.dated, counted.dated + 1),
                                           format('%s is credited %s', rep, counted.says)) as plans
        where number > 0 and not exists (select from paying)
        union all
        select paying.* from paying
    )
    select of_rep, said.* from said
$$;

-- What a pay period pays a rep, component by component, and why it is not more.
create function explained_period(of_rep bigint, of_period bigint)
    returns table (id bigint, ordinal integer, component_id bigint, span daterange, reason text, says text, amount numeric, currency text,
                   steps jsonb)
    language sql stable as $$
    with paying as (
        select said.*
        from period cross join lateral explained_components(of_rep, null, null, period.effective) as said
        where period.id = of_period and period.kind = 'MONTH'
    )
    select of_rep, paying.* from paying
    union all
    select of_rep, 4, null, null, plans.reason, plans.says, null, null, null
    from period cross join lateral explained_plans(of_rep, null, period.effective, null) as plans
    where period.id = of_period and period.kind = 'MONTH'
      and (plans.reason <> 'NO_PLAN' or not exists (select from paying))
$$;
