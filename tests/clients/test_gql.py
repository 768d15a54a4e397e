"""gql, the client of Python programs: it asks, acts and follows, over HTTP and over WebSocket."""

from __future__ import annotations

from typing import Any

import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.async_transport import AsyncTransport
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from tests.api.conftest import Client as Asker
from tests.live.conftest import World, serve, world

__all__ = ["serve", "world"]

MOVED = "subscription ($after: Cursor) { opportunityMoved(after: $after) { cursor toStage } }"


def over(kind: str, asker: Asker) -> AsyncTransport:
    """A transport as gql's documentation makes it."""
    authorization = f"Bearer {asker.token}"
    if kind == "http":
        return HTTPXAsyncTransport(asker.url, headers={"authorization": authorization}, timeout=60)
    return WebsocketsTransport(asker.url.replace("http", "ws"), init_payload={"authorization": authorization})


async def followed(asker: Asker, after: str, count: int) -> list[dict[str, Any]]:
    """The next so many deals that moved behind a cursor, on a connection of their own."""
    found: list[dict[str, Any]] = []
    async with Client(transport=over("websocket", asker)) as session:
        async for answer in session.subscribe(GraphQLRequest(MOVED, variable_values={"after": after})):
            found.append(answer["opportunityMoved"])
            if len(found) == count:
                break
    return found


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_gql_asks_and_acts(world: World, kind: str) -> None:
    async with Client(transport=over(kind, world.askers["administrator"]), fetch_schema_from_transport=True) as session:
        document = "mutation ($input: CompanySetInput!) { companySet(input: $input) { problems { code } } }"
        acts = GraphQLRequest(document, variable_values={"input": {"name": "Kappa"}})
        assert await session.execute(acts) == {"companySet": {"problems": []}}
        assert await session.execute(gql("{ company { name } }")) == {"company": {"name": "Kappa"}}
        with pytest.raises(TransportQueryError, match="none of an event"):
            await session.execute(gql('{ events(after: "x") { nodes { cursor } } }'))


async def test_gql_follows_and_resumes_from_a_cursor(world: World) -> None:
    for amount in ("100", "200", "300"):
        await world.company.won(amount, "ana", "2026-01-10")
    rows = await world.company.rows(
        "select concat_ws('.', position, ordinal) as cursor, payload ->> 'toStage' as stage from event"
        " where kind = 'OpportunityMoved' order by position, ordinal"
    )
    expected = [{"cursor": row["cursor"], "toStage": row["stage"]} for row in rows]
    assert len(expected) >= 3
    ana = world.askers["self"]
    first = await followed(ana, "0", 1)
    assert first + await followed(ana, first[0]["cursor"], len(expected) - 1) == expected


async def test_gql_is_refused_without_a_good_token(world: World) -> None:
    stranger = Asker(world.askers["self"].url, "nobody")
    with pytest.raises(TransportConnectionFailed) as refused:
        await followed(stranger, "0", 1)
    assert "4403" in repr(refused.value.__cause__)
