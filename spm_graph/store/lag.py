"""How far behind the clock those are who follow it: in positions, and in seconds since what they have not seen yet happened."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .pool import Pool

WEBHOOKS_MOST = 100
"""How many webhooks are told of one by one: those that are furthest behind."""

SECONDS = """coalesce(extract(epoch from clock_timestamp()
  - (select min(tick.at) from tick where tick.position = {position} + 1)), 0)::float8"""

REACHED = f"""
select given.position, greatest(clock.position - given.position, 0) as positions, {SECONDS.format(position="given.position")} as seconds
from clock, unnest($1::bigint[]) as given (position)
"""

# Within a position, all of it counts until its last event has been sent.
WEBHOOKS = f"""
select 'webhook_' || webhook.id as id, webhook.name, progress.failures, clock.position - reached.position as positions,
       {SECONDS.format(position="reached.position")} as seconds
from clock, webhook join webhook_progress as progress on progress.webhook_id = webhook.id,
     lateral (select progress.position - (progress.ordinal < {2**31 - 1})::int as position) as reached
where webhook.state = 'ENABLED'
order by reached.position, webhook.id limit {WEBHOOKS_MOST}
"""

ESTIMATES = f"""
select due.count, clock.position - reached.position as positions, {SECONDS.format(position="reached.position")} as seconds
from clock, estimate_progress as progress,
     (select count(*), min(position) filter (where position > 0) - 1 as position from estimate_due) as due,
     lateral (select least(progress.position, due.position) as position) as reached
"""


class Lag(NamedTuple):
    """How far behind somebody is; both are zero for who has seen everything."""

    positions: int
    seconds: float


class WebhookLag(NamedTuple):
    """How far behind a webhook that is enabled is, and how many attempts of its next message failed."""

    id: str
    name: str
    failures: int
    lag: Lag


class Lags(NamedTuple):
    """How far everybody is behind the clock's position."""

    position: int
    reached: dict[int, Lag]
    """Of those who have seen everything up to a position."""
    webhooks: list[WebhookLag]
    estimates: Lag
    estimates_due: int

    @classmethod
    async def read(cls, pool: Pool, reached: Collection[int]) -> Lags:
        """How far behind those are who have reached these positions, the webhooks, and the live estimates."""
        async with pool.acquire() as connection:
            # The clock last: nobody is told to be ahead of it.
            rows = await connection.fetch(REACHED, list(reached))
            webhooks = await connection.fetch(WEBHOOKS)
            estimates = await connection.fetchrow(ESTIMATES)
            position = await connection.fetchval("select position from clock")
        assert estimates is not None, "there is one row of progress"
        return cls(
            position,
            {row["position"]: Lag(row["positions"], row["seconds"]) for row in rows},
            [WebhookLag(row["id"], row["name"], row["failures"], Lag(row["positions"], row["seconds"])) for row in webhooks],
            Lag(estimates["positions"], estimates["seconds"]),
            estimates["count"],
        )
