"""Nothing lost, nothing twice, nothing out of order, nothing invented, whatever happens to connections and transactions."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import replace

import asyncpg
from sqlalchemy.exc import DBAPIError
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from spm_graph.settings import Settings
from spm_graph.store import clock, events
from spm_graph.store.database import Database
from spm_graph.store.events import Event
from tests.api.conftest import Client, roomy

from .conftest import Socket, World, live

WRITERS, ACTS = 8, 60
KINDS = ("OpportunityMoved", "AttainmentChange")
BROKEN_OFF = """select pg_terminate_backend(pid) from pg_stat_activity
 where datname = current_database() and pid <> pg_backend_pid() and (state = 'idle' or query ilike '%listen%')"""
FOLLOWED = "subscription ($after: Cursor) { opportunityMoved(after: $after) { cursor toStage } }"


class Undone(Exception):
    """A transaction that is rolled back on purpose."""


async def write(database: Database, dice: random.Random, number: int, reps: list[int | None]) -> None:
    """One writer: transactions of several events of several kinds, every tenth of them rolled back, some slow to commit."""
    for act in range(ACTS):
        try:
            async with database.transaction() as tx:
                position = await clock.tick(tx, f"writer {number}", "write")
                told = [
                    Event(dice.choice(KINDS), {"toStage": f"{number}/{act}/{part}"}, dice.choice(reps))
                    for part in range(dice.randint(1, 5))
                ]
                await events.append(tx, position, told)
                if dice.random() < 0.1:
                    await asyncio.sleep(dice.random() / 50)
                if dice.random() < 0.1:
                    raise Undone
        except (Undone, DBAPIError, OSError):
            await asyncio.sleep(dice.random() / 100)


async def follow(clients: list[Client], dice: random.Random, start: str, heard: list[tuple[str, str]]) -> None:
    """One subscriber: it leaves at random, and comes back to any server with the last cursor that it handled."""
    while True:
        try:
            async with live(dice.choice(clients)) as socket:
                await socket.subscribe("1", FOLLOWED, after=heard[-1][0] if heard else start)
                await listen(socket, dice.randint(1, 80), heard)
                if dice.random() < 0.5:
                    socket.connection.transport.abort()
        except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):  # turned away for now: it comes back
            await asyncio.sleep(dice.random() / 10)


async def listen(socket: Socket, count: int, heard: list[tuple[str, str]]) -> None:
    """Hear so many events on a connection."""
    for _ in range(count):
        told = json.loads(await socket.connection.recv())["payload"]["data"]["opportunityMoved"]
        heard.append((told["cursor"], told["toStage"]))


async def test_every_subscriber_hears_the_event_table_from_its_cursor_on_though_connections_to_postgresql_are_broken_off(
    world: World, serve: Callable[[Settings], str], database: Database
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    urls = [world.server.url, serve(roomy("2026-03-15"))]
    ids = {row["external_id"]: int(row["id"]) for row in await world.company.rows("select id, external_id from rep")}
    start = str(await database.pool.fetchval("select position from clock"))
    sees = {"self": {ids["ana"]}, "manager": {ids["ana"], ids["bo"]}, "administrator": set(ids.values())}
    heard: dict[str, list[tuple[str, str]]] = {name: [] for name in sees}
    listeners = [
        asyncio.create_task(
            follow([replace(world.askers[name], url=url) for url in urls], random.Random(dice.random()), start, heard[name])
        )
        for name in sees
    ]
    writers = [
        asyncio.create_task(write(database, random.Random(dice.random()), number, [None, *ids.values()])) for number in range(WRITERS)
    ]
    while not all(writer.done() for writer in writers):
        await asyncio.sleep(0.3)
        connection = await asyncpg.connect(database.url)
        await connection.execute(BROKEN_OFF)
        await connection.close()
    await asyncio.gather(*writers)
    # On a connection of its own: those that were broken off last may still be in the pool.
    connection = await asyncpg.connect(database.url)
    rows = await connection.fetch(
        "select concat_ws('.', position, ordinal) as cursor, payload ->> 'toStage' as stage, rep_id from event"
        " where position > $1 and kind = 'OpportunityMoved' order by position, ordinal",
        int(start),
    )
    await connection.close()
    expected = {
        name: [(row["cursor"], row["stage"]) for row in rows if row["rep_id"] is None or row["rep_id"] in seen]
        for name, seen in sees.items()
    }
    async with asyncio.timeout(60):
        while any(len(heard[name]) < len(expected[name]) for name in sees) and not any(task.done() for task in listeners):
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    assert [task for task in listeners if task.done()] == []
    for task in listeners:
        task.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    assert len(rows) > WRITERS * ACTS / 2
    assert heard == expected
