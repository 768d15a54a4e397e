"""Worked examples, and the laws that hold for any settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_tiered_commission import Accumulated, Edge, Method, Rates, Split, Tier, TieredCommission, TiersIn

from spm_graph.plugin import Attained, Credit, Performance, Window
from spm_graph.testing import IncentiveTypeSuite

money = st.decimals(-1_000_000, 1_000_000, places=2)
positive = st.decimals(0, 1_000_000, places=2)
rates = st.decimals(0, 1, places=4)
QUOTA, TARGET = Decimal(100_000), Decimal(20_000)
SLACK = Decimal("0.000001")
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
    marginal = draw(st.booleans())
    return TieredCommission(
        draw(tiers(SAME_METHOD if marginal else SAME_METHOD | st.sampled_from(Method))),
        method=Method.MARGINAL if marginal else draw(st.sampled_from(Method)),
        accumulated=accumulated,
        edge=draw(st.sampled_from(Edge)),
        rates=draw(st.sampled_from([Rates.OF_CREDITED, Rates.OF_BASE_RATE])),
        largest_counted=draw(st.none() | positive),
        floor_per_transaction=draw(st.none() | positive) if alone else None,
        cap=draw(st.none() | positive),
        cap_per_transaction=draw(st.none() | positive) if alone or marginal else None,
        above_cap=draw(st.just(Decimal(0)) | st.decimals(0, "0.75", places=2)),
    )


def performance(
    *amounts: Decimal, corrects: dict[int, int] | None = None, attributes: dict[str, str] | None = None, **other: object
) -> Performance:
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
                attributes=attributes or {},
            )
            for index, amount in enumerate(amounts)
        ),
        **{"quota": QUOTA, "target_variable": TARGET} | other,  # type: ignore[arg-type]
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
    if commission.cap is not None and not commission.above_cap:
        assert abs(paid(commission, *amounts)) <= commission.cap


@given(settings(), st.lists(money, min_size=1, max_size=5))
def test_of_what_is_above_a_soft_cap_its_share_is_paid(commission: TieredCommission, amounts: list[Decimal]) -> None:
    if commission.cap is not None:
        uncapped = paid(replace(commission, cap=None), *amounts)
        above = max(abs(uncapped) - commission.cap, Decimal(0))
        assert abs(abs(paid(commission, *amounts)) - (abs(uncapped) - above * (1 - commission.above_cap))) < SLACK


@given(tiers(), positive, positive, positive, st.decimals(0, "0.75", places=2))
def test_a_cap_goes_on_where_a_change_cuts_the_window(
    steps: tuple[Tier, ...], first: Decimal, second: Decimal, cap: Decimal, above: Decimal
) -> None:
    commission = TieredCommission(steps, cap=cap, above_cap=above)
    earlier = paid(commission, first)
    later = paid(commission, second, credited_before=first, earned_before=earlier)
    assert abs(earlier + later - paid(commission, first, second)) < SLACK


@given(tiers(), positive)
def test_multiples_of_the_base_rate_pay_as_the_rates_that_they_come_to(steps: tuple[Tier, ...], amount: Decimal) -> None:
    same = tuple(replace(tier, rate=tier.rate * TARGET / QUOTA) for tier in steps)
    assert abs(paid(TieredCommission(steps, rates=Rates.OF_BASE_RATE), amount) - paid(TieredCommission(same), amount)) < SLACK


@given(settings(), positive, positive)
def test_a_window_cut_in_two_pays_as_one_whatever_the_method(commission: TieredCommission, first: Decimal, second: Decimal) -> None:
    whole = replace(commission, accumulated=Accumulated.WINDOW, cap=None, cap_per_transaction=None, floor_per_transaction=None)
    earlier = paid(whole, first, credited_after=second)
    later = paid(whole, second, credited_before=first)
    assert whole.largest_counted is not None or abs(earlier + later - paid(whole, first, second)) < SLACK


def test_the_attainment_of_another_measure_or_window_picks_the_rate() -> None:
    steps = (Tier(Decimal("0.5"), Decimal("0.05")), Tier(Decimal(1), Decimal("0.08")))
    by_quarter = TieredCommission(steps, tiers_in=TiersIn.ATTAINMENT, attained=Attained("bookings", Window.QUARTER_TO_DATE))
    for reached, pays in (("0.4", 0), ("0.5", 50), ("0.99", 50), ("1", 80), ("2", 80)):
        attainments = {("bookings", Window.QUARTER_TO_DATE): Decimal(reached)}
        assert paid(by_quarter, Decimal(1000), quota=None, attainments=attainments) == pays
    assert paid(by_quarter, Decimal(1000), attainments={("bookings", Window.QUARTER_TO_DATE): None}) == 0


def test_multiples_of_the_base_rate_need_a_target_variable_and_a_quota() -> None:
    commission = TieredCommission((Tier(Decimal(0), Decimal(1)),), rates=Rates.OF_BASE_RATE)
    with pytest.raises(ValueError, match="no target variable pay is set"):
        paid(commission, Decimal(100), target_variable=None)
    assert paid(commission, Decimal(100), quota=None) == 0


@given(tiers(), positive, positive)
def test_a_marginal_window_cut_in_two_pays_as_one(steps: tuple[Tier, ...], first: Decimal, second: Decimal) -> None:
    commission = TieredCommission(steps)
    assert paid(commission, first) + paid(commission, second, credited_before=first) == paid(commission, first, second)


def test_without_a_quota_attainment_earns_nothing_and_says_why() -> None:
    commission = TieredCommission((Tier(Decimal(0), Decimal("0.1")),), tiers_in=TiersIn.ATTAINMENT)
    (line,) = commission.earn(performance(Decimal(100), quota=None))
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
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "floor_per_transaction": Decimal(1)}, "stand alone"),
        ({"tiers": (Tier(Decimal(0), Decimal(0), Method.WHOLE_AMOUNT),), "cap_per_transaction": Decimal(1)}, "needs marginal tiers"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "above_cap": Decimal(1)}, "from 0 to below 1"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "largest_counted": Decimal(-1)}, "must not be negative"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "split": Split.AFTER_RATE}, "stand alone"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "split": Split.AFTER_RATE, "largest_counted": Decimal(1)}, "own share"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "target_share": Decimal(2)}, "targetShare is a share"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "attained": Attained("bookings")}, "needs tiers in ATTAINMENT"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "tiers_in": TiersIn.ATTRIBUTE}, "need the name of the attribute"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "attribute": "discount"}, "others have none"),
        ({"tiers": (Tier(Decimal(0), Decimal(0)),), "tiers_in": TiersIn.ATTRIBUTE, "attribute": "discount"}, "stand alone"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        TieredCommission(**bad)  # type: ignore[arg-type]


def test_a_deal_without_the_attribute_says_so_and_one_that_is_no_number_is_named() -> None:
    by_discount = TieredCommission(
        (Tier(Decimal(0), Decimal("0.1")), Tier(Decimal("0.1"), Decimal("0.2"))),
        method=Method.INTERPOLATED,
        tiers_in=TiersIn.ATTRIBUTE,
        attribute="discount",
        accumulated=Accumulated.TRANSACTION,
    )
    (between,) = by_discount.earn(performance(Decimal(1000), attributes={"discount": "0.05"}))
    assert [(step.says, step.amount) for step in between.steps] == [("15 % of everything, at a discount of 0.05", Decimal(150))]
    (unknown,) = by_discount.earn(performance(Decimal(1000)))
    assert [(step.says, step.amount) for step in unknown.steps] == [("the deal has no discount, so no tier is reached", 0)]
    with pytest.raises(ValueError, match="the discount of a deal is 'large'; expected a number"):
        list(by_discount.earn(performance(Decimal(1000), attributes={"discount": "large"})))
