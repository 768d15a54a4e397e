"""How long events are kept for those who follow them. The ledgers and the audit, which they tell of, stay for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from spm_graph.domain.cursor import LAST
from spm_graph.store import clock
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import clock as clock_table
from spm_graph.store.tables import event_horizon, tick

# The last position that every enabled webhook is through with.
TAKEN = f"""
select coalesce(min(case when progress.ordinal = {LAST} then progress.position else progress.position - 1 end), 9223372036854775807)
from webhook join webhook_progress as progress on progress.webhook_id = webhook.id where webhook.state = 'ENABLED'
"""

AT_ONCE = 10_000
"""How many events are removed in one transaction."""


async def prune(database: Database, keep: timedelta, now: datetime | None = None) -> int:
    """Remove the events that are older than that, and say how many they were. What an enabled webhook has yet to take stays.

    The horizon moves first, in an audited act of its own; from then on cursors before it are refused as expired. The
    events behind it then go without the clock, so that nobody waits.
    """
    before = (now or datetime.now(UTC)) - keep
    async with database.transaction() as tx:
        horizon = await tx.scalar(select(event_horizon.c.position))
        reached = min(await _last_before(tx, before, horizon), await tx.scalar(TAKEN))
        if reached > horizon:
            await clock.tick(tx, "retention", "eventsPrune")
            await tx.execute(update(event_horizon).where(event_horizon.c.position < reached).values(position=reached))
    removed = 0
    while True:
        async with database.transaction() as tx:
            found: int = await tx.scalar("select spm_prune_events(:most)", {"most": AT_ONCE})
        removed += found
        if found < AT_ONCE:
            return removed


async def _last_before(tx: Transaction, moment: datetime, low: int) -> int:
    """The last position before a moment: the clock has no gaps, and its times never go back."""
    high: int = await tx.scalar(select(clock_table.c.position))
    while low < high:
        middle = (low + high + 1) // 2
        if await tx.scalar(select(tick.c.at).where(tick.c.position == middle)) < moment:
            low = middle
        else:
            high = middle - 1
    return low
