"""What happened since, told to whoever follows: one LISTEN connection for each process, and a look at the clock every second.

The notification is a hint, and what it tells is committed. Positions are taken in the order of commits, so a statement that
begins when a position is known here sees everything that happened up to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from .database import Database, plain

log = logging.getLogger(__name__)

CHANNEL = "spm_position"
LOOK_SECONDS = 1
ANSWER_SECONDS = 5

AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # on a connection that is cut off just as a statement begins
    asyncpg.exceptions.OperatorInterventionError,
)
"""What is raised while PostgreSQL stops, restarts, or can't be reached: try again."""

# One snapshot: all that is committed at the position and before, and nothing behind it.
SINCE = """
select clock.position,
       coalesce(extract(epoch from clock_timestamp() - (select at from tick where tick.position = $1::bigint + 1)), 0)::float8 as seconds,
       array(select distinct kind from event where event.position > $1) as kinds,
       exists (select from audit where audit.position > $1 and noun = 'reporting_line') as lines,
       array(select distinct noun || ' ' || row_id from audit
             where audit.position > $1 and noun in ('api_key', 'rep') and before is not null) as rows
from clock
"""


def is_away(error: BaseException) -> bool:
    """Whether the database could not be reached, or left in the middle, also where SQLAlchemy says so."""
    return isinstance(error, AWAY) or (isinstance(error, DBAPIError) and error.connection_invalidated)


class Since(NamedTuple):
    """What came between a position and this one, as far as those who follow events need to know."""

    position: int
    seconds: float
    """How long ago the first of it happened."""
    kinds: frozenset[str]
    lines: bool
    """Whether reporting lines changed."""
    rows: frozenset[tuple[str, int | None]]
    """The keys and the reps that changed, each as its table and number."""

    @classmethod
    async def read(cls, database: Database, position: int) -> Since:
        """What came behind a position up to now."""
        (row,) = await database.pool.fetch(SINCE, position)
        changed = (each.split(" ") for each in row["rows"])
        rows = frozenset((noun, int(number)) for noun, number in changed)
        return cls(row["position"], row["seconds"], frozenset(row["kinds"]), row["lines"], rows)


class Following:
    """The last position that this process knows of. `async with Following.started(database) as following`."""

    def __init__(self) -> None:
        self.position = 0
        self._moved = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def started(cls, database: Database) -> AsyncIterator[Following]:
        """Follow the clock of a database until the end of the block; while the database is away, try to get back to it."""
        following = cls()
        task = asyncio.create_task(following._listen(plain(make_url(database.url))))
        try:
            yield following
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def beyond(self, position: int, seconds: float) -> bool:
        """Wait until the clock is known to be past a position, or so long; whether it is past."""
        try:
            async with asyncio.timeout(seconds):
                while self.position <= position:
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    def _reached(self, position: int) -> None:
        if position > self.position:
            self.position = position
            self._moved.set()
            self._moved = asyncio.Event()

    async def _listen(self, address: str) -> None:
        while True:
            try:
                connection = await asyncpg.connect(address, timeout=ANSWER_SECONDS)
                try:
                    await connection.add_listener(CHANNEL, lambda _, pid, channel, told: self._reached(int(told)))
                    while True:
                        self._reached(await connection.fetchval("select position from clock", timeout=ANSWER_SECONDS))
                        await asyncio.sleep(LOOK_SECONDS)
                finally:
                    connection.terminate()
            except Exception as error:  # whatever is wrong with the database, those who follow wait for it
                log.warning("the clock can't be followed, and is tried again: %r", error)
                await asyncio.sleep(LOOK_SECONDS)
