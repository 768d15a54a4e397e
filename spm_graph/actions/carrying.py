"""What follows where the rate at which somebody's pay went over into another currency is new: balances, touches and events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from spm_graph.domain.period import month
from spm_graph.store import attainment, paid_in, touches
from spm_graph.store.database import Transaction

COUNTED = """
select distinct counted.measure_id, lower(period.effective) as starts
from (
    select rep_id, measure_id, period_id from credited
    union select rep_id, measure_id, period_id from quota_part
    union select rep_id, measure_id, period.id from opening_balance as opening join period on period.effective @> lower(opening.effective)
) as counted
join measure on measure.id = counted.measure_id and measure.kind = 'MONEY'
join period on period.id = counted.period_id
where counted.rep_id = :rep_id
"""

RATED = """
update pay_currency as changed set rate = :rate
from pay_currency as before
where before.rep_id = changed.rep_id and upper(before.effective) = lower(changed.effective)
  and before.currency = :base and changed.currency = :quote and changed.rate <> :rate
  and lower(changed.effective) >= :starts and (cast(:ends as date) is null or lower(changed.effective) < :ends)
returning changed.rep_id, lower(changed.effective) as starts
"""


async def follow_rate(tx: Transaction, position: int, given: Mapping[str, Any]) -> None:
    """Let changes of pay currency go over at a new rate: `base`, `quote`, `rate`, `starts` and `ends`. The clock has ticked."""
    changed = await tx.rows(RATED, given)
    if changed:
        await paid_in.recount(tx, position, {row["rep_id"] for row in changed})
    for row in changed:
        await tell(tx, position, row["rep_id"], row["starts"])


async def tell(tx: Transaction, position: int, rep_id: int, starts: date) -> None:
    """Touch whose currency changed, and announce what all their attainment is in it: that of years long past is told in it, too."""
    await touches.record(tx, position, [(rep_id, touches.since(starts, None))])
    counted = await tx.rows(COUNTED, {"rep_id": rep_id})
    found = {(rep_id, row["measure_id"], month(row["starts"].year, row["starts"].month)) for row in counted}
    await attainment.announce(tx, position, found)
