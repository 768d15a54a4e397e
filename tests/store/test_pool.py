"""The pool: connections go round, nobody waits for nothing, and what broke is replaced."""

from __future__ import annotations

import asyncio
from functools import partial

import asyncpg
import pytest
from sqlalchemy import make_url

from spm_graph.store import pool as pools
from spm_graph.store.database import Database, plain
from spm_graph.store.pool import Connection, Pool

PID = "select pg_backend_pid()"


@pytest.fixture
async def pool(database: Database) -> Pool:
    """A pool of two, none of whose connections is open yet."""
    return Pool(partial(asyncpg.connect, plain(make_url(database.url))), 2)


async def test_the_connection_that_came_back_last_goes_out_first(pool: Pool) -> None:
    async with pool.acquire() as one, pool.acquire() as other:
        assert (pool.lent, pool.most) == (2, 2)
        last = await one.fetchval(PID)
        assert last != await other.fetchval(PID)
    assert pool.lent == 0
    assert [await pool.fetchval(PID) for _ in range(3)] == [last] * 3
    await pool.close()


async def test_whoever_finds_none_waits_and_all_get_their_turn_in_order(pool: Pool) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        async with pool.acquire() as connection:
            served.append(number)
            await connection.fetchval("select 1")

    async with pool.acquire(), pool.acquire():
        asking = [asyncio.create_task(ask(number)) for number in range(6)]
        await asyncio.sleep(0.05)
        assert served == []
    await asyncio.gather(*asking)
    assert served == [0, 1, 2, 3, 4, 5]
    await pool.close()


async def test_whoever_stops_waiting_keeps_nobody_else_from_a_connection(pool: Pool) -> None:
    async with pool.acquire(), pool.acquire():
        leaves, stays = (asyncio.create_task(pool.fetchval("select 1")) for _ in range(2))
        await asyncio.sleep(0)
        leaves.cancel()
    assert await stays == 1
    assert leaves.cancelled()
    assert pool.lent == 0
    await pool.close()


async def test_a_connection_serves_on_after_a_statement_that_was_cancelled(pool: Pool) -> None:
    pid = await pool.fetchval(PID)
    asked = asyncio.create_task(pool.fetchval("select pg_sleep(30)"))
    await asyncio.sleep(0.1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    async with asyncio.timeout(5):
        assert await pool.fetchval(PID) == pid
    await pool.close()


async def test_connections_that_were_cut_off_are_replaced(pool: Pool) -> None:
    async with pool.acquire() as one, pool.acquire() as other:
        gone = [await one.fetchval(PID), await other.fetchval(PID)]
        await other.execute("select pg_terminate_backend($1)", gone[0])
        await asyncio.sleep(0.05)
    with pytest.raises(asyncpg.PostgresConnectionError):
        async with pool.acquire() as connection:
            await connection.execute("select pg_terminate_backend(pg_backend_pid())")
    assert await pool.fetchval(PID) not in gone
    assert pool.lent == 0
    await pool.close()


async def test_a_connection_that_rested_for_long_is_replaced(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = await pool.fetchval(PID)
    monkeypatch.setattr(pools, "UNUSED_SECONDS", 0)
    assert await pool.fetchval(PID) != pid
    await pool.close()


async def test_closing_waits_for_what_is_under_way_and_refuses_what_comes_later(pool: Pool) -> None:
    under_way = asyncio.create_task(pool.fetchval("select 7 from pg_sleep(0.1)"))
    await asyncio.sleep(0.03)
    closing = asyncio.create_task(pool.close())
    await asyncio.sleep(0)
    with pytest.raises(asyncpg.InterfaceError, match="the pool is closed"):
        await pool.fetchval("select 1")
    assert not closing.done()
    assert await under_way == 7
    await closing


async def test_a_connection_that_can_not_be_had_takes_no_place(database: Database) -> None:
    tried = 0

    async def connect() -> Connection:
        nonlocal tried
        tried += 1
        if tried > 1:
            raise OSError("away")
        return await asyncpg.connect(plain(make_url(database.url)))

    async with Pool.opened(connect, 1) as pool:
        async with pool.acquire() as connection:
            await connection.close()
        for _ in range(3):
            with pytest.raises(OSError, match="away"):
                await pool.fetchval("select 1")
        assert (pool.lent, tried) == (0, 4)


async def test_a_connection_that_was_asked_too_much_that_differs_is_replaced(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "LONGEST_TOGETHER", 1_000)
    first = await pool.fetchval("select pg_backend_pid()")
    for _ in range(100):
        assert await pool.fetchval("select pg_backend_pid()") == first
    assert await pool.fetch(f"select '{'x' * 500}'")
    assert await pool.fetchval("select pg_backend_pid()") == first
    assert await pool.fetchval(f"select '{'y' * 500}'") == "y" * 500  # now it is over a thousand
    second = await pool.fetchval("select pg_backend_pid()")
    assert second != first
    assert await pool.fetchval("select pg_backend_pid()") == second
    assert (pool.lent, len(pool._asked)) == (0, 1)
    await pool.close()
