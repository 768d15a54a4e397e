"""Worked examples say everything that an incentive type can be told, and contests have all their entrants in one."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path

import pytest

from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Attained, Credit, Credited, Line, Performance, Step, Window
from spm_graph.testing import Example, IncentiveTypeSuite, read_example
from spm_graph.testing.showing import shown


@dataclass(frozen=True)
class Told:
    """Pay what is read elsewhere: attainment, growth, goals, and what a change cut off."""

    gate: Attained
    growth: Credited

    def earn(self, performance: Performance) -> Iterable[Line]:
        """A line for each."""
        yield Line("gate", (Step("attained", (self.gate.of(performance) or Decimal(0)) * 100),))
        yield Line("growth", (Step("credited before", self.growth.of(performance)),))
        yield Line("goals", tuple(Step(goal.name, goal.weight, goal.achieved or Decimal(0)) for goal in performance.goals))
        yield Line("cut", (Step("after and before", performance.credited_after, performance.earned_before),))
        credits_ = (*performance.credits_before, *performance.credits_after)
        if not performance.is_last and performance.earlier is not None:
            beside = Step("before", performance.earlier.credited), Step("earned", performance.earlier.earned["base"][0].amount)
            yield Line("parts", (*beside, *(Step(credit.id, credit.amount) for credit in credits_)))


@dataclass(frozen=True)
class First:
    """Give a prize to whoever is first."""

    prize: Decimal

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """One line."""
        first = max(performances, key=lambda performance: performance.credited)
        yield first.rep_id, Line("first", (Step(f"first of {len(performances)}", self.prize),))


@dataclass(frozen=True)
class Keeps:
    """Pay a tenth of what is sold, and keep it when it is refunded."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        sold = sum((credit.amount for credit in performance.credits if credit.amount > 0), Decimal(0))
        yield Line("kept", (Step("a tenth of what was sold", sold, Decimal("0.1")),))


@dataclass(frozen=True)
class Gives:
    """Pay a tenth of what is left."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        yield Line("given", (Step("a tenth", performance.credited, Decimal("0.1")),))


TYPES = IncentiveTypes.of([Told, First, Keeps, Gives])

TOLD = """
incentiveType = "Told"
goals = [{ name = "A", weight = 0.5, achieved = 0.9 }, { name = "B", weight = 1 }]

[settings]
gate = { measure = "team", window = "YEAR_TO_DATE" }
growth = { measure = "bookings", ago = 1 }

[window]
creditedAfter = 7
earnedBefore = 3

[attainments]
team = { YEAR_TO_DATE = 1.1, PERIOD = 0.2 }

[creditedIn]
bookings = [120, 100.5]

[pays]
lines = { gate = 110, growth = 100.5, goals = 0.45, cut = 21 }
steps = { goals = [0.45, 0] }
"""

CUT = """
incentiveType = "Told"
credits = [1]
creditsBefore = [10, { amount = 20 }]
creditsAfter = [4, 3]
earnedEarlier = { base = 12.5 }
goals = [{ name = "A", weight = 1 }]
settings = { gate = { measure = "team" }, growth = { measure = "bookings" } }

[window]
earnedBefore = 2
isLast = false

[pays]
lines = { gate = 0, growth = 0, goals = 0, cut = 14, parts = 79.5 }
steps = { parts = [30, 12.5, 10, 20, 4, 3] }
"""

FIRST = """
incentiveType = "First"
settings = { prize = 100 }
window = { quota = 50 }

[[entrants]]
rep = "ana"
credits = [300, 20]

[[entrants]]
rep = "bo"
credits = [310]
window = { currency = "EUR" }

[pays]
total = 100
reps = { ana = 100, bo = 0 }
"""

KEEPS = """
incentiveType = "Keeps"
credits = [100, 50]

[pays]
total = 15
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Example]:
    """An example that is written so."""

    def read(text: str) -> Example:
        path = tmp_path / "example.toml"
        path.write_text(text, encoding="utf-8")
        return read_example(path, TYPES)

    return read


def proved(example: Example, suite: IncentiveTypeSuite) -> None:
    """Everything that the suite asks of an example."""
    suite.test_an_example_pays_what_it_says(example)
    suite.test_the_steps_and_the_shares_of_a_line_sum_to_it(example)
    suite.test_the_order_in_which_credits_arrive_does_not_matter(example)
    suite.test_nothing_but_settings_and_performance_is_read(example)
    suite.test_the_settings_survive_being_stored(example)


def test_all_that_settings_ask_for_can_be_said(written: Callable[[str], Example]) -> None:
    example = written(TOLD)
    proved(example, IncentiveTypeSuite())
    assert example.performance.attainments["team", Window.PERIOD] == Decimal("0.2")
    assert example.performance.attainments["another", Window.PERIOD] is None
    assert example.performance.credited_in["bookings", Window.PERIOD, 2] == 0


