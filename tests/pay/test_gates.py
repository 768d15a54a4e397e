"""What a component is told besides its own window: gates on other measures and windows, growth, goals, and what a change carries on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from spm_graph.actions import components, goals, plans
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Carry, WindowKind
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Attained, Credited, Line, Performance, Step, Window
from tests.company import ADMINISTRATOR, Company, Flat


@dataclass(frozen=True)
class Gated:
    """Pay 10 % of what is credited while gates elsewhere are open."""

    gates: tuple[Attained, ...] = ()
    growth: Credited | None = None

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line, of zero while a gate is shut."""
        opened = all((gate.of(performance) or 0) >= 1 for gate in self.gates)
        if self.growth is not None:
            opened = opened and performance.credited >= self.growth.of(performance) * Decimal("1.05")
        yield Line("gated", (Step("10 %", performance.credited, Decimal("0.1") if opened else Decimal(0)),))


@dataclass(frozen=True)
class Graded:
    """Pay 1,000 in proportion to goals achieved."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        score = sum((goal.weight * (goal.achieved or 0) for goal in performance.goals), Decimal(0))
        yield Line("goals", (Step(f"{len(performance.goals)} goals", Decimal(1000), score),))


@dataclass(frozen=True)
class ByBaseRate:
    """Pay the base commission rate on what is credited."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        yield Line("base", (Step("base commission rate", performance.credited, performance.base_commission_rate or Decimal(0)),))


@dataclass(frozen=True)
class Whole:
    """Pay one rate on everything, by what the whole window reaches: a half at a hundred and more, else a tenth."""

    half: Decimal

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        reached = performance.credited_before + performance.credited + performance.credited_after
        rate = self.half if reached >= 100 else Decimal("0.1")
        yield Line("whole", (Step(f"at {reached:f}, after {performance.earned_before:f}", performance.credited, rate),))


@pytest.fixture
def company(company: Company) -> Company:
    """A company with these incentive types."""
    company.incentive_types = IncentiveTypes.of([Flat, Gated, Graded, ByBaseRate, Whole])
    return company


TEAM_YEAR = Gated(gates=(Attained("team", Window.YEAR_TO_DATE),))


