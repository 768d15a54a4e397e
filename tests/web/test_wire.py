"""Whoever has not yet said what they want is given so much room, and so much time; whoever leaves is not worked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy import make_url

from spm_graph.reading.answer import Reads
from spm_graph.settings import Settings
from spm_graph.store.database import Database, plain
from spm_graph.web import wire
from tests.api.conftest import Client, Serving, roomy, serve
from tests.company import Company
from tests.web.test_whole import NAME, Spoken

__all__ = ["serve"]

SLOW = "the head of a request took longer than 0.3 s"


@pytest.fixture
async def client(serve: Callable[[Settings], str], database: Database, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.3)
    await Company.founded(database, today="2026-03-15")
    return await Serving(serve(roomy("2026-03-15")), database).administrator()


async def end(spoken: Spoken) -> tuple[str, str]:
    """The last answer on a connection: its status, and the error that it tells."""
    status, headers, body = await spoken.answer()
    assert headers["connection"] == "close"
    assert await spoken.reader.read() == b""
    return status, json.loads(body)["errors"][0]["message"]


@pytest.mark.parametrize("line", [b"x: y\r\n", b"x: " + b"y" * 1_000])
async def test_a_head_without_an_end_is_refused(client: Client, line: bytes) -> None:
    spoken = await Spoken.to(client)
    spoken.writer.write(b"GET /graphql HTTP/1.1\r\n" + line * (wire.LONGEST_HEAD // len(line) + 1))
    assert await end(spoken) == (
        "HTTP/1.1 431 Request Header Fields Too Large",
        "the head of the request exceeds the limit of 131072 bytes",
    )


async def test_an_address_without_an_end_is_refused(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.writer.write(b"GET /graphql?query=" + b"y" * wire.LONGEST_HEAD)
    assert (await end(spoken))[0] == "HTTP/1.1 431 Request Header Fields Too Large"


async def test_a_head_up_to_the_limit_is_read_however_it_comes(client: Client) -> None:
    spoken = await Spoken.to(client)
    for _ in range(2):
        spoken.writer.write(b"GET /graphql?query=%7Bcompany%7Bname%7D%7D HTTP/1.1\r\n")
        await asyncio.sleep(0.01)
        spoken.writer.write(f"authorization: Bearer {client.token}\r\nx: ".encode() + b"y" * (wire.LONGEST_HEAD - 1_000))
        await asyncio.sleep(0.01)
        spoken.writer.write(b"\r\n\r\n")
        assert (await spoken.answer())[0] == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("said", [b"", b"GET /graphql HTTP/1.1\r\nhost"])
async def test_who_takes_too_long_is_left(client: Client, said: bytes) -> None:
    spoken = await Spoken.to(client)
    spoken.writer.write(said)
    assert await end(spoken) == ("HTTP/1.1 408 Request Timeout", SLOW)


async def test_so_is_who_says_a_little_now_and_then_behind_an_answer(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.ask(NAME)
    assert (await spoken.answer())[0] == "HTTP/1.1 200 OK"
    for letter in b"GET":
        spoken.writer.write(bytes([letter]))
        await asyncio.sleep(0.1)
    assert await end(spoken) == ("HTTP/1.1 408 Request Timeout", SLOW)


async def test_a_body_and_an_answer_take_as_long_as_they_do(client: Client) -> None:
    spoken = await Spoken.to(client)
    spoken.begin(NAME)
    await asyncio.sleep(0.5)
    spoken.writer.write(json.dumps({"query": NAME}).encode())
    assert (await spoken.answer())[0] == "HTTP/1.1 200 OK"


async def test_who_asks_several_things_at_once_and_leaves_stops_the_first_too(
    client: Client, database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def slow(self: Reads, database: Database, *_: object) -> bytes:
        return bytes(await database.pool.fetchval("select pg_sleep(30)::text"))

    monkeypatch.setattr(Reads, "_run", slow)
    watching = await asyncpg.connect(plain(make_url(database_url)))

    async def working() -> int:
        return int(await watching.fetchval("select count(*) from pg_stat_activity where state = 'active' and query like 'select pg_sl%'"))

    spoken = await Spoken.to(client)
    for _ in range(3):
        spoken.ask(NAME)
    async with asyncio.timeout(10):
        while await working() == 0:
            await asyncio.sleep(0.02)
        spoken.writer.close()
        while await working() > 0:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    assert await working() == 0  # nor was the second one begun
    await watching.close()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
