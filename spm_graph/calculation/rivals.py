"""Those who are in a contest with a rep: of them, only what the contest counts is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping

from spm_graph.domain.problem import Refused
from spm_graph.incentive_types import IncentiveTypes, reads
from spm_graph.store import paid_in
from spm_graph.store.database import Transaction

from .facts import Facts, Row, Rows
from .sources import PARTS, counting
from .windows import Part, Window, part_of

MOST_AGAIN = 10
"""How many others a contest may have to be judged time and again, for each of many questions."""

ENTRANTS = """
select distinct assigned.rep_id, asked.component_id, asked.starts, asked.ends, asked.through, null as run_id, 0 as round
from unnest(cast(:components as bigint[]), cast(:starts as date[]), cast(:ends as date[]), cast(:throughs as date[]))
     as asked(component_id, starts, ends, through)
join component_version as part on part.component_id = asked.component_id
                              and window_span(part.window_kind, asked.starts) = daterange(asked.starts, asked.ends)
join plan_version as version on version.id = part.plan_version_id and version.state = 'PUBLISHED'
join plan_membership as assigned on assigned.plan_id = version.plan_id
                                and not isempty(assigned.effective * version.effective * daterange(asked.starts, asked.through))
where assigned.rep_id <> :rep
order by 2, 3, 1
"""


def contests(known: Facts) -> list[Window]:
    """The windows in which reps are judged against each other."""
    return [window for window in known.windows if (parts := known.parts(window)) and parts[-1].is_contest]


async def entrants(snapshot: Transaction, rep_id: int, judged: Sequence[Window]) -> Sequence[RowMapping]:
    """The same windows of all others who are in these contests."""
    asked = {
        "rep": rep_id,
        "components": [window.component_id for window in judged],
        "starts": [window.span.starts for window in judged],
        "ends": [window.span.ends for window in judged],
        "throughs": [window.through for window in judged],
    }
    return await snapshot.rows(ENTRANTS, asked)


async def read(snapshot: Transaction, known: Facts, others: Sequence[Row], incentive_types: IncentiveTypes) -> Rows:
    """What contests are told of others, beside facts that are known: rows to make facts of, in which these stand behind."""
    reps = sorted({row["rep_id"] for row in others})
    components = sorted({row["component_id"] for row in others})
    parts = await snapshot.rows(PARTS, {"reps": reps, "components": components})
    rows = await counting(snapshot, others, parts, _measures(known, map(part_of, parts), incentive_types))
    return {**rows, "reps": await snapshot.rows(paid_in.PAID_IN, {"reps": reps})}


def _measures(known: Facts, forms: Iterable[Part], incentive_types: IncentiveTypes) -> set[int]:
    """The measures that some forms count, and those that their settings ask for."""
    found: set[int] = set()
    for form in {form.form_id: form for form in forms}.values():
        found.add(form.measure_id)
        try:
            settings = incentive_types.decode(form.incentive_type, form.config)
            found |= {known.measure(read.measure)[0] for _, read in reads(settings)}
        except Refused:  # what can't be decoded or asked for fails when it is evaluated, and says so
            continue
    return found
