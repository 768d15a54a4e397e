"""Worked examples, and the laws that hold for any settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_bonus import Achieved, Between, Bonus, BonusOf, Gate, Needed, Point

from spm_graph.plugin import Attained, Credit, Credited, Goal, Performance, Window
from spm_graph.testing import IncentiveTypeSuite

QUOTA, BONUS = Decimal(100_000), Decimal(5000)
positive = st.decimals(0, 300_000, places=2)
ratios = st.decimals(0, 3, places=2)


class TestBonus(IncentiveTypeSuite):
    examples = Path(__file__).parent / "examples"


@st.composite
def payouts(draw: st.DrawFn) -> tuple[Point, ...]:
    """Points that never pay less for more."""
    achieved = sorted(draw(st.sets(ratios, min_size=1, max_size=4)))
    pays = sorted(draw(st.lists(ratios, min_size=len(achieved), max_size=len(achieved))))
    return tuple(map(Point, achieved, pays))


def performance(credited: Decimal = Decimal(0), **other: object) -> Performance:
    credit = Credit(
        id="credit 1",
        on=date(2026, 1, 15),
        amount=credited,
        units=Decimal(0),
        measure="bookings",
        role="DIRECT",
        share=Decimal(1),
    )
    values: dict[str, object] = {"quota": QUOTA, "target_variable": Decimal(20_000)} | other
    return Performance(rep_id="rep_1", starts=date(2026, 1, 1), ends=date(2026, 2, 1), currency="USD", credits=(credit,), **values)  # type: ignore[arg-type]


def paid(bonus: Bonus, given_: Performance) -> Decimal:
    (line,) = bonus.earn(given_)
    return line.amount


@given(payouts(), st.sampled_from(Between), positive, positive)
def test_more_never_pays_less_nor_more_than_the_last_point(
    points: tuple[Point, ...], between: Between, one: Decimal, other: Decimal
) -> None:
    bonus = Bonus(BONUS, achieved=Achieved.ATTAINMENT, payout=points, between=between)
    less, more = sorted((one, other))
    assert paid(bonus, performance(less)) <= paid(bonus, performance(more)) <= BONUS * points[-1].pays


@given(st.lists(st.tuples(st.decimals("0.01", 100, places=2), st.decimals(0, 1, places=2)), min_size=1, max_size=6))
def test_goals_that_are_all_done_pay_the_bonus_whatever_they_weigh(weighed: list[tuple[Decimal, Decimal]]) -> None:
    bonus = Bonus(BONUS, achieved=Achieved.GOALS)
    done = tuple(Goal(f"goal {index}", weight, Decimal(1)) for index, (weight, _) in enumerate(weighed))
    assert abs(paid(bonus, performance(goals=done)) - BONUS) < Decimal("0.000001")
    judged = tuple(Goal(f"goal {index}", weight, achieved) for index, (weight, achieved) in enumerate(weighed))
    assert paid(bonus, performance(goals=judged)) <= BONUS + Decimal("0.000001")


@given(payouts(), positive, positive)
def test_a_window_that_a_change_cuts_has_one_bonus(points: tuple[Point, ...], first: Decimal, second: Decimal) -> None:
    bonus = Bonus(BONUS, achieved=Achieved.ATTAINMENT, payout=points)
    earlier = paid(bonus, performance(first, credited_after=second))
    later = paid(bonus, performance(second, credited_before=first, earned_before=earlier))
    assert earlier + later == paid(bonus, performance(first + second))


def test_each_gate_that_is_closed_is_named() -> None:
    gates = (
        Gate(Decimal(1), attained=Attained("renewals", Window.QUARTER_TO_DATE)),
        Gate(Decimal("0.05"), credited=Credited("bookings"), over=Credited("bookings", ago=12)),
        Gate(Decimal(1), attained=Attained("services")),
    )
    known = performance(
        attainments={("renewals", Window.QUARTER_TO_DATE): Decimal("0.85"), ("services", Window.PERIOD): None},
        credited_in={("bookings", Window.PERIOD, 0): Decimal(110), ("bookings", Window.PERIOD, 12): Decimal(100)},
    )
    (line,) = Bonus(BONUS, gates=gates).earn(known)
    assert [(step.says, step.amount) for step in line.steps] == [
        ("nothing: attainment of renewals is 85 %, and must be 100 %", 0),
        ("nothing: attainment of services is not known, and must be 100 %", 0),
    ]
    assert paid(Bonus(BONUS, gates=gates, needed=Needed.ANY), known) == BONUS


def test_what_is_missing_is_said_and_not_taken_for_zero() -> None:
    of_commission = Bonus(Decimal("0.1"), BonusOf.COMPONENT, "commission")
    with pytest.raises(ValueError, match='no component "commission" comes before this one; those that do: none'):
        paid(of_commission, performance())
    with pytest.raises(ValueError, match="no target variable pay is set"):
        paid(Bonus(Decimal("0.1"), BonusOf.TARGET_VARIABLE), performance(target_variable=None))


def test_without_goals_or_quota_nothing_is_paid_and_the_line_says_why() -> None:
    for bonus, known, why in (
        (Bonus(BONUS, achieved=Achieved.GOALS), performance(), "no goals are set"),
        (Bonus(BONUS, achieved=Achieved.ATTAINMENT), performance(quota=None), "no quota, so there is no attainment"),
    ):
        (line,) = bonus.earn(known)
        assert [(step.says, step.amount) for step in line.steps] == [(why, 0)]


def test_the_most_holds_for_goals_judged_each_alone() -> None:
    over = (Goal("one", Decimal(1), Decimal(3)), Goal("other", Decimal(1), Decimal(2)))
    bonus = Bonus(BONUS, achieved=Achieved.GOALS, most=Decimal("1.5"))
    assert paid(bonus, performance(goals=over)) == 7500
    assert paid(replace(bonus, most=None), performance(goals=over)) == 12500


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"bonus": Decimal(0)}, "above zero"),
        ({"component": "base"}, "named where the bonus is a share of one"),
        ({"bonus_of": BonusOf.COMPONENT}, "named where the bonus is a share of one"),
        ({"achieved": Achieved.GOALS, "payout": (Point(Decimal(1), Decimal(1)), Point(Decimal(1), Decimal(2)))}, "above the one before"),
        ({"achieved": Achieved.GOALS, "payout": (Point(Decimal(1), Decimal(-1)),)}, "must not be negative"),
        ({"weights_sum_to": Decimal(0)}, "must be above zero"),
        ({"payout": (Point(Decimal(1), Decimal(1)),)}, "needs goals or an attainment"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Bonus(**{"bonus": BONUS} | bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({}, "either an attainment or something credited"),
        ({"attained": Attained("a"), "credited": Credited("b")}, "either an attainment or something credited"),
        ({"attained": Attained("a"), "over": Credited("b")}, "growth needs something"),
    ],
)
def test_a_gate_looks_at_one_thing(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Gate(Decimal(1), **bad)  # type: ignore[arg-type]