def test_a_part_of_a_window_that_a_change_cut_can_be_said(written: Callable[[str], Example]) -> None:
    example = written(CUT)
    proved(example, IncentiveTypeSuite())
    assert (example.performance.credited_before, example.performance.credited_after) == (30, 7)


def test_how_its_component_rounds_can_be_said(written: Callable[[str], Example]) -> None:
    odd = KEEPS.replace("[100, 50]", "[0.05]").replace("total = 15", "total = {}")
    for rounding, total in (("HALF_UP", "0.01"), ("HALF_EVEN", "0"), ("UP", "0.01"), ("DOWN", "0")):
        assert written(f'rounding = "{rounding}"\n{odd.format(total)}').differences() == []
    with pytest.raises(ValueError, match="rounding HALF_ODD is unknown"):
        written(f'rounding = "HALF_ODD"\n{KEEPS}')


def test_a_contest_is_one_example_with_all_its_entrants(written: Callable[[str], Example]) -> None:
    example = written(FIRST)
    proved(example, IncentiveTypeSuite())
    assert [(each.rep_id, each.quota, each.currency) for each in example.performances] == [("ana", 50, "USD"), ("bo", 50, "EUR")]
    assert {rep: len(lines) for rep, lines in example.evaluated_by_rep().items()} == {"ana": 1, "bo": 0}
    assert "first of 2" in shown(example)
    assert written(FIRST.replace("ana = 100, bo = 0", "ana = 99, bo = 1")).differences() == [
        "ana is paid 100.00, not 99",
        "bo is paid 0, not 1",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FIRST.replace('rep = "bo"', ""), "rep is missing"),
        (FIRST.replace("bo = 0", "cy = 0"), "pays.reps: cy is not among the entrants"),
        (FIRST.replace("reps = { ana = 100, bo = 0 }", "lines = { first = 100 }"), r"pays.lines can't say whose they are in a contest"),
        (KEEPS + "reps = { ana = 1 }", "reps are for contests, and Keeps is none"),
        (TOLD.replace("YEAR_TO_DATE = 1.1", "YAER_TO_DATE = 1.1"), "attainments.team.YAER_TO_DATE is unknown"),
        (TOLD.replace("achieved", "achived"), "goals.achived is unknown"),
    ],
)
def test_a_mistake_is_named(written: Callable[[str], Example], text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        written(text)


def test_the_types_of_the_page_do_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[1] / "docs" / "incentive-types.md").read_text(encoding="utf-8")
    (tmp_path / "types_of_the_page.py").write_text("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    told = importlib.import_module("types_of_the_page")
    types = IncentiveTypes.of([told.GrowthBonus, told.BestSeller])
    path = tmp_path / "page.toml"
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    path.write_text(example, encoding="utf-8")
    assert read_example(path, types).differences() == []
    growth = 'incentiveType = "GrowthBonus"\ncredits = [110]\n[settings]\nbonus = 50\n'
    growth += 'before = { measure = "bookings", ago = 1 }\ngate = { measure = "team" }\n[attainments]\nteam = 1\n'
    for before, paid in ((109, 50), (110, 0)):
        path.write_text(f"{growth}[creditedIn]\nbookings = [110, {before}]\n[pays]\ntotal = {paid}\n", encoding="utf-8")
        assert read_example(path, types).differences() == []
    path.write_text(FIRST.replace('"First"', '"BestSeller"'), encoding="utf-8")
    assert read_example(path, types).differences() == []


def test_the_page_names_all_that_an_incentive_type_is_given() -> None:
    page = (Path(__file__).parents[1] / "docs" / "incentive-types.md").read_text(encoding="utf-8")
    given = {name for name, _ in inspect.getmembers(Performance) if not name.startswith("_")} | {each.name for each in fields(Credit)}
    assert {name for name in given if f"`{name}" not in page} == {"credited_in"}


def test_a_type_says_whether_refunds_take_back_everything(written: Callable[[str], Example]) -> None:
    class Refunded(IncentiveTypeSuite):
        refunds_to_zero = True

    keeps, gives = written(KEEPS), written(KEEPS.replace('"Keeps"', '"Gives"'))
    Refunded().test_a_refund_of_everything_takes_back_all_that_was_earned(gives)
    with pytest.raises(AssertionError, match=r"kept still pays 15\.00"):
        Refunded().test_a_refund_of_everything_takes_back_all_that_was_earned(keeps)

    class Silent(IncentiveTypeSuite):
        """No promise, and so no test of it."""

    assert Silent.test_a_refund_of_everything_takes_back_all_that_was_earned is None  # type: ignore[comparison-overlap]
