"""Events that are no longer kept: what goes, what stays, and what a cursor from before is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from spm_graph.actions import events
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import roomy

from .conftest import SECONDS, World, live

MOVED = "subscription ($after: Cursor) { opportunityMoved(after: $after) { toStage } }"
POLLED = "query ($after: Cursor!) { events(after: $after) { cursor nodes { position } } position }"


async def pruned(world: World) -> tuple[int, int]:
    """Two deals, of which the first one's events are gone; the horizon, and how many events went."""
    await world.company.won("100", "ana", "2026-01-10")
    moment = datetime.now(UTC)
    (row,) = await world.company.rows("select position from clock")
    await world.company.won("200", "ana", "2026-01-11")
    return row["position"], await events.prune(world.company.database, timedelta(days=1), moment + timedelta(days=1))


async def test_pruning_removes_events_up_to_a_moment_and_is_audited(world: World) -> None:
    horizon, removed = await pruned(world)
    left = await world.company.rows("select count(*) as n, min(position) as first from event")
    assert removed > 0
    assert left[0]["first"] > horizon
    (entry,) = await world.company.rows("select before, after from audit where noun = 'event_horizon'")
    assert (entry["before"]["position"], entry["after"]["position"]) == (0, horizon)
    assert await events.prune(world.company.database, timedelta(days=1)) == 0
    assert len(await world.company.rows("select 1 from audit where noun = 'event_horizon'")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "delete from event",
        "update event set kind = 'X'",
        "truncate event",
        "update event_horizon set position = 1000000",
        "update event_horizon set position = position - 1",
        "delete from event_horizon",
    ],
)
async def test_events_go_in_no_other_way(world: World, statement: str) -> None:
    await pruned(world)
    with pytest.raises(DBAPIError):
        async with world.company.database.transaction() as tx:
            await tx.execute("select spm_tick('test', 'test')")
            await tx.execute(statement)


async def test_a_server_with_the_setting_removes_events_of_so_many_days(
    serve: Callable[[Settings], str], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[timedelta] = []

    async def noted(database: Database, keep: timedelta) -> None:
        asked.append(keep)

    monkeypatch.setattr(events, "prune", noted)
    serve(replace(roomy("2026-03-15"), event_retention=400))
    serve(roomy("2026-03-15"))
    async with asyncio.timeout(SECONDS):
        while not asked:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    assert asked == [timedelta(days=400)]


async def test_a_cursor_from_before_is_refused_with_the_current_one(world: World) -> None:
    horizon, _ = await pruned(world)
    ana = world.askers["self"]
    position = (await ana.ask("{ position }"))["position"]
    extensions = {"code": "CURSOR_EXPIRED", "cursor": position, "oldest": str(horizon)}

    def refused(errors: Any) -> bool:
        return [error["extensions"] for error in errors] == [extensions]

    answer = (await ana.answer(POLLED, after="0")).json()
    assert refused(answer["errors"])
    for expired in ("0", "1", f"{horizon}.0"):
        async with live(ana) as socket:
            await socket.subscribe("1", MOVED, after=expired)
            said = await socket.hear()
            assert said["type"] == "error"
            assert refused(said["payload"])
    polled = (await ana.ask(POLLED, after=str(horizon)))["events"]
    assert min(int(node["position"]) for node in polled["nodes"]) > horizon
    async with live(ana) as socket:
        await socket.subscribe("1", MOVED, after=str(horizon))
        assert (await socket.hear())["payload"]["data"]["opportunityMoved"]["toStage"]


async def test_a_cursor_of_a_later_state_than_a_restored_one_is_refused_too(world: World) -> None:
    await world.company.won("100", "ana", "2026-01-10")
    ana = world.askers["self"]
    position = (await ana.ask("{ position }"))["position"]
    extensions = {"code": "CURSOR_EXPIRED", "cursor": position, "oldest": "0"}
    message = "This cursor lies ahead of all that has happened here: read the state anew, and follow from the current cursor."
    (error,) = (await ana.answer(POLLED, after=f"{int(position) + 1}.0")).json()["errors"]
    assert (error["message"], error["extensions"]) == (message, extensions)
    async with live(ana) as socket:
        await socket.subscribe("1", MOVED, after=str(int(position) + 1))
        said = await socket.hear()
        assert (said["type"], said["payload"][0]["extensions"]) == ("error", extensions)
        await socket.subscribe("2", MOVED, after=position)
        await world.company.won("200", "ana", "2026-01-10")
        assert (await socket.hear())["id"] == "2"
