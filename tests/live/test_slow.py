"""Who does not read what they are sent costs a bounded number of bytes, delays nobody, and misses nothing once they read."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from websockets.asyncio.client import ClientConnection, connect

from spm_graph.store import clock, events
from spm_graph.store.database import Database
from spm_graph.store.events import Event
from spm_graph.web.frames import Frames
from spm_graph.web.outbox import MOST
from spm_graph.web.sse import EventStream
from tests.api.conftest import Client

from .conftest import SECONDS, World

T = TypeVar("T")
FOLLOWED = "subscription ($after: Cursor) { opportunityMoved(after: $after) { toStage } }"
LONG = 30_000
"""How long a message is, about: some hundred of them are more than the buffers of the machine take."""

BATCHES, TOGETHER = 40, 10
HIGH_WATER = 65_536
"""How many bytes an event loop's transport takes before it says that there is no room."""


@asynccontextmanager
async def connected(client: Client, after: str) -> AsyncIterator[ClientConnection]:
    """Somebody who follows, with as small a buffer of their own as may be."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    address = client.url.removeprefix("http://").split("/")[0].split(":")
    small.connect((address[0], int(address[1])))
    small.setblocking(False)
    options: dict[str, Any] = {"subprotocols": ["graphql-transport-ws"], "compression": None, "ping_interval": None, "max_queue": None}
    async with connect(client.url.replace("http", "ws"), sock=small, **options) as connection:
        await connection.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {client.token}"}}))
        await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": FOLLOWED, "variables": {"after": after}}}))
        assert json.loads(await connection.recv())["type"] == "connection_ack"
        yield connection
        connection.transport.abort()


async def heard(connection: ClientConnection, count: int) -> list[int]:
    """The numbers of the next so many events."""
    async with asyncio.timeout(SECONDS):
        answers = [json.loads(await connection.recv()) for _ in range(count)]
    return [int(answer["payload"]["data"]["opportunityMoved"]["toStage"].strip("x")) for answer in answers]


async def tell(database: Database, first: int) -> None:
    """A batch of long events."""
    async with database.transaction() as tx:
        position = await clock.tick(tx, "test", "tell")
        told = [Event("OpportunityMoved", {"toStage": f"{number:x<{LONG}}"}) for number in range(first, first + TOGETHER)]
        await events.append(tx, position, told)


def noted(monkeypatch: pytest.MonkeyPatch, which: type[T], method: str) -> list[T]:
    """Everything of a type that has this method called, in the order of the calls."""
    made: list[T] = []
    does = getattr(which, method)

    def doing(self: T, given: Any) -> None:
        made.append(self)
        does(self, given)

    monkeypatch.setattr(which, method, doing)
    return made


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[Frames]:
    """The server's ends of all connections, in the order in which they came."""
    return noted(monkeypatch, Frames, "handle_connect")


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> list[EventStream]:
    """All responses of events."""
    return noted(monkeypatch, EventStream, "__init__")


@asynccontextmanager
async def stuck_stream(client: Client, after: str) -> AsyncIterator[None]:
    """Somebody who asked for a response of events, and reads nothing of it."""
    _, writer = await asyncio.open_connection(*client.url.removeprefix("http://").split("/")[0].split(":"), limit=1024)
    body = json.dumps({"query": FOLLOWED, "variables": {"after": after}}).encode()
    head = f"POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {client.token}\r\naccept: text/event-stream\r\n"
    writer.write(head.encode() + b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    yield
    writer.transport.abort()


async def test_who_never_reads_costs_a_bounded_buffer_and_delays_nobody(
    frames: list[Frames], streams: list[EventStream], world: World
) -> None:
    database, client = world.company.database, world.askers["stranger"]
    start = str(await database.pool.fetchval("select position from clock"))
    async with (
        connected(client, start) as stuck,
        connected(client, start) as other,
        connected(client, start) as quick,
        stuck_stream(client, start),
    ):
        for connection in (stuck, other):
            connection.transport.pause_reading()
        most, queued = 0, 0
        for batch in range(BATCHES):
            await tell(database, batch * TOGETHER)
            # Each batch is heard before the next one is told, though two connections and a response take no more.
            assert await heard(quick, TOGETHER) == list(range(batch * TOGETHER, (batch + 1) * TOGETHER))
            most = max(most, *(each.transport.get_write_buffer_size() for each in frames))
            queued = max(queued, *(len(each.outbox.waiting) for each in streams))
        full = [each for each in frames if not each.writable.is_set()]
        assert len(full) == 2
        assert len(streams) == 1
        assert HIGH_WATER < most < HIGH_WATER + 2 * LONG
        assert queued == MOST
        stuck.transport.resume_reading()
        assert await heard(stuck, BATCHES * TOGETHER) == list(range(BATCHES * TOGETHER))


async def test_who_answers_no_ping_is_cut_off_though_it_does_not_read_the_end(frames: list[Frames], world: World) -> None:
    database, client = world.company.database, world.askers["stranger"]
    start = str(await database.pool.fetchval("select position from clock"))
    async with connected(client, start) as stuck:
        stuck.transport.pause_reading()
        (end,) = frames
        async with asyncio.timeout(SECONDS):
            for batch in range(1_000):
                await tell(database, batch * TOGETHER)
                if not end.writable.is_set():
                    break
            end.loop.call_soon_threadsafe(end.keepalive_timeout)
            while not end.disconnected:
                await asyncio.sleep(0.01)
