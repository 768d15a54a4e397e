"""Worked examples, and the laws that hold for any settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_accelerator import Accelerator, Band, Edge, Method, Pays

from spm_graph.plugin import Attained, Credit, Line, Performance, Step, Window
from spm_graph.testing import IncentiveTypeSuite

QUOTA, TARGET = Decimal(100_000), Decimal(20_000)
SLACK = Decimal("0.0000001")
DOUBLE = (Band(Decimal(1), Decimal(2)),)

money = st.decimals(-1_000_000, 1_000_000, places=2)
positive = st.decimals(0, 1_000_000, places=2)
quotas = st.decimals(1, 1_000_000, places=2)
methods = st.sampled_from(Method)
SAME_METHOD: st.SearchStrategy[Method | None] = st.none()


class TestAccelerator(IncentiveTypeSuite):
    examples = Path(__file__).parent / "examples"


@st.composite
def bands(draw: st.DrawFn, own_methods: st.SearchStrategy[Method | None] = SAME_METHOD) -> tuple[Band, ...]:
    starts = sorted(draw(st.sets(st.decimals(0, 5, places=2), min_size=1, max_size=4)))
    return tuple(Band(start, draw(st.decimals(0, 3, places=2)), draw(own_methods)) for start in starts)


def performance(credited: Decimal, earned: Decimal | None = None, **other: object) -> Performance:
    values: dict[str, object] = {"quota": QUOTA, "target_variable": TARGET} | other
    credit = Credit(
        id="credit 1",
        on=date(2026, 1, 15),
        amount=credited,
        units=Decimal(0),
        measure="bookings",
        role="DIRECT",
        share=Decimal(1),
    )
    return Performance(
        rep_id="rep_1",
        starts=date(2026, 1, 1),
        ends=date(2026, 2, 1),
        currency="USD",
        credits=(credit,),
        earned={"base": (Line("commission", (Step("earned", earned),)),)} if earned is not None else {},
        **values,  # type: ignore[arg-type]
    )


def paid(accelerator: Accelerator, given: Performance) -> Decimal:
    (line,) = accelerator.earn(given)
    return line.amount


@given(methods, money)
def test_a_multiplier_of_one_pays_target_variable_in_proportion(method: Method, credited: Decimal) -> None:
    flat = Accelerator((Band(Decimal(0), Decimal(1)),), method=method)
    assert paid(flat, performance(credited)) == TARGET * credited / QUOTA


@given(bands(), positive, positive, quotas)
def test_marginal_bands_never_pay_less_for_more_and_never_jump(
    given: tuple[Band, ...], one: Decimal, other: Decimal, quota: Decimal
) -> None:
    less, more = sorted((one, other))
    accelerator = Accelerator(given)
    difference = paid(accelerator, performance(more, quota=quota)) - paid(accelerator, performance(less, quota=quota))
    fastest = max(1, *(band.multiplier for band in given))
    assert -SLACK <= difference <= (more - less) / quota * TARGET * fastest + SLACK


@given(bands(SAME_METHOD | methods), methods, money, st.none() | positive, st.none() | st.decimals(0, 3, places=2))
def test_what_is_taken_back_pays_the_negative(
    given: tuple[Band, ...], method: Method, credited: Decimal, cap: Decimal | None, threshold: Decimal | None
) -> None:
    accelerator = Accelerator(given, method=method, cap=cap, threshold=threshold)
    assert paid(accelerator, performance(-credited)) == -paid(accelerator, performance(credited))
    assert cap is None or abs(paid(accelerator, performance(credited))) <= cap


@given(bands(SAME_METHOD | methods), st.sampled_from(Edge), positive, money, quotas)
def test_of_a_component_everything_is_what_it_earned_and_the_difference(
    given: tuple[Band, ...], edge: Edge, credited: Decimal, earned: Decimal, quota: Decimal
) -> None:
    for method in Method:
        everything = Accelerator(given, "base", method, Pays.EVERYTHING, edge)
        difference = Accelerator(given, "base", method, edge=edge)
        known = performance(credited, earned, quota=quota)
        assert abs(paid(everything, known) - paid(difference, known) - earned) <= SLACK


@given(bands(), positive, positive)
def test_a_marginal_window_cut_in_two_pays_as_one(given: tuple[Band, ...], first: Decimal, second: Decimal) -> None:
    accelerator = Accelerator(given)
    parts = paid(accelerator, performance(first)) + paid(accelerator, performance(second, credited_before=first))
    assert abs(parts - paid(accelerator, performance(first + second))) <= SLACK


@given(bands(SAME_METHOD | methods), methods, positive, positive)
def test_a_window_cut_in_two_pays_as_one_whatever_the_method(
    given: tuple[Band, ...], method: Method, first: Decimal, second: Decimal
) -> None:
    accelerator = Accelerator(given, method=method)
    earlier = paid(accelerator, performance(first, credited_after=second))
    later = paid(accelerator, performance(second, credited_before=first))
    assert abs(earlier + later - paid(accelerator, performance(first + second))) <= SLACK


def test_without_a_quota_for_what_decides_nothing_is_multiplied() -> None:
    by_renewals = Accelerator(DOUBLE, "base", attained=Attained("renewals"))
    unknown = performance(QUOTA, Decimal(100), attainments={("renewals", Window.PERIOD): None})
    (line,) = by_renewals.earn(unknown)
    assert (line.amount, line.steps[0].says) == (0, "nothing is changed by the bands")
    (line,) = replace(by_renewals, threshold=Decimal(1)).earn(unknown)
    assert (line.amount, line.steps[0].says) == (0, "no quota for renewals")


def test_a_component_that_does_not_come_before_is_named() -> None:
    with pytest.raises(ValueError, match='no component "basis" comes before this one; those that do: base'):
        paid(Accelerator(DOUBLE, "basis"), performance(QUOTA, Decimal(100)))


def test_without_a_target_variable_there_is_an_error_and_no_silent_nothing() -> None:
    with pytest.raises(ValueError, match="no target variable pay is set"):
        paid(Accelerator(DOUBLE), performance(QUOTA, target_variable=None))


def test_a_component_that_earned_before_anything_was_credited_is_multiplied_as_a_whole() -> None:
    assert paid(Accelerator((Band(Decimal(0), Decimal("1.5")),), "base"), performance(Decimal(0), Decimal(100))) == 50


def test_the_steps_speak_to_a_rep() -> None:
    spoken = [
        (Accelerator(DOUBLE), ["multiplier 1 for 0 % to 100 % of quota", "multiplier 2 for what is above 100 % of quota"]),
        (Accelerator(DOUBLE, "base"), ["multiplier 2 for what is above 100 % of quota: what it adds"]),
        (Accelerator(DOUBLE, method=Method.WHOLE_AMOUNT), ["multiplier 2 for everything, at 120 % of quota"]),
        (Accelerator(DOUBLE, threshold=Decimal("1.25")), ["below the threshold of 125 % of quota"]),
        (Accelerator((Band(Decimal(2), Decimal(3)),), "base"), ["nothing is changed by the bands"]),
    ]
    for accelerator, said in spoken:
        (line,) = accelerator.earn(performance(Decimal(120_000), Decimal(600)))
        assert [step.says for step in line.steps] == said


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"bands": ()}, "at least one band"),
        ({"bands": (Band(Decimal(1), Decimal(1)), Band(Decimal(1), Decimal(2)))}, "above the one before it"),
        ({"bands": (Band(Decimal(-1), Decimal(1)),)}, "not below zero"),
        ({"bands": (Band(Decimal(0), Decimal(-1)),)}, "a multiplier must not be negative"),
        ({"bands": DOUBLE, "cap": Decimal(-1)}, "threshold and cap"),
        ({"bands": DOUBLE, "component": " "}, "needs a name"),
        ({"bands": DOUBLE, "gate": Attained("bookings")}, "a gate needs the threshold"),
        ({"bands": DOUBLE, "target_share": Decimal(0)}, "targetShare is a share"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Accelerator(**bad)  # type: ignore[arg-type]
