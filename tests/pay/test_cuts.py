"""A plan that gets a new version in the middle of a quarter: what a cap, a floor or a limit says of a window, it says of all of it.

Each new version takes effect on 15 February; each sum is worked out by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from spm_accelerator import Accelerator, Band
from spm_bonus import Achieved, Bonus, BonusOf
from spm_earnings_cap import EarningsCap
from spm_manager_override import ManagerOverride
from spm_spif import Pays, Spif
from spm_tiered_commission import Accumulated, Tier, TieredCommission

from spm_graph.actions import company as companies
from spm_graph.actions import currencies, pay_currencies
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import Backdating, Carry, RefundDating, WindowKind
from spm_graph.incentive_types import IncentiveTypes
from tests.company import Company, Flat

QUARTER = WindowKind.QUARTER_TO_DATE
TENTH = TieredCommission(tiers=(Tier(Decimal(0), Decimal("0.1")),))
FIFTH = TieredCommission(tiers=(Tier(Decimal(0), Decimal("0.2")),))
BEFORE, AFTER = "2026-02-15", "2026-02-20"


@pytest.fixture
def company(company: Company) -> Company:
    """A company with the incentive types of the distribution."""
    company.incentive_types = IncentiveTypes.of(
        [Flat, TieredCommission, Accelerator, Spif, Bonus, ManagerOverride, EarningsCap],
    )
    return company


async def changed(company: Company, first: list[tuple[Any, ...]], then: list[tuple[Any, ...]], carry: Carry = Carry.CONTINUE) -> None:
    """Ana is on a plan of quarters that gets a new version on 15 February."""
    await company.hire("ana")
    await company.assign(await company.plan("Plan", *first, window=QUARTER, carry=carry), "ana")
    await company.plan("Plan", *then, starts=BEFORE, window=QUARTER, carry=carry)


async def sells(company: Company, *deals: tuple[str, str]) -> list[str]:
    """Ana sells so much, on these days."""
    return [await company.won(amount, rep="ana", on=day) for day, amount in deals]


async def booked(company: Company, *numbers: str) -> list[str]:
    """What Ana is paid in each month, posted one after another."""
    for number in numbers:
        await company.run_and_post(f"2026-{number}")
    return [f"{await company.earned('ana', f'2026-{number}'):.2f}" for number in numbers]


async def test_a_cap_of_a_commission_goes_on_and_a_refund_comes_off_what_was_above_it(company: Company) -> None:
    capped, doubled = replace(TENTH, cap=Decimal(1000)), replace(FIFTH, cap=Decimal(1000))
    await company.do(companies.set_company, companies.CompanySet(refund_dating=RefundDating.REFUND))
    await changed(company, [("commission", capped)], [("commission", doubled)])
    deal, _ = await sells(company, ("2026-01-10", "9000"), ("2026-02-20", "1000"))
    # 900, and of 200 the 100 that are left; in March 100 of 1,000 come off what is above the cap.
    assert await booked(company, "01", "02") == ["900.00", "100.00"]
    await sells(company, ("2026-03-10", "5000"))
    await company.refund(deal, on="2026-03-20", amount="-500")
    assert await booked(company, "03") == ["0.00"]


async def test_a_cap_that_was_reached_before_the_change_is_not_left_by_what_was_beyond_it(company: Company) -> None:
    await company.do(companies.set_company, companies.CompanySet(refund_dating=RefundDating.REFUND))
    capped = replace(TENTH, cap=Decimal(1000))
    await changed(company, [("commission", capped)], [("commission", replace(capped, above_cap=Decimal(0), floor=Decimal(0)))])
    deal, _ = await sells(company, ("2026-01-10", "15000"), ("2026-02-20", "1"))
    assert await booked(company, "01", "02") == ["1000.00", "0.00"]
    await company.refund(deal, on="2026-03-10", amount="-4000")
    assert await booked(company, "03") == ["0.00"]  # 1,100 would be earned of 11,001: 1,000 are still
    await company.refund(deal, on="2026-04-01", amount="-1")  # the next quarter's
    await company.refund(deal, on="2026-03-11", amount="-3000")
    assert await booked(company, "03") == ["-199.90"]  # 8,001 are left


async def test_a_cap_begins_anew_where_the_component_does(company: Company) -> None:
    capped, doubled = replace(TENTH, cap=Decimal(1000)), replace(FIFTH, cap=Decimal(1000))
    await changed(company, [("commission", capped)], [("commission", doubled)], carry=Carry.RESTART)
    await sells(company, ("2026-01-10", "15000"), ("2026-03-10", "15000"))
    assert await booked(company, "01", "02", "03") == ["1000.00", "0.00", "1000.00"]


async def test_a_floor_is_that_of_the_whole_window_by_the_later_version(company: Company) -> None:
    await changed(company, [("commission", replace(TENTH, floor=Decimal(600)))], [("commission", replace(FIFTH, floor=Decimal(800)))])
    await sells(company, ("2026-01-10", "1000"), ("2026-02-20", "1000"), ("2026-03-10", "3000"))
    # 100 raised to 600; 100 and 200 raised to 800; 100 and 800 in all.
    assert await booked(company, "01", "02", "03") == ["600.00", "200.00", "100.00"]


async def test_a_cap_of_a_deal_holds_for_it_with_a_refund_on_the_other_side_of_the_change(company: Company) -> None:
    await company.do(companies.set_company, companies.CompanySet(refund_dating=RefundDating.REFUND))
    alone = replace(TENTH, accumulated=Accumulated.TRANSACTION, cap_per_transaction=Decimal(1000))
    await changed(company, [("commission", alone)], [("commission", replace(alone, tiers=FIFTH.tiers))])
    deal, _ = await sells(company, ("2026-01-10", "15000"), ("2026-02-20", "3000"))
    assert await booked(company, "01", "02") == ["1000.00", "600.00"]
    await company.refund(deal, on="2026-03-10", amount="-4000")
    assert await booked(company, "03") == ["0.00"]  # 11,000 are left of it, at its own 10 %: 1,000 still


async def test_a_windfall_fills_no_tier_after_the_change_either(company: Company) -> None:
    tiers = (Tier(Decimal(0), Decimal("0.1")), Tier(Decimal(10_000), Decimal("0.2")))
    limited = TieredCommission(tiers=tiers, largest_counted=Decimal(5000))
    await changed(company, [("commission", limited)], [("commission", replace(limited, cap=Decimal(100_000)))])
    await sells(company, ("2026-01-10", "80000"), ("2026-02-20", "4000"), ("2026-03-10", "2000"))
    # 5,000 of the first; 4,000 more; then 1,000 at 10 % and 1,000 at 20 %.
    assert await booked(company, "01", "02", "03") == ["500.00", "400.00", "300.00"]


async def test_the_first_deals_of_a_spif_are_those_of_the_window_and_so_is_its_maximum(company: Company) -> None:
    spif = Spif(pays=Pays.FIXED, reward=Decimal(100), first_deals=3)
    await changed(company, [("first", spif)], [("first", replace(spif, reward=Decimal(200), maximum=Decimal(350)))])
    await sells(company, ("2026-01-10", "10"), ("2026-01-11", "10"), ("2026-02-20", "10"), ("2026-02-21", "10"))
    # Two at 100; the third at 200, of which 150 are left below the maximum; the fourth is none of the first three.
    assert await booked(company, "01", "02") == ["200.00", "150.00"]


async def test_the_minimum_of_a_spif_is_reached_by_the_deals_of_the_window(company: Company) -> None:
    spif = Spif(pays=Pays.FIXED, reward=Decimal(100), minimum_deals=3)
    await changed(company, [("three", spif)], [("three", replace(spif, reward=Decimal(150)))])
    await sells(company, ("2026-01-10", "10"), ("2026-01-11", "10"), ("2026-02-20", "10"))
    # Each deal at the reward of its own day.
    assert await booked(company, "01", "02") == ["0.00", "350.00"]


async def test_who_comes_within_a_window_has_the_first_deals_of_their_own(company: Company) -> None:
    await company.hire("ana")
    plan = await company.plan("Plan", ("first", Spif(pays=Pays.FIXED, reward=Decimal(100), first_deals=1)), window=QUARTER)
    await company.assign(plan, "ana", starts=BEFORE)
    await sells(company, ("2026-01-10", "10"), ("2026-02-20", "10"), ("2026-02-21", "10"))
    assert await booked(company, "02") == ["100.00"]


async def test_a_cap_over_components_holds_over_the_change(company: Company) -> None:
    parts = [("base", TENTH), ("extra", replace(TENTH, cap=Decimal(9000)))]
    await changed(company, [*parts, ("cap", EarningsCap(Decimal(1000)))], [*parts, ("cap", EarningsCap(Decimal(1500)))])
    await sells(company, ("2026-01-10", "4000"), ("2026-02-20", "3000"), ("2026-03-10", "5000"))
    # 800; 600 more; then 100 up to the later cap of 1,500.
    assert await booked(company, "01", "02", "03") == ["800.00", "600.00", "100.00"]


async def test_a_cap_over_components_that_was_reached_does_not_begin_again(company: Company) -> None:
    await company.do(companies.set_company, companies.CompanySet(refund_dating=RefundDating.REFUND))
    parts = [("base", TENTH)]
    await changed(
        company,
        [*parts, ("cap", EarningsCap(Decimal(1000)))],
        [("base", replace(TENTH, floor=Decimal(1))), ("cap", EarningsCap(Decimal(1000)))],
    )
    deal, _ = await sells(company, ("2026-01-10", "15000"), ("2026-02-20", "3000"))
    assert await booked(company, "01", "02") == ["1000.00", "0.00"]
    await company.refund(deal, on="2026-03-10", amount="-4000")
    assert await booked(company, "03") == ["0.00"]  # 1,400 are earned still
    await company.refund(deal, on="2026-03-11", amount="-6000")
    assert await booked(company, "03") == ["-200.00"]


async def test_an_accelerator_has_one_cap(company: Company) -> None:
    one, two = (Accelerator(bands=(Band(Decimal(0), Decimal(multiplier)),), cap=Decimal(9000)) for multiplier in (1, 2))
    await changed(company, [("faster", one)], [("faster", two)])
    await company.quota("ana", "2026-Q1", "10000")
    await company.target("ana", "40000", "2026-01-01")
    await sells(company, ("2026-01-10", "8000"), ("2026-02-20", "2000"), ("2026-03-10", "1000"))
    # 80 % of 10,000; of twice 20 % the 1,000 that are left.
    assert await booked(company, "01", "02", "03") == ["8000.00", "1000.00", "0.00"]


async def test_an_override_has_one_cap(company: Company) -> None:
    override = ManagerOverride(rate=Decimal("0.1"), roles=("DIRECT",), cap=Decimal(100))
    await changed(company, [("team", override)], [("team", replace(override, rate=Decimal("0.2")))])
    await sells(company, ("2026-01-10", "800"), ("2026-02-20", "800"))
    assert await booked(company, "01", "02") == ["80.00", "20.00"]


async def test_a_bonus_is_paid_once(company: Company) -> None:
    await changed(company, [("bonus", Bonus(Decimal(500)))], [("bonus", Bonus(Decimal(800)))])
    assert await booked(company, "01", "02", "03") == ["500.00", "300.00", "0.00"]


async def test_a_share_of_what_is_sold_is_paid_by_the_attainment_of_the_whole_window(company: Company) -> None:
    share = Bonus(Decimal("0.01"), bonus_of=BonusOf.CREDITED, achieved=Achieved.ATTAINMENT)
    await changed(company, [("bonus", share)], [("bonus", replace(share, bonus=Decimal("0.02")))])
    await company.quota("ana", "2026-Q1", "10000")
    await sells(company, ("2026-01-10", "8000"), ("2026-02-20", "2000"))
    # 80 % of 1 % of 8,000; then all of it, and all of 2 % of 2,000.
    assert await booked(company, "01", "02") == ["64.00", "56.00"]


async def test_a_part_in_another_currency_goes_on_with_the_cap_and_the_first_deals(company: Company) -> None:
    """From February on Ana is paid in euros, of which a dollar is 0.80."""
    await company.hire("ana")
    parts = [
        ("commission", replace(TENTH, cap=Decimal(1000))),
        ("first", Spif(pays=Pays.FIXED, reward=Decimal(100), first_deals=2)),
        ("cap", EarningsCap(Decimal(1040))),
    ]
    await company.assign(await company.plan("Plan", *parts, window=QUARTER), "ana")
    starts = date(2026, 2, 1)
    await company.do(currencies.set_rate, currencies.FxRateSet("USD", "EUR", Decimal("0.8"), starts))
    command = pay_currencies.PayCurrencySet(Ref(external_id="ana"), "EUR", starts, Backdating.RESTATE)
    await company.do(pay_currencies.set_pay_currency, command)
    await sells(company, ("2026-01-10", "5000"), ("2026-02-20", "10000"), ("2026-02-21", "10000"))
    await company.run_and_post("2026-01")
    await company.run_and_post("2026-02")
    found = await company.rows(
        "select part.name, earning.currency, sum(amount) as amount from earning join component_version as part using (component_id)"
        " group by 1, 2 order by 2 desc, 1"
    )
    # 500 and 100 USD are 480 EUR. Of 1,000 EUR 400 are used, the SPIF pays one more deal: 1,080 + 100, of which 1,040 stay.
    assert [tuple(map(str, row.values())) for row in found] == [
        ("commission", "USD", "500.00"),
        ("first", "USD", "100.00"),
        ("cap", "EUR", "-140.00"),
        ("commission", "EUR", "600.00"),
        ("first", "EUR", "100.00"),
    ]
