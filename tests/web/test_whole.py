"""A response goes out in one piece, and HTTP/1.1 stays what it is: in order, over one connection, for slow readers too."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Client, Serving, roomy, serve
from tests.company import Company

__all__ = ["serve"]

NAME = "{ company { name } }"
LARGE = "{ __schema { types { name description fields { name description } } } }"


@pytest.fixture
async def client(serve: Callable[[Settings], str], database: Database) -> Client:
    await Company.founded(database, today="2026-03-15")
    return await Serving(serve(roomy("2026-03-15")), database).administrator()


def body(document: str) -> bytes:
    return json.dumps({"query": document}).encode()


class Spoken:
    """One connection, spoken to byte by byte."""

    def __init__(self, client: Client, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.client, self.reader, self.writer = client, reader, writer

    @classmethod
    async def to(cls, client: Client) -> Spoken:
        address = urlsplit(client.url)
        return cls(client, *await asyncio.open_connection(address.hostname, address.port, limit=2**24))

    def ask(self, document: str, *headers: str, method: str = "POST", version: str = "1.1") -> None:
        self.begin(document, *headers, method=method, version=version)
        self.writer.write(body(document))

    def begin(self, document: str, *headers: str, method: str = "POST", version: str = "1.1") -> None:
        lines = [f"{method} /graphql HTTP/{version}", "host: localhost", f"authorization: Bearer {self.client.token}"]
        lines += ["content-type: application/json", f"content-length: {len(body(document))}", *headers]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())

    async def head(self) -> tuple[str, dict[str, str]]:
        status, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        return status, dict(line.split(": ", 1) for line in lines if line)

    async def answer(self) -> tuple[str, dict[str, str], bytes]:
        status, headers = await self.head()
        return status, headers, await self.reader.readexactly(int(headers["content-length"]))


async def test_head_and_body_come_together(client: Client) -> None:
    spoken = await Spoken.to(client)
    for _ in range(20):
        spoken.ask(NAME)
        piece = await spoken.reader.read(65_536)
        head, _, rest = piece.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
        assert f"content-length: {len(rest)}".encode() in head
        assert json.loads(rest)["data"]["company"]["name"]


async def test_what_is_asked_at_once_is_answered_in_order(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.ask("{ first: company { name } }")
    spoken.ask("{ no such }")
    spoken.ask("{ third: company { name } }", "connection: close")
    answers = [await spoken.answer() for _ in range(3)]
    assert [list(json.loads(answer)) for _, _, answer in answers] == [["data"], ["errors"], ["data"]]
    assert [list(json.loads(answers[index][2])["data"]) for index in (0, 2)] == [["first"], ["third"]]
    assert [headers.get("connection") for _, headers, _ in answers] == [None, None, "close"]
    assert await spoken.reader.read() == b""


async def test_an_old_client_is_answered_and_left(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.ask(NAME, version="1.0")
    _, headers, answer = await spoken.answer()
    assert headers["connection"] == "close"
    assert json.loads(answer)["data"]
    assert await spoken.reader.read() == b""


async def test_a_head_has_no_body(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.ask(NAME, method="HEAD")
    spoken.ask(NAME)
    status, headers = await spoken.head()
    assert (status, headers["allow"]) == ("HTTP/1.1 405 Method Not Allowed", "GET, POST")
    status, _, answer = await spoken.answer()
    assert status == "HTTP/1.1 200 OK"
    assert json.loads(answer)["data"]


async def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.begin(NAME, "expect: 100-continue")
    assert (await spoken.head())[0] == "HTTP/1.1 100 Continue"
    spoken.writer.write(body(NAME)[:10])
    await asyncio.sleep(0.05)
    spoken.writer.write(body(NAME)[10:])
    assert (await spoken.answer())[0] == "HTTP/1.1 200 OK"


async def test_a_client_that_was_not_asked_for_its_body_is_left(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.begin(NAME, "expect: 100-continue", "accept: text/html")
    status, headers = await spoken.head()
    assert (status, headers["connection"]) == ("HTTP/1.1 406 Not Acceptable", "close")
    await spoken.reader.readexactly(int(headers["content-length"]))
    assert await spoken.reader.read() == b""  # the body may come or not: what came next could be either


async def test_a_client_that_does_not_wait_to_be_asked_is_served_on(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.ask(NAME, "expect: 100-continue")
    spoken.ask(NAME)
    answers = [await spoken.answer() for _ in range(2)]
    assert [(status, headers.get("connection")) for status, headers, _ in answers] == [("HTTP/1.1 200 OK", None)] * 2


async def test_a_client_that_is_slow_to_read_gets_every_byte(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.ask(LARGE)
    _, _, once = await spoken.answer()
    asked = 10_000_000 // len(once)
    for _ in range(asked):
        spoken.ask(LARGE)
    await asyncio.sleep(0.5)  # what the network does not hold waits in the server, which reads no more requests meanwhile
    for _ in range(asked):
        assert (await spoken.answer())[2] == once
