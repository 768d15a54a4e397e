"""All that one operation answers was true at one moment, whatever is written meanwhile."""

from __future__ import annotations

import asyncio

import asyncpg
from sqlalchemy import make_url

from spm_graph.graph.schema import brought, core
from spm_graph.reading.answer import Reads
from spm_graph.store import clock
from spm_graph.store.database import Database, plain

from .conftest import SCHEMA, TYPES, Asking
from .fixture import ADMINISTRATOR, MANAGER, TODAY, filled

EVERYTHING = """{
    before: position
    paused: opportunities(first: 1, orderBy: CREATED) { nodes { name amount { amount } } }
    deals: opportunities(orderBy: CREATED) { nodes { name owner { name } } totalCount }
    reps { nodes { name } }
    after: position
}"""

# Written amounts wait for a lock: an answer stops between what it read before and what it reads after.
WAITING = """
create or replace function money_text(amount numeric, currency text) returns text language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(7);
    return amount::text;
end $$
"""
WAITS = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


async def test_an_answer_is_of_one_moment_while_others_write(database: Database, database_url: str) -> None:
    await filled(database)
    database.today = lambda: TODAY
    ask = Asking(database, Reads(core(SCHEMA), values=brought(TYPES)))
    owner = await asyncpg.connect(plain(make_url(database_url)))
    await owner.execute(WAITING)
    for actor in (ADMINISTRATOR, MANAGER):
        then = await ask(EVERYTHING, actor)
        await owner.execute("select pg_advisory_lock(7)")
        asking = asyncio.create_task(ask(EVERYTHING, actor))
        async with asyncio.timeout(60):
            while not await owner.fetchval(WAITS):
                await asyncio.sleep(0.01)
        async with database.transaction() as tx:
            await clock.tick(tx, "somebody", "opportunityUpsert")
            await tx.execute("update opportunity set name = name || '!', owner_id = 5")
            await tx.execute("update rep set name = name || '!'")
        await owner.execute("select pg_advisory_unlock(7)")
        assert await asking == then
        assert (now := await ask(EVERYTHING, actor)) != then
        assert int(now["after"]) == int(now["before"]) == int(then["after"]) + 1
    await owner.close()
