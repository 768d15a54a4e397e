-- What tables alone cannot say: the clock, the audit, and the ledgers that are only ever added to.

insert into clock (position) values (0);
insert into event_horizon (position) values (0);
insert into estimate_progress (position) values (0);
insert into company (name, currency, refund_dating) values ('Company', 'USD', 'ORIGINAL');

create function spm_tick(actor text, action text) returns bigint language plpgsql as $$
declare
    taken bigint;
begin
    update clock set position = position + 1 returning position into taken;
    insert into tick (position, at, actor, action) values (taken, clock_timestamp(), actor, action);
    perform set_config('spm.position', taken::text, true);
    perform set_config('spm.audited', '0', true);
    perform pg_notify('spm_position', taken::text);
    return taken;
end $$;

create function spm_audit() returns trigger language plpgsql as $$
declare
    at_position bigint := nullif(current_setting('spm.position', true), '')::bigint;
    number integer;
begin
    if at_position is null then
        raise exception 'a write to % before the clock ticked', tg_table_name;
    end if;
    if tg_op = 'UPDATE' and old is not distinct from new then
        return null;
    end if;
    number := current_setting('spm.audited')::integer;
    perform set_config('spm.audited', (number + 1)::text, true);
    insert into audit (position, ordinal, noun, row_id, before, after)
    values (
        at_position, number, tg_table_name,
        coalesce(to_jsonb(new) ->> 'id', to_jsonb(old) ->> 'id', 'only'),
        case when tg_op <> 'INSERT' then to_jsonb(old) end,
        case when tg_op <> 'DELETE' then to_jsonb(new) end
    );
    return null;
end $$;

create function spm_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is only ever added to', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Events go once the horizon, which is audited, has passed them, and in no other way.
create function spm_event_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.position <= (select position from event_horizon) then
        return old;
    end if;
    raise exception 'event is only ever added to' using errcode = 'restrict_violation';
end $$;

create function spm_horizon_rises() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or new.position < old.position or new.position > (select position from clock) then
        raise exception 'the horizon only rises, and not beyond the clock' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- How many events it removed: the application's role may not delete from the table itself.
create function spm_prune_events(most integer) returns bigint language sql security definer set search_path from current as $$
    with gone as (
        delete from event where ctid = any (array(
            select ctid from event where position <= (select position from event_horizon) order by position limit most
        )) returning 1
    )
    select count(*) from gone
$$;

-- True, or an error for a cursor behind which events are gone. It is a condition of the statement that reads them.
create function event_cursor_stands(at_position bigint, at_ordinal bigint) returns boolean language plpgsql stable as $$
declare
    horizon bigint;
    now_at bigint;
begin
    select event_horizon.position, clock.position into horizon, now_at from event_horizon, clock;
    if horizon > 0 and (at_position, at_ordinal) < (horizon, 2147483647) then
        raise exception 'Events behind this cursor are no longer kept' using errcode = 'SPM01',
            detail = json_build_object('cursor', now_at::text, 'oldest', horizon::text);
    elsif at_position > now_at then -- of a database that was restored from a backup, or of another one
        raise exception 'This cursor lies ahead of all that has happened here' using errcode = 'SPM01',
            detail = json_build_object('cursor', now_at::text, 'oldest', horizon::text);
    end if;
    return true;
end $$;

-- FOR SHARE waits for a close that is under way, and makes a close wait for us.
create function spm_period_open() returns trigger language plpgsql as $$
declare
    found_state text;
begin
    select state into found_state from period where id = new.period_id for share;
    if found_state <> 'OPEN' then
        raise exception 'period % is closed', new.period_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create function spm_published_stays() returns trigger language plpgsql as $$
declare
    version_state text;
begin
    select state into version_state from plan_version where id = coalesce(new.plan_version_id, old.plan_version_id);
    if version_state <> 'DRAFT' then
        raise exception 'a published plan version never changes' using errcode = 'restrict_violation';
    end if;
    return coalesce(new, old);
end $$;

-- Of a published version only the dates and the state change: reps accepted its text.
create function spm_text_stays() returns trigger language plpgsql as $$
begin
    if old.state <> 'DRAFT' and (new.plan_id, new.version, new.document) is distinct from (old.plan_id, old.version, old.document) then
        raise exception 'a published plan version never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- What was expected first tells how far a deal has slipped since, whoever writes it.
