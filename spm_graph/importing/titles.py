"""What reps are called, as an export says it: titles that begin, and those that another replaces."""

from __future__ import annotations

from datetime import date

from spm_graph.actions.titles import Retitled
from spm_graph.store.database import Transaction

# Where a rep had titles, the one of the day from which changes count is compared, but no day before the first. Nobody has a
# title from the day of leaving on.
DUE = """
with given as (
    select rep.id as rep_id, staged.title, rep.hired_on, rep.left_on, staged.line,
           (select min(lower(held.effective)) from rep_title as held where held.rep_id = rep.id) as first_day
    from {staged} as staged join rep on rep.external_id = staged.external_id
),
wanted as (
    select rep_id, title, left_on, line,
           case when first_day is null then greatest(cast(:effective_from as date), hired_on)
                else greatest(cast(:changes_from as date), hired_on, first_day) end as starts
    from given
)
select wanted.rep_id, wanted.title, wanted.starts, wanted.left_on as ends
from wanted
left join rep_title as held on held.rep_id = wanted.rep_id and held.effective @> wanted.starts
where held.title is distinct from wanted.title and coalesce(wanted.starts < wanted.left_on, true)
order by wanted.line
"""


async def due(tx: Transaction, staged: str, effective_from: date, changes_from: date) -> list[Retitled]:
    """The reps of a staged table who are not called what is stored. Reps that are not stored yet don't count."""
    dates = {"effective_from": effective_from, "changes_from": changes_from}
    return [Retitled(**row) for row in await tx.rows(DUE.format(staged=staged), dates)]
