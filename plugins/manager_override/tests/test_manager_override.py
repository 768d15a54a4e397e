"""Worked examples, and the laws that hold for any settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_manager_override import Level, ManagerOverride, OnceReached, ThresholdIn

from spm_graph.plugin import Attained, Credit, Performance, Window
from spm_graph.testing import IncentiveTypeSuite

SLACK = Decimal("0.0001")
money = st.decimals(-100_000, 100_000, places=2)
positive = st.decimals(0, 100_000, places=2)
sold = st.lists(st.tuples(st.sampled_from(["ann", "ben", "cleo"]), money), min_size=1, max_size=6)


class TestManagerOverride(IncentiveTypeSuite):
    examples = Path(__file__).parent / "examples"


@st.composite
def overrides(draw: st.DrawFn) -> ManagerOverride:
    return ManagerOverride(
        draw(st.decimals(0, "0.2", places=3)),
        threshold=draw(st.none() | positive),
        once_reached=draw(st.sampled_from(OnceReached)),
        cap=draw(st.none() | st.decimals(0, 2000, places=2)),
    )


def performance(sales: Sequence[tuple[str, Decimal]], **other: object) -> Performance:
    credits_ = tuple(
        Credit(
            id=f"credit {index}",
            on=date(2026, 1, 15),
            amount=amount,
            units=Decimal(0),
            measure="team",
            role="ROLLUP",
            share=Decimal(1),
            source_rep=seller,
            attributes={"throughTitle": seller},
        )
        for index, (seller, amount) in enumerate(sales)
    )
    return Performance(rep_id="rep_1", starts=date(2026, 1, 1), ends=date(2026, 2, 1), currency="USD", credits=credits_, **other)  # type: ignore[arg-type]


def paid(override: ManagerOverride, given_: Performance) -> Decimal:
    return sum((line.amount for line in override.earn(given_)), Decimal(0))


@given(overrides(), sold)
def test_what_is_taken_back_pays_the_negative(override: ManagerOverride, sales: list[tuple[str, Decimal]]) -> None:
    back = [(seller, -amount) for seller, amount in sales]
    assert abs(paid(override, performance(back)) + paid(override, performance(sales))) <= SLACK
    assert abs(paid(override, performance([*sales, *back]))) <= SLACK


@given(overrides(), sold)
def test_the_cap_is_never_passed(override: ManagerOverride, sales: list[tuple[str, Decimal]]) -> None:
    assert override.cap is None or abs(paid(override, performance(sales))) <= override.cap + SLACK


@given(overrides(), sold, sold)
def test_a_window_that_a_change_cuts_pays_as_one(
    override: ManagerOverride, first: list[tuple[str, Decimal]], second: list[tuple[str, Decimal]]
) -> None:
    uncapped = replace(override, cap=None)
    before, after = sum(amount for _, amount in first), sum(amount for _, amount in second)
    parts = paid(uncapped, performance(first, credited_after=after)) + paid(uncapped, performance(second, credited_before=before))
    whole = paid(uncapped, performance([*first, *second]))
    assert abs(parts - whole) <= SLACK or (before == 0 or after == 0)


@given(st.decimals(0, "0.1", places=3), st.decimals(0, "0.1", places=3), sold)
def test_a_line_of_managers_is_paid_the_highest_of_their_rates(agent: Decimal, more: Decimal, sales: list[tuple[str, Decimal]]) -> None:
    manager, director = agent + more, agent + 2 * more
    agents = tuple(Level(name, agent) for name in ("ann", "ben", "cleo"))
    managers = tuple(Level(name, manager) for name in ("ann", "ben", "cleo"))
    credited = sum((amount for _, amount in sales), Decimal(0))
    of_manager = paid(ManagerOverride(manager, agents), performance(sales))
    of_director = paid(ManagerOverride(director, managers), performance(sales))
    assert of_manager + of_director + agent * credited == director * credited


def test_the_steps_speak_to_a_manager() -> None:
    override = ManagerOverride(Decimal("0.07"), (Level("ann", Decimal("0.05")),), threshold=Decimal(100))
    (line,) = override.earn(performance([("ann", Decimal(400))]))
    assert [(step.says, step.amount) for step in line.steps] == [("2 % (7 % less 5 %) of what ann sold above 100", 6)]


def test_nothing_is_paid_without_the_quota_that_a_threshold_or_a_gate_asks_for() -> None:
    one = performance([("ann", Decimal(400))])
    of_quota = ManagerOverride(Decimal("0.1"), threshold=Decimal(1), threshold_in=ThresholdIn.ATTAINMENT)
    assert paid(of_quota, one) == 0
    gated = ManagerOverride(Decimal("0.1"), gate=Attained("renewals"))
    assert paid(gated, replace(one, attainments={("renewals", Window.PERIOD): None})) == 0
    assert paid(gated, replace(one, attainments={("renewals", Window.PERIOD): Decimal(1)})) == 40


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"rate": Decimal(-1)}, "a rate must not be negative"),
        ({"levels": (Level("A", Decimal(1)), Level("A", Decimal(2)))}, "the same title"),
        ({"seller_rate": Decimal(1)}, "needs levels"),
        ({"cap": Decimal(-1)}, "must not be negative"),
        ({"roles": ()}, "at least one role"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        ManagerOverride(**{"rate": Decimal("0.1")} | bad)  # type: ignore[arg-type]
