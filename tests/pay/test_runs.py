"""The entitlement ledger's promises: what a run books, when, and what it never does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from spm_tiered_commission import Method, Tier, TieredCommission

from spm_graph.actions import periods, transactions
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import TransactionKind, WindowKind
from tests.company import Bonus, Broken, Company, Flat, Kicker

FIVE_PERCENT = Flat(Decimal("0.05"))


async def code_of(refused: object) -> ProblemCode:
    """The code of the single problem that an act is refused with."""
    with pytest.raises(Refused) as caught:
        await refused  # type: ignore[misc]
    (problem,) = caught.value.problems
    return problem.code


async def test_a_refund_after_close_is_booked_in_the_open_period(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    deal = await company.won("10000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    await company.close("2026-03")
    await company.refund(deal, on="2026-04-02", amount="-10000")
    await company.run_and_post("2026-04")
    assert await company.earned("ana", "2026-03") == Decimal("500.00")
    assert await company.earned("ana", "2026-04") == Decimal("-500.00")
    (correction,) = await company.rows("select kind, lower(span) as starts, steps from earning where amount < 0")
    assert correction["kind"] == "CORRECTION"
    assert str(correction["starts"]) == "2026-03-01"
    assert correction["steps"] == [
        {"says": "5.00% of what was credited", "base": "0", "rate": "0.05", "amount": "0"},
        {"says": "booked before", "base": "500.00", "rate": "-1", "amount": "-500.00"},
    ]


@pytest.mark.parametrize("window", [WindowKind.QUARTER_TO_DATE, WindowKind.YEAR_TO_DATE])
async def test_a_component_to_date_pays_exactly_once_over_three_monthly_runs(company: Company, window: WindowKind) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "3000")
    plan = await company.plan("Commission", ("commission", FIVE_PERCENT), ("bonus", Bonus(Decimal(200))), window=window)
    await company.assign(plan, "ana")
    for month in ("01", "02", "03"):
        await company.won("1000", rep="ana", on=f"2026-{month}-10")
        await company.run_and_post(f"2026-{month}")
    assert [await company.earned("ana", f"2026-{month}") for month in ("01", "02", "03")] == [
        Decimal("50.00"),
        Decimal("50.00"),
        Decimal("250.00"),
    ]


async def test_running_an_earlier_month_again_takes_nothing_back(company: Company) -> None:
    await company.hire("ana")
    plan = await company.plan("Commission", ("commission", FIVE_PERCENT), window=WindowKind.QUARTER_TO_DATE)
    await company.assign(plan, "ana")
    for month in ("01", "02"):
        await company.won("1000", rep="ana", on=f"2026-{month}-10")
        await company.run_and_post(f"2026-{month}")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("50.00")
    assert await company.earned("ana", "2026-02") == Decimal("50.00")


async def test_a_late_deal_of_a_posted_month_is_paid_by_the_next_run(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    await company.won("500", rep="ana", on="2026-01-30")
    await company.won("100", rep="ana", on="2026-02-01")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("30.00")
    booked = await company.rows("select lower(span) as starts, amount from earning order by id")
    assert [(str(row["starts"]), row["amount"]) for row in booked] == [
        ("2026-01-01", Decimal("50.00")),
        ("2026-01-01", Decimal("25.00")),
        ("2026-02-01", Decimal("5.00")),
    ]


async def test_a_run_of_a_closed_month_books_in_the_next_open_one(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.close("2026-01")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == 0
    assert await company.earned("ana", "2026-02") == Decimal("50.00")


async def test_posting_twice_adds_nothing(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    run = await company.run("2026-01")
    await company.post(run)
    assert await code_of(company.post(run)) == ProblemCode.WRONG_STATE
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("50.00")
    assert len(await company.rows("select id from earning")) == 1


async def test_a_run_is_stale_when_a_fact_or_a_posting_came_later(company: Company) -> None:
    await company.hire("ana", "bo")
    plan = await company.plan("Commission", ("commission", FIVE_PERCENT))
    await company.assign(plan, "ana", "bo")
    await company.won("1000", rep="ana", on="2026-01-10")
    run, other = await company.run("2026-01"), await company.run("2026-01")
    await company.won("200", rep="bo", on="2026-01-11")
    with pytest.raises(Refused, match="something changed for Bo: recalculate"):
        await company.post(run)
    await company.recalculate(run)
    await company.post(run)
    assert await company.earned("bo", "2026-01") == Decimal("10.00")
    with pytest.raises(Refused, match="something changed for Ana, Bo"):
        await company.post(other)


async def test_somebody_put_on_a_plan_after_the_calculation_makes_the_run_stale(company: Company) -> None:
    await company.hire("ana", "bo")
    plan = await company.plan("Commission", ("commission", FIVE_PERCENT))
    await company.assign(plan, "ana")
    await company.won("1000", rep="bo", on="2026-01-10")
    run = await company.run("2026-01")
    await company.assign(plan, "bo")
    assert await code_of(company.post(run)) == ProblemCode.RUN_STALE
    await company.recalculate(run)
    await company.post(run)
    assert await company.earned("bo", "2026-01") == Decimal("50.00")


async def test_a_component_that_vanished_is_reversed_and_one_renamed_is_not(company: Company) -> None:
    await company.hire("ana")
    plan = await company.plan("Commission", ("commission", FIVE_PERCENT), ("extra", Flat(Decimal("0.01"))))
    await company.assign(plan, "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("60.00")
    await company.plan("Commission", ("commission", FIVE_PERCENT))
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("-10.00")


async def test_a_version_from_the_middle_of_a_window_pays_its_own_part(company: Company) -> None:
    await company.hire("ana")
    plan = await company.plan("Commission", ("commission", FIVE_PERCENT), window=WindowKind.QUARTER_TO_DATE)
    await company.assign(plan, "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.plan("Commission", ("commission", Flat(Decimal("0.10"))), starts="2026-02-01", window=WindowKind.QUARTER_TO_DATE)
    await company.won("1000", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-01") == Decimal("50.00")
    assert await company.earned("ana", "2026-02") == Decimal("100.00")


async def test_a_failing_plugin_stops_the_posting_until_the_rep_is_excluded_and_reverses_nothing(company: Company) -> None:
    await company.hire("ana", "bo")
    fine = await company.plan("Commission", ("commission", FIVE_PERCENT))
    await company.assign(fine, "ana", "bo")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.won("1000", rep="bo", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.assign(await company.plan("Unlucky", ("luck", Broken())), "bo")
    await company.won("500", rep="bo", on="2026-01-20")
    run = await company.run("2026-01")
    with pytest.raises(Refused, match=r"luck \(Broken of tests.company\) of Bo, window from 2026-01-01: ZeroDivisionError: no luck"):
        await company.post(run)
    await company.exclude(run, "bo")
    await company.post(run)
    assert await company.earned("bo", "2026-01") == Decimal("50.00")
    assert await company.earned("ana", "2026-01") == Decimal("50.00")


async def test_a_line_is_shared_over_the_deals_that_it_pays(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", Flat(Decimal("0.001")))), "ana")
    for amount in ("1000", "1000", "1000"):
        await company.won(amount, rep="ana", on="2026-01-10")
    await company.won("50", rep="ana", on="2026-01-11")
    await company.run_and_post("2026-01")
    shares = await company.rows("select amount from earning_credit order by transaction_id")
    assert [row["amount"] for row in shares] == [Decimal("1.00"), Decimal("1.00"), Decimal("1.00"), Decimal("0.05")]


async def test_a_debt_is_carried_and_never_paid_below_zero(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    deal = await company.won("10000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    await company.refund(deal, on="2026-02-02", amount="-10000")
    await company.won("4000", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-02")
    await company.close("2026-02")
    await company.won("8000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    await company.close("2026-03")
    assert [await company.paid("ana", f"2026-0{month}") for month in (1, 2, 3)] == [Decimal(500), Decimal(0), Decimal(100)]


async def test_periods_close_in_order_once_and_not_before_they_end(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    assert await code_of(company.close("2026-02")) == ProblemCode.EARLIER_PERIOD_OPEN
    await company.close("2026-01")
    assert await code_of(company.close("2026-01")) == ProblemCode.ALREADY_CLOSED
    assert await code_of(company.close("2026-Q1")) == ProblemCode.INVALID
    await company.do(periods.create, periods.PeriodsCreate(2027))
    assert await code_of(company.close("2027-01")) == ProblemCode.PERIOD_ENDS_LATER


async def test_what_moves_from_one_deal_to_another_is_booked_though_the_sum_stays(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    await company.deal("gone", "1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.deal("gone", "1000", rep="ana", on=None, outcome=None)
    await company.deal("come", "1000", rep="ana", on="2026-01-11")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("50.00")
    shares = await company.rows(
        "select opportunity.external_id as deal, sum(earning_credit.amount) as amount from earning_credit"
        " join transaction on transaction.id = transaction_id join opportunity on opportunity.id = transaction.opportunity_id"
        " group by 1 order by 1"
    )
    assert [(row["deal"], row["amount"]) for row in shares] == [("come", Decimal("50.00")), ("gone", Decimal("0.00"))]
    await company.run_and_post("2026-01")
    assert len(await company.rows("select id from earning")) == 2


async def test_a_component_sees_what_the_plans_earlier_ones_earned_in_its_window_and_no_other_plans(company: Company) -> None:
    await company.hire("ana")
    other = await company.plan("Other", ("base", Flat(Decimal("0.50"))))
    plan = await company.plan("Commission", ("base", FIVE_PERCENT), ("kicker", Kicker("base", Decimal("0.10"))))
    await company.assign(other, "ana")
    await company.assign(plan, "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("500.00") + Decimal("50.00") + Decimal("5.00")


async def test_a_quarterly_component_sees_the_months_nested_in_it_booked_or_not(company: Company) -> None:
    await company.hire("ana")
    plan = await company.plan("Commission", ("base", FIVE_PERCENT))
    await company.assign(plan, "ana")
    for month in ("01", "02"):
        await company.won("1000", rep="ana", on=f"2026-{month}-10")
        await company.run_and_post(f"2026-{month}")
    kicker = Kicker("base", Decimal("0.10"))
    await company.plan("Commission", ("base", FIVE_PERCENT, WindowKind.PERIOD), ("kicker", kicker, WindowKind.QUARTER_TO_DATE))
    await company.won("1000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("50.00") + Decimal("15.00")


async def test_a_version_with_another_window_takes_the_place_of_the_old_windows_and_pays_once(company: Company) -> None:
    await company.hire("ana")
    ten_percent = Flat(Decimal("0.10"))
    await company.assign(await company.plan("Commission", ("commission", ten_percent)), "ana")
    for month in ("01", "02"):
        await company.won("1000", rep="ana", on=f"2026-{month}-10")
        await company.run_and_post(f"2026-{month}")
    await company.plan("Commission", ("commission", ten_percent, WindowKind.QUARTER_TO_DATE))
    await company.run_and_post("2026-02")
    (total,) = await company.rows("select sum(amount) as amount from earning")
    assert total["amount"] == Decimal("200.00")
    await company.plan("Commission", ("commission", ten_percent), starts="2026-03-01")
    await company.won("500", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("50.00")


async def test_a_version_or_an_assignment_that_changes_nothing_cuts_nothing(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "8000")
    capped = TieredCommission(tiers=(Tier(Decimal(0), Decimal("0.05")),), cap=Decimal(100))
    whole = TieredCommission(tiers=(Tier(Decimal(0), Decimal("0.03")), Tier(Decimal(5000), Decimal("0.04"))), method=Method.WHOLE_AMOUNT)
    parts = (("capped", capped, WindowKind.QUARTER_TO_DATE), ("whole", whole, WindowKind.QUARTER_TO_DATE))
    plan = await company.plan("Commission", *parts)
    await company.assign(plan, "ana", ends="2026-02-01")
    await company.assign(plan, "ana", starts="2026-02-01")
    await company.won("4000", rep="ana", on="2026-01-10")
    await company.won("4000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("100.00") + Decimal("320.00")
    await company.plan("Commission", *parts, starts="2026-03-01")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("420.00")


async def test_a_cap_holds_for_the_window_however_a_change_cuts_it(company: Company) -> None:
    await company.hire("ana")
    tiers = (Tier(Decimal(0), Decimal("0.05")),)
    quarterly = WindowKind.QUARTER_TO_DATE
    plan = await company.plan("Commission", ("commission", TieredCommission(tiers=tiers, cap=Decimal(100))), window=quarterly)
    await company.assign(plan, "ana")
    await company.won("1600", rep="ana", on="2026-01-10")
    await company.plan("Commission", ("commission", TieredCommission(tiers=tiers, cap=Decimal(120))), starts="2026-02-01", window=quarterly)
    await company.won("5000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("120.00")


async def test_a_quota_of_a_later_month_makes_a_run_stale_that_measures_against_the_whole_window(company: Company) -> None:
    await company.hire("ana")
    for month in ("01", "02", "03"):
        await company.quota("ana", f"2026-{month}", "1000")
    plan = await company.plan("Target", ("bonus", Bonus(Decimal(50))), window=WindowKind.QUARTER_TO_DATE)
    await company.assign(plan, "ana")
    await company.won("2500", rep="ana", on="2026-01-10")
    run = await company.run("2026-01")
    await company.quota("ana", "2026-03", "100")
    assert await code_of(company.post(run)) == ProblemCode.RUN_STALE
    await company.recalculate(run)
    await company.post(run)
    assert await company.earned("ana", "2026-01") == Decimal("50.00")


async def test_nothing_is_booked_before_a_closed_month_so_no_debt_is_lost(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", Flat(Decimal("0.10")))), "ana")
    await company.won("1000", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-02")
    await company.close("2026-02")
    assert await company.rows("select name from period where state = 'CLOSED' order by 1") == [{"name": "2026-01"}, {"name": "2026-02"}]
    back: dict[str, Any] = {"kind": TransactionKind.REFUND, "dated": date(2026, 1, 20), "amount": Decimal(-300), "quantity": Decimal(-1)}
    await company.do(transactions.record, transactions.TransactionRecord("back", **back, rep=Ref(external_id="ana")))
    await company.run_and_post("2026-01")
    assert (await company.earned("ana", "2026-01"), await company.earned("ana", "2026-03")) == (0, Decimal("-30.00"))
    await company.won("1000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    await company.close("2026-03")
    assert await company.paid("ana", "2026-03") == Decimal("70.00")
    await company.do(periods.create, periods.PeriodsCreate(2025))
    assert await company.rows("select count(*) as open from period where name like '2025-%' and kind = 'MONTH' and state = 'OPEN'") == [
        {"open": 0}
    ]


async def test_what_a_run_changes_is_found_without_a_look_at_other_runs(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.won("500", rep="ana", on="2026-01-12")
    run = await company.run("2026-01")
    changes = f"select difference from run_change where run_id = {run}"
    async with company.database.transaction() as tx:
        await tx.execute("set local enable_seqscan = off")  # a handful of rows is read whole otherwise, whatever is asked
        explained = [row["QUERY PLAN"].strip() for row in await tx.rows(f"explain {changes}")]
        assert await tx.rows(changes) == [{"difference": Decimal("25.00")}]
    looks = [explained[at + 1] for at, line in enumerate(explained) if "Scan" in line and " on run_evaluation" in line]
    assert looks
    assert all(f"(run_id = {run})" in look for look in looks), explained
