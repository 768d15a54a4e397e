"""Who reports to whom, as an export says it: reporting lines that begin, and those that another replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from spm_graph.domain.terms import Role
from spm_graph.store import history, touches
from spm_graph.store.database import Transaction
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
    select rep_id, manager_id, line, first_day is null as first,
           case when first_day is null then greatest(cast(:effective_from as date), hired_on)
                else greatest(cast(:changes_from as date), hired_on, first_day) end as starts
    from given
)
select wanted.rep_id, wanted.manager_id, wanted.first, wanted.starts
from wanted
left join reporting_line as held on held.rep_id = wanted.rep_id and held.effective @> wanted.starts
where held.manager_id is distinct from wanted.manager_id
order by wanted.line
"""

FIRST = """
insert into reporting_line (rep_id, manager_id, effective)
select rep_id, manager_id, daterange(starts, null)
from unnest(cast(:reps as bigint[]), cast(:managers as bigint[]), cast(:starts as date[])) as given(rep_id, manager_id, starts)
"""

# Everybody who reports to a rep, directly or not, on some day since, and what they take part in since.
SOLD_BELOW = """
with recursive below(rep_id, since) as (
    select rep_id, since from unnest(cast(:reps as bigint[]), cast(:starts as date[])) as given(rep_id, since)
    union
    select line.rep_id, below.since
    from below join reporting_line as line on line.manager_id = below.rep_id and line.effective && daterange(below.since, null)
),
deal as (
    select opportunity.id, below.since from below join opportunity on opportunity.owner_id = below.rep_id
    union
    select split.opportunity_id, below.since from below join split on split.rep_id = below.rep_id and split.role = :role
),
sold(id) as (
    select transaction.id from below join transaction on transaction.rep_id = below.rep_id and transaction.dated >= below.since
    union
    select transaction.id from deal join transaction on transaction.opportunity_id = deal.id and transaction.dated >= deal.since
    union
    select correction.id from sold join transaction as correction on correction.corrects_id = sold.id
)
select id from sold
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A rep whose manager is to be another one, or nobody, from a day on; `first`: there never was one."""

    rep_id: int
    manager_id: int | None
    first: bool
    starts: date


async def due(tx: Transaction, staged: str, effective_from: date, changes_from: date) -> list[Due]:
    """The reps of a staged table whose manager is not the one stored. Reps and managers that are not stored yet don't count."""
    dates = {"effective_from": effective_from, "changes_from": changes_from}
    return [Due(**row) for row in await tx.rows(DUE.format(staged=staged), dates)]


async def follow(tx: Transaction, position: int, changes: list[Due]) -> list[int]:
    """Make the reporting lines so; the transactions that may be credited to others now."""
    first = [change for change in changes if change.first]
    await tx.execute(
        FIRST,
        {
            "reps": [change.rep_id for change in first],
            "managers": [change.manager_id for change in first],
            "starts": [change.starts for change in first],
        },
    )
    replaced = [change for change in changes if not change.first]
    for change in replaced:
        values = {"manager_id": change.manager_id} if change.manager_id is not None else None
        await history.supersede(tx, reporting_line, {"rep_id": change.rep_id}, change.starts, None, values)
    await touches.record(tx, position, [(change.rep_id, touches.since(change.starts, None)) for change in replaced])
    rows = await tx.rows(
        SOLD_BELOW,
        {"reps": [change.rep_id for change in changes], "starts": [change.starts for change in changes], "role": Role.SPLIT.value},
    )
    return [row["id"] for row in rows]
