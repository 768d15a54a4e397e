"""How far each webhook is, in the database: so that any process goes on where another stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from spm_graph.domain.cursor import LAST
from spm_graph.domain.terms import Grant
from spm_graph.store import clock, events
from spm_graph.store.database import Database
from spm_graph.store.events import Event
from spm_graph.store.predicates import VISIBLE_REP
from spm_graph.store.visibility import visible

from .sending import Sent

PAGE = 100
KEPT_DAYS = 30

SCHEDULE = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""How long to wait after each failure before the next attempt, as Standard Webhooks recommends; then the webhook is disabled."""

DUE = f"""
select webhook.id from webhook join webhook_progress as progress on progress.webhook_id = webhook.id
where webhook.state = 'ENABLED' and progress.due_at <= now()
  and (progress.position, progress.ordinal) < (select position, {LAST} from clock)
order by progress.due_at, webhook.id
"""

HOOK = """
select webhook.id, webhook.name, webhook.url, webhook.kinds, webhook.rep_id, progress.position, progress.ordinal, progress.failures,
       secret.secret, secret.former, coalesce(secret.former_until > now(), false) as both
from webhook
join webhook_progress as progress on progress.webhook_id = webhook.id
join webhook_secret as secret on secret.webhook_id = webhook.id
where webhook.id = $1 and webhook.state = 'ENABLED' and progress.due_at <= now()
"""

EVENTS = f"""
with {VISIBLE_REP.format(rep="$4::bigint", today="$5::date")}
select event.position, event.ordinal, event.kind, event.payload::text as payload, tick.at
from event join tick on tick.position = event.position
where (event.position, event.ordinal) > ($1, $2) and (cardinality($3::text[]) = 0 or event.kind = any($3)) and {{visible}}
order by event.position, event.ordinal limit {PAGE}
"""

MOVED = """
update webhook_progress
set position = :to_position, ordinal = :to_ordinal, failures = 0, failing_since = null, due_at = now()
where webhook_id = :webhook and position = :position and ordinal = :ordinal
"""

FAILED = """
update webhook_progress
set failures = failures + 1, failing_since = coalesce(failing_since, now()), due_at = now() + cast(:wait as interval)
where webhook_id = :webhook and position = :position and ordinal = :ordinal
"""

ATTEMPT = """
insert into webhook_attempt (webhook_id, position, ordinal, number, at, milliseconds, status, problem)
values (:webhook, :position, :ordinal, :number, now(), :milliseconds, :status, :problem)
"""


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook that something is due for, and where it is."""

    id: int
    name: str
    url: str
    kinds: Sequence[str]
    rep_id: int | None
    at: tuple[int, int]
    failures: int
    secrets: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """An event, as it is sent."""

    at: tuple[int, int]
    body: bytes


async def due(database: Database) -> list[int]:
    """The webhooks that something may be due for."""
    return [row["id"] for row in await database.pool.fetch(DUE)]


async def hook(database: Database, webhook_id: int) -> Hook | None:
    """A webhook, if it is enabled and not waiting for its next attempt."""
    row = await database.pool.fetchrow(HOOK, webhook_id)
    if row is None:
        return None
    secrets = [row["secret"], row["former"]] if row["both"] else [row["secret"]]
    at = (row["position"], row["ordinal"])
    return Hook(row["id"], row["name"], row["url"], row["kinds"], row["rep_id"], at, row["failures"], secrets)


async def behind(database: Database, found: Hook, today: date) -> tuple[int, list[Told]]:
    """The clock's position, and the next events behind where a webhook is: at most a page of those up to there, or later."""
    known: int = await database.pool.fetchval("select position from clock")
    grants = frozenset(Grant) if found.rep_id is None else frozenset()
    rule = (visible("event", grants) or "true").replace("{row}", "event")
    rows = await database.pool.fetch(EVENTS.format(visible=rule), *found.at, found.kinds, found.rep_id, today)
    return known, [Told((row["position"], row["ordinal"]), _body(row)) for row in rows]


async def moved(database: Database, found: Hook, to: tuple[int, int]) -> bool:
    """Go on to where nothing that concerns the webhook has happened before; whether it still was where it was."""
    async with database.transaction() as tx:
        return bool(await tx.execute(MOVED, {**_keys(found), "to_position": to[0], "to_ordinal": to[1]}))


async def attempted(database: Database, found: Hook, told: Told, sent: Sent, schedule: Sequence[timedelta]) -> bool:
    """Write down an attempt and what follows from it: go on, try again later, or disable the webhook. Whether to go on.

    A webhook that was sent back or forth meanwhile stays where it was put.
    """
    exhausted = sent.gone or found.failures >= len(schedule)
    async with database.transaction() as tx:
        if not sent.taken and exhausted:
            position = await clock.tick(tx, "webhooks", "webhookDisabled")
        else:
            position = None
        keys: dict[str, Any] = {"webhook": found.id, "position": told.at[0], "ordinal": told.at[1]}
        outcome = {"milliseconds": sent.milliseconds, "status": sent.status, "problem": sent.problem}
        await tx.execute(ATTEMPT, {**keys, **outcome, "number": found.failures + 1})
        if sent.taken:
            return bool(await tx.execute(MOVED, {**_keys(found), "to_position": told.at[0], "to_ordinal": told.at[1]}))
        wait = timedelta(0) if exhausted else schedule[found.failures]
        if await tx.execute(FAILED, {**_keys(found), "wait": wait}) and position is not None:
            await tx.execute("update webhook set state = 'DISABLED' where id = :webhook", {"webhook": found.id})
            said = f"status {sent.status}" if sent.status is not None else sent.problem
            payload = {"webhook": f"webhook_{found.id}", "name": found.name, "attempts": found.failures + 1, "problem": said}
            await events.append(tx, position, [Event("WebhookDisabled", payload)])
    return False


async def forgotten(database: Database) -> None:
    """Forget attempts that are older than a month."""
    async with database.transaction() as tx:
        await tx.execute("delete from webhook_attempt where at < now() - cast(:kept as interval)", {"kept": timedelta(days=KEPT_DAYS)})


def _keys(found: Hook) -> dict[str, Any]:
    return {"webhook": found.id, "position": found.at[0], "ordinal": found.at[1]}


def _body(row: Any) -> bytes:
    cursor = f"{row['position']}.{row['ordinal']}"
    at = row["at"].isoformat().replace("+00:00", "Z")
    return f'{{"type":"{row["kind"]}","timestamp":"{at}","cursor":"{cursor}","data":{row["payload"]}}}'.encode()
