"""The door: what a request must look like, what its answer looks like, and what happens when the client leaves."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn
from sqlalchemy import make_url
from starlette.applications import Starlette

from spm_graph.actions import keys
from spm_graph.actions.keys import ApiKeyCreate
from spm_graph.auth import Authenticator
from spm_graph.domain.terms import Grant
from spm_graph.graph.exchange import Answer, Asked, Execute, Graph, Kind
from spm_graph.graph.limits import Limits
from spm_graph.settings import Settings
from spm_graph.store.database import Database, plain
from spm_graph.store.visibility import Actor
from spm_graph.web import Service, application, create_app

GRAPHQL, JSON = "application/graphql-response+json", "application/json"


class Answering:
    """What answers in these tests: the document says how."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cancelled = False

    async def answer(self, asked: Asked, actor: Actor, queries_only: bool = False) -> Answer:
        match asked.query:
            case "{ ask }":
                told = {"operationName": asked.operation_name, "variables": asked.variables, "extensions": asked.extensions}
                return Answer(Kind.ANSWERED, json.dumps({"data": {"actor": actor.name, **told}}).encode())
            case "{ bug }":
                raise ZeroDivisionError("the secret of the house")
            case "{ slow }":
                try:
                    await self.database.pool.fetchval("select pg_sleep(30) /* slow */")
                except asyncio.CancelledError:
                    self.cancelled = True
                    raise
            case "mutation { act }" if queries_only:
                return Answer(Kind.QUERIES_ONLY, b'{"errors":[{"message":"only queries by GET"}]}')
            case "mutation { act }":
                return Answer(Kind.ANSWERED, b'{"data":{"act":true}}')
            case "mutation { revoke }":
                await self.database.pool.execute("select spm_tick('test', 'revoke')")
                async with self.database.transaction() as tx:
                    await tx.execute("select spm_tick('test', 'revoke')")
                    await tx.execute("update api_key set revoked_at = now()")
                return Answer(Kind.ANSWERED, b'{"data":{"revoke":true}}', revokes=True)
        return Answer(Kind.REFUSED, b'{"errors":[{"message":"no such document"}]}')


@pytest.fixture
async def token(database: Database) -> str:
    async with database.transaction() as tx:
        made = await keys.create(tx, Actor("test", None, frozenset(Grant)), ApiKeyCreate("door", grants=(Grant.SEE_ALL,)))
    return str(made.values["token"])


@pytest.fixture
def answering(database: Database) -> Answering:
    return Answering(database)


