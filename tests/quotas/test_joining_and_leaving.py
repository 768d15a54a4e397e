"""What is expected of, and promised to, people who join, leave, change, or whose dates are put right later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import company as companies
from spm_graph.actions import measures, quotas, reps, targets
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import MeasureBasis, Proration, WindowKind
from spm_graph.importing.records import RecordsImport, RepRecord, import_records
from tests.company import Company, OnTarget


async def employed(company: Company, name: str, hired: str | None, left: str | None = None) -> None:
    """Somebody's first day, and the first one no longer employed, as they are known now."""
    days = {key: date.fromisoformat(day) for key, day in (("hired_on", hired), ("left_on", left)) if day}
    await company.do(reps.upsert, reps.RepUpsert(external_id=name, name=name.title(), **days))


async def quota(company: Company, name: str, period: str, value: str, **more: Any) -> None:
    command = quotas.QuotaSet(Ref(external_id=name), "bookings", PeriodRef(name=period), Decimal(value), **more)
    await company.do(quotas.set_quota, command)


async def months(company: Company, name: str) -> list[str]:
    found = await company.rows(
        "select part.value from quota_part as part join period on period.id = part.period_id join rep on rep.id = part.rep_id"
        " where rep.external_id = :name order by period.name",
        name=name,
    )
    return [str(row["value"]) for row in found]


async def told(company: Company, period: str) -> list[str | None]:
    found = await company.rows(
        "select payload -> 'quota' ->> 'value' as quota from event where kind = 'AttainmentChange'"
        " and payload -> 'period' ->> 'name' = :period order by position, ordinal",
        period=period,
    )
    return [row["quota"] for row in found]


async def test_a_first_day_that_is_put_right_changes_the_quota_and_tells_the_attainment(company: Company) -> None:
    await employed(company, "ana", "2026-01-16")
    await quota(company, "ana", "2026-Q1", "3100", proration=Proration.DAYS)
    assert await months(company, "ana") == ["533.34", "1033.33", "1033.33"]
    await employed(company, "ana", "2026-02-01")
    assert await months(company, "ana") == ["0.00", "1033.34", "1033.33"]
    assert await told(company, "2026-Q1") == ["2600.00", "2066.67"]
    (stored,) = await company.rows("select value, full_value from quota")
    assert (stored["value"], stored["full_value"]) == (Decimal("2066.67"), Decimal(3100))


async def test_who_leaves_is_expected_to_sell_until_then(company: Company) -> None:
    await company.hire("ana")
    await quota(company, "ana", "2026", "12000", proration=Proration.WHOLE_MONTHS)
    await company.leaves("ana", "2026-10-20")
    assert await months(company, "ana") == ["1000.00"] * 10 + ["0.00"] * 2
    assert (await told(company, "2026"))[-1] == "10000.00"
    assert (await told(company, "2026-11"))[-1] == "0.00"


async def test_days_that_stay_change_nothing_and_say_nothing(company: Company) -> None:
    await employed(company, "ana", "2026-02-01")
    await quota(company, "ana", "2026-Q1", "3000", proration=Proration.DAYS)
    await company.hire("bo")
    await quota(company, "bo", "2026-Q1", "3000")
    touched = await company.rows("select * from touch")
    await employed(company, "ana", "2026-02-01")
    await employed(company, "bo", "2026-02-01")
    assert await company.rows("select * from touch") == touched
    assert await months(company, "bo") == ["1000.00"] * 3


async def test_a_transfer_to_another_manager_title_or_territory_keeps_the_quota(company: Company) -> None:
    await company.hire("bo", "cleo")
    await employed(company, "ana", "2026-01-16")
    await quota(company, "ana", "2026-Q1", "3100", proration=Proration.DAYS, ramp=(Decimal("0.5"),))
    before = await company.rows("select * from quota_part order by period_id")
    await company.managed("ana", "bo", "2026-01-01")
    await company.managed("ana", "cleo", "2026-02-10")
    await company.titled("ana", "Senior", "2026-02-10", hired_on=date(2026, 1, 16))
    await company.territory("north")
    await company.works("ana", "north", "2026-02-10")
    assert await company.rows("select * from quota_part order by period_id") == before


async def test_a_month_that_is_set_by_itself_leaves_the_others_prorated_and_ramped(company: Company) -> None:
    await employed(company, "ana", "2026-01-16")
    await quota(company, "ana", "2026-Q1", "3100", proration=Proration.DAYS)
    await quota(company, "ana", "2026-02", "500")
    assert await months(company, "ana") == ["533.34", "500.00", "1033.33"]
    await employed(company, "ana", "2026-02-01")
    assert await months(company, "ana") == ["0.00", "500.00", "1033.33"]


