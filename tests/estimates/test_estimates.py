"""Live estimates: who is estimated after what, what a subscriber is told, and that nothing is paid."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest

from spm_graph.calculation import estimating
from spm_graph.calculation.estimating import caught_up
from spm_graph.domain.terms import WindowKind
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance, Step
from spm_graph.store import due
from spm_graph.store import estimates as stored
from spm_graph.store.following import Following
from tests.company import Broken, Company, Flat

from .conftest import estimates, told


@dataclass(frozen=True)
class Best:
    """Pay a prize to whoever is credited with most."""

    prize: Annotated[Decimal, "The prize."]

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """The first one, of equals."""
        best = max(performances, key=lambda each: each.credited)
        if best.credited:
            yield best.rep_id, Line("prize", (Step("the most of all", self.prize),))


FIVE = ("commission", Flat(Decimal("0.05")))


async def selling(company: Company, *names: str) -> int:
    """Reps on a plan that pays 5 %, all of them estimated; the plan's key."""
    await company.hire(*names)
    plan = await company.plan("Commission", FIVE)
    await company.assign(plan, *names)
    await estimates(company)
    return plan


async def test_a_deal_is_estimated_in_its_month_and_nothing_is_booked(company: Company) -> None:
    await selling(company, "ana", "bo")
    await company.won("1000", rep="ana", on="2026-03-10")
    assert await estimates(company) == {("ana", "2026-03", "commission"): Decimal("50.00")}
    assert await company.rows("select * from earning") == []
    assert await company.rows("select * from entitled") == []


async def test_only_those_whom_a_deal_touches_are_estimated_again(company: Company) -> None:
    await selling(company, "ana", "bo", "cleo")
    await company.managed("ana", "bo", "2026-01-01")
    await caught_up(company.database, company.incentive_types)
    before = {(row["rep_id"], row["period_id"]): row["position"] for row in await company.rows("select * from estimate")}
    await company.won("1000", rep="ana", on="2026-03-10")
    await caught_up(company.database, company.incentive_types)
    after = {(row["rep_id"], row["period_id"]): row["position"] for row in await company.rows("select * from estimate")}
    again = await company.rows(
        "select external_id, period.name from rep, period where (rep.id, period.id) in"
        " (select * from unnest(cast(:reps as bigint[]), cast(:periods as bigint[]))) order by 1, 2",
        reps=[rep for (rep, period), position in after.items() if before.get((rep, period)) != position],
        periods=[period for (rep, period), position in after.items() if before.get((rep, period)) != position],
    )
    assert [tuple(row.values()) for row in again] == [("ana", "2026-03"), ("bo", "2026-03")]


