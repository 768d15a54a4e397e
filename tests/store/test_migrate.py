"""Migrations: what they make is what the tables say, whoever runs them, and the ledgers stay as they are."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import make_url

from spm_graph.store import embedded, migrate
from spm_graph.store.database import Database, plain
from spm_graph.store.migrate import DatabaseError
from spm_graph.store.tables import metadata

LEDGERS = ["audit", "earning", "earning_credit", "event", "payment", "posting", "stage_change", "tick", "touch"]

EXPECTED_GUARDS = Path(__file__).with_name("expected_guards.txt")

GUARDS = """
    select format('%s: %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all
    select format('%s: %s', tgrelid::regclass, substring(pg_get_triggerdef(oid) from 'TRIGGER.*'))
    from pg_trigger where not tgisinternal
    union all
    select format('%s: %s may %s', table_name, grantee, string_agg(lower(privilege_type), ', ' order by privilege_type))
    from information_schema.role_table_grants where grantee = 'spm_app' group by table_name, grantee
"""


async def connected(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(plain(make_url(url)))


async def test_the_migrations_make_exactly_the_tables_of_the_metadata(database):
    options = {"compare_type": True, "compare_server_default": True}
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync, opts=options), metadata))
    assert differences == []


async def test_constraints_triggers_and_grants_are_as_expected(database_url):
    """What alembic doesn't compare. After an intended change delete expected_guards.txt, run this test, and read the difference."""
    connection = await connected(database_url)
    found = "\n".join(sorted(row[0] for row in await connection.fetch(GUARDS))) + "\n"
    await connection.close()
    if not EXPECTED_GUARDS.exists():
        EXPECTED_GUARDS.write_text(found, encoding="utf-8")
        pytest.fail(f"{EXPECTED_GUARDS.name} was missing and has been written: read it, and commit it")
    assert found == EXPECTED_GUARDS.read_text(encoding="utf-8")


async def test_two_migrations_at_once_make_one_schema(empty_url):
    assert await migrate.current(empty_url) is None
    assert not await migrate.is_current(empty_url)
    await asyncio.gather(migrate.upgrade(empty_url), migrate.upgrade(empty_url))
    assert await migrate.current(empty_url) == "0001"
    assert await migrate.is_current(empty_url)


async def test_a_database_of_another_text_of_the_first_revision_is_refused(empty_url):
    await migrate.upgrade(empty_url)
    connection = await connected(empty_url)
    await connection.execute("comment on table alembic_version is 'another'")
    await connection.close()
    assert not await migrate.is_current(empty_url)
    with pytest.raises(DatabaseError, match=r"^The database was made by another unreleased version: remove the folder of its data"):
        await migrate.upgrade(empty_url)


async def test_a_user_who_may_not_make_tables_hears_what_it_needs(empty_url):
    administrator = await connected(empty_url)
    if not await administrator.fetchval("select rolsuper from pg_roles where rolname = current_user"):
        pytest.skip("making a user takes a superuser")
    name = f"{make_url(empty_url).database}_guest"
    await administrator.execute(f"create role {name} login password 'secret'")
    url = make_url(empty_url).set(username=name, password="secret").render_as_string(hide_password=False)
    with pytest.raises(DatabaseError) as refused:
        await migrate.upgrade(url)
    assert str(refused.value) == (
        "This user of the database may not make its tables: run spm migrate with a DATABASE_URL of the database's owner,"
        " or grant this user CREATE on the schema."
    )
    await administrator.execute(f"drop role {name}")
    await administrator.close()


async def test_databases_of_one_server_may_be_migrated_at_once(folder):
    """The application's role belongs to the whole server."""
    program = "import asyncio, sys; from spm_graph.store import migrate; asyncio.run(migrate.upgrade(sys.argv[1]))"
    with embedded.server(folder, {"fsync": "off"}) as server:
        connection = await connected(server)
        urls = []
        for name in ("first", "second"):
            await connection.execute(f"create database {name}")
            urls.append(make_url(server).set(database=name).render_as_string())
        await connection.close()
        processes = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, url) for url in urls]
        assert [await process.wait() for process in processes] == [0, 0]
        assert [await migrate.application_role(url) for url in urls] == ["spm_app", "spm_app"]


def test_the_migrations_are_found_in_a_source_tree_and_in_an_installed_package(tmp_path):
    assert migrate.migrations() == Path(__file__).parents[2] / "migrations"
    (tmp_path / "spm_graph" / "_migrations").mkdir(parents=True)
    assert migrate.migrations(tmp_path / "spm_graph") == tmp_path / "spm_graph" / "_migrations"


@pytest.fixture
async def application(database_url):
    """A connection as the application has it, in its role."""
    connection = await asyncpg.connect(plain(make_url(database_url)), server_settings={"role": "spm_app"})
    yield connection
    await connection.close()


@pytest.mark.parametrize("ledger", LEDGERS)
async def test_the_application_may_not_change_a_ledger(application, ledger):
    await application.execute("reset role")
    column = metadata.tables[ledger].columns.keys()[0]
    for statement in (f"update {ledger} set {column} = default", f"delete from {ledger}", f"truncate {ledger} cascade"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"permission denied for table {ledger}"):
            await application.execute(statement)


async def test_not_even_the_owner_may_truncate_a_ledger(database_url):
    connection = await connected(database_url)
    for ledger in LEDGERS:
        with pytest.raises(asyncpg.RestrictViolationError, match="is only ever added to"):
            await connection.execute(f"truncate {ledger} cascade")
    await connection.close()


async def test_not_even_the_owner_may_change_what_happened(database_url):
    connection = await connected(database_url)
    await connection.execute("select spm_tick('ana', 'test')")
    for statement in ("update tick set actor = 'ben'", "delete from tick"):
        with pytest.raises(asyncpg.RestrictViolationError, match="tick is only ever added to"):
            await connection.execute(statement)
    await connection.close()


async def test_the_application_may_not_change_the_schema(application):
    for statement in ("create table mine ()", "drop table rep", "alter table rep add mine text", "delete from alembic_version"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute(statement)


async def test_an_owner_without_a_right_to_create_roles_migrates_and_hears_that_triggers_alone_guard(empty_url):
    administrator = await connected(empty_url)
    if not await administrator.fetchval("select rolsuper from pg_roles where rolname = current_user"):
        pytest.skip("making an owner takes a superuser")
    name = make_url(empty_url).database
    owner = f"{name}_owner"
    await administrator.execute(f"create role {owner} login password 'secret'")
    await administrator.execute(f"alter database {name} owner to {owner}")
    url = make_url(empty_url).set(username=owner, password="secret").render_as_string(hide_password=False)

    await migrate.upgrade(url)
    assert await migrate.is_current(url)
    assert await migrate.application_role(url) is None
    async with Database.connected(url) as database, database.transaction() as tx:
        assert await tx.scalar("select spm_tick('ana', 'test')") == 1

    await administrator.execute(f"reassign owned by {owner} to current_user")
    await administrator.execute(f"drop role {owner}")
    await administrator.close()
