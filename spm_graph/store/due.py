"""Who is to be estimated again: a queue that any number of processes share.

Each takes rows that no other holds, and a row is gone when its estimate is written. Who crashes gives its rows back, and
nothing is due twice.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, delete, tuple_

from .database import Transaction
from .tables import estimate, estimate_due

PROGRESS = """
select estimate_progress.position, begun, clock.position as reached from estimate_progress, clock
for update of estimate_progress skip locked
"""

OPEN_MONTHS = """
select id, effective from period where kind = 'MONTH' and state = 'OPEN' and lower(effective) <= :today
"""

# A change of a day reaches the month of that day, and those behind it: quarters and years go on. An earlier month it reaches
# where a window of both was posted through a later one: that is never evaluated through less again.
TOUCHED = f"""
insert into estimate_due as due (rep_id, period_id, position)
select changed.rep_id, month.id, max(changed.position)
from (
    select rep_id, lower(span) as starts, position from touch where position > :since and position <= :reached
    union all
    select evaluated.rep_id, lower(evaluated.span), posting.position
    from posting join run_evaluation as evaluated on evaluated.run_id = posting.run_id
    where posting.position > :since and posting.position <= :reached
) as changed
join ({OPEN_MONTHS}) as month
  on upper(month.effective) > changed.starts
  or exists (select from evaluation as posted
             where posted.rep_id = changed.rep_id and lower(posted.span) < upper(month.effective) and posted.through > changed.starts)
where not exists (select from estimate as made
                  where made.rep_id = changed.rep_id and made.period_id = month.id and made.position >= changed.position)
group by 1, 2
on conflict (rep_id, period_id) do update set position = excluded.position
"""

# Whose pay can't be calculated apart, because a contest judges them together, is estimated together.
CONTESTED = """
with recursive shared as materialized (
    select distinct assigned.rep_id, part.component_id
    from component_version as part
    join plan_version as version on version.id = part.plan_version_id and version.state = 'PUBLISHED'
    join plan_membership as assigned on assigned.plan_id = version.plan_id and assigned.effective && version.effective
    where part.round > 0
),
known(rep_id, period_id, position) as (
    select rep_id, period_id, position from estimate_due where position > :since
    union
    select other.rep_id, known.period_id, known.position
    from known join shared as mine on mine.rep_id = known.rep_id join shared as other on other.component_id = mine.component_id
)
insert into estimate_due (rep_id, period_id, position)
select rep_id, period_id, max(position) from known group by 1, 2 order by 1, 2
on conflict (rep_id, period_id) do update set position = excluded.position
"""

CONTESTS = "select exists (select from component_version where round > 0)"

BEGUN = f"""
insert into estimate_due (rep_id, period_id, position)
select distinct assigned.rep_id, month.id, 0
from ({OPEN_MONTHS}) as month join plan_membership as assigned on assigned.effective && month.effective
where lower(month.effective) > coalesce(cast(:begun as date), '-infinity')
on conflict do nothing
"""

CLOSED = "select id from period where closed_position > :since and closed_position <= :reached"

PROGRESSED = f"""
update estimate_progress
set position = :reached, begun = greatest(begun, (select max(lower(month.effective)) from ({OPEN_MONTHS}) as month))
"""

FAILED = """
insert into estimate_due (rep_id, period_id, position) select rep_id, period_id, 0 from estimate where problem is not null
on conflict do nothing
"""

# What just happened goes first, a month that began after it.
CLAIM = """
select rep_id, period_id from estimate_due where {which} order by position limit :most for update skip locked
"""

Pair = tuple[int, int]
"""The keys of a rep and of a pay period."""


async def look(tx: Transaction) -> None:
    """Queue whoever is concerned by what happened since the last look, unless another process is looking this very moment."""
    progress = await tx.row(PROGRESS)
    if progress is None:
        return
    dates = {"since": progress["position"], "reached": progress["reached"], "today": tx.today}
    await tx.execute(TOUCHED, dates)
    if await tx.scalar(CONTESTS):
        await tx.execute(CONTESTED, {"since": progress["position"]})
    await tx.execute(BEGUN, {"begun": progress["begun"], "today": tx.today})
    for row in await tx.rows(CLOSED, {"since": progress["position"], "reached": progress["reached"]}):
        await tx.execute(delete(estimate_due).where(estimate_due.c.period_id == row["id"]))
        await tx.execute(delete(estimate).where(estimate.c.period_id == row["id"]))
    await tx.execute(PROGRESSED, {"reached": progress["reached"], "today": tx.today})


async def again(tx: Transaction) -> None:
    """Queue those who could not be estimated: a package may have been installed or mended since."""
    await tx.execute(FAILED)


async def claim(tx: Transaction, most: int) -> list[Pair]:
    """Take so many of those who are due, until the transaction ends; none if there are none, or others have them."""
    for which in ("position > 0", "position = 0"):
        if rows := await tx.rows(CLAIM.format(which=which), {"most": most}):
            return [(row["rep_id"], row["period_id"]) for row in rows]
    return []


async def done(tx: Transaction, pairs: Collection[Pair]) -> None:
    """Take claimed pairs from the queue."""
    await tx.execute(delete(estimate_due).where(among(estimate_due, pairs)))


def among(table: Table, pairs: Collection[Pair]) -> ColumnElement[bool]:
    """The rows of a table that are about some reps and pay periods."""
    return tuple_(table.c.rep_id, table.c.period_id).in_(list(pairs))