async def test_a_back_dated_deal_reaches_every_open_month_from_its_day_on(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Quarterly", FIVE, window=WindowKind.QUARTER_TO_DATE), "ana")
    await company.won("1000", rep="ana", on="2026-02-10")
    assert await estimates(company) == {("ana", "2026-02", "commission"): Decimal(50), ("ana", "2026-03", "commission"): Decimal(50)}
    await company.run_and_post("2026-02")
    assert await estimates(company) == {("ana", "2026-02", "commission"): Decimal(50)}, "the quarter's line is booked in February"


async def test_a_refund_after_the_posting_is_estimated_where_the_next_run_would_book_it(company: Company) -> None:
    await selling(company, "ana")
    deal = await company.won("1000", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-02")
    await company.close("2026-01")
    await company.close("2026-02")
    await company.refund(deal, on="2026-03-05", amount="-400")
    assert await estimates(company) == {("ana", "2026-03", "commission"): Decimal("-20.00")}
    (row,) = await company.rows("select lines from estimate_part where amount <> 0")
    line, march = row["lines"]
    assert line["window"] == {"starts": "2026-02-01", "ends": "2026-03-01"}
    assert march["amount"]["amount"] == "0.00"
    assert [step["amount"] for step in line["steps"]] == ["30", "-50.00"]
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("-20.00")
    assert await estimates(company) == {("ana", "2026-03", "commission"): Decimal("-20.00")}


async def test_each_change_is_told_once_with_frozen_numbers(company: Company) -> None:
    await selling(company, "ana")
    assert await told(company) == []
    await company.won("1000", rep="ana", on="2026-03-10")
    await estimates(company)
    await estimates(company)
    await company.run_and_post("2026-03")
    await estimates(company)
    (event,) = await told(company)
    assert event["rep"]["externalId"] == "ana"
    assert event["period"]["name"] == "2026-03"
    assert event["total"] == {"amount": "50.00", "currency": "USD"}
    assert [(part["name"], part["amount"]["amount"]) for part in event["byComponent"]] == [("commission", "50.00")]
    assert event["problem"] is None


async def test_where_a_plugin_fails_the_last_estimate_stays_and_says_why(company: Company) -> None:
    await company.hire("ana", "bo")
    plan = await company.plan("Commission", FIVE)
    await company.assign(plan, "ana", "bo")
    await company.won("1000", rep="ana", on="2026-03-10")
    await estimates(company)
    await company.assign(await company.plan("Broken", ("broken", Broken())), "ana")
    await company.won("3000", rep="ana", on="2026-03-11")
    await company.won("500", rep="bo", on="2026-03-11")
    assert await estimates(company) == {("ana", "2026-03", "commission"): Decimal(50), ("bo", "2026-03", "commission"): Decimal(25)}
    (kept,) = await company.rows("select amount, problem from estimate where problem is not null and amount <> 0")
    assert kept["amount"] == Decimal(50)
    assert "of Ana" in kept["problem"]
    assert "ZeroDivisionError" in kept["problem"]
    assert "ZeroDivisionError" in next(event["problem"] for event in await told(company) if event["total"] is None)


async def test_a_month_that_begins_is_estimated_for_everybody_on_a_plan(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Yearly", FIVE, window=WindowKind.YEAR_TO_DATE), "ana")
    await company.won("1000", rep="ana", on="2026-03-10")
    await estimates(company)
    company.database.today = lambda: date(2026, 4, 1)
    assert (await estimates(company))["ana", "2026-04", "commission"] == Decimal(50)


async def test_a_closed_month_has_no_estimate_any_more(company: Company) -> None:
    await selling(company, "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    assert ("ana", "2026-01", "commission") in await estimates(company)
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    assert {period for _, period, _ in await estimates(company)} == set()


async def test_what_a_crashed_process_had_taken_is_estimated_by_another(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    await selling(company, "ana")
    await company.won("1000", rep="ana", on="2026-03-10")

    async def crash(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as broken:
        broken.setattr(stored, "write", crash)
        with pytest.raises(asyncio.CancelledError):
            await caught_up(company.database, company.incentive_types)
    assert await estimates(company) == {("ana", "2026-03", "commission"): Decimal("50.00")}


async def test_two_processes_share_what_is_due_and_make_nothing_twice(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"rep{number}" for number in range(12)]
    await selling(company, *names)
    for name in names:
        await company.won("1000", rep=name, on="2026-03-10")
    monkeypatch.setattr(estimating, "MOST", 2)
    made = await asyncio.gather(*(caught_up(company.database, company.incentive_types) for _ in range(3)))
    made.append(await caught_up(company.database, company.incentive_types))
    assert sum(made) == 12
    assert len([count for count in made if count]) > 1
    assert len(await told(company)) == 12


async def test_one_who_cannot_be_estimated_stands_in_nobodys_way(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    await selling(company, "ana", "bo")
    await company.won("1000", rep="ana", on="2026-03-10")
    await company.won("1000", rep="bo", on="2026-03-10")
    (ana,) = await company.rows("select id from rep where external_id = 'ana'")
    whole = estimating.estimated

    async def poisoned(database: object, types: object, period: int, reps: list[int]) -> object:
        if ana["id"] in reps:
            raise RuntimeError("a bug of ours")
        return await whole(database, types, period, reps)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(estimating, "estimated", poisoned)
        assert await estimates(company) == {("bo", "2026-03", "commission"): Decimal(50)}
    (row,) = await company.rows("select problem from estimate where problem is not null")
    assert row["problem"] == "internal error: the server's log says more"
    async with company.database.transaction() as tx:
        await due.again(tx)
    assert len(await estimates(company)) == 2


async def test_the_worker_goes_on_after_an_error(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    await selling(company, "ana")
    monkeypatch.setattr(estimating, "REST_SECONDS", 0.01)
    whole, failures = due.look, [RuntimeError("first"), OSError("second")]

    async def failing(tx: object) -> None:
        if failures:
            raise failures.pop()
        await whole(tx)  # type: ignore[arg-type]

    monkeypatch.setattr(due, "look", failing)
    async with Following.started(company.database) as following:
        worker = asyncio.create_task(estimating.estimating(company.database, company.incentive_types, following))
        try:
            await company.won("1000", rep="ana", on="2026-03-10")
            async with asyncio.timeout(60):
                while not await company.rows("select * from estimate_part where amount = 50"):
                    await asyncio.sleep(0.02)
        finally:
            worker.cancel()
    assert failures == []


async def test_a_type_that_is_gone_is_a_problem_too(company: Company) -> None:
    await selling(company, "ana")
    await company.won("1000", rep="ana", on="2026-03-10")
    await caught_up(company.database, IncentiveTypes.of([]))
    (row,) = await company.rows("select problem, amount from estimate where problem is not null")
    assert "no installed package brings" in row["problem"]
    assert row["amount"] == 0


async def test_all_who_are_in_a_contest_are_estimated_when_one_of_them_sells(company: Company) -> None:
    company.incentive_types = IncentiveTypes.of([Best, Flat])
    await company.hire("ana", "bo", "cleo")
    await company.assign(await company.plan("Contest", ("prize", Best(Decimal(500))), FIVE), "ana", "bo", "cleo")
    await company.won("1000", rep="ana", on="2026-03-10")
    await company.won("400", rep="bo", on="2026-03-10")
    assert await estimates(company) == {
        ("ana", "2026-03", "prize"): Decimal(500),
        ("ana", "2026-03", "commission"): Decimal(50),
        ("bo", "2026-03", "commission"): Decimal(20),
    }
    await company.won("900", rep="bo", on="2026-03-11")
    found = await estimates(company)
    assert found["bo", "2026-03", "prize"] == Decimal(500)
    assert ("ana", "2026-03", "prize") not in found
    await company.run_and_post("2026-03")
    assert await company.earned("bo", "2026-03") == Decimal("565.00")
