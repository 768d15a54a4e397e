"""Tiers of attainment: more pays more, nothing jumps, and they are amounts of the quota."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from spm_tiered_commission import Tier, TieredCommission, TiersIn

from spm_graph.domain.earning import staged
from spm_graph.plugin import Credit, Performance

CENT = Decimal("0.01")
sold = st.decimals(0, 1_000_000, places=2)
quotas = st.decimals("0.01", 500_000, places=2)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    starts = sorted(draw(st.sets(st.decimals("0.01", 3, places=4), max_size=4)))
    return tuple(Tier(start, draw(st.decimals(0, 1, places=4))) for start in (Decimal(0), *starts))


def booked(commission: TieredCommission, amount: Decimal, quota: Decimal) -> Decimal:
    """What is booked, rounded as the core does it."""
    credit = Credit(
        id="transaction_1:DIRECT",
        on=date(2026, 1, 15),
        amount=amount,
        units=Decimal(0),
        measure="bookings",
        role="DIRECT",
        share=Decimal(1),
    )
    performance = Performance(
        rep_id="rep_1", starts=date(2026, 1, 1), ends=date(2026, 2, 1), currency="USD", credits=(credit,), quota=quota
    )
    lines = staged((each, commission.earn(each)) for each in (performance,))
    return sum((line.amount for line in lines), Decimal(0))


@given(tiers(), quotas, sold, sold)
def test_marginal_tiers_of_attainment_pay_more_for_more_and_never_jump(
    steps: tuple[Tier, ...], quota: Decimal, one: Decimal, other: Decimal
) -> None:
    commission = TieredCommission(steps, tiers_in=TiersIn.ATTAINMENT)
    less, more = sorted((one, other))
    difference = booked(commission, more, quota) - booked(commission, less, quota)
    assert 0 <= difference <= (more - less) * max(tier.rate for tier in steps) + CENT


@given(tiers(), quotas, sold)
def test_attainment_of_tiers_is_credited_by_quota(steps: tuple[Tier, ...], quota: Decimal, amount: Decimal) -> None:
    """The same tiers, written as amounts, pay the same."""
    in_money = tuple(Tier(tier.starts * quota, tier.rate) for tier in steps)
    assert booked(TieredCommission(steps, tiers_in=TiersIn.ATTAINMENT), amount, quota) == booked(TieredCommission(in_money), amount, quota)
