"""The clients that JavaScript programs follow with: graphql-ws and graphql-sse, from a cursor on, and again from there."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.live.conftest import World, serve, world

from .conftest import HERE, Node

__all__ = ["serve", "world"]


async def followed(node: Node, kind: str, world: World, after: str, count: int) -> list[Any]:
    """What a client in JavaScript is told."""
    ana = world.askers["self"]
    said = await asyncio.to_thread(node.run, "node", HERE / "following.mjs", kind, ana.url, ana.token, after, count)
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize("kind", ["graphql-ws", "graphql-sse"])
async def test_a_javascript_client_follows_and_resumes(node: Node, world: World, kind: str) -> None:
    for amount in ("100", "200", "300"):
        await world.company.won(amount, "ana", "2026-01-10")
    rows = await world.company.rows(
        "select concat_ws('.', position, ordinal) as cursor, payload ->> 'toStage' as stage from event"
        " where kind = 'OpportunityMoved' order by position, ordinal"
    )
    expected = [{"data": {"opportunityMoved": {"cursor": row["cursor"], "toStage": row["stage"]}}} for row in rows]
    assert await followed(node, kind, world, "0", len(expected)) == expected
    assert await followed(node, kind, world, rows[0]["cursor"], len(expected) - 1) == expected[1:]
