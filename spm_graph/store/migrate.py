"""Migrations: bring a database to the schema of this release, and give the application its role."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

APPLICATION_ROLE = "spm_app"
TRIGGERS_ONLY = "The ledgers are guarded by triggers only: this user of the database may not create the role spm_app."
OLDEST_MAJOR = 15
PACKAGE = Path(__file__).parents[1]
LOCK = 7_383_301  # any number that means "spm_graph migrates" and nothing else in the database


class DatabaseError(Exception):
    """The database can't be used; the message says why."""


def migrations(package: Path = PACKAGE) -> Path:
    """The folder of the migrations: inside an installed package, beside it in a source tree."""
    installed = package / "_migrations"
    return installed if installed.exists() else package.parent / "migrations"


async def upgrade(url: str) -> None:
    """Bring the database to the latest revision, in one transaction; whoever comes second waits and finds it done.

    A process migrates one database at a time: alembic's `op` is global. Raises DatabaseError.
    """
    async with _connection(url) as connection:
        version = int(await connection.scalar(text("show server_version_num"))) // 10_000
        if version < OLDEST_MAJOR:
            raise DatabaseError(f"PostgreSQL {OLDEST_MAJOR} or later is needed, and this is {version}.")
        await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        try:
            await connection.run_sync(_upgrade)
        except (asyncpg.PostgresError, DBAPIError) as error:
            if getattr(getattr(error, "orig", error), "sqlstate", None) != asyncpg.InsufficientPrivilegeError.sqlstate:
                raise
            raise DatabaseError(
                "This user of the database may not make its tables: run spm migrate with a DATABASE_URL of the database's owner,"
                " or grant this user CREATE on the schema."
            ) from error


async def start_over(url: str) -> None:
    """Throw away everything in the database. Only for what can be made again, as a demonstration can."""
    async with _connection(url) as connection:
        await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        schema = await connection.scalar(text("select current_schema()"))
        await connection.execute(text(f'drop schema "{schema}" cascade'))
        await connection.execute(text(f'create schema "{schema}"'))


async def current(url: str) -> str | None:
    """The revision that the database is at, or None where it was never migrated."""
    async with _connection(url) as connection:
        return await connection.run_sync(_revision)


async def is_current(url: str) -> bool:
    """Whether the database has the schema of this release."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    async with _connection(url) as connection:
        return await connection.run_sync(lambda sync: _revision(sync) == head and not _made_otherwise(sync))


async def application_role(url: str) -> str | None:
    """The role for `Database.connected`, or None where this user may not take it and triggers alone guard the ledgers."""
    async with _connection(url) as connection:
        try:
            await connection.execute(text(f"set local role {APPLICATION_ROLE}"))
            usable = await connection.scalar(text("select has_table_privilege('clock', 'update')"))
        except DBAPIError:
            return None
        return APPLICATION_ROLE if usable else None


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _made_otherwise(connection: Connection) -> bool:
    """Whether the database was made from another text of the first revision, which changes in place until it is released."""
    wanted = ScriptDirectory.from_config(_config()).get_revision("0001").module.DIGEST
    made = connection.scalar(text("select obj_description(to_regclass('alembic_version'), 'pg_class')"))
    return _revision(connection) is not None and made != wanted


def _upgrade(connection: Connection) -> None:
    if _made_otherwise(connection):
        raise DatabaseError(
            "The database was made by another unreleased version: remove the folder of its data"
            " (.spm, or what SPM_FOLDER says), or use another database."
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.exec_driver_sql((migrations() / "grants.sql").read_text(encoding="utf-8"))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return config


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[AsyncConnection]:
    """A transaction on a connection of its own."""
    address = make_url(url)
    engine = create_async_engine(address.set(drivername="postgresql+asyncpg"))
    try:
        try:
            await (await engine.connect()).close()  # it stays in the pool, and is the one used below
        except (OSError, asyncpg.PostgresError, DBAPIError) as error:
            reason = str(error).splitlines()[0]
            raise DatabaseError(f"No connection to {address.render_as_string()}: {reason}. Is DATABASE_URL right?") from error
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()
