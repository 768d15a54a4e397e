"""Worked examples, and the laws that hold for any settings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_earnings_cap import CapIn, EarningsCap

from spm_graph.plugin import Line, Performance, Step
from spm_graph.testing import IncentiveTypeSuite

money = st.decimals(-1_000_000, 1_000_000, places=2)
positive = st.decimals(0, 1_000_000, places=2)


class TestEarningsCap(IncentiveTypeSuite):
    examples = Path(__file__).parent / "examples"


def performance(target: Decimal | None = None, **earned: Decimal) -> Performance:
    return Performance(
        rep_id="rep_1",
        starts=date(2026, 1, 1),
        ends=date(2026, 2, 1),
        currency="USD",
        credits=(),
        target_variable=target,
        earned={name: (Line("line", (Step("earned", amount),)),) for name, amount in earned.items()},
    )


def kept(cap: EarningsCap, given_: Performance) -> Decimal:
    """What is left of what was earned."""
    (line,) = cap.earn(given_)
    assert line.amount <= 0
    return sum((each.amount for lines in given_.earned.values() for each in lines), line.amount)


@given(positive, money, money)
def test_what_is_left_is_the_cap_or_what_was_earned_whichever_is_less(cap: Decimal, base: Decimal, faster: Decimal) -> None:
    assert kept(EarningsCap(cap), performance(base=base, faster=faster)) == min(cap, base + faster)


@given(positive, st.decimals(0, "0.99", places=2), positive, positive)
def test_under_a_soft_cap_more_never_pays_less(cap: Decimal, above: Decimal, one: Decimal, other: Decimal) -> None:
    soft = EarningsCap(cap, above_cap=above)
    less, more = sorted((one, other))
    assert kept(soft, performance(base=less)) <= kept(soft, performance(base=more))


def test_the_line_says_who_earned_what_and_where_the_cap_is() -> None:
    (line,) = EarningsCap(Decimal(1000)).earn(performance(base=Decimal(900), faster=Decimal(350)))
    assert [(step.says, step.amount) for step in line.steps] == [("1,250 earned by base, faster: above the cap of 1,000", -250)]


def test_what_is_missing_is_said() -> None:
    with pytest.raises(ValueError, match='no component "bsae" comes before this one; those that do: base'):
        kept(EarningsCap(Decimal(1), components=("bsae",)), performance(base=Decimal(1)))
    with pytest.raises(ValueError, match="no target variable pay is set"):
        kept(EarningsCap(Decimal(1), CapIn.TARGET_VARIABLE), performance(base=Decimal(1)))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"cap": Decimal(-1)}, "must not be negative"),
        ({"above_cap": Decimal(1)}, "from 0 to below 1"),
        ({"components": ("base", "base")}, "named twice"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        EarningsCap(**{"cap": Decimal(1)} | bad)  # type: ignore[arg-type]
