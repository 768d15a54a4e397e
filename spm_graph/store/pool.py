"""The connections that reads take turns on: each is lent to one at a time, and the one that came back last goes out first.

asyncpg has a pool, too. It wraps each loan in a proxy, and has a task bring each connection back, which costs a small read
38 µs of CPU where its statement takes 25. The connections here need nothing on their way back: reads leave nothing behind,
and after a statement that was cancelled asyncpg itself has the next one wait until PostgreSQL is done with it.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

UNUSED_SECONDS = 300
"""A connection that rested for longer is replaced: networks may have forgotten it without a word."""

LONGEST_TOGETHER = 5_000_000
"""How long the different statements of a connection may be together before it is replaced. PostgreSQL keeps what it has prepared,
in forty times the length: 500 statements of 100 KB are 2 GB for each connection."""

Connection: TypeAlias = "asyncpg.Connection[Any]"


class Asked:
    """The different statements that a connection was asked."""

    __slots__ = ("length", "statements")

    def __init__(self) -> None:
        self.statements: set[str] = set()
        self.length = 0


class Pool:
    """At most so many connections, opened as they are needed. `async with Pool.opened(connect, most) as pool`."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]], most: int) -> None:
        self.most = most
        self.lent = 0
        """How many are at work."""
        self.turns = asyncio.Semaphore(max(1, most // 2))
        """Whoever comes with a crowd, as after a restart, takes one of these first: the other half is left to those who ask one thing."""
        self._connect = connect
        self._resting: list[tuple[Connection, float]] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        """Who waits for a place: there are some only while all are lent."""
        self._closed = False
        self._asked: dict[Connection, Asked] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, connect: Callable[[], Awaitable[Connection]], most: int) -> AsyncIterator[Pool]:
        """Open the first connection, so that one that can't be had is told at once; close them all at the end."""
        pool = cls(connect, most)
        async with pool.acquire():
            pass
        try:
            yield pool
        finally:
            await pool.close()

    def acquire(self) -> Loan:
        """A connection for a block: `async with pool.acquire() as connection`. Waits for one where all are lent."""
        return Loan(self)

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        """All rows of a statement."""
        async with Loan(self, sql) as connection:
            return await connection.fetch(sql, *values)

    async def fetchrow(self, sql: str, *values: Any) -> asyncpg.Record | None:
        """The first row of a statement, or none."""
        async with Loan(self) as connection:
            return await connection.fetchrow(sql, *values)

    async def fetchval(self, sql: str, *values: Any) -> Any:
        """The first column of the first row of a statement, or none: what a read asks, without so much as a block of its own."""
        connection = self._at_hand() or await self._taken()
        try:
            return await connection.fetchval(sql, *values)
        finally:
            self._given_back(connection, sql)

    async def execute(self, sql: str, *values: Any) -> str:
        """Run a statement; PostgreSQL's word of what it did."""
        async with Loan(self) as connection:
            return await connection.execute(sql, *values)

    async def close(self) -> None:
        """Lend no more, wait until all have come back, and close them. Who asks later gets an InterfaceError."""
        if not self._closed:
            self._closed = True
            for _ in range(self.most):
                await self._place()
            await asyncio.gather(*(connection.close() for connection, _ in self._resting))

    async def _taken(self) -> Connection:
        if self._closed:
            raise asyncpg.InterfaceError("the pool is closed")
        await self._place()
        try:
            return self._rested() or await self._connect()
        except BaseException:
            self._given_back()
            raise

    def _at_hand(self) -> Connection | None:
        """A connection, if there is one without waiting."""
        if self._closed or self.lent >= self.most:
            return None
        connection = self._rested()
        self.lent += connection is not None
        return connection

    def _rested(self) -> Connection | None:
        while self._resting:
            connection, since = self._resting.pop()
            if not connection.is_closed() and time.monotonic() - since < UNUSED_SECONDS:
                return connection
            self._ended(connection)
        return None

    def _ended(self, connection: Connection) -> None:
        connection.terminate()
        self._asked.pop(connection, None)

    def _outgrown(self, connection: Connection, sql: str) -> bool:
        """Whether a connection has been asked so much that differs that it is better replaced."""
        asked = self._asked.get(connection)
        if asked is None:
            asked = self._asked[connection] = Asked()
        if sql in asked.statements:
            return False
        asked.statements.add(sql)
        asked.length += len(sql)
        return asked.length > LONGEST_TOGETHER

    def _given_back(self, connection: Connection | None = None, sql: str = "") -> None:
        if connection is not None:
            if connection.is_closed() or (sql and self._outgrown(connection, sql)):
                self._ended(connection)
            else:
                self._resting.append((connection, time.monotonic()))
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)  # who waited gets the place
                return
        self.lent -= 1

    async def _place(self) -> None:
        if self.lent < self.most:
            self.lent += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # the place came just as its asker left
                self._given_back()
            raise


class Loan:
    """One connection, from the beginning of a block to its end; `sql` is what it is asked, if that may be anything."""

    __slots__ = ("connection", "pool", "sql")

    def __init__(self, pool: Pool, sql: str = "") -> None:
        self.pool = pool
        self.sql = sql

    async def __aenter__(self) -> Connection:
        self.connection = await self.pool._taken()
        return self.connection

    async def __aexit__(self, *error: object) -> None:
        self.pool._given_back(self.connection, self.sql)
