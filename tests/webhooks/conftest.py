"""A receiver on this machine that checks what it is sent, and a company whose events go there."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from spm_graph.actions import webhooks
from spm_graph.actions.refs import Ref
from spm_graph.actions.result import Result
from spm_graph.actions.webhooks import WebhookCreate
from spm_graph.store.database import Database
from spm_graph.store.following import Following
from spm_graph.webhooks.worker import sending
from tests.company import ADMINISTRATOR, Company

SECONDS = 60
"""How long a test waits for what has to come: as long as a crowded machine may need, and no longer than a failure may take."""
QUICKLY = (timedelta(milliseconds=10),) * 9
"""Nine waits that a test has time for, in place of those of four days."""


@dataclass
class Received:
    """One message, as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of its signatures is made with a secret, calculated here from the specification's words."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
        return expected in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """An HTTP server that answers with the statuses that it is told to, and with 204 when there are none left."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    messages: list[Received] = field(default_factory=list)
    delay: float = 0
    location: str = ""
    """Where it says that messages should go instead."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take messages from one connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                _, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = await reader.readexactly(int(headers["content-length"]))
                await asyncio.sleep(self.delay)
                self.messages.append(Received(headers, body))
                status = self.statuses.pop(0) if self.statuses else 204
                elsewhere = f"location: {self.location}\r\n" if self.location else ""
                writer.write(f"HTTP/1.1 {status} Said\r\n{elsewhere}content-length: 0\r\n\r\n".encode())
                await writer.drain()
        writer.close()

    async def heard(self, number: int) -> list[Received]:
        """The messages, as soon as there are so many."""
        end = time.monotonic() + SECONDS
        while len(self.messages) < number:
            assert time.monotonic() < end, f"{len(self.messages)} messages came, not {number}"
            await asyncio.sleep(0.01)
        return self.messages


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    found = Receiver()
    async with await asyncio.start_server(found.answer, "127.0.0.1", 0) as server:
        found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/events"
        yield found


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that listens during the test."""
    async with listening() as found:
        yield found


@dataclass
class World:
    """A company with Ana, who reports to Bo, and what its events are sent to."""

    database: Database
    company: Company

    async def hook(self, url: str, **given: Any) -> Result:
        """Register an address from the beginning of time on, unless said otherwise."""
        rep = Ref(external_id=given.pop("rep")) if "rep" in given else None
        async with self.database.transaction() as tx:
            return await webhooks.create(tx, ADMINISTRATOR, WebhookCreate("ours", url, rep=rep, **{"after": "0", **given}))

    async def act(self, act: Callable[..., Any], command: object) -> Result:
        """Do something with a webhook."""
        async with self.database.transaction() as tx:
            found: Result = await act(tx, ADMINISTRATOR, command)
            return found

    @asynccontextmanager
    async def sent(self, *, private: bool = True, schedule: Sequence[timedelta] = QUICKLY) -> AsyncIterator[None]:
        """Have a worker send what is due during the block."""
        async with Following.started(self.database) as following:
            task = asyncio.create_task(sending(self.database, following, private=private, schedule=schedule))
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def until(self, sql: str, expected: object) -> None:
        """Wait until the database says so."""
        end = time.monotonic() + SECONDS
        while (found := await self.database.pool.fetchval(sql)) != expected:
            assert time.monotonic() < end, f"{sql} is {found}, not {expected}"
            await asyncio.sleep(0.02)


@pytest.fixture
async def world(database: Database) -> World:
    """The company on 15 March 2026, in which something has happened: Cleo won a deal."""
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    await company.won("2000", "cleo", "2026-03-09")
    return World(database, company)
