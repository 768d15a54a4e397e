"""The worker that keeps live estimates: after each commit it estimates again for exactly the reps that a change touched.

Any number of processes run one each, and share what is due. It reads the clock, so it misses nothing that was committed
while no process was there; and whatever goes wrong, it is logged, and tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from itertools import groupby

from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store import due, estimates
from spm_graph.store.database import Database
from spm_graph.store.due import Pair
from spm_graph.store.estimates import Estimate
from spm_graph.store.following import Following, is_away

from .estimate import estimated

log = logging.getLogger(__name__)

MOST = 100
"""How many estimates are written in one transaction: so long the clock is held."""

QUIET_SECONDS = 60
"""After how long without a change what others may have left is looked for, and whether a month has begun."""

REST_SECONDS = 1

PAUSE_SECONDS = 0.02
"""How long after a change the work begins: who made it is answered first, and what comes in a burst is estimated together."""


async def estimating(database: Database, incentive_types: IncentiveTypes, following: Following) -> None:
    """Keep the estimates of a database until cancelled; `following` hints that something happened."""
    begun = False
    while True:
        known = following.position
        try:
            if not begun:
                async with database.transaction() as tx:
                    await due.again(tx)
                begun = True
            await caught_up(database, incentive_types)
        except Exception as error:  # whatever is wrong, the next change or the next minute tries again
            if is_away(error):
                log.warning("live estimates wait for the database: %r", error)
            else:
                log.exception("live estimates could not be kept")
            await asyncio.sleep(REST_SECONDS)
        else:
            if await following.beyond(known, QUIET_SECONDS):
                await asyncio.sleep(PAUSE_SECONDS)


async def caught_up(database: Database, incentive_types: IncentiveTypes) -> int:
    """Estimate all who are due now, and whom no other process has taken; how many estimates were made."""
    async with database.transaction() as tx:
        await due.look(tx)
    made, most = 0, MOST
    while True:
        try:
            count = await _some(database, incentive_types, most)
        except Exception as error:
            if is_away(error) or most == 1:
                raise
            log.exception("estimates could not be made together, and are made one by one")
            most = 1
        else:
            if not count:
                return made
            made += count


async def _some(database: Database, incentive_types: IncentiveTypes, most: int) -> int:
    """Estimate some who are due; how many there were. One who can't be, alone, gets a problem, and stands in nobody's way."""
    async with database.transaction() as tx:
        pairs = await due.claim(tx, most)
        if pairs:
            try:
                found = await _of(database, incentive_types, pairs)
            except Exception as error:
                if is_away(error) or most > 1:
                    raise
                log.exception("the estimate of rep_%s for period_%s could not be made", *pairs[0])
                found = [await estimates.unknown(tx, pairs[0], "internal error: the server's log says more")]
            await estimates.write(tx, found)
    return len(pairs)


async def _of(database: Database, incentive_types: IncentiveTypes, pairs: Sequence[Pair]) -> list[Estimate]:
    found: list[Estimate] = []
    for period_id, group in groupby(sorted(pairs, key=_period), key=_period):
        found += await estimated(database, incentive_types, period_id, [rep_id for rep_id, _ in group])
    return found


def _period(pair: Pair) -> int:
    return pair[1]
