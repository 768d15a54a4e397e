"""The clients that others write with: they follow, and resume."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import World
from .node import node_modules

SCRIPT = Path(__file__).with_name("clients.mjs")


async def followed(modules: Path, kind: str, world: World, after: str, count: int) -> list[Any]:
    """What a client in JavaScript is told."""
    ana = world.askers["self"]
    command = ("node", str(SCRIPT), kind, ana.url, str(ana.token), str(modules), after, str(count))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(30):
        said, _ = await process.communicate()
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize("kind", ["graphql-ws", "graphql-sse"])
async def test_a_javascript_client_follows_and_resumes(world: World, kind: str) -> None:
    modules = await asyncio.to_thread(node_modules)
    if modules is None:
        pytest.skip("the clients can't be installed: Node.js, npm or the network is missing")
    for amount in ("100", "200", "300"):
        await world.company.won(amount, "ana", "2026-01-10")
    rows = await world.company.rows(
        "select concat_ws('.', position, ordinal) as cursor, payload ->> 'toStage' as stage from event"
        " where kind = 'OpportunityMoved' order by position, ordinal"
    )
    expected = [{"data": {"opportunityMoved": {"cursor": row["cursor"], "toStage": row["stage"]}}} for row in rows]
    assert await followed(modules, kind, world, "0", len(expected)) == expected
    assert await followed(modules, kind, world, rows[0]["cursor"], len(expected) - 1) == expected[1:]
