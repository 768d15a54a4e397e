"""Contests: all entrants are judged together, whichever shards they are in, and whoever touches one touches all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import currencies, pay_currencies
from spm_graph.actions.refs import Ref
from spm_graph.calculation import evaluation, scope, shard, sources
from spm_graph.calculation import run as calculation
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Backdating, WindowKind
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance, Step
from tests.company import Broken, Company, Flat, Kicker


@dataclass(frozen=True)
class Best:
    """Give a prize to whoever is credited with the most; who tie, share it."""

    prize: Decimal

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """One line for each who won."""
        most = max(performance.credited for performance in performances)
        won = [performance for performance in performances if performance.credited == most > 0]
        for performance in won:
            yield performance.rep_id, Line("best", (Step(f"first of {len(performances)}", self.prize, 1 / Decimal(len(won))),))


@dataclass(frozen=True)
class Strict:
    """Give everybody what somebody in the contest is credited with, and fail at 113."""

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """One line each."""
        for performance in performances:
            if performance.credited == 113:
                raise ZeroDivisionError("unlucky")
            yield performance.rep_id, Line("strict", (Step("credited", performance.credited),))


@pytest.fixture
def company(company: Company) -> Company:
    """A company with these incentive types."""
    company.incentive_types = IncentiveTypes.of([Flat, Best, Strict, Kicker, Broken])
    return company


REPS = ("ana", "bo", "cy", "di", "ed", "flo", "gil")


async def founded(company: Company, *parts: tuple[Any, ...]) -> int:
    """Seven reps on a plan, of whom Bo and Cy sold the most, and the same."""
    await company.hire(*REPS)
    plan = await company.plan("Contest", *parts)
    await company.assign(plan, *REPS)
    for name, amount in zip(REPS, ("100", "300", "300", "50", "20", "0.99", "1"), strict=True):
        await company.won(amount, rep=name, on="2026-01-10")
    return plan


BEST = ("best", Best(Decimal(1000)))
TWICE = (("flat", Flat(Decimal("0.1"))), BEST, ("kicker", Kicker("best", Decimal("0.1"))), ("kicker of flat", Kicker("flat", Decimal(1))))


@pytest.mark.parametrize("reps_a_shard", [1, 3, 500])
async def test_a_contest_and_what_comes_behind_it_are_the_same_over_any_number_of_shards(
    company: Company, monkeypatch: pytest.MonkeyPatch, reps_a_shard: int
) -> None:
    monkeypatch.setattr(calculation, "REPS_A_SHARD", reps_a_shard)
    await founded(company, *TWICE)
    run_id = await company.run("2026-01")
    lines = await company.rows(
        "select rep.name, part.name as component, key, amount, steps from run_line join rep on rep.id = rep_id"
        " join component_version as part using (component_id) where amount <> 0 order by 1, 2"
    )
    assert [(row["name"], row["component"], row["amount"]) for row in lines] == [
        ("Ana", "flat", Decimal("10.00")),
        ("Ana", "kicker of flat", Decimal("10.00")),
        ("Bo", "best", Decimal("500.00")),
        ("Bo", "flat", Decimal("30.00")),
        ("Bo", "kicker", Decimal("50.00")),
        ("Bo", "kicker of flat", Decimal("30.00")),
        ("Cy", "best", Decimal("500.00")),
        ("Cy", "flat", Decimal("30.00")),
        ("Cy", "kicker", Decimal("50.00")),
        ("Cy", "kicker of flat", Decimal("30.00")),
        ("Di", "flat", Decimal("5.00")),
        ("Di", "kicker of flat", Decimal("5.00")),
        ("Ed", "flat", Decimal("2.00")),
        ("Ed", "kicker of flat", Decimal("2.00")),
        ("Flo", "flat", Decimal("0.10")),
        ("Flo", "kicker of flat", Decimal("0.10")),
        ("Gil", "flat", Decimal("0.10")),
        ("Gil", "kicker of flat", Decimal("0.10")),
    ]
    shards = await company.rows(
        "select round, count(distinct shard) as shards, count(*) as windows from run_evaluation group by 1 order by 1"
    )
    apart = -(-len(REPS) // reps_a_shard)
    assert [tuple(row.values()) for row in shards] == [(0, apart, 7), (1, 1, 7), (2, apart, 14)]
    # Calculated again, in any order within a round, a shard stages the same.
    before = await company.rows("select * from run_line order by rep_id, component_id, key")
    async with company.database.snapshot() as reading:
        exported = await reading.scalar("select pg_export_snapshot()")
        for row in reversed(await company.rows("select distinct shard from run_evaluation order by 1")):
            await shard.run_shard(company.database, company.incentive_types, run_id, row["shard"], exported)
    assert await company.rows("select * from run_line order by rep_id, component_id, key") == before


async def test_evaluated_in_one_go_it_is_the_same(company: Company) -> None:
    await founded(company, *TWICE)
    await company.run("2026-01")
    staged = await company.rows("select rep_id, component_id, key, amount from run_line order by 1, 2, 3")
    async with company.database.snapshot() as snapshot:
        month = await snapshot.scalar("select id from period where name = '2026-01'")
        windows = [
            {
                "rep_id": each.rep_id,
                "component_id": each.component_id,
                "starts": each.span.lower,
                "ends": each.span.upper,
                "through": each.through,
            }
            for each in await scope.covered(snapshot, month)
        ]
        known = await sources.read(snapshot, windows)
    lines = [(each.window, line) for each in evaluation.evaluate(known, company.incentive_types) for line in each.lines]
    assert sorted((window.rep_id, window.component_id, line.key, line.amount) for window, line in lines) == [
        tuple(row.values()) for row in staged
    ]


async def test_a_late_deal_of_one_entrant_moves_the_prize_of_others(company: Company) -> None:
    await founded(company, *TWICE)
    await company.run_and_post("2026-01")
    await company.won("201", rep="ana", on="2026-01-31")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("1000.00") + Decimal("100.00") + 2 * Decimal("20.10")
    assert [await company.earned(name, "2026-02") for name in ("bo", "cy", "di")] == [Decimal("-550.00"), Decimal("-550.00"), 0]


async def test_what_changes_for_one_entrant_makes_the_run_stale_for_all(company: Company) -> None:
    await founded(company, BEST)
    run_id = await company.run("2026-01")
    await company.won("500", rep="gil", on="2026-01-11")
    with pytest.raises(Refused, match="something changed for Ana, Bo, Cy, Di, Ed, Flo, Gil"):
        await company.post(run_id)
    await company.recalculate(run_id)
    await company.post(run_id)
    assert [await company.earned(name, "2026-01") for name in ("bo", "gil")] == [0, Decimal("1000.00")]


async def test_leaving_an_entrant_out_books_nothing_for_them_and_goes_on_for_the_others(company: Company) -> None:
    await founded(company, BEST)
    run_id = await company.run("2026-01")
    await company.exclude(run_id, "bo")
    await company.post(run_id)
    assert [await company.earned(name, "2026-01") for name in ("bo", "cy")] == [0, Decimal("500.00")]
    run_id = await company.run("2026-01")
    await company.exclude(run_id, "bo")
    await company.won("500", rep="bo", on="2026-01-11")
    with pytest.raises(Refused, match="something changed for Ana"):  # though Bo is left out, the prize is Bo's alone now
        await company.post(run_id)
    await company.recalculate(run_id)
    await company.post(run_id)
    assert [await company.earned(name, "2026-01") for name in ("bo", "cy")] == [0, 0]
    await company.run_and_post("2026-02")
    assert await company.earned("bo", "2026-02") == Decimal("1000.00")


async def test_a_contest_that_fails_is_a_problem_of_each_entrant_and_of_nobody_else(company: Company) -> None:
    await founded(company, ("strict", Strict()))
    await company.hire("zoe")
    await company.assign(await company.plan("Other", ("flat", Flat(Decimal("0.1")))), "zoe")
    await company.won("100", rep="zoe", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.won("13", rep="ana", on="2026-01-11")
    run_id = await company.run("2026-01")
    problems = await company.rows("select message from run_problem order by rep_id")
    assert len(problems) == len(REPS)
    assert problems[0]["message"] == f"strict (Strict of {__name__}) of Ana, window from 2026-01-01: ZeroDivisionError: unlucky"
    for name in REPS:
        await company.exclude(run_id, name)
    await company.post(run_id)
    assert [await company.earned(name, "2026-01") for name in ("ana", "bo", "zoe")] == [Decimal(100), Decimal(300), Decimal(10)]


async def test_a_failure_before_a_contest_stops_the_posting_and_not_the_contest(company: Company) -> None:
    await founded(company, ("luck", Broken()), BEST)
    run_id = await company.run("2026-01")
    with pytest.raises(Refused, match="7 problems are open"):
        await company.post(run_id)
    assert len(await company.rows("select 1 from run_line where amount = 500")) == 2


async def test_a_new_version_inside_the_window_judges_all_of_it(company: Company) -> None:
    await company.hire(*REPS[:2])
    quarter = WindowKind.QUARTER_TO_DATE
    plan = await company.plan("Contest", ("best", Best(Decimal(100))), window=quarter)
    await company.assign(plan, "ana")
    await company.assign(plan, "bo", starts="2026-02-01")
    await company.plan("Contest", ("best", Best(Decimal(300))), starts="2026-03-01", window=quarter)
    await company.won("10", rep="ana", on="2026-01-10")
    await company.won("9", rep="bo", on="2026-03-10")
    await company.won("90", rep="bo", on="2026-01-10")  # Bo came in later
    await company.run_and_post("2026-03")
    assert [await company.earned(name, "2026-03") for name in ("ana", "bo")] == [Decimal("300.00"), 0]


async def test_who_left_a_contest_before_they_were_paid_in_another_currency_is_judged_with_the_others(company: Company) -> None:
    parts = [("flat", Flat(Decimal("0.1"))), ("best", Best(Decimal(1000)), WindowKind.QUARTER_TO_DATE)]
    plan = await founded(company, *parts)
    await company.assign(plan, "bo", starts="2026-02-01", assigned=False)
    await company.do(currencies.set_rate, currencies.FxRateSet("USD", "EUR", Decimal("0.8"), date(2026, 3, 1)))
    change = pay_currencies.PayCurrencySet(Ref(external_id="bo"), "EUR", date(2026, 3, 1), Backdating.RESTATE)
    await company.do(pay_currencies.set_pay_currency, change)
    run_id = await company.run("2026-03")
    assert await company.rows("select message from run_problem where run_id = :run", run=run_id) == []
    won = await company.rows(
        "select rep.name, amount, run_line.currency from run_line join rep on rep.id = rep_id where key = 'best' order by 1"
    )
    assert [tuple(row.values()) for row in won] == [("Bo", Decimal("500.00"), "USD"), ("Cy", Decimal("500.00"), "USD")]


async def test_who_is_calculated_together_is_found_over_several_contests(company: Company) -> None:
    await company.hire(*REPS)
    for name, reps in (("one", REPS[:3]), ("two", REPS[2:4]), ("three", REPS[5:])):
        await company.assign(await company.plan(name, BEST), *reps)
    keys = {row["external_id"]: row["id"] for row in await company.rows("select external_id, id from rep")}
    async with company.database.transaction() as tx:
        found = {name: await scope.together(tx, [keys[name]]) for name in ("ana", "ed", "gil")}
    assert found == {"ana": {keys[name] for name in REPS[:4]}, "ed": {keys["ed"]}, "gil": {keys["flo"], keys["gil"]}}


async def test_a_contest_that_a_new_version_moves_behind_another_is_judged_once(company: Company) -> None:
    """Cy left the plan before the version that moved it: the prize is given out once, and what comes behind it sees it."""
    await company.hire("ana", "bo", "cy")
    best, kicker = (*BEST, WindowKind.QUARTER_TO_DATE), ("kicker", Kicker("best", Decimal("0.1")), WindowKind.QUARTER_TO_DATE)
    plan = await company.plan("Contest", best, kicker)
    await company.assign(plan, "ana", "bo")
    await company.assign(plan, "cy", ends="2026-02-01")
    for name, amount in (("ana", "100"), ("bo", "300"), ("cy", "500")):
        await company.won(amount, rep=name, on="2026-01-10")
    flat = ("flat", Flat(Decimal("0.1")), WindowKind.QUARTER_TO_DATE)
    other = ("other", Best(Decimal(0)), WindowKind.QUARTER_TO_DATE)
    behind = ("behind", Kicker("other", Decimal(1)), WindowKind.QUARTER_TO_DATE)
    await company.plan("Contest", flat, other, behind, best, kicker, starts="2026-02-01")
    for month in ("2026-01", "2026-02", "2026-03"):
        await company.run_and_post(month)
    booked = await company.rows(
        "select rep.name, key, sum(amount) as amount from earning join rep on rep.id = rep_id"
        " where key <> 'commission' group by 1, 2 having sum(amount) <> 0 order by 1, 2"
    )
    assert [tuple(row.values()) for row in booked] == [("Cy", "best", Decimal("1000.00")), ("Cy", "kicker", Decimal("100.00"))]


@pytest.mark.parametrize("reps_a_shard", [1, 500])
async def test_what_reads_a_contest_that_moves_is_behind_it_also_where_the_new_version_drops_it(
    company: Company, monkeypatch: pytest.MonkeyPatch, reps_a_shard: int
) -> None:
    """The quarter's kicker is in force until February only, and reads a contest that is judged behind another from then on."""
    monkeypatch.setattr(calculation, "REPS_A_SHARD", reps_a_shard)
    await company.hire("ana", "bo")
    best, kicker = (*BEST, WindowKind.QUARTER_TO_DATE), ("kicker", Kicker("best", Decimal("0.1")), WindowKind.QUARTER_TO_DATE)
    plan = await company.plan("Contest", best, kicker)
    await company.assign(plan, "ana", "bo")
    for name, amount in (("ana", "100"), ("bo", "300")):
        await company.won(amount, rep=name, on="2026-01-10")
    await company.plan("Contest", ("other", Best(Decimal(7)), WindowKind.QUARTER_TO_DATE), best, starts="2026-02-01")
    await company.run_and_post("2026-02")
    assert await booked(company) == [
        ("Bo", "best", Decimal("1000.00")), ("Bo", "kicker", Decimal("100.00"))
    ]  # fmt: skip
    async with company.database.snapshot() as snapshot:
        (month,) = await company.rows("select id from period where name = '2026-02'")
        placed = await scope.placed(snapshot, await scope.covered(snapshot, month["id"]))
    names = {row["component_id"]: row["name"] for row in await company.rows("select component_id, name from component_version")}
    assert {(names[each.component_id], each.round) for each in placed} == {("other", 1), ("best", 3), ("kicker", 4)}


async def test_what_a_new_version_drops_still_reads_what_this_moves_behind_others(company: Company) -> None:
    """The same without a contest: kicker was second, and the base that it reads is third now."""
    quarter = WindowKind.QUARTER_TO_DATE
    await company.hire("ana")
    base = ("base", Flat(Decimal("0.1")), quarter)
    await company.assign(await company.plan("Plan", base, ("kicker", Kicker("base", Decimal("0.5")), quarter)), "ana")
    others = [(name, Flat(Decimal(0)), quarter) for name in ("one", "two")]
    await company.plan("Plan", *others, base, starts="2026-02-01")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-02")
    assert await booked(company) == [("Ana", "base", Decimal("100.00")), ("Ana", "kicker", Decimal("50.00"))]


async def booked(company: Company) -> list[tuple[Any, ...]]:
    """What is in the ledger, by rep and component, without zeros."""
    rows = await company.rows(
        "select rep.name, part.name as component, sum(amount) as amount from earning join rep on rep.id = rep_id"
        " join (select distinct component_id, name from component_version) as part using (component_id)"
        " group by 1, 2 having sum(amount) <> 0 order by 1, 2"
    )
    return [tuple(row.values()) for row in rows]
