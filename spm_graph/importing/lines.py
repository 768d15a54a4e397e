"""Who reports to whom, as an export says it: reporting lines that begin, and those that another replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from spm_graph.actions.crediting import sold_below
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.store import history
from spm_graph.store.database import Transaction
from spm_graph.store.oversight import Line, circle
from spm_graph.store.tables import reporting_line

# Where a rep has lines, the one that holds on the day from which changes count is compared, but no day before the first.
DUE = """
with given as (
    select rep.id as rep_id, manager.id as manager_id, rep.hired_on, staged.line,
           (select min(coalesce(lower(line.effective), '-infinity')) from reporting_line as line where line.rep_id = rep.id) as first_day
    from {staged} as staged
    join rep on rep.external_id = staged.external_id
    left join rep as manager on manager.external_id = staged.manager
),
wanted as (
    select rep_id, manager_id, line, case when first_day is null then greatest(cast(:effective_from as date), hired_on)
                                          else greatest(cast(:changes_from as date), hired_on, first_day) end as starts
    from given
)
select wanted.rep_id, wanted.manager_id, wanted.starts
from wanted
left join reporting_line as held on held.rep_id = wanted.rep_id and held.effective @> wanted.starts
where held.manager_id is distinct from wanted.manager_id
order by wanted.line
"""

BEGUN = """
insert into reporting_line (rep_id, manager_id, effective)
select rep_id, manager_id, daterange(starts, null)
from unnest(cast(:reps as bigint[]), cast(:managers as bigint[]), cast(:starts as date[])) as given(rep_id, manager_id, starts)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A rep whose manager is to be another one, or nobody, from a day on."""

    rep_id: int
    manager_id: int | None
    starts: date


async def due(tx: Transaction, staged: str, effective_from: date, changes_from: date) -> list[Due]:
    """The reps of a staged table whose manager is not the one stored. Reps and managers that are not stored yet don't count."""
    dates = {"effective_from": effective_from, "changes_from": changes_from}
    return [Due(**row) for row in await tx.rows(DUE.format(staged=staged), dates)]


async def follow(tx: Transaction, changes: list[Due]) -> list[int]:
    """Make the reporting lines so; the transactions that may be credited to others now.

    A line that leads back to its rep today is a bad row. One that does so on another day, past or to come, is refused here with
    CYCLE, and with it all that is loaded.
    """
    await history.end(tx, reporting_line, "rep_id", {change.rep_id: change.starts for change in changes})
    begun = [Line(change.rep_id, change.manager_id, change.starts) for change in changes if change.manager_id is not None]
    found = await circle(tx, begun)
    if found is not None:
        message = f"from {found.starts} on, {found.name} would report to themselves"
        raise refuse(ProblemCode.CYCLE, f"{message}: set their manager with managerSet, from the day on that is meant")
    columns = {
        "reps": [line.rep_id for line in begun],
        "managers": [line.manager_id for line in begun],
        "starts": [line.starts for line in begun],
    }
    await tx.execute(BEGUN, columns)
    return await sold_below(tx, {change.rep_id: change.starts for change in changes})
