"""Writers that roll back now and then, subscribers that leave at random, and servers that are killed: the parts of the proof.

What a subscriber heard is compared with the event table by `differences`, which is itself tested: it notices one event that is
missing, told twice, out of order or invented.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import httpx
from sqlalchemy.exc import DBAPIError
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from spm_graph.cli import main
from spm_graph.store import clock, events
from spm_graph.store.database import Database
from spm_graph.store.events import Event
from spm_graph.store.following import AWAY

KINDS = (*["OpportunityMoved"] * 8, *["AttainmentChange"] * 3, "EarningsPosted")
"""What is written: most of it is followed by the subscribers, the last by a webhook."""

FOLLOWED = "subscription ($after: Cursor) { opportunityMoved(after: $after) { cursor toStage } }"
START_SECONDS = 150
"""How long servers may take to start: a few seconds, unless the machine is busy."""

SETTINGS = {"SPM_ESTIMATES": "off", "SPM_WEBHOOKS_PRIVATE": "on"}

PROCESSES = get_context("forkserver")
"""Servers are processes of their own, made by one that has read the program and opened nothing: a start takes a quarter of the time."""

PROCESSES.set_forkserver_preload([__name__, "spm_graph.cli.serve"])

Heard = list[tuple[str, str]]
"""The cursor of each event, and what it said, as they came."""


class Undone(Exception):
    """A transaction that is rolled back on purpose."""


async def write(database: Database, dice: random.Random, name: str, acts: int, reps: Sequence[int | None]) -> None:
    """One writer: transactions of several events, every tenth rolled back, some slow to commit. Those cut off are lost."""
    for act in range(acts):
        try:
            async with database.transaction() as tx:
                position = await clock.tick(tx, name, "write")
                told = [
                    Event(dice.choice(KINDS), {"toStage": f"{name}/{act}/{part}"}, dice.choice(reps)) for part in range(dice.randint(1, 28))
                ]
                await events.append(tx, position, told)
                if dice.random() < 0.02:
                    await asyncio.sleep(dice.random() / 50)
                if dice.random() < 0.1:
                    raise Undone
        except Undone:
            continue
        except (DBAPIError, *AWAY):
            await asyncio.sleep(dice.random() / 5)


@dataclass
class Subscriber:
    """Somebody who leaves at random, and comes back to any server, over either transport, with the last cursor handled."""

    ports: Sequence[int]
    token: str
    start: str
    dice: random.Random
    heard: Heard = field(default_factory=list)
    visits: int = 0

    async def follow(self) -> None:
        """Hear events until cancelled."""
        while True:
            self.visits += 1
            port = self.dice.choice(self.ports)
            try:
                async for told in self.dice.choice((self._socket, self._events))(port):
                    self.heard.append((told["cursor"], told["toStage"]))
                    if self.dice.random() < 0.005:
                        break
            except (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError, EOFError, TimeoutError, httpx.HTTPError):
                await asyncio.sleep(self.dice.random() / 5)

    def _after(self) -> str:
        return self.heard[-1][0] if self.heard else self.start

    async def _socket(self, port: int) -> AsyncIterator[dict[str, str]]:
        async with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-transport-ws"], compression=None) as socket_:  # type: ignore[list-item]
            await socket_.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {self.token}"}}))
            payload = {"query": FOLLOWED, "variables": {"after": self._after()}}
            await socket_.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            assert json.loads(await socket_.recv())["type"] == "connection_ack"
            while True:
                yield json.loads(await socket_.recv())["payload"]["data"]["opportunityMoved"]

    async def _events(self, port: int) -> AsyncIterator[dict[str, str]]:
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {self.token}"}
        body = {"query": FOLLOWED, "variables": {"after": self._after()}}
        url = f"http://127.0.0.1:{port}/graphql"
        async with (
            httpx.AsyncClient(timeout=httpx.Timeout(5, read=30), verify=False) as http,
            http.stream("POST", url, json=body, headers=headers) as response,
        ):
            if response.status_code != 200:
                raise EOFError(response.status_code)
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    found = json.loads(line.removeprefix("data: "))
                    if "errors" in found:
                        raise EOFError(found)
                    yield found["data"]["opportunityMoved"]


def _serve(settings: dict[str, str]) -> None:
    """What a server's process does: what `spm serve` does with these settings."""
    silence = os.open(os.devnull, os.O_WRONLY)
    for output in (1, 2):
        os.dup2(silence, output)
    os.environ.update(settings)
    raise SystemExit(main(["serve"]))


class Servers:
    """Several server processes on one database, each on a port that it keeps when it is started again."""

    def __init__(self, url: str, count: int) -> None:
        self.url = url
        self.ports = [_free_port() for _ in range(count)]
        self.processes: dict[int, BaseProcess] = {}
        self.killed = 0

    def start(self, port: int) -> None:
        """Start the server of a port."""
        given = {"DATABASE_URL": self.url, "SPM_PORT": str(port), "SPM_TODAY": "2026-03-15"}
        self.processes[port] = PROCESSES.Process(target=_serve, args=(given | SETTINGS,))
        self.processes[port].start()

    def kill(self, port: int) -> None:
        """End the server of a port without a warning."""
        self.processes[port].kill()
        self.processes[port].join()
        self.killed += 1

    async def stop(self, port: int) -> None:
        """End the server of a port in order, as a deployment does."""
        self.processes[port].terminate()
        await asyncio.to_thread(self.processes[port].join, START_SECONDS)
        assert self.processes[port].exitcode == -signal.SIGTERM

    async def restless(self, dice: random.Random, kills: int) -> None:
        """Kill one at random every now and then, and start it again, until so many were killed. One that still starts is spared."""
        while self.killed < kills:
            await asyncio.sleep(0.2 + dice.random())
            up = [port for port in self.ports if await ready(port)]
            if up:
                port = dice.choice(up)
                self.kill(port)
                self.start(port)


@asynccontextmanager
async def serving(url: str, count: int) -> AsyncIterator[Servers]:
    """So many servers that answer."""
    servers = Servers(url, count)
    try:
        for port in servers.ports:
            servers.start(port)
        async with asyncio.timeout(START_SECONDS):
            while not all([await ready(port) for port in servers.ports]):
                await asyncio.sleep(0.1)
        yield servers
    finally:
        for process in servers.processes.values():
            process.kill()
            process.join()


async def ready(port: int) -> bool:
    """Whether the server of a port answers, and its database too."""
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            status = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in status


def differences(heard: Heard, expected: Heard) -> str | None:
    """What a subscriber heard amiss; none: exactly the events, in order."""
    for index, (found, wanted) in enumerate(zip(heard, expected, strict=False)):
        if found != wanted:
            return f"event {index}: {found} was heard where {wanted} is next"
    if len(heard) != len(expected):
        return f"{len(heard)} events were heard of {len(expected)}"
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
