"""No read outlives its time or its asker: PostgreSQL stops it, and what was written stays written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url

from spm_graph.settings import Settings
from spm_graph.store.database import Database, plain
from tests.api.conftest import Client, Serving, roomy
from tests.live.conftest import live

REPS = "{ reps { nodes { name } } }"
TOLD = "The read took longer than the limit of 1 s and was stopped: ask for less at once, or narrow it down."


@dataclass
class Watching:
    """A connection that holds what reads need, and sees who waits for it."""

    connection: asyncpg.Connection[asyncpg.Record]

    @asynccontextmanager
    async def holding(self, table: str) -> AsyncIterator[None]:
        """Let every read of the table wait."""
        async with self.connection.transaction():
            await self.connection.execute(f"lock table {table}")
            yield

    async def waiting(self) -> int:
        """How many statements wait in this database."""
        activity = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        found: int = await self.connection.fetchval(activity)
        return found

    async def until(self, count: int, seconds: float) -> None:
        """Return when so many wait."""
        async with asyncio.timeout(seconds):
            while await self.waiting() != count:
                await asyncio.sleep(0.02)


@pytest.fixture
async def watching(database_url: str) -> AsyncIterator[Watching]:
    """A connection beside the server's."""
    connection = await asyncpg.connect(plain(make_url(database_url)))
    yield Watching(connection)
    await connection.close()


@pytest.fixture
async def hasty(serve: Callable[[Settings], str], database: Database) -> Client:
    """The administrator of a server whose reads may take a second."""
    return await Serving(serve(replace(roomy("2018-01-15"), read_seconds=1)), database).administrator()


async def accepting(client: Client, media: str) -> httpx.Response:
    """The answer to all reps, in a media type."""
    headers = {"authorization": f"Bearer {client.token}", "accept": media}
    async with httpx.AsyncClient(timeout=60, verify=False) as http:
        return await http.post(client.url, json={"query": REPS}, headers=headers)


async def test_a_read_that_takes_too_long_is_stopped_and_told_the_limit(hasty: Client, watching: Watching) -> None:
    expected = {"errors": [{"message": TOLD, "extensions": {"code": "TIMEOUT"}}]}
    async with watching.holding("rep"):
        for media, status in (("application/graphql-response+json", 504), ("application/json", 200)):
            begun = time.monotonic()
            response = await accepting(hasty, media)
            assert (response.status_code, response.json()) == (status, expected)
            assert 0.9 < time.monotonic() - begun < 20  # far from the thirty seconds of other servers
            assert await watching.waiting() == 0
    assert (await hasty.ask(REPS)) == {"reps": {"nodes": []}}


async def test_so_is_one_over_a_websocket(hasty: Client, watching: Watching) -> None:
    async with live(hasty) as socket:
        async with watching.holding("rep"):
            await socket.subscribe("a", REPS)
            said = await socket.hear()
        assert said == {"id": "a", "type": "error", "payload": [{"message": TOLD, "extensions": {"code": "TIMEOUT"}}]}
        await socket.subscribe("a", REPS)
        assert (await socket.hear())["payload"] == {"data": {"reps": {"nodes": []}}}


async def test_what_was_done_stays_done_where_showing_it_takes_too_long(hasty: Client, watching: Watching) -> None:
    act = """mutation { repUpsert(input: {externalId: "ana", name: "Ana", currency: "USD"}) {
        rep { name territories { territory { name } } } problems { code } } }"""
    async with watching.holding("territory_assignment"):
        body = (await hasty.answer(act)).json()
    assert body == {"data": None, "errors": [{"message": TOLD, "path": ["repUpsert"], "extensions": {"code": "TIMEOUT"}}]}
    assert (await hasty.ask(REPS)) == {"reps": {"nodes": [{"name": "Ana"}]}}


async def test_a_client_that_leaves_takes_its_read_with_it(administrator: Client, watching: Watching) -> None:
    async with watching.holding("rep"):
        asking = asyncio.create_task(administrator.answer(REPS))
        await watching.until(1, 10)
        asking.cancel()
        await watching.until(0, 10)
    assert (await administrator.ask(REPS)) == {"reps": {"nodes": []}}


async def test_so_does_one_that_completes_its_operation_or_closes_its_socket(administrator: Client, watching: Watching) -> None:
    async with watching.holding("rep"):
        async with live(administrator) as socket:
            await socket.subscribe("a", REPS)
            await socket.subscribe("b", REPS)
            await watching.until(2, 10)
            await socket.say("complete", id="a")
            await watching.until(1, 10)
        await watching.until(0, 10)
