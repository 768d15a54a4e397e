"""Nothing lost, nothing twice, nothing out of order, nothing invented, whatever happens to servers and to PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from spm_graph.actions import webhooks
from spm_graph.actions.refs import Ref
from spm_graph.actions.webhooks import WebhookCreate
from spm_graph.domain.terms import EventKind, Grant
from spm_graph.store import embedded, migrate
from spm_graph.store.database import Database, plain
from tests.api.conftest import Serving
from tests.company import ADMINISTRATOR, Company
from tests.conftest import QUICK_AND_UNSAFE
from tests.webhooks.conftest import Receiver, listening

from .restless import Heard, Servers, Subscriber, differences, serving, write

WRITERS, ACTS, SUBSCRIBERS, KILLS = 16, 60, 6, 4
PATIENCE_SECONDS = 150
EVENTS = """
select concat_ws('.', position, ordinal) as cursor, payload ->> 'toStage' as stage, rep_id from event
where position > $1 and kind = $2 order by position, ordinal
"""

Crowd = list[tuple[Subscriber, set[int]]]
"""Subscribers, each with the reps that they see."""

GOOD: Heard = [(f"{number}.0", f"stage {number}") for number in range(1, 6)]


@pytest.mark.parametrize(
    ("heard", "noticed"),
    [
        (GOOD, None),
        (GOOD[:-1], "4 events were heard of 5"),
        (GOOD[:2] + GOOD[3:], "event 2: ('4.0', 'stage 4') was heard where ('3.0', 'stage 3') is next"),
        (GOOD[:2] + GOOD[1:], "event 2: ('2.0', 'stage 2') was heard where ('3.0', 'stage 3') is next"),
        ([GOOD[1], GOOD[0], *GOOD[2:]], "event 0: ('2.0', 'stage 2') was heard where ('1.0', 'stage 1') is next"),
        ([*GOOD, ("6.0", "invented")], "6 events were heard of 5"),
    ],
)
def test_the_comparison_notices_what_is_lost_told_twice_out_of_order_or_invented(heard: Heard, noticed: str | None) -> None:
    assert differences(heard, GOOD) == noticed


@asynccontextmanager
async def restless(database: Database, url: str, dice: random.Random) -> AsyncIterator[tuple[Servers, Crowd, int]]:
    """A company, three servers, and subscribers who see themselves, their team, or everybody."""
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    ids = {row["external_id"]: int(row["id"]) for row in await company.rows("select id, external_id from rep")}
    made = Serving("", database)
    askers = [
        ((await made.client(rep="ana", name="ana")).token, {ids["ana"]}),
        ((await made.client(rep="bo", name="bo")).token, {ids["ana"], ids["bo"]}),
        ((await made.client(Grant.SEE_ALL, name="all")).token, set(ids.values())),
    ]
    start = int(await database.pool.fetchval("select position from clock"))
    async with serving(url, 3) as servers:
        crowd = [
            (Subscriber(servers.ports, str(token), str(start), random.Random(dice.random())), sees)
            for token, sees in (askers[number % 3] for number in range(SUBSCRIBERS))
        ]
        following = [asyncio.create_task(subscriber.follow()) for subscriber, _ in crowd]
        try:
            yield servers, crowd, start
        finally:
            for task in following:
                task.cancel()
            ended = await asyncio.gather(*following, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended


async def compared(url: str, crowd: Crowd, start: int) -> int:
    """Wait until everybody has heard as much as there is, and compare; how many events there are."""
    connection = await asyncpg.connect(plain(make_url(url)))
    rows = await connection.fetch(EVENTS, start, "OpportunityMoved")
    await connection.close()
    wanted = [[(row["cursor"], row["stage"]) for row in rows if row["rep_id"] is None or row["rep_id"] in sees] for _, sees in crowd]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(len(subscriber.heard) < len(expected) for (subscriber, _), expected in zip(crowd, wanted, strict=True)):
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    assert [differences(subscriber.heard, expected) for (subscriber, _), expected in zip(crowd, wanted, strict=True)] == [None] * len(crowd)
    return len(rows)


async def sent_to(receiver: Receiver, database: Database, start: int) -> int:
    """Wait until a webhook was sent all that Ana sees, each once or, where a server was killed, again with the same id; how many."""
    ana = await database.pool.fetchval("select id from rep where external_id = 'ana'")
    rows = await database.pool.fetch(EVENTS, start, "EarningsPosted")
    expected = [(row["cursor"], row["stage"]) for row in rows if row["rep_id"] in (None, ana)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not receiver.messages or receiver.messages[-1].told["cursor"] != expected[-1][0]:
            await asyncio.sleep(0.1)
    found = {each.headers["webhook-id"]: (each.told["cursor"], each.told["data"]["toStage"]) for each in receiver.messages}
    assert differences(list(found.values()), expected) is None
    return len(expected)


async def test_ten_thousand_events_reach_everybody_once_and_in_order_though_servers_are_killed(
    database: Database, database_url: str
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    role = await migrate.application_role(database_url)
    async with (
        listening() as receiver,
        Database.connected(database_url, role=role, pool_size=WRITERS) as opened,
        restless(opened, database_url, dice) as (servers, crowd, start),
    ):
        async with opened.transaction() as tx:
            hook = WebhookCreate("ours", receiver.url, (EventKind.EarningsPosted,), Ref(external_id="ana"), str(start))
            await webhooks.create(tx, ADMINISTRATOR, hook)
        killing = asyncio.create_task(servers.restless(random.Random(dice.random()), KILLS))
        reps = [None, *(row["id"] for row in await opened.pool.fetch("select id from rep"))]
        dices = [random.Random(dice.random()) for _ in range(WRITERS)]
        await asyncio.gather(*(write(opened, each, f"w{number}", ACTS, reps) for number, each in enumerate(dices)))
        await killing
        told = await compared(database_url, crowd, start)
        sent = await sent_to(receiver, opened, start)
        visits = [subscriber.visits for subscriber, _ in crowd]
        all_events = await opened.pool.fetchval("select count(*) from event where position > $1", start)
    print(
        f"{all_events} events, {told} of them followed by {len(crowd)} subscribers in {sum(visits)} visits, and {sent} sent to a webhook;"
        f" {servers.killed} servers killed"
    )
    assert all_events >= 10_000
    assert min(visits) > 3


async def test_postgresql_killed_under_load_loses_no_event_and_the_servers_recover_by_themselves(folder: Path) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    safe = {**QUICK_AND_UNSAFE, "synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
    with embedded.server(folder, safe) as url:
        await migrate.upgrade(url)
        async with Database.connected(url, role=await migrate.application_role(url)) as database, restless(database, url, dice) as parts:
            servers, crowd, start = parts
            reps = [None, *(row["id"] for row in await database.pool.fetch("select id from rep"))]
            dices = [random.Random(dice.random()) for _ in range(4)]
            writing = asyncio.gather(*(write(database, each, f"w{number}", 60, reps) for number, each in enumerate(dices)))
            for _ in range(2):
                await asyncio.sleep(0.5 + dice.random())
                pid = int((folder / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
                os.kill(pid, signal.SIGKILL)
                await asyncio.sleep(2)
            await writing
            assert await compared(url, crowd, start) > 200
            assert all(process.is_alive() for process in servers.processes.values())