async def test_what_is_earned_follows_a_first_day_that_is_put_right(company: Company) -> None:
    await employed(company, "ana", "2026-01-01")
    await quota(company, "ana", "2026-Q1", "3000", proration=Proration.WHOLE_MONTHS)
    target = targets.TargetVariableSet(Ref(external_id="ana"), Decimal(12000), date(2026, 1, 1), proration=Proration.WHOLE_MONTHS)
    await company.do(targets.set_target_variable, target)
    await company.assign(await company.plan("Target", ("target", OnTarget()), window=WindowKind.QUARTER_TO_DATE), "ana")
    await company.won("1000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    # 3,000 of target times 1,000 of 3,000; then, with two of three months, 2,000 times 1,000 of 2,000.
    assert await company.earned("ana", "2026-03") == Decimal("1000.00")
    await employed(company, "ana", "2026-02-10")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("1000.00")
    assert [str(value) for value in await months(company, "ana")] == ["0.00", "1000.00", "1000.00"]
    await company.won("1000", rep="ana", on="2026-03-20")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal("2000.00")


async def test_a_target_variable_is_prorated_as_it_says_or_as_the_company_does(company: Company) -> None:
    await company.do(companies.set_company, companies.CompanySet(proration=Proration.DAYS))
    for name, days in (("ana", "2026-04-16"), ("bo", "2026-04-16"), ("cleo", "2026-04-16")):
        await employed(company, name, days)
        await quota(company, name, "2026-04", "1000", proration=Proration.NONE)
    for name, proration in (("ana", None), ("bo", Proration.NONE), ("cleo", Proration.WHOLE_MONTHS)):
        command = targets.TargetVariableSet(Ref(external_id=name), Decimal(12000), date(2026, 1, 1), proration=proration)
        await company.do(targets.set_target_variable, command)
    await company.assign(await company.plan("Target", ("target", OnTarget())), "ana", "bo", "cleo")
    for name in ("ana", "bo", "cleo"):
        await company.won("1000", rep=name, on="2026-04-20")
    await company.run_and_post("2026-04")
    earned = [await company.earned(name, "2026-04") for name in ("ana", "bo", "cleo")]
    assert earned == [Decimal("500.00"), Decimal("1000.00"), Decimal("1000.00")]
    await quota(company, "ana", "2026-04", "1000")
    assert await months(company, "ana") == ["500.00"]


async def test_an_import_of_other_days_is_followed(company: Company) -> None:
    await company.hire("ana", "bo")
    await quota(company, "ana", "2026-Q1", "3000", proration=Proration.WHOLE_MONTHS)
    record = RepRecord("ana", "Ana", hired_on=date(2026, 3, 1))
    await company.do(import_records, RecordsImport(reps=(record,)))
    assert await months(company, "ana") == ["0.00", "0.00", "1000.00"]


async def test_a_quota_of_zero_takes_away_what_was_set_and_leaves_the_other_months(company: Company) -> None:
    await company.hire("ana")
    await quota(company, "ana", "2026-Q1", "3000")
    await quota(company, "ana", "2026-02", "0")
    assert await months(company, "ana") == ["1000.00", "1000.00"]
    assert (await told(company, "2026-02"), await told(company, "2026-Q1")) == (["1000.00", None], ["3000.00", "2000.00"])
    await quota(company, "ana", "2026", "0")
    assert await company.rows("select 1 from quota union all select 1 from quota_part") == []
    with pytest.raises(Refused, match=r"-1 is no quota; expected more than zero, in steps of 0\.01"):
        await quota(company, "ana", "2026", "-1")


async def test_a_month_of_which_nothing_was_expected_has_no_quota_any_more_once_another_is_set_by_itself_and_that_is_told(
    company: Company,
) -> None:
    await company.hire("ana")
    await quota(company, "ana", "2026-Q1", "3000", seasonality=(Decimal(0), Decimal(1), Decimal(2)))
    await quota(company, "ana", "2026-03", "500")
    assert await months(company, "ana") == ["1000.00", "500.00"]
    assert (await told(company, "2026-01"), await told(company, "2026-02")) == (["0.00", None], ["1000.00"])
    await quota(company, "ana", "2026-Q1", "3000", seasonality=(Decimal(0), Decimal(1), Decimal(2)))
    await quota(company, "ana", "2026-03", "0")
    assert await told(company, "2026-01") == ["0.00", None, "0.00", None]


async def test_units_ramp_as_money_does(company: Company) -> None:
    await company.do(measures.set_measure, measures.MeasureSet("boxes", basis=MeasureBasis.QUANTITY))
    await employed(company, "ana", "2026-02-10")
    ramp = (Decimal("0.25"), Decimal("0.5"))
    command = quotas.QuotaSet(Ref(external_id="ana"), "boxes", PeriodRef(name="2026"), Decimal(120), ramp=ramp)
    await company.do(quotas.set_quota, command)
    assert await months(company, "ana") == ["0.00", "2.50", "5.00"] + ["10.00"] * 9


@pytest.mark.parametrize(
    ("period", "more", "refusal"),
    [
        ("2026", {"seasonality": (1, 2, 3)}, "3 weights for a quota of 12 months; expected 12 or 4"),
        ("2026-Q1", {"seasonality": (1, 2)}, "2 weights for a quota of 3 months; expected 3"),
        ("2026-02", {"seasonality": (1,)}, "1 weights for a quota of 1 months; expected none: a month has no seasons"),
        ("2026", {"seasonality": (0, 0, 0, 0)}, "weights are not below zero, and not all of them zero"),
        ("2026", {"seasonality": (2, -1, 0, 0)}, "weights are not below zero, and not all of them zero"),
        ("2026", {"ramp": ("0.5", "1.5")}, "shares of a ramp are from 0 to 1"),
        ("2026", {"ramp": ("0.5",)}, "a ramp counts from the first day of employment, and that of Ana is not known"),
    ],
)
async def test_terms_that_make_no_sense_are_refused(company: Company, period: str, more: dict[str, Any], refusal: str) -> None:
    await company.hire("ana")
    with pytest.raises(Refused, match=refusal):
        await quota(company, "ana", period, "100", **{name: tuple(map(Decimal, given)) for name, given in more.items()})
