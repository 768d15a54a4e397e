"""A client that speaks graphql-transport-ws, and a company whose deals it follows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from spm_graph.domain.terms import Grant
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Client, Serving, roomy, serve
from tests.company import Company

__all__ = ["serve"]

SECONDS = 60
"""How long a test waits for what has to come: as long as a crowded machine may need, and no longer than a failure may take."""


@dataclass
class Socket:
    """One connection."""

    connection: ClientConnection
    waiting: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, type_: str, **more: Any) -> None:
        """Send a message."""
        await self.connection.send(json.dumps({"type": type_, **more}))

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(SECONDS):
            found: dict[str, Any] = json.loads(await self.connection.recv())
            return found

    async def silent(self, seconds: float = 0.4) -> bool:
        """Whether nothing is said for a while."""
        try:
            async with asyncio.timeout(seconds):
                await self.connection.recv()
        except TimeoutError:
            return True
        return False

    async def closed(self) -> int:
        """The code with which the server closes the connection; what it says before is passed over."""
        async with asyncio.timeout(SECONDS):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006

    async def subscribe(self, id_: str, query: str, **variables: Any) -> None:
        """Begin an operation."""
        await self.say("subscribe", id=id_, payload={"query": query, "variables": variables})


@asynccontextmanager
async def raw(client: Client, protocol: str = "graphql-transport-ws", **options: Any) -> AsyncIterator[Socket]:
    """A connection that has said nothing yet."""
    # Without a limit the client always reads, so that it also hears the answer to its closing.
    options |= {"subprotocols": [protocol], "max_queue": None}
    async with connect(client.url.replace("http", "ws"), **options) as connection:
        yield Socket(connection)


@asynccontextmanager
async def live(client: Client) -> AsyncIterator[Socket]:
    """A connection that was acknowledged."""
    async with raw(client) as socket:
        await socket.say("connection_init", payload={"authorization": f"Bearer {client.token}"})
        assert await socket.hear() == {"type": "connection_ack"}
        yield socket


@dataclass
class World:
    """A company where Ana reports to Bo and Cleo stands apart, and all of them have tokens."""

    server: Serving
    company: Company
    askers: dict[str, Client]


@pytest.fixture
async def world(serve: Callable[[Settings], str], database: Database) -> World:
    """The company on 15 March 2026, Ana's quota 1,000 in January."""
    company = await Company.founded(database, today="2026-03-15")
    server = Serving(serve(roomy("2026-03-15")), database)
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    await company.quota("ana", "2026-01", "1000")
    askers = {
        "stranger": await server.client(rep="cleo", name="cleo"),
        "self": await server.client(rep="ana", name="ana"),
        "manager": await server.client(rep="bo", name="bo"),
        "runner": await server.client(Grant.RUN, rep="cleo", name="runner"),
        "administrator": await server.administrator(),
    }
    return World(server, company, askers)
