"""The worker that sends what is due: one for each process, and each webhook is served by one of them at a time.

Who serves a webhook holds an advisory lock on its own connection: if the process dies, the lock goes with it, and another one
goes on. A message may so be sent twice, with the same id; none is left out, and none overtakes another.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
from sqlalchemy import make_url

from spm_graph.domain import signature
from spm_graph.domain.cursor import LAST
from spm_graph.store.database import Database, plain
from spm_graph.store.following import LOOK_SECONDS, Following, is_away

from . import progress
from .progress import SCHEDULE, Hook, Told
from .sending import Message, Sender

log = logging.getLogger(__name__)

LOCKS = 1_870_265_113
"""The class of our advisory locks; the second number is the webhook."""

ANSWER_SECONDS = 5
FORGET_SECONDS = 3_600


async def sending(database: Database, following: Following, *, private: bool, schedule: Sequence[timedelta] = SCHEDULE) -> None:
    """Send what is due until cancelled; while the database is away, wait for it."""
    sender = Sender(private=private)
    try:
        while True:
            try:
                await _Worker(database, following, sender, schedule).work()
            except Exception as error:  # whatever is wrong, events wait in the database and go out later
                if is_away(error):
                    log.warning("webhooks wait for the database: %r", error)
                else:
                    log.exception("webhooks could not be served")
                await asyncio.sleep(LOOK_SECONDS)
    finally:
        await sender.close()


class _Worker:
    """What one process sends, as long as its connection for the locks holds."""

    def __init__(self, database: Database, following: Following, sender: Sender, schedule: Sequence[timedelta]) -> None:
        self.database, self.following, self.sender, self.schedule = database, following, sender, schedule
        self.serving: dict[int, asyncio.Task[None]] = {}
        self.forget_at = time.monotonic()

    async def work(self) -> None:
        connection = await asyncpg.connect(plain(make_url(self.database.url)), timeout=ANSWER_SECONDS)
        try:
            while True:
                known = self.following.position
                await self._ended(connection)
                for webhook_id in await progress.due(self.database):
                    if webhook_id not in self.serving and await _lock(connection, "pg_try_advisory_lock", webhook_id):
                        self.serving[webhook_id] = asyncio.create_task(self._serve(webhook_id))
                if time.monotonic() >= self.forget_at:
                    await progress.forgotten(self.database)
                    self.forget_at = time.monotonic() + FORGET_SECONDS
                await self.following.beyond(known, LOOK_SECONDS)
        finally:
            for task in self.serving.values():
                task.cancel()
            await asyncio.gather(*self.serving.values(), return_exceptions=True)
            connection.terminate()

    async def _ended(self, connection: asyncpg.Connection) -> None:
        """Leave the webhooks that are served up to now to whoever comes first when there is more."""
        for webhook_id, task in list(self.serving.items()):
            if task.done():
                del self.serving[webhook_id]
                await _lock(connection, "pg_advisory_unlock", webhook_id)
                error = task.exception()
                if error is not None and is_away(error):
                    raise error
                if error is not None:
                    log.error("webhook_%s could not be served, and is tried again", webhook_id, exc_info=error)

    async def _serve(self, webhook_id: int) -> None:
        """Send all that is due to a webhook, in order, until one message fails."""
        while True:
            found = await progress.hook(self.database, webhook_id)
            if found is None:
                return
            known, told = await progress.behind(self.database, found, self.database.today())
            if not told:
                if (known, LAST) > found.at:
                    await progress.moved(self.database, found, (known, LAST))
                return
            for each in told:
                sent = await self.sender.send(_message(found, each))
                if not await progress.attempted(self.database, found, each, sent, self.schedule):
                    break
                found = _at(found, each)


def _at(found: Hook, told: Told) -> Hook:
    return Hook(found.id, found.name, found.url, found.kinds, found.rep_id, told.at, 0, found.secrets)


def _message(found: Hook, told: Told) -> Message:
    id_ = f"event_{found.id}_{told.at[0]}_{told.at[1]}"
    return Message(found.url, signature.headers(found.secrets, id_, int(time.time()), told.body), told.body)


async def _lock(connection: asyncpg.Connection, function: str, webhook_id: int) -> bool:
    return bool(await connection.fetchval(f"select {function}($1, $2)", LOCKS, webhook_id, timeout=ANSWER_SECONDS))
