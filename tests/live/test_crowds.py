"""A crowd that comes back at once, as after a deployment: it is read for once, and takes turns, so that others are answered meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from spm_graph.actions import events as kept
from spm_graph.reading import feed
from spm_graph.reading.stream import Cursor, Stream, Told
from spm_graph.store import clock, events
from spm_graph.store.database import Database
from spm_graph.store.events import Event
from spm_graph.store.visibility import Actor

from .conftest import World
from .following import TRANSPORTS, Followed, document, following, now, told_about

CROWD = 24
MOVED = document("OpportunityMoved")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the servers read a page for somebody, and for everybody from a cursor that somebody came with."""
    counts: Counter[str] = Counter()
    page, everything = Stream.page, Stream.everything

    async def counted_page(self: Stream, actor: Actor, cursor: Cursor) -> list[Told]:
        counts["for one"] += 1
        return await page(self, actor, cursor)

    async def counted_everything(self: Stream, cursor: Cursor, to: int) -> list[Told]:
        counts["for all"] += 1
        return await everything(self, cursor, to)

    monkeypatch.setattr(Stream, "page", counted_page)
    monkeypatch.setattr(Stream, "everything", counted_everything)
    return counts


async def happened(database: Database, count: int) -> None:
    """So many events of everybody."""
    async with database.transaction() as tx:
        position = await clock.tick(tx, "test", "tell")
        await events.append(tx, position, [Event("OpportunityMoved", {"toStage": "Won"}) for _ in range(count)])


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_crowd_with_recent_cursors_is_read_for_once(world: World, reads: Counter[str], transport: str) -> None:
    company = world.company
    await company.won("100", "ana", "2026-01-10")
    await company.won("100", "cleo", "2026-01-10")
    start = await now(company)
    await company.won("100", "ana", "2026-01-11")
    await company.won("100", "cleo", "2026-01-11")
    sees = {"self": ["ana"], "manager": ["ana", "bo"], "stranger": ["cleo"], "administrator": ["ana", "bo", "cleo"]}
    async with AsyncExitStack() as stack:
        followed = [
            (names, await stack.enter_async_context(following(transport, world.askers[asker], MOVED, {"after": start})))
            for asker, names in list(sees.items()) * (CROWD // 4)
        ]
        for names, each in followed:
            expected = await told_about(company, "OpportunityMoved", start, names)
            assert expected
            assert await each.cursors(len(expected)) == expected
        assert reads == {"for all": 1}
        await happened(company.database, 1)
        assert {(await each.hear())["cursor"] for _, each in followed} == {f"{await now(company)}.0"}


async def test_who_is_far_behind_reads_alone_and_the_others_do_not_try(world: World, reads: Counter[str]) -> None:
    company, client = world.company, world.askers["administrator"]
    far = await now(company)
    await happened(company.database, feed.KEPT)
    near = await now(company)
    await happened(company.database, feed.KEPT - 1)
    last = (await told_about(company, "OpportunityMoved", far))[-1]
    async with AsyncExitStack() as stack:

        async def follow(after: str) -> Followed:
            return await stack.enter_async_context(following("websocket", client, MOVED, {"after": after}))

        for _ in range(2):
            assert (await (await follow(far)).cursors(2 * feed.KEPT - 1))[-1] == last
        assert reads["for all"] == 1
        assert reads["for one"] > 1
        reads.clear()
        for _ in range(2):
            assert (await (await follow(near)).cursors(feed.KEPT - 1))[-1] == last
        assert reads == {"for all": 1}


async def test_what_is_removed_just_before_it_is_read_for_all_is_not_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    company = world.company
    start = await now(company)
    await happened(company.database, 3)
    everything = Stream.everything

    # The pruning belongs to the test's own event loop, as its connections do.
    loop = asyncio.get_running_loop()

    async def elsewhere(self: Stream, cursor: Cursor, to: int) -> list[Told]:
        pruning = asyncio.run_coroutine_threadsafe(
            kept.prune(company.database, timedelta(days=1), datetime.now(UTC) + timedelta(days=1)), loop
        )
        await asyncio.wrap_future(pruning)
        return await everything(self, cursor, to)

    monkeypatch.setattr(Stream, "everything", elsewhere)
    async with following("websocket", world.askers["administrator"], MOVED, {"after": start}) as followed:
        (said,) = await followed.ended()
        assert said["code"] == "CURSOR_EXPIRED"


async def test_queries_are_answered_while_a_crowd_waits_for_its_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, room = world.askers["administrator"], threading.Event()
    begun = Counter[str]()
    require = Stream.require

    async def slow(self: Stream, cursor: Cursor) -> None:
        begun["now"] += 1
        begun["most"] = max(begun["most"], begun["now"])
        while not room.is_set():
            await asyncio.sleep(0.01)
        begun["now"] -= 1
        await require(self, cursor)

    await world.company.won("100", "ana", "2026-01-10")
    monkeypatch.setattr(Stream, "require", slow)
    async with AsyncExitStack() as stack:
        crowd = [asyncio.create_task(stack.enter_async_context(following("sse", client, MOVED, {"after": "0"}))) for _ in range(CROWD)]
        for _ in range(20):
            assert (await client.ask("{ reps { totalCount } }"))["reps"]["totalCount"] == 3
        assert begun["most"] == 5, "half of the ten connections that reads have"
        room.set()
        for each in await asyncio.gather(*crowd):
            assert (await each.hear())["__typename"] == "OpportunityMoved"
