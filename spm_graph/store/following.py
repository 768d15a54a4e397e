"""How far the clock is, told to whoever waits: one LISTEN connection for each process, and a look at the clock every second.

The notification is a hint, and what it tells is committed. Positions are taken in the order of commits, so a statement that
begins when a position is known here sees everything that happened up to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import make_url

from .database import Database, plain

log = logging.getLogger(__name__)

CHANNEL = "spm_position"
LOOK_SECONDS = 1
ANSWER_SECONDS = 5
SHARED_MOST = 100

AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # on a connection that is cut off just as a statement begins
    asyncpg.exceptions.OperatorInterventionError,
)
"""What is raised while PostgreSQL stops, restarts, or can't be reached: try again."""

T = TypeVar("T")


class Following:
    """The last position that this process knows of. `async with Following.started(database) as following`."""

    def __init__(self) -> None:
        self.position = 0
        self._moved = asyncio.Event()
        self._shared: dict[Hashable, asyncio.Task[Any]] = {}

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

    async def shared(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` finds, read once for all who ask with the same key before the clock moves on.

        It began when `position` was known, so it sees all that happened up to there.
        """
        task: asyncio.Task[T] | None = self._shared.get(key)
        if task is None:
            task = asyncio.ensure_future(_awaited(read))
            self._shared[key] = task
            if len(self._shared) > SHARED_MOST:
                del self._shared[next(iter(self._shared))]
        try:
            return await asyncio.shield(task)  # whoever leaves does not take it from the others
        except BaseException:
            if task.done() and self._shared.get(key) is task:
                del self._shared[key]
            raise

    def _reached(self, position: int) -> None:
        if position > self.position:
            self.position = position
            self._shared = {}
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


async def _awaited(read: Callable[[], Awaitable[T]]) -> T:
    return await read()
