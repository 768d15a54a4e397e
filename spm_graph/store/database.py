"""The connections to PostgreSQL: an engine for actions, a pool of bare ones for reads."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, cast

import asyncpg
from sqlalchemy import URL, Executable, RowMapping, event, make_url, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .pool import Pool

STATEMENTS = 500
"""How many prepared statements a connection for reads keeps."""

SETTINGS = {"timezone": "UTC", "jit": "off"}
"""What all connections are set to."""

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


@dataclass(slots=True)
class Transaction:
    """One database transaction of one act, and what "today" is in it."""

    connection: AsyncConnection
    today: date

    async def execute(self, statement: Executable | str, parameters: Parameters = None) -> int:
        """Run a statement; how many rows it changed. SQL text takes `:name` parameters."""
        result = await self.connection.execute(_executable(statement), parameters)
        return result.rowcount

    async def rows(self, statement: Executable | str, parameters: Parameters = None) -> Sequence[RowMapping]:
        """All rows, as mappings from column name to value."""
        result = await self.connection.execute(_executable(statement), parameters)
        return result.mappings().all()

    async def row(self, statement: Executable | str, parameters: Parameters = None) -> RowMapping | None:
        """The one row, or none."""
        result = await self.connection.execute(_executable(statement), parameters)
        return result.mappings().one_or_none()

    async def scalar(self, statement: Executable | str, parameters: Parameters = None) -> Any:
        """The first column of the first row, or none."""
        result = await self.connection.execute(_executable(statement), parameters)
        return result.scalar()

    async def driver(self) -> asyncpg.Connection[Any]:
        """The asyncpg connection underneath, inside this transaction: for COPY."""
        await self.connection.execute(text("select 1"))  # SQLAlchemy begins lazily, and a COPY before that would escape
        raw = await self.connection.get_raw_connection()
        return cast("asyncpg.Connection[Any]", raw.driver_connection)


def _executable(statement: Executable | str) -> Executable:
    return text(statement) if isinstance(statement, str) else statement


def _require_open(connection: Any, record: object, proxy: object) -> None:
    """Have the engine replace a connection that the server closed, as the pool does."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


@dataclass(slots=True)
class Database:
    """An open database. `async with Database.connected(url) as database`."""

    url: str
    engine: AsyncEngine
    pool: Pool
    today: Callable[[], date]
    read_seconds: int | None = None
    """After how long PostgreSQL stops a statement of the pool; None: never."""
    exported: str | None = None
    """The snapshot that all of it is seen in; None: each read sees its own moment."""

    @classmethod
    @asynccontextmanager
    async def connected(
        cls,
        url: str,
        *,
        today: Callable[[], date] = date.today,
        pool_size: int = 10,
        role: str | None = None,
        read_seconds: int | None = None,
    ) -> AsyncIterator[Database]:
        """Open the engine and the pool; `role` is the PostgreSQL role that every connection takes on at its start."""
        address = make_url(url)
        taken_on = {"role": role} if role else {}
        engine = create_async_engine(
            address.set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            max_overflow=0,
            json_serializer=lambda value: json.dumps(value, default=str, ensure_ascii=False),
            connect_args={"server_settings": SETTINGS | taken_on},
        )
        event.listen(engine.sync_engine, "checkout", _require_open)
        connect = partial(
            asyncpg.connect,
            plain(address),
            server_settings=SETTINGS | taken_on | ({"statement_timeout": f"{read_seconds}s"} if read_seconds else {}),
            statement_cache_size=STATEMENTS,
            max_cacheable_statement_size=0,  # large documents compile to more than the default of 15 KB
        )
        try:
            async with Pool.opened(connect, pool_size) as pool:
                yield cls(url=url, engine=engine, pool=pool, today=today, read_seconds=read_seconds)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction: committed at the end, undone by an exception. Deferred constraints are checked before the commit."""
        async with self.engine.begin() as connection:
            yield Transaction(connection, self.today())
            await connection.execute(text("set constraints all immediate"))

    @asynccontextmanager
    async def snapshot(self, exported: str | None = None) -> AsyncIterator[Transaction]:
        """A transaction that only reads, and sees one moment: its own, or one that another snapshot exported."""
        exported = exported or self.exported
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                if exported is not None:
                    await connection.execute(text(f"set transaction snapshot '{exported}'"))
                yield Transaction(connection, self.today())

    @asynccontextmanager
    async def moment(self) -> AsyncIterator[Database]:
        """The database as it is at this moment, for one read in several steps: its pool and its snapshots see nothing that comes later.

        A connection of the pool is taken all the time, so these take turns: half of them are left to who asks one thing.
        """
        async with self.pool.turns, self.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):

            async def taken() -> asyncpg.Connection[Any]:
                return connection

            today = self.today()
            exported = await connection.fetchval("select pg_export_snapshot()")
            yield replace(self, pool=Pool(taken, 1), today=lambda: today, exported=exported)


def plain(address: URL) -> str:
    """The address as libpq and asyncpg read it."""
    return address.set(drivername="postgresql").render_as_string(hide_password=False)