create function spm_first_expected() returns trigger language plpgsql as $$
begin
    new.first_expected_on := coalesce(old.first_expected_on, new.expected_close_on);
    return new;
end $$;

-- Who oversees reps whose lines changed, and everybody who was below them, taken from the lines anew. A circle of managers ends
-- where it closes, for the table to refuse it, and a line of managers after as many levels as credits roll up: each of n one above
-- the other has all above, which is half of n squared. Whoever writes a line has ticked the clock before, or the audit refuses, and so waits
-- for others who do: the lines read here are all there are.
create function spm_oversee(changed bigint[]) returns void language plpgsql security definer set search_path from current
    set plan_cache_mode = force_custom_plan as $$ -- one line and ten thousand want different plans
declare
    reps bigint[] := array(select unnest(changed) union select rep_id from oversight where manager_id = any (changed));
    most constant integer := 100;
    deepest integer;
begin
    delete from oversight where rep_id = any (reps);
    with recursive above(rep_id, manager_id, effective, level) as (
        select line.rep_id, line.manager_id, line.effective, 1 from reporting_line as line where line.rep_id = any (reps)
        union
        select above.rep_id, line.manager_id, above.effective * line.effective, above.level + 1
        from above join reporting_line as line on line.rep_id = above.manager_id and line.effective && above.effective
        where above.manager_id <> above.rep_id and above.level <= most
    ),
    kept as (
        insert into oversight (manager_id, rep_id, effective)
        select manager_id, rep_id, unnest(range_agg(effective)) from above where level <= most group by manager_id, rep_id
    )
    select max(level) into deepest from above;
    if deepest > most then
        raise exception 'more than % managers one above the other', most
            using errcode = 'check_violation', constraint = 'oversight_of_at_most_100_levels';
    end if;
end $$;

create function spm_lines_changed() returns trigger language plpgsql as $$
declare
    reps bigint[];
begin
    if tg_op <> 'INSERT' then
        reps := array(select rep_id from gone);
    end if;
    if tg_op <> 'DELETE' then
        reps := reps || array(select rep_id from come);
    end if;
    perform spm_oversee(reps);
    return null;
end $$;

-- Which deals of others somebody is credited on, with what deals are listed by: the table `credited_deal` always has the same rows.
create view credited_deal_due as
select distinct deal.id as opportunity_id, credit.rep_id, deal.owner_id, deal.amount, deal.opened_on, deal.expected_close_on, deal.closed_on
from credit join opportunity as deal on deal.id = credit.opportunity_id and deal.owner_id <> credit.rep_id
where credit.superseded_position is null;

-- Whoever makes them so holds the clock, as all who tick do: two writers who knew nothing of each other would each leave out what the
-- other's rows add. OFFSET has each deal looked up, however many they are: a plan is kept, and one that was made for a whole import
-- would read all deals for the next one, and the other way round.
create function spm_list_credited(deals bigint[]) returns void language plpgsql security definer set search_path from current
    set enable_seqscan = off as $$
begin
    if cardinality(deals) > 0 then
        perform from clock for update;
        delete from credited_deal where opportunity_id = any (deals);
        insert into credited_deal (opportunity_id, rep_id, owner_id, amount, opened_on, expected_close_on, closed_on)
        select due.* from unnest(deals) as changed(id)
        cross join lateral (select * from credited_deal_due where opportunity_id = changed.id offset 0) as due;
    end if;
end $$;

-- A deal that is new is credited to nobody.
create function spm_deals_changed() returns trigger language plpgsql as $$
begin
    perform spm_list_credited(array(
        select id from (
            select id, owner_id, amount, opened_on, expected_close_on, closed_on from come
            except
            select id, owner_id, amount, opened_on, expected_close_on, closed_on from gone
        ) as changed
    ));
    return null;
end $$;