@asynccontextmanager
async def opened(app: Starlette, token: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://spm", headers=headers) as client:
        yield client


def around(database: Database, execute: Execute, **options: Any) -> Starlette:
    @asynccontextmanager
    async def opening() -> AsyncIterator[Service]:
        yield Service(database, Authenticator(database.pool), execute, "type Query { ask: Int }\n")

    return application(opening, **options)


@pytest.fixture
async def client(database: Database, answering: Answering, token: str) -> AsyncIterator[httpx.AsyncClient]:
    async with opened(around(database, answering), token) as client:
        yield client


async def test_an_operation_is_handed_on_and_its_answer_back(client: httpx.AsyncClient) -> None:
    asked = {"query": "{ ask }", "operationName": "A", "variables": {"a": [1, None]}, "extensions": {"b": 2}, "stranger": 3}
    response = await client.post("/graphql", json=asked)
    assert response.status_code == 200
    assert response.json()["data"] == {"actor": "key_1 door", "operationName": "A", "variables": {"a": [1, None]}, "extensions": {"b": 2}}
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_queries_come_by_get_and_mutations_do_not(client: httpx.AsyncClient) -> None:
    parameters = {"query": "{ ask }", "operationName": "A", "variables": '{"a":1}', "extensions": ""}
    response = await client.get("/graphql", params=parameters)
    assert response.json()["data"] == {"actor": "key_1 door", "operationName": "A", "variables": {"a": 1}, "extensions": None}
    refused = await client.get("/graphql", params={"query": "mutation { act }"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert (await client.post("/graphql", json={"query": "mutation { act }"})).json() == {"data": {"act": True}}


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "query=%FF",
        "query={ask}&query={ask}",
        "variables={}",
        "query={ask}&variables=1",
        "query={ask}&variables={",
        "&".join(["a=1"] * 99),
    ],
)
async def test_a_get_that_is_no_request_is_400(client: httpx.AsyncClient, parameters: str) -> None:
    response = await client.get(f"/graphql?{parameters}")
    assert (response.status_code, list(response.json())) == (400, ["errors"])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_405(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql", json={"query": "{ ask }"})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON};q=0.8", JSON),
        (f"{JSON};q=0.2, */*;q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0, */*;q=0.1", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("APPLICATION/JSON", JSON),
        ("text/html", None),
        ("application/json;q=0", None),
        ("application/json;q=nan", None),
        ("application/json;q=x", None),
        ("application/json; charset=latin1", None),
        (",;,", None),
    ],
)
async def test_the_answer_has_the_media_type_that_the_client_prefers(
    client: httpx.AsyncClient, accept: str | None, expected: str | None
) -> None:
    del client.headers["accept"]
    response = await client.post("/graphql", json={"query": "{ ask }"}, headers={} if accept is None else {"accept": accept})
    assert response.status_code == (200 if expected else 406)
    assert response.headers["content-type"] == f"{expected or JSON}; charset=utf-8"


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200)])
async def test_a_refused_document_is_400_where_the_media_type_tells_it_from_a_proxys_word(
    client: httpx.AsyncClient, accept: str, status: int
) -> None:
    response = await client.post("/graphql", json={"query": "{ nothing }"}, headers={"accept": accept})
    assert (response.status_code, response.json()) == (status, {"errors": [{"message": "no such document"}]})


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=latin1", "json"],
)
async def test_a_body_that_is_not_said_to_be_json_is_415(client: httpx.AsyncClient, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    assert (await client.post("/graphql", content=b'{"query":"{ ask }"}', headers=headers)).status_code == 415


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"; v=1'])
async def test_json_is_known_however_it_is_written(client: httpx.AsyncClient, content_type: str) -> None:
    assert (await client.post("/graphql", content=b'{"query":"{ ask }"}', headers={"content-type": content_type})).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"1",
        b'"{ ask }"',
        b"{}",
        b'{"query":null}',
        b'{"query":1}',
        b'{"query":{}}',
        b'{"query":["{ ask }"]}',
        b'{"query":"{ ask }","operationName":1}',
        b'{"query":"{ ask }","operationName":{}}',
        b'{"query":"{ ask }","variables":[]}',
        b'{"query":"{ ask }","variables":"{}"}',
        b'{"query":"{ ask }","variables":0}',
        b'{"query":"{ ask }","extensions":[]}',
        b'{"query":"{ ask }","extensions":false}',
        b'{"query":"{ ask }","variables":{"a":NaN}}',
        b'{"query":"{ ask }","variables":{"a":Infinity}}',
        b'{"query":"{ ask }","variables":{"a":1e999}}',
        b'{"query":"{ ask }","variables":{"a":' + b"1" * 5_000 + b"}}",
        b'{"query":"{ ask }","variables":{"a":' + b"[" * 3_000 + b"]" * 3_000 + b"}}",
        b"[" * 3_000 + b"]" * 3_000,
        b"1" * 5_000,
        b'\xef\xbb\xbf{"query":"{ ask }"}',
        b'{"query":"\xff"}',
        b'{"query":"\\ud800"}',
        b'{"query":"{ ask }"}{"query":"{ ask }"}',
        '{"query":"{ ask }"}'.encode("utf-16"),
    ],
    ids=lambda body: repr(body[:40]),
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_a_body_that_is_no_request_is_400(client: httpx.AsyncClient, body: bytes, accept: str) -> None:
    response = await client.post("/graphql", content=body, headers={"content-type": JSON, "accept": accept})
    assert (response.status_code, list(response.json())) == (400, ["errors"])


@pytest.mark.parametrize("body", [b"[]", b' [{"query":"{ ask }"}]'])
async def test_batches_are_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/graphql", content=body, headers={"content-type": JSON})
    assert (response.status_code, "batches" in response.text) == (400, True)


async def test_a_body_over_the_limit_is_413_and_not_read_to_its_end(database: Database, answering: Answering, token: str) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1_000):
            read += 100
            yield b" " * 100

    async with opened(around(database, answering, max_body_bytes=1_000), token) as client:
        headers = {"content-type": JSON}
        assert (await client.post("/graphql", content=b'{"query":"{ ask }"}'.ljust(1_000), headers=headers)).status_code == 200
        assert (await client.post("/graphql", content=b'{"query":"{ ask }"}'.ljust(1_001), headers=headers)).status_code == 413
        assert (await client.post("/graphql", content=endless(), headers=headers)).status_code == 413
    assert read <= 1_200


