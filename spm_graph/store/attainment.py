"""The event that tells a new attainment: one for each period, month, quarter and year, that holds the changed dates."""

from __future__ import annotations

from collections.abc import Collection

from spm_graph.domain.period import Span

from .database import Transaction
from .events import CARD, PERIOD

# The numbers are frozen here: whoever reads the event sees what was true at its position.
ANNOUNCE = f"""
insert into event (position, ordinal, kind, rep_id, payload)
select :position,
       (select coalesce(max(ordinal) + 1, 0) from event where position = :position)
         + row_number() over (order by changed.rep_id, changed.measure_id, lower(period.effective), period.kind) - 1,
       'AttainmentChange', changed.rep_id,
       jsonb_build_object(
           'rep', {CARD},
           'measure', measure.name,
           'period', {PERIOD},
           'credited', jsonb_build_object('value', written.credited, 'unit', written.unit),
           'quota', case when total.quota is not null then jsonb_build_object('value', written.quota, 'unit', written.unit) end,
           'ratio', ratio_text(total.credited / nullif(total.quota, 0)))
from (
    select distinct given.rep_id, given.measure_id, period.id as period_id
    from unnest(cast(:reps as bigint[]), cast(:measures as bigint[]), cast(:dates as date[])) as given(rep_id, measure_id, dated)
    join period on period.effective @> given.dated
) as changed
join period on period.id = changed.period_id
join rep on rep.id = changed.rep_id
join measure on measure.id = changed.measure_id
cross join lateral (
    select (select coalesce(sum(credited.value), 0) from credited join period as part on part.id = credited.period_id
            where credited.rep_id = rep.id and credited.measure_id = measure.id and part.effective <@ period.effective)
             + (select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           (select sum(quota_part.value * quota_part.carry) from quota_part join period as part on part.id = quota_part.period_id
            where quota_part.rep_id = rep.id and quota_part.measure_id = measure.id and part.effective <@ period.effective) as quota
) as total
cross join lateral (
    select measure_text(total.credited, measure.kind, rep.currency) as credited,
           measure_text(total.quota, measure.kind, rep.currency) as quota,
           case when measure.kind = 'MONEY' then rep.currency else 'units' end as unit
) as written
"""


async def announce(tx: Transaction, position: int, changed: Collection[tuple[int, int, Span]]) -> None:
    """Write an event for each rep and measure whose credits or quota changed in these months."""
    rows = sorted(changed)
    await tx.execute(
        ANNOUNCE,
        {
            "position": position,
            "reps": [rep_id for rep_id, _, _ in rows],
            "measures": [measure_id for _, measure_id, _ in rows],
            "dates": [span.starts for _, _, span in rows],
        },
    )