create function spm_credits_changed() returns trigger language plpgsql as $$
begin
    perform spm_list_credited(array(
        select distinct opportunity_id from (
            (select id, opportunity_id, rep_id from gone where superseded_position is null
             except select id, opportunity_id, rep_id from come where superseded_position is null)
            union all
            (select id, opportunity_id, rep_id from come where superseded_position is null
             except select id, opportunity_id, rep_id from gone where superseded_position is null)
        ) as changed
        where opportunity_id is not null
    ));
    return null;
end $$;

create function spm_credits_ended() returns trigger language plpgsql as $$
begin
    perform spm_list_credited(array(select distinct opportunity_id from gone where opportunity_id is not null));
    return null;
end $$;

-- Most writes of credits are new ones, and of these only those of others than the owner are looked at.
create function spm_credits_begun() returns trigger language plpgsql security definer set search_path from current
    set enable_seqscan = off as $$
begin
    perform from clock for update;
    insert into credited_deal (opportunity_id, rep_id, owner_id, amount, opened_on, expected_close_on, closed_on)
    select deal.id, come.rep_id, deal.owner_id, deal.amount, deal.opened_on, deal.expected_close_on, deal.closed_on
    from come
    cross join lateral (select * from opportunity where id = come.opportunity_id and owner_id <> come.rep_id offset 0) as deal
    where come.superseded_position is null
    on conflict do nothing;
    return null;
end $$;

create trigger event_append_only before update or delete on event for each row execute function spm_event_stays();
create trigger event_never_truncated before truncate on event execute function spm_append_only();
create trigger event_horizon_rises before insert or update or delete on event_horizon for each row execute function spm_horizon_rises();
create trigger opportunity_first_expected before insert or update on opportunity for each row execute function spm_first_expected();
create trigger reporting_line_begun after insert on reporting_line referencing new table as come
    for each statement execute function spm_lines_changed();
create trigger reporting_line_changed after update on reporting_line referencing old table as gone new table as come
    for each statement execute function spm_lines_changed();
create trigger reporting_line_ended after delete on reporting_line referencing old table as gone
    for each statement execute function spm_lines_changed();
create trigger opportunity_changed after update on opportunity referencing old table as gone new table as come
    for each statement execute function spm_deals_changed();
create trigger credit_begun after insert on credit referencing new table as come
    for each statement execute function spm_credits_begun();
create trigger credit_changed after update on credit referencing old table as gone new table as come
    for each statement execute function spm_credits_changed();
create trigger credit_ended after delete on credit referencing old table as gone
    for each statement execute function spm_credits_ended();
create trigger earning_period_open before insert on earning for each row execute function spm_period_open();
create trigger adjustment_period_open before insert on adjustment for each row execute function spm_period_open();
create trigger adjustment_decision_period_open before insert on adjustment_decision for each row execute function spm_period_open();
create trigger plan_version_text_stays before update on plan_version for each row execute function spm_text_stays();
create trigger component_version_published_stays before insert or update or delete on component_version
    for each row execute function spm_published_stays();

do $$
declare
    name text;
begin
    foreach name in array array['tick', 'audit', 'touch', 'stage_change', 'posting', 'earning', 'earning_credit', 'adjustment', 'adjustment_decision', 'plan_acceptance', 'payment', 'payout_line', 'acknowledgement'] loop
        execute format('create trigger %I before update or delete on %I for each row execute function spm_append_only()', name || '_append_only', name);
        execute format('create trigger %I before truncate on %I execute function spm_append_only()', name || '_never_truncated', name);
    end loop;
    foreach name in array array['company', 'event_horizon', 'rep', 'reporting_line', 'api_key', 'account', 'product', 'opportunity', 'split', 'transaction',
                                'activity', 'activity_target', 'plan_feedback', 'dispute', 'draw', 'hold', 'payout',
                                'period', 'measure', 'quota', 'goal', 'plan', 'plan_version', 'component', 'component_version', 'plan_assignment', 'plan_title', 'run',
                                'target_variable', 'opening_balance', 'fx_rate', 'pay_currency', 'crediting_rule', 'rep_title', 'territory', 'territory_rule', 'territory_assignment', 'account_territory', 'webhook'] loop
        execute format('create trigger %I after insert or update or delete on %I for each row execute function spm_audit()', name || '_audit', name);
    end loop;
end $$;

