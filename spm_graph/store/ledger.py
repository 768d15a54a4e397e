"""The entitlement ledger: only ever added to, by posting runs, and what each posting adds is a difference."""

from __future__ import annotations

from collections.abc import Sequence

from .database import Transaction
from .events import CARD, PERIOD

# What changed behind a rep's windows since they were evaluated, and reps who came under the run's period since.
# In a contest and behind one it is enough that something changed for one of them, though they are left out of the run.
STALE = """
with evaluated as (
    select run_evaluation.*, run_evaluation.rep_id = any(run.excluded) as is_excluded
    from run_evaluation join run on run.id = run_id where run_id = :run_id
),
moved as materialized (
    select rep_id, component_id, span, is_excluded from evaluated
    where exists (select from touch
                  where touch.rep_id = evaluated.rep_id and touch.position > evaluated.position
                    and touch.span && daterange(evaluated.reads_from, evaluated.through))
)
select rep_id from moved where not is_excluded
union
select rep_id from evaluated
where round > 0 and not is_excluded and (component_id, span) in (select component_id, span from moved)
union
select rep_id from evaluated
where not is_excluded
  and exists (select from evaluation as posted
              where posted.rep_id = evaluated.rep_id and posted.component_id = evaluated.component_id
                and posted.span = evaluated.span and posted.posted_position > evaluated.position)
union
select touch.rep_id
from run join period on period.id = run.period_id
join touch on touch.position > run.position and touch.span && period.effective
join plan_membership as assigned on assigned.rep_id = touch.rep_id and assigned.effective && period.effective
where run.id = :run_id and not touch.rep_id = any(run.excluded)
  and not exists (select from run_evaluation where run_evaluation.run_id = run.id and run_evaluation.rep_id = touch.rep_id)
order by 1
"""

EARN = """
with changed as (
    select nextval(pg_get_serial_sequence('earning', 'id')) as id, run_change.*
    from run_change where run_id = :run_id
    order by rep_id, component_id, span, key, currency
),
added as (
    insert into earning (id, posting_id, rep_id, component_id, kind, span, key, period_id, amount, currency, steps, position)
    overriding system value
    select id, :posting_id, rep_id, component_id, case when is_new then 'EARNED' else 'CORRECTION' end, span, key, :period_id,
           difference, currency,
           case when is_new then steps else coalesce(steps, '[]') || jsonb_build_array(
               jsonb_build_object('says', 'booked before', 'base', money_text(before, currency), 'rate', '-1',
                                  'amount', money_text(-before, currency)))
           end,
           :position
    from changed order by id
    returning rep_id, component_id, period_id, currency, amount
),
target as (
    select changed.id, (part ->> 'transaction')::bigint as transaction_id, part ->> 'role' as role, (part ->> 'amount')::numeric as amount
    from changed cross join jsonb_array_elements(changed.credits) as part
),
booked as (
    select changed.id, allocated.transaction_id, allocated.role, sum(allocated.amount) as amount
    from changed
    join earning as earlier on earlier.rep_id = changed.rep_id and earlier.component_id = changed.component_id
                           and earlier.span = changed.span and earlier.key = changed.key and earlier.currency = changed.currency
    join earning_credit as allocated on allocated.earning_id = earlier.id
    group by 1, 2, 3
),
allocated as (
    insert into earning_credit (earning_id, transaction_id, role, amount)
    select id, transaction_id, role, coalesce(target.amount, 0) - coalesce(booked.amount, 0)
    from target full join booked using (id, transaction_id, role)
    where coalesce(target.amount, 0) <> coalesce(booked.amount, 0)
),
balanced as (
    insert into earned as balance (rep_id, period_id, component_id, currency, amount, position)
    select rep_id, period_id, component_id, currency, sum(amount), :position from added group by 1, 2, 3, 4
    on conflict (rep_id, period_id, component_id, currency)
    do update set amount = balance.amount + excluded.amount, position = excluded.position
)
select count(*) from added
"""

EVALUATED = """
insert into evaluation (rep_id, component_id, span, through, position, posted_position)
select evaluated.rep_id, evaluated.component_id, evaluated.span, evaluated.through, evaluated.position, :position
from run_evaluation as evaluated join run on run.id = evaluated.run_id
where run.id = :run_id and evaluated.evaluated = 'DONE' and not evaluated.rep_id = any(run.excluded)
on conflict (rep_id, component_id, span)
do update set through = excluded.through, position = excluded.position, posted_position = excluded.posted_position
"""

ANNOUNCE = f"""
insert into event (position, ordinal, kind, rep_id, payload)
select :position,
       (select coalesce(max(ordinal) + 1, 0) from event where position = :position) + row_number() over (order by rep.id) - 1,
       'EarningsPosted', rep.id,
       jsonb_build_object(
           'rep', {CARD},
           'period', {PERIOD},
           'posting', 'posting_' || :posting_id,
           'amount', jsonb_build_object('amount', money_text(added.amount, added.currency), 'currency', added.currency))
from (
    select rep_id, period_id, currency, sum(amount) as amount from earning where posting_id = cast(:posting_id as bigint) group by 1, 2, 3
) as added
join rep on rep.id = added.rep_id
join period on period.id = added.period_id
"""


async def stale(tx: Transaction, run_id: int) -> Sequence[int]:
    """The reps whose lines in a run no longer follow from the facts and the ledger, or who are missing from it."""
    return [row["rep_id"] for row in await tx.rows(STALE, {"run_id": run_id})]


async def post(tx: Transaction, position: int, run_id: int, period_id: int, note: str | None) -> tuple[int, int]:
    """Book what a run changes in a pay period; the posting's key, and how many earnings it made.

    The clock must have ticked in an earlier statement: so these compare with all that was booked before, and nobody can
    book beside them.
    """
    posting_id = await tx.scalar(
        "insert into posting (position, run_id, period_id, note) values (:position, :run_id, :period_id, :note) returning id",
        {"position": position, "run_id": run_id, "period_id": period_id, "note": note},
    )
    keys = {"position": position, "run_id": run_id, "posting_id": posting_id}
    count = await tx.scalar(EARN, {**keys, "period_id": period_id})
    await tx.execute(EVALUATED, {"position": position, "run_id": run_id})
    await tx.execute(ANNOUNCE, {"position": position, "posting_id": posting_id})
    return posting_id, count
