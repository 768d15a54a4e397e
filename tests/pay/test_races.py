"""Two connections at once: what the clock's lock is for. Each race is run again with the lock taken out, to see it lose."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal

import asyncpg
import pytest

from spm_graph.actions import periods, runs
from spm_graph.actions.refs import PeriodRef
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.store.database import Transaction
from tests.company import ADMINISTRATOR, Company, Flat
from tests.conftest import execute

# The clock without its lock: positions from a sequence, as one would build it first.
UNLOCKED = """
create sequence loose_position start 1000;
grant usage on sequence loose_position to public;
create or replace function spm_tick(actor text, action text) returns bigint language plpgsql as $$
declare
    taken bigint := nextval('loose_position');
begin
    insert into tick (position, at, actor, action) values (taken, clock_timestamp(), actor, action);
    perform set_config('spm.position', taken::text, true);
    perform set_config('spm.audited', '0', true);
    return taken;
end $$;
"""

WAITING = """
select exists (select from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database()))
"""
PATIENCE_SECONDS = 60

Act = Callable[[Transaction], Awaitable[object]]


async def interleaved(company: Company, first: Act, second: Act) -> BaseException | None:
    """Let `first` act and wait with its commit until `second` is done or waits for it; what `second` was refused with, or none."""
    acted, ended, refused = asyncio.Event(), asyncio.Event(), None

    async def earlier() -> None:
        async with company.database.transaction() as tx:
            await first(tx)
            acted.set()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not ended.is_set() and not await company.database.pool.fetchval(WAITING):
                    await asyncio.sleep(0.01)

    async def later() -> None:
        nonlocal refused
        await acted.wait()
        try:
            async with company.database.transaction() as tx:
                await second(tx)
        except Exception as error:  # whatever it is, the test asks what it was
            refused = error
        ended.set()

    await asyncio.gather(earlier(), later())
    return refused


async def calculated(company: Company, runs_of_january: int) -> list[int]:
    """Ana has 50.00 to come for January, in so many runs."""
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", Flat(Decimal("0.05")))), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    return [await company.run("2026-01") for _ in range(runs_of_january)]


def posting(run: int) -> Act:
    """Posting a run."""
    return lambda tx: runs.post(tx, ADMINISTRATOR, runs.RunPost(global_id("run", run)))  # type: ignore[arg-type]


def closing(period: str) -> Act:
    """Closing a month."""
    return lambda tx: periods.close(tx, ADMINISTRATOR, periods.PeriodClose(PeriodRef(name=period)))


async def test_two_runs_of_a_month_posted_at_once_pay_once(company: Company) -> None:
    one, other = await calculated(company, 2)
    refused = await interleaved(company, posting(one), posting(other))
    assert isinstance(refused, Refused)
    assert refused.problems[0].code == ProblemCode.RUN_STALE
    assert await company.earned("ana", "2026-01") == Decimal("50.00")


async def test_without_the_lock_two_postings_at_once_pay_twice(company: Company, database_url: str) -> None:
    one, other = await calculated(company, 2)
    await execute(database_url, UNLOCKED)
    assert await interleaved(company, posting(one), posting(other)) is None
    assert await company.earned("ana", "2026-01") == Decimal("100.00")


async def test_the_same_run_posted_at_once_from_two_places_pays_once(company: Company) -> None:
    (run,) = await calculated(company, 1)
    refused = await interleaved(company, posting(run), posting(run))
    assert isinstance(refused, Refused)
    assert refused.problems[0].code == ProblemCode.WRONG_STATE
    assert await company.earned("ana", "2026-01") == Decimal("50.00")


async def test_a_posting_that_waited_for_a_close_books_in_the_next_month(company: Company) -> None:
    (run,) = await calculated(company, 1)
    assert await interleaved(company, closing("2026-01"), posting(run)) is None
    assert await company.earned("ana", "2026-01") == 0
    assert await company.earned("ana", "2026-02") == Decimal("50.00")


async def test_a_close_that_waited_for_a_posting_pays_what_was_posted(company: Company) -> None:
    (run,) = await calculated(company, 1)
    assert await interleaved(company, posting(run), closing("2026-01")) is None
    assert await company.paid("ana", "2026-01") == Decimal("50.00")


async def test_a_line_in_a_closed_month_is_refused_by_the_database_itself(company: Company) -> None:
    await calculated(company, 1)
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    with pytest.raises(Exception, match="is closed"):
        await company.rows(
            "insert into earning (posting_id, rep_id, component_id, kind, span, key, period_id, amount, currency, steps, position)"
            " select posting_id, rep_id, component_id, kind, span, key, period_id, 1, currency, steps, position from earning returning id"
        )


async def test_no_ledger_is_rewritten_not_even_by_its_owner(company: Company, database_url: str) -> None:
    await calculated(company, 1)
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    for ledger in ("earning", "earning_credit", "payment", "posting", "event", "audit", "tick", "touch"):
        column = "amount" if ledger == "earning_credit" else "position"
        for act in (f"delete from {ledger}", f"update {ledger} set {column} = 0", f"truncate {ledger} cascade"):
            with pytest.raises(asyncpg.RestrictViolationError, match="is only ever added to"):
                await execute(database_url, act)


async def test_the_clock_has_no_gaps_under_concurrent_writers_and_rollbacks(company: Company) -> None:
    async def write(number: int) -> None:
        with suppress(Refused):
            await company.deal(f"deal {number}", "100" if number % 5 else "100.001", rep="ana", on="2026-01-10")

    await company.hire("ana")
    await asyncio.gather(*(write(number) for number in range(60)))
    (found,) = await company.rows("select count(*) as ticks, max(position) as last, (select position from clock) as clock from tick")
    assert found["ticks"] == found["last"] == found["clock"]
    (moved,) = await company.rows(
        "select count(*) as events, count(distinct position) as positions from event where kind = 'OpportunityMoved'"
    )
    assert (moved["events"], moved["positions"]) == (48, 48)
