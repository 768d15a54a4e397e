"""A server that is stopped, as in a deployment: it says so to everybody who follows, and is gone soon, whoever does not listen."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from spm_graph.domain.terms import Grant
from spm_graph.store import clock
from spm_graph.store import events as written
from spm_graph.store.database import Database
from spm_graph.store.events import Event
from spm_graph.web.server import GRACE_SECONDS
from tests.api.conftest import Client, Serving
from tests.company import Company

from .restless import FOLLOWED, Servers, serving
from .test_events_over_http import events

STOP_SECONDS = 60
"""How long what has to come is waited for on a crowded machine."""


async def following(client: Client, after: str) -> ClientConnection:
    """A connection that follows, and reads when it is asked to only."""
    connection = await connect(client.url.replace("http", "ws"), subprotocols=["graphql-transport-ws"], compression=None)  # type: ignore[list-item]
    await connection.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {client.token}"}}))
    await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": FOLLOWED, "variables": {"after": after}}}))
    assert json.loads(await connection.recv())["type"] == "connection_ack"
    return connection


async def heard(connection: ClientConnection) -> str:
    """The cursor of the next event."""
    async with asyncio.timeout(STOP_SECONDS):
        cursor: str = json.loads(await connection.recv())["payload"]["data"]["opportunityMoved"]["cursor"]
    return cursor


async def stopped(servers: Servers, port: int) -> float:
    """Stop a server in order; how many seconds that took."""
    began = time.monotonic()
    await servers.stop(port)
    return time.monotonic() - began


async def test_who_follows_is_told_to_come_back_and_goes_on_elsewhere(database: Database, database_url: str) -> None:
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana")
    token = (await Serving("", database).client(Grant.SEE_ALL, name="all")).token
    async with serving(database_url, 2) as servers:
        one, other = (Client(f"http://127.0.0.1:{port}/graphql", token) for port in servers.ports)
        await company.won("100", "ana", "2026-01-10")
        connection = await following(one, "0")
        last = await heard(connection)
        async with events(one, FOLLOWED, variables={"after": "0"}) as stream:
            assert (await stream.next())["id"] == last
            seconds = await stopped(servers, servers.ports[0])
            with pytest.raises(ConnectionClosed) as closed:
                await connection.recv()
            with pytest.raises(EOFError):  # and not the event `complete`, which would say that nothing more comes
                await stream.next()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
            1012,
            "The server stops: connect again, and follow from the last cursor",
        )
        assert seconds < GRACE_SECONDS, "nobody was waited for"
        await company.won("200", "ana", "2026-01-11")
        again = await following(other, last)
        (row,) = await company.rows(
            "select concat_ws('.', position, ordinal) as cursor from event where kind = 'OpportunityMoved' order by position desc limit 1"
        )
        assert await heard(again) == row["cursor"]
        await again.close()
        # Nor is somebody waited for who does not read.
        stuck = await following(other, last)
        stuck.transport.pause_reading()
        async with database.transaction() as tx:
            position = await clock.tick(tx, "test", "tell")
            await written.append(tx, position, [Event("OpportunityMoved", {"toStage": "x" * 100_000}) for _ in range(150)])
        quick = await following(other, str(position - 1))
        async with asyncio.timeout(STOP_SECONDS):
            for _ in range(150):
                await quick.recv()
        assert await stopped(servers, servers.ports[1]) < GRACE_SECONDS
