"""graphql-transport-ws: who gets in, what is said in which order, and with which codes a connection ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping

import pytest
from websockets.asyncio.client import connect

from spm_graph.web import connection as door
from spm_graph.web.connection import Connection
from spm_graph.web.frames import Frames
from tests.api.conftest import Client

from .conftest import World, live, raw

MOVED = "subscription { opportunityMoved { opportunity { name } } }"


async def test_who_does_not_say_who_they_are_is_not_let_in(world: World) -> None:
    ana = world.askers["self"]
    for payload, code in (({}, 4401), ({"authorization": "Bearer nobody"}, 4403), ({"authorization": 7}, 4401)):
        async with raw(ana) as socket:
            await socket.say("connection_init", payload=payload)
            assert await socket.closed() == code
    async with raw(ana) as socket:
        await socket.subscribe("1", MOVED)
        assert await socket.closed() == 4401
    async with raw(ana, additional_headers={"authorization": f"Bearer {ana.token}"}) as socket:
        await socket.say("connection_init")
        assert await socket.hear() == {"type": "connection_ack"}


async def test_a_client_that_speaks_another_protocol_or_nothing_is_turned_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "INIT_SECONDS", 0.1)
    ana = world.askers["self"]
    async with raw(ana) as socket:
        assert await socket.closed() == 4408
    async with raw(ana) as socket:
        await socket.connection.send("nonsense")
        assert await socket.closed() == 4400
    async with raw(ana) as socket:
        await socket.connection.send(b"{}")
        assert await socket.closed() == 4400


async def test_another_subprotocol_is_not_acceptable(world: World) -> None:
    async with connect(world.askers["self"].url.replace("http", "ws")) as connection:
        await connection.wait_closed()
        assert connection.close_code == 4406


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type_": "connection_init"}], 4429),
        ([{"type_": "subscribe", "id": "1", "payload": {"query": MOVED}}] * 2, 4409),
        ([{"type_": "subscribe", "payload": {"query": MOVED}}], 4400),
        ([{"type_": "subscribe", "id": "1", "payload": {}}], 4400),
        ([{"type_": "subscribe", "id": "1"}], 4400),
        ([{"type_": "shout"}], 4400),
    ],
)
async def test_messages_out_of_order_end_the_connection(world: World, messages: list[dict[str, object]], code: int) -> None:
    async with live(world.askers["self"]) as socket:
        for message in messages:
            await socket.say(**message)  # type: ignore[arg-type]
        assert await socket.closed() == code


async def test_pings_are_answered_before_and_after_the_acknowledgement(world: World) -> None:
    async with raw(world.askers["self"]) as socket:
        await socket.say("ping", payload={"at": 1})
        assert await socket.hear() == {"type": "pong"}
    async with live(world.askers["self"]) as socket:
        await socket.say("pong")
        await socket.say("ping")
        assert await socket.hear() == {"type": "pong"}


async def test_queries_and_mutations_are_answered_once(world: World) -> None:
    async with live(world.askers["administrator"]) as socket:
        await socket.subscribe("q", "query ($name: String!) { rep(ref: {externalId: $name}) { name } }", name="ana")
        assert await socket.hear() == {"id": "q", "type": "next", "payload": {"data": {"rep": {"name": "Ana"}}}}
        assert await socket.hear() == {"id": "q", "type": "complete"}
        await socket.subscribe("q", 'mutation { companySet(input: {name: "Kappa"}) { problems { code } } }')
        assert (await socket.hear())["payload"] == {"data": {"companySet": {"problems": []}}}
        assert await socket.hear() == {"id": "q", "type": "complete"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("subscription { nothing }", "Cannot query field 'nothing' on type 'Subscription'."),
        ("subscription {", "Syntax Error: Expected Name, found <EOF>."),
        (
            'subscription { opportunityMoved(after: "x") { at } }',
            "The cursor is none of an event: expected one as in 4711.0, or a position as in 4711.",
        ),
        (
            "subscription { a: opportunityMoved { at } b: opportunityMoved { at } }",
            "Anonymous Subscription must select only one top level field.",
        ),
        ("subscription ($no: Boolean = false) { opportunityMoved @include(if: $no) { at } }", None),
        ("subscription { opportunityMoved { at " + "a: cursor " * 6_000 + "} }", None),
    ],
)
async def test_an_invalid_document_is_an_error_of_its_operation(world: World, document: str, message: str | None) -> None:
    async with live(world.askers["self"]) as socket:
        await socket.subscribe("1", document)
        answer = await socket.hear()
        assert (answer["id"], answer["type"]) == ("1", "error")
        assert message is None or [error["message"] for error in answer["payload"]] == [message]
        await socket.say("ping")
        assert await socket.hear() == {"type": "pong"}


async def test_what_was_completed_tells_no_more_and_frees_its_id(world: World) -> None:
    async with live(world.askers["self"]) as socket:
        await socket.subscribe("1", MOVED)
        await socket.subscribe("2", MOVED)
        assert await socket.silent()
        await socket.say("complete", id="1")
        await socket.say("complete", id="stranger")
        await world.company.won("100", "ana", "2026-01-10")
        assert (await socket.hear())["id"] == "2"
        assert await socket.silent()
        await socket.subscribe("1", MOVED)
        assert await socket.silent()
        await world.company.won("100", "ana", "2026-01-11")
        assert {(await socket.hear())["id"], (await socket.hear())["id"]} == {"1", "2"}


async def test_a_revoked_token_ends_the_connection_at_the_next_event(world: World) -> None:
    ana: Client = world.askers["self"]
    async with live(ana) as socket:
        await socket.subscribe("1", MOVED)
        assert await socket.silent()
        (row,) = await world.company.rows("select id from api_key where name = 'ana'")
        await world.askers["administrator"].do("apiKeyRevoke", "", {"key": f"key_{row['id']}"})
        await world.company.won("100", "ana", "2026-01-10")
        assert await socket.closed() == 4403


async def test_who_does_not_read_answers_waits_with_what_it_asks_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    room = threading.Event()
    begun: list[str] = []
    begin = Connection.begin

    async def full(frames: Frames) -> None:
        while not room.is_set():
            await asyncio.sleep(0.01)

    def counted(connection: Connection, id_: str, payload: Mapping[str, object]) -> None:
        begun.append(id_)
        begin(connection, id_, payload)

    async with live(world.askers["self"]) as socket:
        monkeypatch.setattr(Frames, "room", full)
        monkeypatch.setattr(Connection, "begin", counted)
        await socket.subscribe("1", "{ __typename }")
        await socket.subscribe("2", "{ __typename }")
        assert await socket.silent()
        assert begun == []
        room.set()
        answers = [await socket.hear() for _ in range(4)]
    assert {answer["id"] for answer in answers if answer["type"] == "complete"} == {"1", "2"}