async def test_a_gate_on_another_measure_over_the_year_opens_a_month_already_paid(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Gated", ("gated", TEAM_YEAR)), "ana")
    await company.quota("ana", "2026", "12000", measure="team")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.won("500", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-01")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == 0
    await company.won("10500", rep="ana", on="2026-01-20")
    run = await company.run("2026-02")
    covered = await company.rows(
        "select lower(span)::text as starts, reads_from::text from run_evaluation where run_id = :run order by 1", run=run
    )
    assert [tuple(row.values()) for row in covered] == [("2026-01-01", "2026-01-01"), ("2026-02-01", "2026-01-01")]
    await company.post(run)
    # The gate of January looks at January alone, 11,500 of 12,000; that of February at both months.
    assert await company.earned("ana", "2026-02") == Decimal("50.00")


async def test_a_run_is_stale_when_the_gate_of_an_earlier_month_moved(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Gated", ("gated", TEAM_YEAR)), "ana")
    await company.quota("ana", "2026", "1000", measure="team")
    await company.won("500", rep="ana", on="2026-02-10")
    run = await company.run("2026-02")
    await company.won("500", rep="ana", on="2026-01-10")
    with pytest.raises(Refused, match="something changed for Ana"):
        await company.post(run)
    await company.recalculate(run)
    await company.post(run)
    assert await company.earned("ana", "2026-02") == Decimal("50.00")


async def test_what_comes_behind_a_gated_component_is_looked_at_with_it(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Gated", ("gated", TEAM_YEAR), ("flat", Flat(Decimal("0.01")))), "ana")
    places = await company.rows("select name, round, reads_window, reads_ago, distribution from component_version order by ordinal")
    assert [tuple(row.values()) for row in places] == [
        ("gated", 0, "YEAR_TO_DATE", 0, __name__),
        ("flat", 0, "YEAR_TO_DATE", 0, "tests.company"),
    ]


async def test_growth_is_measured_against_as_much_of_the_window_before(company: Company) -> None:
    await company.hire("ana")
    growth = Gated(growth=Credited("bookings", Window.QUARTER_TO_DATE, 1))
    await company.assign(await company.plan("Growth", ("growth", growth, WindowKind.QUARTER_TO_DATE)), "ana")
    for on, amount in (("2026-01-10", "100"), ("2026-03-10", "900"), ("2026-04-10", "105")):
        await company.won(amount, rep="ana", on=on)
    await company.run_and_post("2026-04")
    # 105 in April against January's 100, though the whole first quarter had 1,000.
    assert await company.earned("ana", "2026-04") == Decimal("10.50")
    await company.won("1", rep="ana", on="2026-01-11")
    await company.run_and_post("2026-05")
    assert await company.earned("ana", "2026-05") == Decimal("-10.50")


async def test_a_measure_that_does_not_exist_is_refused_with_its_path(company: Company) -> None:
    draft = components.ComponentDraft("gated", "bookings", Gated(gates=(Attained("bookings"), Attained("nonsense"))))
    with pytest.raises(Refused) as caught:
        await company.do(plans.create, plans.PlanCreate((draft,), starts=date(2026, 1, 1), name="Gated"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == (ProblemCode.NOT_FOUND, ("components", "0", "config", "gated", "gates", "1", "measure"))


async def test_goals_of_the_window_and_of_the_periods_inside_it_are_paid_as_they_are_judged(company: Company) -> None:
    await company.hire("ana", "bo")
    await company.assign(await company.plan("MBO", ("goals", Graded(), WindowKind.QUARTER_TO_DATE)), "ana", "bo")
    await company.goal("ana", "2026-Q1", "Reference", "0.5", "1")
    await company.goal("ana", "2026-02", "Forecast", "0.3", "0.5")
    await company.goal("ana", "2026", "Not of this window", "1", "1")
    await company.goal("ana", "2026-03", "Training", "0.2")
    run = await company.run("2026-01")
    await company.goal("ana", "2026-03", "Training", "0.2", "1.5")
    with pytest.raises(Refused, match="something changed for Ana"):
        await company.post(run)
    await company.recalculate(run)
    await company.post(run)
    (line,) = await company.rows("select amount, steps from earning")
    assert (line["amount"], line["steps"][0]["says"]) == (Decimal("950.00"), "3 goals")
    await company.goal("ana", "2026-Q1", "Reference", None)
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("-500.00")


async def test_goals_are_refused_where_they_make_no_sense(company: Company) -> None:
    await company.hire("ana")
    who, during = Ref(external_id="ana"), PeriodRef(name="2026-01")
    for act, command, path in (
        (goals.set_goal, goals.GoalSet(who, during, " ", Decimal(1)), "name"),
        (goals.set_goal, goals.GoalSet(who, during, "A", Decimal(0)), "weight"),
        (goals.set_goal, goals.GoalSet(who, during, "A", None), "name"),
        (goals.set_goal, goals.GoalSet(who, PeriodRef(name="2031-01"), "A", Decimal(1)), "period"),
        (goals.achieve, goals.GoalAchieve(who, during, "A", Decimal(1)), "name"),
        (goals.achieve, goals.GoalAchieve(who, during, "A", Decimal(11)), "achieved"),
    ):
        with pytest.raises(Refused) as caught:
            await company.do(act, command, ADMINISTRATOR)
        assert caught.value.problems[0].path[0] == path
    audited = await company.rows("select count(*) as n from audit where noun = 'goal'")
    assert audited[0]["n"] == 0


async def test_the_base_commission_rate_is_target_variable_by_quota(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Base", ("base", ByBaseRate())), "ana")
    await company.target("ana", "12000", "2026-01-01")
    await company.quota("ana", "2026-01", "8000")
    await company.won("400", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("50.00")


@pytest.mark.parametrize(
    ("carry", "paid", "says"),
    [
        (Carry.CONTINUE, "54.00", ["at 100.00, after 0", "at 100.00, after 30.000"]),
        (Carry.RESTART, "10.00", ["at 60.00, after 0", "at 40.00, after 0"]),
    ],
)
async def test_a_change_inside_a_window_carries_on_or_begins_anew(company: Company, carry: Carry, paid: str, says: list[str]) -> None:
    await company.hire("ana")
    quarter = WindowKind.QUARTER_TO_DATE
    await company.assign(await company.plan("Whole", ("whole", Whole(Decimal("0.5"))), window=quarter, carry=carry), "ana")
    await company.plan("Whole", ("whole", Whole(Decimal("0.6"))), starts="2026-02-01", window=quarter, carry=carry)
    await company.won("60", rep="ana", on="2026-01-10")
    await company.won("40", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-02")
    (line,) = await company.rows("select amount, steps from earning")
    assert (line["amount"], [step["says"] for step in line["steps"]]) == (Decimal(paid), says)


async def test_what_begins_anew_has_the_quota_of_its_own_dates(company: Company) -> None:
    await company.hire("ana")
    quarter = WindowKind.QUARTER_TO_DATE
    await company.quota("ana", "2026-Q1", "9000")
    await company.target("ana", "12000", "2026-01-01")
    company.incentive_types = IncentiveTypes.of([Told])
    for starts, mark in (("2026-01-01", "a"), ("2026-02-15", "b")):
        plan = await company.plan("Told", ("told", Told(mark)), starts=starts, window=quarter, carry=Carry.RESTART)
    await company.assign(plan, "ana")
    await company.run_and_post("2026-02")
    (line,) = await company.rows("select steps from run_line")
    # January and 14 of February's 28 days; the other 14 and March.
    assert [step["says"] for step in line["steps"]] == ["a: 4500.00 and 1500.00", "b: 4500.00 and 1500.00"]


@dataclass(frozen=True)
class Told:
    """Say what it is told."""

    mark: str

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line of nothing."""
        yield Line("told", (Step(f"{self.mark}: {performance.quota} and {performance.target_variable}", Decimal(0)),))
