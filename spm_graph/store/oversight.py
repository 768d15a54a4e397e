"""Who oversees whom must not lead back to themselves: looked for before reporting lines are written, as the database then refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .database import Transaction

MOST_LEVELS = 100
"""How many managers somebody may have one above the other: `spm_oversee` in the migrations refuses more, and a circle."""

# A step goes by a new line to its manager, and on to everybody whom that one is below already. After so many of them the
# database refuses the line for its length.
CIRCULAR = f"""
with recursive line(rep_id, manager_id, effective) as (
    select rep_id, manager_id, daterange(starts, ends)
    from unnest(cast(:reps as bigint[]), cast(:managers as bigint[]), cast(:starts as date[]), cast(:ends as date[]))
         as given(rep_id, manager_id, starts, ends)
),
step(rep_id, above_id, during) as (
    select rep_id, manager_id, effective from line
    union all
    select line.rep_id, held.manager_id, line.effective * held.effective
    from line join oversight as held on held.rep_id = line.manager_id and held.effective && line.effective
),
above(rep_id, above_id, during, steps) as (
    select rep_id, above_id, during, 1 from step
    union
    select above.rep_id, step.above_id, above.during * step.during, above.steps + 1
    from above join step on step.rep_id = above.above_id and step.during && above.during
    where above.above_id <> above.rep_id and above.steps < {MOST_LEVELS}
)
select (select name from rep where rep.id = above.rep_id) as name, lower(during) as starts
from above where above_id = rep_id order by name, starts limit 1
"""


class Line(NamedTuple):
    """A rep who is to report to a manager from a day on, until another one if that is given."""

    rep_id: int
    manager_id: int
    starts: date
    ends: date | None = None


class Circle(NamedTuple):
    """Who would report to themselves, directly or not, and from which day on."""

    name: str
    starts: date


async def circle(tx: Transaction, lines: Sequence[Line]) -> Circle | None:
    """The first by name of those who would report to themselves if these lines were there, too; None: nobody would.

    Of lines that the database has on the same days, only those of somebody who begins the circle may be left: others of the
    reps named here must have ended.
    """
    columns = {
        "reps": [line.rep_id for line in lines],
        "managers": [line.manager_id for line in lines],
        "starts": [line.starts for line in lines],
        "ends": [line.ends for line in lines],
    }
    row = await tx.row(CIRCULAR, columns)
    return Circle(**row) if row is not None else None