@pytest.mark.parametrize("query", ["{ ask }", "{ __schema { queryType { name } } }", "{ bug }"])
async def test_without_a_valid_token_there_is_no_data(client: httpx.AsyncClient, query: str) -> None:
    del client.headers["authorization"]
    for header, challenge in (
        ({}, 'Bearer realm="spm"'),
        ({"authorization": "Basic YTpi"}, 'Bearer realm="spm"'),
        (
            {"authorization": f"Bearer {keys.new()}"},
            'Bearer realm="spm", error="invalid_token", error_description="the bearer token is invalid"',
        ),
    ):
        for response in (
            await client.post("/graphql", json={"query": query}, headers=header),
            await client.get("/graphql", params={"query": query}, headers=header),
        ):
            assert (response.status_code, response.headers["www-authenticate"]) == (401, challenge)
            assert list(response.json()) == ["errors"]


async def test_a_key_revoked_here_stops_with_the_next_request(client: httpx.AsyncClient) -> None:
    assert (await client.post("/graphql", json={"query": "mutation { revoke }"})).status_code == 200
    assert (await client.post("/graphql", json={"query": "{ ask }"})).status_code == 401


async def test_a_bug_is_masked_and_logged_under_the_reference_that_is_told(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await client.post("/graphql", json={"query": "{ bug }"})
    assert (response.status_code, "secret" in response.text) == (500, False)
    reference = response.json()["errors"][0]["message"].rpartition(" ")[2]
    assert len(reference) == 12
    assert caplog.messages == [f"request {reference} failed"]
    assert "the secret of the house" in caplog.text


async def test_the_schema_the_start_page_and_the_probes_need_no_token(database: Database, answering: Answering) -> None:
    async with opened(around(database, answering)) as client:
        assert (await client.get("/schema.graphql")).text == "type Query { ask: Int }\n"
        assert (await client.get("/healthz")).text == "ok"
        assert (await client.get("/readyz")).text == "ready"
        page = await client.get("/")
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in policy
        assert page.text.count("<script>") == page.text.count("<style>") == 1 and "//" not in page.text.replace("// ", "")


async def test_without_its_database_the_server_is_up_but_not_ready(database: Database, answering: Answering) -> None:
    async with opened(around(database, answering)) as client:
        await database.pool.close()
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize(("origins", "allowed"), [((), None), (("https://crm.example",), "https://crm.example")])
async def test_other_origins_read_answers_only_if_they_are_listed(
    database: Database, answering: Answering, token: str, origins: tuple[str, ...], allowed: str | None
) -> None:
    async with opened(around(database, answering, cors_origins=origins), token) as client:
        response = await client.post("/graphql", json={"query": "{ ask }"}, headers={"origin": "https://crm.example"})
        assert response.headers.get("access-control-allow-origin") == allowed
        evil = await client.post("/graphql", json={"query": "{ ask }"}, headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in evil.headers


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[int]:
    """The application behind a real server; yields its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2))
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await serving


async def until(condition: Any) -> None:
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_a_client_that_leaves_stops_its_query_in_postgresql(
    database: Database, database_url: str, answering: Answering, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    watching = await asyncpg.connect(plain(make_url(database_url)))  # the application's role may not read others' activity

    async def running() -> bool:
        activity = "select count(*) from pg_stat_activity where query like 'select pg_sleep%slow%' and state = 'active'"
        return bool(await watching.fetchval(activity))

    async def stopped() -> bool:
        return answering.cancelled and not await running()

    async with served(around(database, answering)) as port:
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            asking = asyncio.create_task(client.post("/graphql", json={"query": "{ slow }"}))
            await until(running)
            asking.cancel()
            await until(stopped)
            assert (await client.post("/graphql", json={"query": "{ ask }"})).status_code == 200
    await watching.close()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_client_that_leaves_within_its_body_is_let_go(database: Database, answering: Answering, token: str) -> None:
    async with served(around(database, answering)) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n".encode())
        writer.write(b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        await writer.drain()
        writer.close()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/healthz")).status_code == 200


async def test_a_deployment_starts_from_its_settings(database_url: str, token: str) -> None:
    seen: list[Limits] = []

    def answering(database: Database, limits: Limits) -> Execute:
        seen.append(limits)
        return Answering(database)

    settings = Settings(database_url=database_url, folder=Path("unused"), max_depth=7, max_nodes=99)
    async with opened(create_app(settings, Graph("type Query { ask: Int }", answering)), token) as client:
        assert (await client.post("/graphql", json={"query": "{ ask }"})).json()["data"]["actor"] == "key_1 door"
        assert (seen[0].depth, seen[0].nodes) == (7, 99)
