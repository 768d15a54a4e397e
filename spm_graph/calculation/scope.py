"""What a run covers: the windows of its pay period, and every earlier window touched since it was last posted.

Windows of a contest, and of what comes behind one in a plan, are covered for everybody in them or for nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain.period import Span
from spm_graph.store.database import Transaction

from .precedence import Node, Place, turns

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
    select assigned.rep_id, part.component_id, part.window_kind, part.round, part.reads_window, part.reads_ago,
           assigned.effective * version.effective as during
    from plan_membership as assigned
    join plan_version as version on version.plan_id = assigned.plan_id and version.state = 'PUBLISHED'
                                and version.effective && assigned.effective
    join component_version as part on part.plan_version_id = version.id
    where cast(:reps as bigint[]) is null or assigned.rep_id = any(cast(:reps as bigint[]))
),
known as (
    select in_force.rep_id, in_force.component_id, spanned.span, bool_or(covered.starts = asked.starts) as is_current,
           bool_or(in_force.round > 0) as is_shared,
           min((lower(window_span(in_force.reads_window, lower(spanned.span)))
                - make_interval(months => in_force.reads_ago))::date) as reads_from
    from in_force cross join covered cross join asked
    cross join lateral (select window_span(in_force.window_kind, covered.starts) as span) as spanned
    where in_force.during && daterange(lower(spanned.span), covered.ends)
    group by 1, 2, 3
    union all
    select evaluation.rep_id, evaluation.component_id, evaluation.span, false, false, lower(evaluation.span)
    from evaluation cross join asked
    where lower(evaluation.span) < asked.ends
      and (cast(:reps as bigint[]) is null or evaluation.rep_id = any(cast(:reps as bigint[])))
),
windows as (
    select rep_id, component_id, span, bool_or(is_current) as is_current, bool_or(is_shared) as is_shared, min(reads_from) as reads_from
    from known group by 1, 2, 3
),
furthest as (
    select component_id, span, max(evaluation.through) as through
    from evaluation where component_id in (select component_id from windows where is_shared) group by 1, 2
),
judged as (
    select windows.*, coalesce(evaluation.position, 0) as position,
           least(upper(windows.span),
                 greatest(asked.ends, case when is_shared then furthest.through else evaluation.through end)) as through
    from windows cross join asked
    left join evaluation using (rep_id, component_id, span)
    left join furthest using (component_id, span)
),
touched as materialized (
    select judged.*,
           is_current or exists (select from touch
                                 where touch.rep_id = judged.rep_id and touch.position > judged.position
                                   and touch.span && daterange(reads_from, through)) as is_due
    from judged
),
due as (
    select * from touched
    where is_due or is_shared and (component_id, span) in (select component_id, span from touched where is_shared and is_due)
),
placed as (
    select distinct on (due.rep_id, due.component_id, due.span)
           due.rep_id, due.component_id, due.span, due.through, due.reads_from, coalesce(in_force.round, 0) as round
    from due
    left join in_force on in_force.rep_id = due.rep_id and in_force.component_id = due.component_id
                      and in_force.during && daterange(lower(due.span), due.through)
                      and window_span(in_force.window_kind, lower(due.span)) = due.span
    order by due.rep_id, due.component_id, due.span, lower(in_force.during) desc nulls last
)
select * from placed order by rep_id, component_id, span
"""

# Every version of a plan that measures these dates has its own order.
FORMS = """
select part.component_id, span.starts, span.ends, version.id as version_id, version.plan_id, part.ordinal, part.round,
       lower(version.effective) as since
from unnest(cast(:components as bigint[]), cast(:starts as date[]), cast(:ends as date[]), cast(:through as date[]))
     as span(component_id, starts, ends, through)
join component_version as part on part.component_id = span.component_id
join plan_version as version on version.id = part.plan_version_id and version.state = 'PUBLISHED'
                            and version.effective && daterange(span.starts, span.through)
where window_span(part.window_kind, span.starts) = daterange(span.starts, span.ends)
"""

# Who has a component that pays reps together, with somebody of these.
TOGETHER = """
with shared as materialized (
    select distinct assigned.rep_id, part.component_id
    from component_version as part
    join plan_version as version on version.id = part.plan_version_id and version.state = 'PUBLISHED'
    join plan_membership as assigned on assigned.plan_id = version.plan_id and assigned.effective && version.effective
    where part.round > 0
)
select rep_id from shared where component_id in (select component_id from shared where rep_id = any(:reps))
"""


class Window(NamedTuple):
    """A window that a run covers."""

    rep_id: int
    component_id: int
    span: Range[date]
    """Its full dates."""
    through: date
    """The day up to which it is evaluated."""
    reads_from: date
    """The first day of what it is calculated from."""
    round: int
    """When it is evaluated, as its own latest form has it: behind those of lower rounds; in odd ones together with everybody's."""

    @property
    def dates(self) -> Span:
        """Its full dates as a span."""
        assert self.span.lower is not None and self.span.upper is not None, "windows have a first and a last day"
        return Span(self.span.lower, self.span.upper)


async def covered(tx: Transaction, period_id: int, reps: Collection[int] | None = None) -> list[Window]:
    """The windows that a run of a pay period covers, of these reps, who have to be `together`, or of all."""
    parameters: dict[str, Any] = {"period_id": period_id, "reps": sorted(reps) if reps is not None else None}
    columns = Window._fields
    return [Window(*(row[column] for column in columns)) for row in await tx.rows(SCOPE, parameters)]


async def placed(tx: Transaction, windows: Sequence[Window]) -> list[Window]:
    """Windows in the rounds that all versions of their plans, together, ask for: everybody's of a contest in one."""
    through: dict[tuple[int, Span], date] = {}
    for each in windows:
        of = each.component_id, each.dates
        through[of] = max(through.get(of, each.through), each.through)
    asked = {
        "components": [component_id for component_id, _ in through],
        "starts": [span.starts for _, span in through],
        "ends": [span.ends for _, span in through],
        "through": list(through.values()),
    }
    found = turns(
        Place(
            Node(row["component_id"], Span(row["starts"], row["ends"]), row["round"] % 2 == 1),
            row["version_id"],
            (row["plan_id"], row["ordinal"]),
            row["round"],
            row["since"],
        )
        for row in await tx.rows(FORMS, asked)
    )
    nodes = {each: Node(each.component_id, each.dates, each.round % 2 == 1) for each in windows}
    return [each._replace(round=found[nodes[each]].round) if nodes[each] in found else each for each in windows]


async def together(tx: Transaction, reps: Collection[int]) -> set[int]:
    """These reps, and all whose pay can't be calculated apart from theirs, because they are in contests with each other."""
    found = set(reps)
    while True:
        tied = found | {row["rep_id"] for row in await tx.rows(TOGETHER, {"reps": sorted(found)})}
        if tied == found:
            return found
        found = tied
