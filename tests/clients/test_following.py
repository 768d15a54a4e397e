"""The clients that JavaScript programs follow with: graphql-ws and graphql-sse, from a cursor on, and again from there."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from spm_graph.domain.terms import Grant
from spm_graph.store.database import Database
from tests.api.conftest import Serving
from tests.company import Company
from tests.live.conftest import World, serve, world
from tests.live.restless import serving

from .conftest import HERE, Node

__all__ = ["serve", "world"]

KINDS = ("graphql-ws", "graphql-sse")


async def followed(node: Node, kind: str, urls: str, token: str | None, after: str, count: int) -> list[Any]:
    """What a client in JavaScript is told."""
    said = await asyncio.to_thread(node.run, "node", HERE / "following.mjs", kind, urls, token, after, count)
    return [json.loads(line) for line in said.splitlines()]


async def moved(company: Company) -> list[Any]:
    """What has to be told: every deal that moved, in order."""
    rows = await company.rows(
        "select concat_ws('.', position, ordinal) as cursor, payload ->> 'toStage' as stage from event"
        " where kind = 'OpportunityMoved' order by position, ordinal"
    )
    return [{"data": {"opportunityMoved": {"cursor": row["cursor"], "toStage": row["stage"]}}} for row in rows]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_javascript_client_follows_and_resumes(node: Node, world: World, kind: str) -> None:
    for amount in ("100", "200", "300"):
        await world.company.won(amount, "ana", "2026-01-10")
    ana = world.askers["self"]
    expected = await moved(world.company)
    first = expected[0]["data"]["opportunityMoved"]["cursor"]
    assert await followed(node, kind, ana.url, ana.token, "0", len(expected)) == expected
    assert await followed(node, kind, ana.url, ana.token, first, len(expected) - 1) == expected[1:]


async def test_javascript_clients_go_on_elsewhere_when_their_server_stops(node: Node, database: Database, database_url: str) -> None:
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana")
    token = (await Serving("", database).client(Grant.SEE_ALL, name="all")).token
    async with serving(database_url, 2) as servers:
        urls = ",".join(f"http://127.0.0.1:{port}/graphql" for port in servers.ports)
        await company.won("100", "ana", "2026-01-10")
        following = [asyncio.create_task(followed(node, kind, urls, token, "0", 6)) for kind in KINDS]
        await asyncio.sleep(3)
        await company.won("200", "ana", "2026-01-10")
        await servers.stop(servers.ports[0])
        for amount in ("300", "400", "500", "600"):
            await company.won(amount, "ana", "2026-01-10")
        expected = await moved(company)
        assert len(expected) == 6
        assert await asyncio.gather(*following) == [expected, expected]
