"""A PostgreSQL for the tests: embedded in a temporary folder, or the one of DATABASE_URL. Each test has a database of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from spm_graph.store import database as opening
from spm_graph.store import embedded, migrate
from spm_graph.store.database import Database, plain

BUILT_IN = 16384
"""Below this number, a type is PostgreSQL's own, and the same in every database."""

QUICK_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
numbers = count(1)


def pytest_collection_finish() -> None:
    """Leave what all tests share, a million objects, out of every search for garbage."""
    gc.collect()
    gc.freeze()


class Compiled(dict[tuple[Any, ...], Any]):
    """Compiled statements by what they say, whichever engine asks: each test's engine has a dialect of its own, and all are alike."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """The statement that another engine's dialect compiled, too."""
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """What one test's engine compiled, those of the tests after it find: in a deployment there is one engine, for months."""
    options = {"compiled_cache": Compiled()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "create_async_engine", partial(opening.create_async_engine, execution_options=options))
        yield


@pytest.fixture(scope="session", autouse=True)
def types_learned_once() -> Iterator[None]:
    """What PostgreSQL's own types are, one connection asks for all: planning that question takes longer than most tests' statements.

    It is asked a few times by each connection, and a test opens several, to a database of its own.
    """
    asked = asyncpg.Connection._introspect_types
    known: dict[frozenset[int], Any] = {}

    async def learned(connection: asyncpg.Connection, numbers: Collection[int], timeout: float) -> tuple[Any, Any]:
        wanted = frozenset(numbers)
        if wanted not in known:
            types, statement = await asked(connection, numbers, timeout)
            if max(wanted) < BUILT_IN:
                known[wanted] = types
            return types, statement
        return known[wanted], SimpleNamespace(name="nothing was asked")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg.Connection, "_introspect_types", learned)
        yield


def named(url: str, database: str) -> str:
    """The address of another database on the same server."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


async def execute(url: str, *statements: str) -> None:
    """Run statements, each outside a transaction, as CREATE DATABASE wants it."""
    connection = await asyncpg.connect(plain(make_url(url)))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def copied(template: str, name: str) -> str:
    """The statement that makes a database from a template: on our own server, which never waits for a disk, by copying its files.

    That takes half as long as writing every page to the log, which is PostgreSQL's way unless told otherwise.
    """
    return f"create database {name} template {template}{'' if 'DATABASE_URL' in os.environ else ' strategy file_copy'}"


@contextmanager
def server_folder() -> Iterator[Path]:
    """A temporary folder for a server: in memory where there is enough, which makes a fresh database ten times as fast."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    with tempfile.TemporaryDirectory(prefix="spm-test-", dir=memory if roomy else None) as name:
        folder = Path(name)
        folder.chmod(0o755)  # root's server runs under another account, which has to get in
        yield folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a server of the test's own."""
    with server_folder() as made:
        yield made


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The address of the server; the user may create databases there."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with server_folder() as made, embedded.server(made, QUICK_AND_UNSAFE) as url:
        yield url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """The name of a migrated database, made once."""
    name = f"spm_template_{os.getpid()}"
    asyncio.run(execute(server_url, f"create database {name}"))
    asyncio.run(migrate.upgrade(named(server_url, name)))
    yield name
    asyncio.run(execute(server_url, f"drop database {name} with (force)"))


@pytest.fixture(scope="session")
def role(server_url: str, template: str) -> str | None:
    """The role that the application takes on in a copy of the template."""
    return asyncio.run(migrate.application_role(named(server_url, template)))


@pytest.fixture
async def empty_url(server_url: str) -> AsyncIterator[str]:
    """The address of a database without any table."""
    name = f"spm_test_{os.getpid()}_{next(numbers)}"
    await execute(server_url, f"create database {name}")
    yield named(server_url, name)
    await execute(server_url, f"drop database {name} with (force)")


@pytest.fixture
async def database_url(server_url: str, template: str) -> AsyncIterator[str]:
    """The address of a migrated database, for tests that start several processes."""
    name = f"spm_test_{os.getpid()}_{next(numbers)}"
    await execute(server_url, copied(template, name))
    yield named(server_url, name)
    await execute(server_url, f"drop database {name} with (force)")


@pytest.fixture
async def database(database_url: str, role: str | None) -> AsyncIterator[Database]:
    """A migrated database, open as the application opens it. A test may set its `today`."""
    async with Database.connected(database_url, role=role) as opened:
        yield opened