-- ISO 4217: how many digits a currency's minor unit has.
create function currency_exponent(currency text) returns integer language sql immutable parallel safe as $$
    select case
        when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
        when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
        when currency in ('CLF', 'UYW') then 4
        else 2
    end
$$;

-- The one written form of an amount of money, of a rate, and of a ratio.
create function money_text(amount numeric, currency text) returns text language sql immutable parallel safe as $$
    select round(amount, currency_exponent(currency))::text
$$;
create function measure_text(value numeric, kind text, currency text) returns text language sql immutable parallel safe as $$
    select case when kind = 'MONEY' then money_text(value, currency) else trim_scale(value)::text end
$$;
create function ratio_text(ratio numeric) returns text language sql immutable parallel safe as $$ select round(ratio, 6)::text $$;

-- The currency that a rep is paid in on a day.
create function paid_in(of_rep bigint, day date) returns text language sql stable parallel safe as $$
    select coalesce((select currency from pay_currency where rep_id = of_rep and effective @> day), (select currency from rep where id = of_rep))
$$;

-- What one unit of the currency that a rep is paid in on a day is worth in the last of their currencies: the product of the rates
-- of the changes since.
create function carry_rate(of_rep bigint, day date) returns numeric language plpgsql stable parallel safe as $$
declare
    worth numeric := 1;
    change numeric;
begin
    for change in select rate from pay_currency where rep_id = of_rep and lower(effective) > day loop
        worth := worth * change;
    end loop;
    return worth;
end $$;

-- The rep whom a sign-on names: by the key of the source systems, or else the only one with this address.
create function rep_of_subject(subject text) returns bigint language sql stable parallel safe as $$
    select coalesce(
        (select id from rep where external_id = subject),
        (select min(id) from rep where lower(email) = lower(subject) having count(*) = 1)
    )
$$;

-- Whom an actor stands for, by the name that the audit has.
create function person_of(actor text) returns text language sql stable parallel safe as $$
    select coalesce('rep_' || coalesce(named.rep_id, rep_of_subject(named.subject)), 'user ' || named.subject, actor)
    from (
        select key.rep_id, case when actor like 'user %' then substring(actor from 6) else key.person end as subject
        from (values (1)) as one left join api_key as key on key.id = substring(actor from '^key_([0-9]{1,18}) ')::bigint
    ) as named
$$;

-- The full span of the window that a day lies in.
create function window_span(kind text, day date) returns daterange language sql immutable parallel safe as $$
    select case kind
        when 'PERIOD' then daterange(date_trunc('month', day::timestamp)::date, (date_trunc('month', day::timestamp) + interval '1 month')::date)
        when 'QUARTER_TO_DATE' then daterange(date_trunc('quarter', day::timestamp)::date, (date_trunc('quarter', day::timestamp) + interval '3 months')::date)
        when 'YEAR_TO_DATE' then daterange(date_trunc('year', day::timestamp)::date, (date_trunc('year', day::timestamp) + interval '1 year')::date)
    end
$$;

-- Who is on a plan, and when: by name, or by the title they hold. Dates that both give count once, or they would be paid twice.
create view plan_membership as
select merged.plan_id, merged.rep_id, part.effective
from (
    select plan_id, rep_id, range_agg(effective) as effective
    from (
        select plan_id, rep_id, effective from plan_assignment
        union all
        select plan_title.plan_id, rep_title.rep_id, plan_title.effective * rep_title.effective
        from plan_title join rep_title on rep_title.title = plan_title.title and rep_title.effective && plan_title.effective
    ) as given
    group by plan_id, rep_id
) as merged
cross join lateral unnest(merged.effective) as part(effective);

-- The adjustments that count: those that wait for somebody's approval, or were declined, don't.
create view booked_adjustment as
select * from adjustment
where not pending
   or exists (select from adjustment_decision as decision where decision.adjustment_id = adjustment.id and decision.approved);

-- What each rep is entitled to in each pay period: what was earned, and what was adjusted by hand.
create view entitled as
select rep_id, period_id, currency, amount from earned
union all
select rep_id, period_id, currency, amount from booked_adjustment;

