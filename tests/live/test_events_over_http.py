"""Server-Sent Events, distinct connections: what is sent, in which words, and from which cursor."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.api.conftest import Client

from .conftest import SECONDS, World

MOVED = "subscription ($after: Cursor) { opportunityMoved(after: $after) { cursor toStage } }"


class Events:
    """The events of one response."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.lines = response.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The fields of the next event; comments are passed over."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(SECONDS):
            async for line in self.lines:
                if line:
                    name, _, value = line.partition(":")
                    fields[name] = value.removeprefix(" ")
                elif fields.pop("", None) is None or fields:
                    return fields
        raise EOFError

    async def data(self) -> Any:
        """What the next event tells."""
        return json.loads((await self.next())["data"])["data"]["opportunityMoved"]["toStage"]


@asynccontextmanager
async def events(client: Client, query: str, *, method: str = "POST", **more: Any) -> AsyncIterator[Events]:
    """A response of events."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {client.token}", **more.pop("headers", {})}
    given = {"json": {"query": query, **more}} if method == "POST" else {"params": {"query": query}}
    async with httpx.AsyncClient(timeout=60, verify=False) as http, http.stream(method, client.url, headers=headers, **given) as response:
        yield Events(response)


async def test_a_subscription_is_a_stream_of_events_with_cursors(world: World) -> None:
    ana = world.askers["self"]
    await world.company.won("100", "ana", "2026-01-10")
    for method in ("POST", "GET"):
        async with events(ana, MOVED.replace("($after: Cursor)", "").replace("$after", '"0"'), method=method) as found:
            assert found.response.status_code == 200
            assert found.response.headers["content-type"] == "text/event-stream; charset=utf-8"
            first = await found.next()
            assert first["event"] == "next"
            told = json.loads(first["data"])["data"]["opportunityMoved"]
            assert told["cursor"] == first["id"]
    async with events(ana, MOVED, headers={"last-event-id": first["id"]}) as found:
        await world.company.won("100", "ana", "2026-01-11")
        after = await found.next()
        assert tuple(map(int, after["id"].split("."))) > tuple(map(int, first["id"].split(".")))


async def test_queries_and_mutations_are_one_event_and_the_end(world: World) -> None:
    administrator = world.askers["administrator"]
    async with events(administrator, "{ reps { totalCount } }") as found:
        assert json.loads((await found.next())["data"]) == {"data": {"reps": {"totalCount": 3}}}
        assert await found.next() == {"event": "complete", "data": ""}
    async with events(administrator, 'mutation { companySet(input: {name: "Kappa"}) { problems { code } } }') as found:
        assert json.loads((await found.next())["data"]) == {"data": {"companySet": {"problems": []}}}
    async with events(administrator, 'mutation { companySet(input: {name: "Kappa"}) { problems { code } } }', method="GET") as found:
        assert found.response.status_code == 405


async def test_what_is_wrong_with_a_document_is_said_in_the_stream_and_what_is_wrong_with_a_token_is_not(world: World) -> None:
    ana = world.askers["self"]
    async with events(ana, "subscription { nothing }") as found:
        assert found.response.status_code == 200
        (error,) = json.loads((await found.next())["data"])["errors"]
        assert error["message"] == "Cannot query field 'nothing' on type 'Subscription'."
        assert (await found.next())["event"] == "complete"
    async with events(Client(ana.url, "spm_nobody"), MOVED) as found:
        assert found.response.status_code == 401


async def test_a_client_that_takes_json_too_gets_events_for_subscriptions_only(world: World) -> None:
    ana = world.askers["self"]
    both = {"accept": "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"}
    async with events(ana, "{ reps { totalCount } }", headers=both) as found:
        assert found.response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    async with events(ana, MOVED, headers=both) as found:
        assert found.response.headers["content-type"] == "text/event-stream; charset=utf-8"
    async with events(ana, MOVED, headers={"accept": "application/json"}) as found:
        assert found.response.status_code == 200
        await found.response.aread()
        assert "text/event-stream" in found.response.json()["errors"][0]["message"]


async def test_a_revoked_token_ends_the_stream_and_a_silent_one_is_kept_alive(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("spm_graph.web.sse.KEEP_ALIVE_SECONDS", 0.1)
    ana = world.askers["self"]
    async with events(ana, MOVED) as found:
        assert [await anext(found.lines) for _ in range(4)] == [":", "", ":", ""]
        (row,) = await world.company.rows("select id from api_key where name = 'ana'")
        await world.askers["administrator"].do("apiKeyRevoke", "", {"key": f"key_{row['id']}"})
        event = await found.next()
        while "data" not in event:
            event = await found.next()
        assert json.loads(event["data"])["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
        assert (await found.next())["event"] == "complete"
