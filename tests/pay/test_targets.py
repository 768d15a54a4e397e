"""Target variables, and what is paid by hand beside what plans earn."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_tiered_commission import Tier, TieredCommission, TiersIn

from spm_graph.actions import company as companies
from spm_graph.actions import reps
from spm_graph.domain import target
from spm_graph.domain.employment import counted_days
from spm_graph.domain.period import Span, month, quarter
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Proration, WindowKind
from tests.company import Company, Flat, OnTarget
from tests.conftest import execute

FIVE_PERCENT = Flat(Decimal("0.05"))


def test_a_window_has_a_twelfth_for_each_month_and_the_days_part_of_one_that_is_cut() -> None:
    calendar = Proration.DAYS
    for_ever = Span(date(2026, 1, 1), date.max)
    assert target.for_window([(for_ever, Decimal(100_000), calendar)], quarter(2026, 1), "USD") == Decimal("25000.00")
    from_the_16th = Span(date(2026, 4, 16), date.max)
    assert target.for_window([(from_the_16th, Decimal(12_000), calendar)], month(2026, 4), "USD") == Decimal("500.00")
    raised = [(Span(date(2026, 1, 1), date(2026, 4, 16)), Decimal(12_000), calendar), (from_the_16th, Decimal(24_000), calendar)]
    assert target.for_window(raised, month(2026, 4), "USD") == Decimal("1500.00")
    assert target.for_window(raised, month(2025, 4), "USD") is None


@pytest.mark.parametrize(
    ("proration", "quota", "paid"),
    [
        # 22 of 31 days, 21 of 30, 16 of 22 from Monday to Friday; moved to the 1st.
        (Proration.DAYS, "7096.77", "709.68"),
        (Proration.THIRTY_DAYS, "7000.00", "700.00"),
        (Proration.WORKING_DAYS, "7272.73", "727.27"),
        (Proration.WHOLE_MONTHS, "10000.00", "1000.00"),
        (Proration.NONE, "10000.00", "1000.00"),
    ],
)
async def test_who_comes_within_a_month_is_promised_and_expected_as_the_company_counts_days(
    company: Company, proration: Proration, quota: str, paid: str
) -> None:
    """Hired on Tuesday, 10 March, with 12,000 a year for 10,000 a month, which are reached exactly."""
    await company.do(companies.set_company, companies.CompanySet(proration=proration))
    await company.do(reps.upsert, reps.RepUpsert(external_id="ana", name="Ana", hired_on=date(2026, 3, 10)))
    await company.target("ana", "12000", "2026-01-01")
    await company.quota("ana", "2026-03", "10000")
    await company.assign(await company.plan("Target", ("target", OnTarget())), "ana")
    await company.won(quota, rep="ana", on="2026-03-20")
    await company.run_and_post("2026-03")
    assert [str(row["value"]) for row in await company.rows("select round(value, 2) as value from quota_part")] == [quota]
    assert str(await company.earned("ana", "2026-03")) == paid


@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        (date(2026, 2, 10), date(2026, 3, 1), (21, 30)),
        (date(2026, 2, 28), date(2026, 3, 1), (3, 30)),
        (date(2026, 3, 31), date(2026, 4, 1), (1, 30)),
        (date(2026, 3, 1), date(2026, 3, 31), (29, 30)),
        (date(2026, 3, 1), date(2026, 4, 1), (30, 30)),
    ],
)
def test_every_month_can_have_thirty_days(starts: date, ends: date, days: tuple[int, int]) -> None:
    of = month(starts.year, starts.month)
    assert counted_days(Span(starts, ends), of, Proration.THIRTY_DAYS) == days
    if starts > of.starts:  # what is left of a month and what is over sum to it
        assert counted_days(Span(of.starts, starts), of, Proration.THIRTY_DAYS)[0] + days[0] == 30


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_working_days_are_those_from_monday_to_friday(day: date) -> None:
    of = month(day.year, day.month)
    held = Span(day, of.ends)
    slowly = [sum((span.starts + timedelta(n)).weekday() < 5 for n in range((span.ends - span.starts).days)) for span in (held, of)]
    assert counted_days(held, of, Proration.WORKING_DAYS) == tuple(slowly)


async def test_what_is_promised_for_reaching_quota_is_paid_by_attainment_and_again_when_it_is_raised(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "3000")
    await company.target("ana", "12000", "2026-01-01")
    await company.assign(await company.plan("Target", ("target", OnTarget()), window=WindowKind.QUARTER_TO_DATE), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("1000.00")
    await company.target("ana", "24000", "2026-01-01")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("1000.00")


async def test_an_adjustment_stands_beside_what_plans_earn_and_runs_leave_it_alone(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.adjust("ana", "2026-01", "25.50")
    await company.run_and_post("2026-01")
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("50.00")
    assert await company.paid("ana", "2026-01") == Decimal("75.50")


async def test_an_adjustment_that_takes_back_more_than_there_is_becomes_a_debt(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", FIVE_PERCENT)), "ana")
    for month_ in ("01", "02"):
        await company.won("1000", rep="ana", on=f"2026-{month_}-10")
    await company.adjust("ana", "2026-01", "-80")
    for month_ in ("01", "02"):
        await company.run_and_post(f"2026-{month_}")
        await company.close(f"2026-{month_}")
    assert [await company.paid("ana", f"2026-{month_}") for month_ in ("01", "02")] == [Decimal(0), Decimal("20.00")]


async def test_a_closed_month_is_adjusted_no_more_neither_by_the_act_nor_past_it(company: Company, database_url: str) -> None:
    await company.hire("ana")
    await company.close("2026-01")
    with pytest.raises(Refused, match="2026-01 is closed: adjust an open month"):
        await company.adjust("ana", "2026-01", "1")
    with pytest.raises(Refused, match="an adjustment needs a note"):
        await company.adjust("ana", "2026-02", "1", note=" ")
    with pytest.raises(Refused, match=r"0\.001 is no adjustment"):
        await company.adjust("ana", "2026-02", "0.001")
    columns = "rep_id, period_id, reason, note, amount, currency, position"
    past_it = f"insert into adjustment ({columns}) select rep.id, period.id, 'OTHER', 'n', 1, 'USD', 1"
    with pytest.raises(asyncpg.RestrictViolationError, match="is closed"):
        await execute(database_url, f"{past_it} from rep, period where period.name = '2026-01'")


async def test_what_was_credited_before_the_start_is_attained_but_not_paid_again(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026", "1000000")
    tiers = TieredCommission(tiers=(Tier(Decimal(0), Decimal("0.05")), Tier(Decimal(1), Decimal("0.10"))), tiers_in=TiersIn.ATTAINMENT)
    await company.assign(await company.plan("Commission", ("commission", tiers), window=WindowKind.YEAR_TO_DATE), "ana")
    await company.opening("ana", "2026-01-01", "2026-07-01", "950000")
    await company.won("100000", rep="ana", on="2026-07-10")
    await company.run_and_post("2026-07")
    assert await company.earned("ana", "2026-07") == Decimal("7500.00")
    (told,) = await company.rows(
        "select payload -> 'credited' ->> 'value' as credited, payload ->> 'ratio' as ratio from event"
        " where payload -> 'period' ->> 'name' = '2026' and kind = 'AttainmentChange' and payload ->> 'measure' = 'bookings'"
        " order by position desc limit 1"
    )
    assert (told["credited"], told["ratio"]) == ("1050000.00", "1.050000")
    with pytest.raises(Refused, match="Ana has credits in these dates"):
        await company.opening("ana", "2026-01-01", "2026-08-01", "1")
    with pytest.raises(Refused, match="Ana has an opening balance from 2026-01-01 to 2026-07-01: set that one"):
        await company.opening("ana", "2026-04-01", "2026-06-01", "1")
    with pytest.raises(Refused, match="Ana has an opening balance until 2026-07-01: what was sold on 2026-06-30 is in it"):
        await company.won("1", rep="ana", on="2026-06-30")


async def test_an_opening_balance_over_several_others_is_refused_by_the_first_of_them(company: Company) -> None:
    await company.hire("ana")
    await company.opening("ana", "2026-01-01", "2026-02-01", "1000")
    await company.opening("ana", "2026-02-01", "2026-04-01", "3000")
    with pytest.raises(Refused, match="Ana has an opening balance from 2026-01-01 to 2026-02-01: set that one"):
        await company.opening("ana", "2026-01-01", "2026-04-01", "4000")