-- How a line is shared over the transactions that it pays, as one value to compare: what a run says, and what is booked.
create function shared_json(shares jsonb) returns jsonb language sql immutable parallel safe as $$
    select jsonb_object_agg(concat_ws(':', share ->> 'transaction', share ->> 'role'), (share ->> 'amount')::numeric)
    from jsonb_array_elements(shares) as share
$$;
create function booked_json(rep bigint, component bigint, window_span daterange, line_key text, line_currency text, before_position bigint)
    returns jsonb language sql stable parallel safe as $$
    select jsonb_object_agg(concat_ws(':', transaction_id, role), amount)
    from (
        select allocated.transaction_id, allocated.role, sum(allocated.amount) as amount
        from earning join earning_credit as allocated on allocated.earning_id = earning.id
        where earning.rep_id = rep and earning.component_id = component and earning.span = window_span
          and earning.key = line_key and earning.currency = line_currency and earning.position < before_position
        group by 1, 2 having sum(allocated.amount) <> 0
    ) as shared
$$;

-- What a run would book: what its lines come to, against what was booked before it, within what it evaluated.
create view run_change as
with scope as not materialized (
    select evaluated.run_id, evaluated.rep_id, evaluated.component_id, evaluated.span,
           coalesce(posting.position, 9223372036854775807) as before_position
    from run_evaluation as evaluated
    join run on run.id = evaluated.run_id and not evaluated.rep_id = any (run.excluded)
    left join posting on posting.run_id = run.id
    where evaluated.evaluated = 'DONE'
),
booked as (
    select scope.run_id, scope.rep_id, scope.component_id, scope.span, earning.key, earning.currency, scope.before_position,
           sum(earning.amount) as amount
    from scope
    join earning on earning.rep_id = scope.rep_id and earning.component_id = scope.component_id and earning.span = scope.span
                and earning.position < scope.before_position
    group by 1, 2, 3, 4, 5, 6, 7
),
target as (
    select scope.run_id, scope.rep_id, scope.component_id, scope.span, line.key, line.currency, line.amount, line.steps, line.credits
    from scope cross join lateral (
        select * from run_line
        where run_line.run_id = scope.run_id and run_line.rep_id = scope.rep_id
          and run_line.component_id = scope.component_id and run_line.span = scope.span
        offset 0 -- window by window: a run of today is in no statistics, and compares all lines with all windows where they are joined
    ) as line
)
select run_id, rep_id, component_id, span, key, currency,
       coalesce(booked.amount, 0) as before,
       coalesce(target.amount, 0) as after,
       coalesce(target.amount, 0) - coalesce(booked.amount, 0) as difference,
       booked.amount is null as is_new,
       target.steps,
       target.credits
from target full join booked using (run_id, rep_id, component_id, span, key, currency)
where coalesce(target.amount, 0) <> coalesce(booked.amount, 0)
   or (booked.amount is not null and shared_json(coalesce(target.credits, '[]'))
       is distinct from booked_json(rep_id, component_id, span, key, currency, booked.before_position));

-- Which of a run's changes are of windows that were last posted under another version of their incentive type's package.
create view plugin_change as
select run_change.*, updated.incentive_type, updated.package, updated.version_before, updated.version_now
from run_change
left join posting on posting.run_id = run_change.run_id
cross join lateral (
    select run.id
    from run_evaluation as evaluated
    join posting as earlier on earlier.run_id = evaluated.run_id and earlier.position < coalesce(posting.position, 9223372036854775807)
    join run on run.id = evaluated.run_id and not evaluated.rep_id = any (run.excluded)
    where evaluated.rep_id = run_change.rep_id and evaluated.component_id = run_change.component_id
      and evaluated.span = run_change.span and evaluated.evaluated = 'DONE'
    order by earlier.position desc
    limit 1
) as last_posted
cross join lateral (
    select used.incentive_type, used.package, before.version as version_before, used.version as version_now
    from run_plugin as used
    join run_plugin as before on before.run_id = last_posted.id and before.incentive_type = used.incentive_type
    where used.run_id = run_change.run_id and before.version <> used.version
      and used.incentive_type in (select part.incentive_type from component_version as part where part.component_id = run_change.component_id)
    order by used.incentive_type
    limit 1
) as updated;
