"""Worked examples, and the laws that hold for any settings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_tiered_commission import Accumulated, Edge, Method, Rates, Tier, TieredCommission, TiersIn

from spm_graph.plugin import Credit, Performance
from spm_graph.testing import IncentiveTypeSuite

money = st.decimals(-1_000_000, 1_000_000, places=2)
positive = st.decimals(0, 1_000_000, places=2)
rates = st.decimals(0, 1, places=4)
SAME_METHOD: st.SearchStrategy[Method | None] = st.none()


class TestTieredCommission(IncentiveTypeSuite):
    examples = Path(__file__).parent / "examples"


@st.composite
def tiers(draw: st.DrawFn, methods: st.SearchStrategy[Method | None] = SAME_METHOD) -> tuple[Tier, ...]:
    starts = sorted(draw(st.sets(st.decimals(0, 500_000, places=2), min_size=1, max_size=5)))
    return tuple(Tier(start, draw(rates), draw(methods)) for start in starts)


@st.composite
def settings(draw: st.DrawFn) -> TieredCommission:
    accumulated = draw(st.sampled_from(Accumulated))
    alone = accumulated is Accumulated.TRANSACTION
    return TieredCommission(
        draw(tiers(SAME_METHOD | st.sampled_from(Method))),
        method=draw(st.sampled_from(Method)),
        accumulated=accumulated,
        edge=draw(st.sampled_from(Edge)),
        cap=draw(st.none() | positive),
        cap_per_transaction=draw(st.none() | positive) if alone else None,
    )


def performance(*amounts: Decimal, corrects: dict[int, int] | None = None, **other: object) -> Performance:
    return Performance(
        rep_id="rep_1",
        starts=date(2026, 1, 1),
        ends=date(2026, 2, 1),
        currency="USD",
        credits=tuple(
            Credit(
                id=f"credit {index}",
                on=date(2026, 1, 15),
                amount=amount,
                units=Decimal(0),
                measure="bookings",
                role="DIRECT",
                share=Decimal(1),
                corrects=f"credit {corrects[index]}" if corrects and index in corrects else None,
            )
            for index, amount in enumerate(amounts)
        ),
        **other,  # type: ignore[arg-type]
    )


def paid(commission: TieredCommission, *amounts: Decimal, corrects: dict[int, int] | None = None, **other: object) -> Decimal:
    earned = commission.earn(performance(*amounts, corrects=corrects, **other))
    return sum((line.amount for line in earned), Decimal(0))


@given(tiers(), positive, positive)
def test_marginal_tiers_pay_more_for_more_and_never_jump(steps: tuple[Tier, ...], one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    difference = paid(TieredCommission(steps), more) - paid(TieredCommission(steps), less)
    assert 0 <= difference <= (more - less) * max(tier.rate for tier in steps)


@given(tiers(), positive, positive)
def test_interpolated_rates_meet_at_the_edges(steps: tuple[Tier, ...], one: Decimal, other: Decimal) -> None:
    commission = TieredCommission(steps, method=Method.INTERPOLATED)
    for before, at in pairwise(steps):
        cent = Decimal("0.01")
        if at.starts - before.starts > cent:
            rise = (at.rate - before.rate) / (at.starts - before.starts)
            slack = abs(at.starts * rise) * cent + cent + at.starts * Decimal("1e-8")
            assert abs(paid(commission, at.starts) - paid(commission, at.starts - cent)) <= slack


@given(settings(), money)
def test_what_is_taken_back_pays_the_negative(commission: TieredCommission, amount: Decimal) -> None:
    assert paid(commission, -amount) == -paid(commission, amount)


@given(settings(), st.lists(money, min_size=1, max_size=5))
def test_a_refund_of_everything_returns_to_zero(commission: TieredCommission, amounts: list[Decimal]) -> None:
    refunds = {len(amounts) + index: index for index in range(len(amounts))}
    assert paid(commission, *amounts, *(-amount for amount in amounts), corrects=refunds) == 0


@given(settings(), st.lists(money, min_size=1, max_size=5))
def test_a_cap_is_never_passed(commission: TieredCommission, amounts: list[Decimal]) -> None:
    if commission.cap is not None:
        assert abs(paid(commission, *amounts)) <= commission.cap


@given(tiers(), positive, positive)
def test_a_marginal_window_cut_in_two_pays_as_one(steps: tuple[Tier, ...], first: Decimal, second: Decimal) -> None:
    commission = TieredCommission(steps)
    assert paid(commission, first) + paid(commission, second, credited_before=first) == paid(commission, first, second)


def test_without_a_quota_attainment_earns_nothing_and_says_why() -> None:
    commission = TieredCommission((Tier(Decimal(0), Decimal("0.1")),), tiers_in=TiersIn.ATTAINMENT)
    (line,) = commission.earn(performance(Decimal(100)))
    assert [(step.says, step.amount) for step in line.steps] == [("no quota, so no tier is reached", 0)]


def test_the_steps_speak_to_a_rep() -> None:
    half, whole = Tier(Decimal("0.5"), Decimal("0.04"), Method.WHOLE_AMOUNT), Tier(Decimal(1), Decimal("0.085"))
    commission = TieredCommission((half, whole), tiers_in=TiersIn.ATTAINMENT, cap=Decimal(5000))
    (line,) = commission.earn(performance(Decimal(120_000), quota=Decimal(100_000)))
    assert [step.says for step in line.steps] == [
        "4 % of everything up to 100 % of quota",
        "8.5 % of what is above 100 % of quota",
        "above the cap of 5,000 for the window",
    ]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"tiers": ()}, "at least one tier"),
        ({"tiers": (Tier(Decimal(10), Decimal(1)), Tier(Decimal(10), Decimal(2)))}, "above the one before it"),
        ({"tiers": (Tier(Decimal(0), Decimal(-1)),)}, "must not be negative"),
        ({"tiers": (Tier(Decimal(0), Decimal(5)),), "rates": Rates.LUMP_SUM}, "the last tier has no end"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "cap": Decimal(1), "floor": Decimal(2)}, "below the floor"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "cap_per_transaction": Decimal(1)}, "stand alone"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        TieredCommission(**bad)  # type: ignore[arg-type]
