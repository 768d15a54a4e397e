"""What a window is, and what becomes of one in which something changes; each sum worked out by hand.

Everybody is paid 5 % of what they sell up to quota, and 10 % of what goes beyond.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from spm_tiered_commission import Tier, TieredCommission, TiersIn

from spm_graph.actions import company as companies
from spm_graph.actions import components, measures, plans, transactions
from spm_graph.actions.refs import Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import QuotaBasis, RefundDating, Role, TransactionKind, WindowKind
from tests.company import Company

TIERS = TieredCommission(tiers=(Tier(Decimal(0), Decimal("0.05")), Tier(Decimal(1), Decimal("0.10"))), tiers_in=TiersIn.ATTAINMENT)
QUARTER, YEAR = WindowKind.QUARTER_TO_DATE, WindowKind.YEAR_TO_DATE


async def commission(company: Company, window: WindowKind, *names: str, plan: str = "Commission", starts: str = "2026-01-01") -> int:
    """Put reps on a plan of these tiers."""
    made = await company.plan(plan, ("commission", TIERS), window=window)
    await company.assign(made, *names, starts=starts)
    return made


async def months(company: Company, name: str, *numbers: str) -> list[str]:
    """What is booked for somebody in some months."""
    return [str(await company.earned(name, f"2026-{number}")) for number in numbers]


async def run_and_post(company: Company, *numbers: str) -> None:
    for number in numbers:
        await company.run_and_post(f"2026-{number}")


async def test_a_quarter_to_date_in_february_is_the_first_quarter_evaluated_through_february(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "3000")
    await commission(company, QUARTER, "ana")
    for day in ("2026-01-10", "2026-02-10", "2026-03-10"):
        await company.won("1000", rep="ana", on=day)
    await run_and_post(company, "02")
    (line,) = await company.rows("select lower(span) as starts, upper(span) as ends, amount from earning")
    assert (line["starts"], line["ends"], line["amount"]) == (date(2026, 1, 1), date(2026, 4, 1), Decimal("100.00"))
    (seen,) = await company.rows("select through from evaluation")
    assert seen["through"] == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("basis", "paid"),
    [
        # 1,500 of 3,000 in all.
        (QuotaBasis.FULL_WINDOW, ["75.00", "0"]),
        # In January 1,500 of 1,000: 1,000 at 5 % and 500 at 10 %; in February 1,500 of 2,000.
        (QuotaBasis.TO_DATE, ["100.00", "-25.00"]),
    ],
)
async def test_the_quota_is_that_of_the_whole_window_or_of_its_months_so_far(company: Company, basis: QuotaBasis, paid: list[str]) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "3000")
    draft = components.ComponentDraft("commission", "bookings", TIERS, QUARTER, basis)
    made = (await company.do(plans.create, plans.PlanCreate((draft,), date(2026, 1, 1), name="Commission"))).values
    await company.do(plans.publish, plans.PlanPublish(global_id("version", made["plan_version_id"])))  # type: ignore[arg-type]
    await company.assign(made["plan_id"], "ana")
    await company.won("1500", rep="ana", on="2026-01-10")
    await run_and_post(company, "01", "02")
    assert await months(company, "ana", "01", "02") == paid


async def test_who_comes_to_another_plan_within_the_quarter_takes_their_attainment_along(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "3000")
    old = await commission(company, QUARTER, "ana")
    await company.won("3000", rep="ana", on="2026-01-10")
    await run_and_post(company, "01")
    await company.assign(old, "ana", starts="2026-02-15", assigned=False)
    await commission(company, QUARTER, "ana", plan="Enterprise", starts="2026-02-15")
    await company.won("1000", rep="ana", on="2026-03-10")
    await run_and_post(company, "02", "03")
    # 3,000 at 5 % by the old plan; quota is reached, so that the new one pays 10 % from its first deal on.
    assert await months(company, "ana", "01", "02", "03") == ["150.00", "0", "100.00"]


async def test_who_comes_to_another_manager_within_the_quarter_keeps_quota_and_attainment_and_managers_share_by_date(
    company: Company,
) -> None:
    await company.do(measures.set_measure, measures.MeasureSet("bookings", roles=(Role.DIRECT, Role.SPLIT, Role.ROLLUP)))
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    for name, quota in (("ana", "1500"), ("bo", "600"), ("cleo", "3000")):
        await company.quota(name, "2026-Q1", quota)
    await commission(company, QUARTER, "ana", "bo", "cleo")
    await company.won("1000", rep="ana", on="2026-01-10")
    await run_and_post(company, "01")
    await company.managed("ana", "cleo", "2026-02-10")
    await company.won("1000", rep="ana", on="2026-03-10")
    await run_and_post(company, "02", "03")
    # Ana: 1,500 at 5 % and 500 at 10 %. Bo: 600 at 5 % and 400 at 10 %, of the deal before. Cleo: 1,000 at 5 %, of the deal since.
    assert await months(company, "ana", "01", "02", "03") == ["50.00", "0", "75.00"]
    assert await months(company, "bo", "01", "02", "03") == ["70.00", "0", "0"]
    assert await months(company, "cleo", "01", "02", "03") == ["0", "0", "50.00"]


@pytest.mark.parametrize(
    ("dating", "taken"),
    [
        # January unwinds from 2,000 to 1,000 of a quota of 1,000: what was paid at 10 %.
        (RefundDating.ORIGINAL, "-100.00"),
        # February stands at 1,000 less than nothing: at 5 %.
        (RefundDating.REFUND, "-50.00"),
    ],
)
async def test_a_refund_unwinds_the_tiers_of_the_sale_or_counts_where_it_is_made(
    company: Company, dating: RefundDating, taken: str
) -> None:
    await company.do(companies.set_company, companies.CompanySet(refund_dating=dating))
    await company.hire("ana")
    for month in ("2026-01", "2026-02"):
        await company.quota("ana", month, "1000")
    await commission(company, WindowKind.PERIOD, "ana")
    deal = await company.won("2000", rep="ana", on="2026-01-10")
    await run_and_post(company, "01")
    await company.refund(deal, on="2026-02-10", amount="-1000")
    await run_and_post(company, "02")
    assert await months(company, "ana", "01", "02") == ["150.00", taken]


async def test_a_refund_of_what_was_sold_before_the_start_comes_off_what_was_brought_along(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026", "1000000")
    await commission(company, YEAR, "ana")
    await company.opening("ana", "2026-01-01", "2026-07-01", "950000")
    refund = transactions.TransactionRecord(
        "old sale", TransactionKind.REFUND, date(2026, 7, 10), Decimal(-100_000), Decimal(-1), rep=Ref(external_id="ana")
    )
    await company.do(transactions.record, refund)
    await run_and_post(company, "07")
    assert await months(company, "ana", "07") == ["-5000.00"]
    await company.won("200000", rep="ana", on="2026-08-10")
    await run_and_post(company, "08")
    # From 850,000 on: 150,000 at 5 % and 50,000 at 10 %.
    assert await months(company, "ana", "08") == ["12500.00"]


async def test_an_opening_balance_counts_in_no_window_that_does_not_hold_all_of_it(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026", "4000")
    await commission(company, QUARTER, "ana")
    await company.opening("ana", "2026-01-01", "2026-08-01", "9000")
    await company.won("1000", rep="ana", on="2026-08-10")
    await run_and_post(company, "08")
    # The third quarter begins in July, the balance in January: 1,000 of 1,000.
    assert await months(company, "ana", "08") == ["50.00"]


async def test_a_late_deal_moves_what_came_after_it_in_the_window_over_the_edge(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "3000")
    await commission(company, QUARTER, "ana")
    await company.won("2000", rep="ana", on="2026-02-10")
    await run_and_post(company, "01", "02")
    await company.close("2026-02")
    await company.won("2000", rep="ana", on="2026-01-20")
    await run_and_post(company, "03")
    # 4,000 of 3,000: 150 + 100, of which 100 was booked.
    assert await months(company, "ana", "01", "02", "03") == ["0", "100.00", "150.00"]


async def test_a_quota_that_is_put_right_later_pays_the_difference_and_a_closed_month_stays(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-01", "2000")
    await commission(company, WindowKind.PERIOD, "ana")
    await company.won("2000", rep="ana", on="2026-01-10")
    await run_and_post(company, "01")
    await company.close("2026-01")
    await company.quota("ana", "2026-01", "1500")
    await run_and_post(company, "02")
    assert await months(company, "ana", "01", "02") == ["100.00", "25.00"]
