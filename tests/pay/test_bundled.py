"""The incentive types of the house in a plan together: what one of them sees of the others, and what it says of a mistake."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from spm_graph.domain.terms import WindowKind
from spm_graph.incentive_types import IncentiveTypes
from tests.company import Company

TYPES = IncentiveTypes.discover()


def config(name: str, **settings: Any) -> Any:
    """An incentive type with settings that are named and written as in the schema."""
    return TYPES.decode(name, settings)


COMMISSION = config("TieredCommission", tiers=[{"starts": "0", "rate": "0.05"}])
HALF_MORE = config("Accelerator", component="Commission", method="WHOLE_AMOUNT", bands=[{"starts": "1", "multiplier": "1.5"}])
SPIF = config("Spif", pays="FIXED", reward="250", smallest="5000", firstDeals=2)


@pytest.fixture
async def company(company: Company) -> Company:
    """Ana has a quota of 10,000 in each month of spring."""
    company.incentive_types = TYPES
    await company.hire("ana")
    for month in ("2026-03", "2026-04", "2026-05"):
        await company.quota("ana", month, "10000")
    return company


async def earned(company: Company, period: str) -> dict[str, Decimal]:
    """What is booked in a month, by component."""
    found = await company.rows(
        "select (select part.name from component_version as part where part.component_id = earning.component_id limit 1) as name,"
        " sum(earning.amount) as amount from earning join period on period.id = period_id"
        " where period.name = :period group by 1 having sum(earning.amount) <> 0",
        period=period,
    )
    return {row["name"]: row["amount"] for row in found}


async def problems(company: Company, period: str) -> list[str]:
    """Why a month could not be calculated."""
    run = await company.run(period)
    return [row["message"] for row in await company.rows("select message from run_problem where run_id = :run", run=run)]


async def test_a_refund_takes_back_commission_acceleration_and_spif_alike(company: Company) -> None:
    plan = await company.plan("Closer", ("Commission", COMMISSION), ("Accelerator", HALF_MORE), ("Push", SPIF))
    await company.assign(plan, "ana")
    await company.won("6000", "ana", "2026-03-02")
    large = await company.won("7000", "ana", "2026-03-10")
    await company.won("5000", "ana", "2026-03-20")
    await company.run_and_post("2026-03")
    assert await earned(company, "2026-03") == {"Commission": Decimal(900), "Accelerator": Decimal(450), "Push": Decimal(500)}
    await company.close("2026-03")
    await company.refund(large, "2026-04-03", "-7000")
    await company.run_and_post("2026-04")
    # 11,000 are left, still above quota: and the third deal is now the second of the first two.
    assert await earned(company, "2026-04") == {"Commission": Decimal(-350), "Accelerator": Decimal(-175)}
    assert await company.earned("ana", "2026-03") + await company.earned("ana", "2026-04") == Decimal(1325)


async def test_a_year_s_target_variable_is_paid_along_the_published_curve(company: Company) -> None:
    await company.quota("ana", "2026", "500000")
    await company.target("ana", "100000", "2026-01-01")
    curve = [{"starts": "0", "multiplier": "1"}, {"starts": "1", "multiplier": "1.5"}, {"starts": "1.3", "multiplier": "2"}]
    plan = await company.plan("Executive", ("Variable", config("Accelerator", bands=curve)), window=WindowKind.YEAR_TO_DATE)
    await company.assign(plan, "ana")
    await company.won("500000", "ana", "2026-03-10")
    await company.won("150000", "ana", "2026-04-10")
    await company.run_and_post("2026-03")
    await company.run_and_post("2026-04")
    assert await company.earned("ana", "2026-03") == Decimal(100_000)
    assert await company.earned("ana", "2026-04") == Decimal(45_000)


async def test_an_accelerator_without_its_component_or_a_target_is_a_problem_that_says_so(company: Company) -> None:
    lost = config("Accelerator", component="Comission", bands=[{"starts": "1", "multiplier": "2"}])
    plan = await company.plan("Closer", ("Commission", COMMISSION), ("Faster", lost))
    await company.assign(plan, "ana")
    await company.won("6000", "ana", "2026-03-02")
    (said,) = await problems(company, "2026-03")
    assert said.endswith('ValueError: no component "Comission" comes before this one; those that do: Commission')
    await company.plan("Closer", ("Commission", COMMISSION), ("Faster", config("Accelerator", bands=[{"starts": "1", "multiplier": "2"}])))
    (said,) = await problems(company, "2026-03")
    assert said.endswith("ValueError: no target variable pay is set for these dates, so there is nothing to multiply")


async def test_what_a_component_earned_is_multiplied_once_where_a_change_cuts_the_window(company: Company) -> None:
    half_more = config("Accelerator", component="Commission", bands=[{"starts": "0", "multiplier": "1.5"}])
    quarter = ("Commission", COMMISSION), ("Accelerator", half_more)
    plan = await company.plan("Closer", *quarter, window=WindowKind.QUARTER_TO_DATE)
    await company.assign(plan, "ana")
    await company.quota("ana", "2026-06", "10000")
    await company.won("10000", "ana", "2026-04-10")
    await company.won("20000", "ana", "2026-05-20")
    await company.run_and_post("2026-05")
    assert await earned(company, "2026-05") == {"Commission": Decimal(1500), "Accelerator": Decimal(750)}
    for day in ("2026-05-01", "2026-05-10"):
        await company.plan("Closer", *quarter, starts=day, window=WindowKind.QUARTER_TO_DATE)
        await company.run_and_post("2026-06")
        assert await earned(company, "2026-06") == {}


async def test_a_month_that_is_booked_is_parted_by_what_its_deals_earned(company: Company) -> None:
    def parts(multiplier: str) -> tuple[tuple[Any, ...], ...]:
        faster = config("Accelerator", component="Commission", bands=[{"starts": "0", "multiplier": multiplier}])
        return ("Commission", COMMISSION, WindowKind.PERIOD), ("Accelerator", faster, WindowKind.QUARTER_TO_DATE)

    plan = await company.plan("Closer", *parts("1.5"))
    await company.assign(plan, "ana")
    await company.won("8000", "ana", "2026-05-05")
    await company.won("2000", "ana", "2026-05-20")
    await company.plan("Closer", *parts("2"), starts="2026-05-10")
    await company.run_and_post("2026-05")
    assert await earned(company, "2026-05") == {"Commission": Decimal(500), "Accelerator": Decimal(300)}
    await company.run_and_post("2026-06")
    assert await earned(company, "2026-06") == {}
