"""What a run covers: the windows of its pay period, and every earlier window touched since it was last posted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import Range

from spm_graph.store.database import Transaction

# `through` never goes back: a window that was posted through March is not evaluated through January again, or a run of
# January would take back what February and March earned.
SCOPE = """
with asked as (
    select lower(effective) as starts, upper(effective) as ends from period where id = :period_id
),
covered as (
    select distinct lower(period.effective) as starts, upper(period.effective) as ends
    from period, asked
    where period.kind = 'MONTH' and lower(period.effective) <= asked.starts
      and (period.id = :period_id or exists (select from run where run.period_id = period.id and run.state = 'POSTED'))
),
in_force as (
    select assigned.rep_id, part.component_id, part.window_kind, assigned.effective * version.effective as during
    from plan_membership as assigned
    join plan_version as version on version.plan_id = assigned.plan_id and version.state = 'PUBLISHED'
                                and version.effective && assigned.effective
    join component_version as part on part.plan_version_id = version.id
    where cast(:reps as bigint[]) is null or assigned.rep_id = any(cast(:reps as bigint[]))
),
known as (
    select in_force.rep_id, in_force.component_id, spanned.span, bool_or(covered.starts = asked.starts) as is_current
    from in_force cross join covered cross join asked
    cross join lateral (select window_span(in_force.window_kind, covered.starts) as span) as spanned
    where in_force.during && daterange(lower(spanned.span), covered.ends)
    group by 1, 2, 3
    union all
    select evaluation.rep_id, evaluation.component_id, evaluation.span, false
    from evaluation cross join asked
    where lower(evaluation.span) < asked.ends
      and (cast(:reps as bigint[]) is null or evaluation.rep_id = any(cast(:reps as bigint[])))
),
windows as (
    select rep_id, component_id, span, bool_or(is_current) as is_current from known group by 1, 2, 3
)
select windows.rep_id, windows.component_id, windows.span,
       least(upper(windows.span), greatest(asked.ends, evaluation.through)) as through
from windows cross join asked
left join evaluation using (rep_id, component_id, span)
where windows.is_current
   or exists (select from touch
              where touch.rep_id = windows.rep_id and touch.position > coalesce(evaluation.position, 0)
                and touch.span && daterange(lower(windows.span), least(upper(windows.span), greatest(asked.ends, evaluation.through))))
order by windows.rep_id, windows.component_id, windows.span
"""

Window = tuple[int, int, Range[date], date]
"""Rep, component, the window's full span, and the day up to which it is evaluated."""


async def covered(tx: Transaction, period_id: int, reps: Collection[int] | None = None) -> list[Window]:
    """The windows that a run of a pay period covers, of these reps or of all."""
    parameters: dict[str, Any] = {"period_id": period_id, "reps": sorted(reps) if reps is not None else None}
    return [(row["rep_id"], row["component_id"], row["span"], row["through"]) for row in await tx.rows(SCOPE, parameters)]
