"""Every major version of PostgreSQL that this machine has: its own server, the same schema, the same guards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from spm_graph.store import clock, embedded, migrate
from spm_graph.store.database import Database, plain
from spm_graph.store.embedded import binaries
from spm_graph.store.embedded.binaries import OLDEST_MAJOR
from tests.conftest import QUICK_AND_UNSAFE

from .test_migrate import EXPECTED_GUARDS, GUARDS

NEWEST_MAJOR = 18


def programs(major: int) -> Path:
    """The folder of a major version's programs; skips the test where there is none."""
    found = {binaries._major(folder, None): folder for folder in reversed(list(binaries._candidates()))}
    if str(major) not in found:
        there = ", ".join(f"{version} in {folder}" for version, folder in found.items() if version)
        pytest.skip(f"this machine has no PostgreSQL {major}, only {there or 'none'}")
    return found[str(major)]


@pytest.mark.parametrize("major", range(OLDEST_MAJOR, NEWEST_MAJOR + 1))
def test_a_postgresql_of_the_major_version_is_guarded_as_any(major: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = programs(major)
    monkeypatch.setattr(binaries, "_candidates", lambda: [chosen])
    with embedded.server(folder, QUICK_AND_UNSAFE) as url:
        assert (folder / "postgres" / "data" / "PG_VERSION").read_text() == f"{major}\n"
        asyncio.run(story(url))


async def story(url: str) -> None:
    """Migrate twice, compare the guards, then hire a rep who sells."""
    await migrate.upgrade(url)
    await migrate.upgrade(url)
    assert await migrate.is_current(url)
    assert await guards(url) == EXPECTED_GUARDS.read_text(encoding="utf-8").splitlines()
    async with Database.connected(url, role=await migrate.application_role(url), pool_size=1) as database:
        async with database.transaction() as tx:
            assert await clock.tick(tx, "ana", "hire") == 1
            await tx.execute("insert into rep (name, currency) values ('Ana', 'EUR')")
        assert await database.pool.fetch("select actor, action from tick") == [("ana", "hire")]
        assert await database.pool.fetch("select noun, before, after ->> 'name' from audit where noun = 'rep'") == [("rep", None, "Ana")]
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for table tick"):
            await database.pool.execute("update tick set actor = 'ben'")
    with pytest.raises(asyncpg.RestrictViolationError, match="tick is only ever added to"):
        await executed(url, "update tick set actor = 'ben'")
    with pytest.raises(asyncpg.RaiseError, match="a write to rep before the clock ticked"):
        await executed(url, "insert into rep (name, currency) values ('Bo', 'EUR')")


async def guards(url: str) -> list[str]:
    """The database's constraints, triggers and grants."""
    connection = await asyncpg.connect(plain(make_url(url)))
    try:
        return sorted(row[0] for row in await connection.fetch(GUARDS))
    finally:
        await connection.close()


async def executed(url: str, statement: str) -> None:
    """Run a statement as the owner of the tables."""
    connection = await asyncpg.connect(plain(make_url(url)))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
