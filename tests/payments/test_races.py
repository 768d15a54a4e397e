"""Two connections at once around a close: what the clock's lock is for. Each race is run again with the lock taken out, to see it lose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError

from spm_graph.actions import holds, payouts, periods, runs
from spm_graph.actions.refs import PeriodRef
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Debt
from spm_graph.store.database import Transaction
from tests.company import ADMINISTRATOR
from tests.conftest import execute
from tests.pay.test_races import UNLOCKED, Act, interleaved

from .conftest import Payroll, ref

# The ledgers without the look at their period, which locks its row.
FREE = "alter table payment disable trigger payment_period_open; alter table earning disable trigger earning_period_open"
JANUARY = PeriodRef(name="2026-01")
Unlock = Callable[[], Awaitable[None]]


def closing(month: str = "2026-01") -> Act:
    """Closing a month."""
    return lambda tx: periods.close(tx, ADMINISTRATOR, periods.PeriodClose(PeriodRef(name=month)))


def releasing(hold: str) -> Act:
    """Ending a hold."""
    return lambda tx: holds.release(tx, ADMINISTRATOR, holds.HoldRelease(hold))  # type: ignore[arg-type]


def posting(run: int) -> Act:
    """Posting a run."""
    return lambda tx: runs.post(tx, ADMINISTRATOR, runs.RunPost(global_id("run", run)))  # type: ignore[arg-type]


def approving() -> Act:
    """Approving January's batch."""
    return lambda tx: payouts.approve(tx, ADMINISTRATOR, payouts.PayoutApprove(JANUARY))


def forgiving() -> Act:
    """Forgiving all that Ana owes."""
    command = payouts.DebtWriteOff(ref("ana"), Debt.CARRIED, "uncollectable")
    return lambda tx: payouts.write_off(tx, ADMINISTRATOR, command)


async def held(payroll: Payroll) -> str:
    """Ana has 100 to come for January, which is held; the hold."""
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "1000", "2026-01")
    await payroll.post("2026-01")
    return await payroll.hold(opportunity=ref(deal))


async def test_two_closes_at_once_pay_once(payroll: Payroll) -> None:
    await held(payroll)
    await payroll.adjust("ana", "2026-01", "70")
    refused = await interleaved(payroll.company, closing(), closing())
    assert isinstance(refused, Refused)
    assert refused.problems[0].code == ProblemCode.ALREADY_CLOSED
    assert await payroll.ledger("ana", "2026-01") == [("HELD", 100), ("PAID", 70)]


async def test_a_release_that_waited_for_a_close_counts_in_the_next_month(payroll: Payroll) -> None:
    hold = await held(payroll)
    assert await interleaved(payroll.company, closing(), releasing(hold)) is None
    await payroll.company.close("2026-02")
    assert await payroll.paid("ana", "2026-01", "2026-02") == ["0", "100"]


async def test_a_close_that_waited_for_a_release_pays_what_was_released(payroll: Payroll) -> None:
    hold = await held(payroll)
    assert await interleaved(payroll.company, releasing(hold), closing()) is None
    assert await payroll.paid("ana", "2026-01") == ["100"]


async def test_without_the_lock_a_close_misses_a_release_that_was_before_it(payroll: Payroll, database_url: str) -> None:
    hold = await held(payroll)
    await execute(database_url, UNLOCKED)
    assert await interleaved(payroll.company, releasing(hold), closing()) is None
    assert await payroll.paid("ana", "2026-01") == ["0"]


async def earning_and_drawing(payroll: Payroll) -> int:
    """Ana has 100 to come for January, in a run, and a draw of 500; the run."""
    await payroll.pays("ana")
    await payroll.draw("ana", "500")
    await payroll.sells("ana", "1000", "2026-01")
    return await payroll.company.run("2026-01")


async def test_a_close_that_waited_for_a_posting_draws_less(payroll: Payroll) -> None:
    run = await earning_and_drawing(payroll)
    assert await interleaved(payroll.company, posting(run), closing()) is None
    assert await payroll.ledger("ana", "2026-01") == [("DRAWN", 400), ("PAID", 500)]


async def test_a_debt_is_forgiven_once(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.adjust("ana", "2026-01", "-100")
    await payroll.company.close("2026-01")
    refused = await interleaved(payroll.company, forgiving(), forgiving())
    assert isinstance(refused, Refused)
    assert await payroll.owes("ana") == ["0", "0"]


async def test_a_batch_approved_at_once_from_two_places_is_approved_once(payroll: Payroll) -> None:
    await payroll.company.close("2026-01")
    refused = await interleaved(payroll.company, approving(), approving())
    assert isinstance(refused, Refused)
    assert refused.problems[0].code == ProblemCode.WRONG_STATE


@pytest.fixture
def unlock(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Unlock:
    """Take out the clock's lock, and the locks on the period's row that stand behind it."""

    async def read(tx: Transaction, given: PeriodRef, path: object) -> RowMapping:
        found = await tx.row("select * from period where name = :name", {"name": given.name})
        assert found is not None
        return found

    async def unlocked() -> None:
        monkeypatch.setattr(periods, "by_period", read)
        await execute(database_url, UNLOCKED, FREE)

    return unlocked


async def test_without_locks_a_close_draws_what_a_posting_before_it_had_earned(payroll: Payroll, unlock: Unlock) -> None:
    run = await earning_and_drawing(payroll)
    await unlock()
    assert await interleaved(payroll.company, posting(run), closing()) is None
    assert await payroll.ledger("ana", "2026-01") == [("DRAWN", 500), ("PAID", 500)]


async def test_without_locks_the_batch_still_keeps_a_month_from_being_paid_twice(payroll: Payroll, unlock: Unlock) -> None:
    await payroll.pays("ana")
    await payroll.adjust("ana", "2026-01", "70")
    await unlock()
    refused = await interleaved(payroll.company, closing(), closing())
    assert isinstance(refused, IntegrityError)
    assert "payout_period_id_key" in str(refused)
    assert await payroll.ledger("ana", "2026-01") == [("PAID", 70)]
