"""What vendors and textbooks have published about quotas comes out through GraphQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.api.conftest import Client, administrator, serve, server

__all__ = ["administrator", "serve", "server"]


@pytest.fixture
async def ready(administrator: Client) -> Client:
    """A company with a calendar of three years and a measure."""
    for year in (2018, 2019, 2020):
        await administrator.do("periodsCreate", "period { name }", {"year": year})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    return administrator


async def hired(asker: Client, *names: str, manager: str | None = None, on: str | None = None) -> None:
    """Reps who are called by their keys."""
    for name in names:
        await asker.do("repUpsert", "rep { id }", {"externalId": name, "name": name, "hiredOn": on})
        if manager:
            line = {"rep": {"externalId": name}, "manager": {"externalId": manager}, "starts": "2018-01-01", "backdating": "RESTATE"}
            await asker.do("managerSet", "rep { id }", line)


async def quota(asker: Client, name: str, period: str, value: str, **more: Any) -> Any:
    """The quota that was set."""
    given = {"rep": {"externalId": name}, "measure": "bookings", "period": {"name": period}, "value": value, **more}
    shows = "quota { value { value unit } fullValue { value } explanation { says base rate amount } seasonality proration ramp }"
    return (await asker.do("quotaSet", shows, given))["quota"]


async def expected(asker: Client, name: str, *periods: str) -> list[str]:
    """A rep's quotas in some periods."""
    asked = " ".join(f'p{index}: quota(period: {{name: "{each}"}}) {{ value {{ value }} }}' for index, each in enumerate(periods))
    found = await asker.ask(f'{{ rep(ref: {{externalId: "{name}"}}) {{ {asked} }} }}')
    return [each["value"]["value"] for each in found["rep"].values()]


async def allocated(asker: Client, **given: Any) -> Any:
    """What came of sharing out."""
    shows = (
        "target { value } steps { says base rate amount }"
        " allocations { rep { name } weight fullValue { value unit } value { value } quota }"
    )
    return await asker.do("quotasAllocate", shows, {"measure": "bookings", **given})


async def sold(asker: Client, name: str, amount: str, on: str) -> None:
    """An order."""
    sale = {"externalId": f"{name} {on}", "kind": "ORDER", "dated": on, "amount": amount, "rep": {"externalId": name}}
    await asker.do("transactionRecord", "transaction { id }", sale)


async def test_quickbase_a_year_prorated_by_whole_months_with_seasonal_quarters(ready: Client) -> None:
    await hired(ready, "ana", on="2019-03-01")
    terms: dict[str, Any] = {"seasonality": ["20", "20", "20", "40"], "proration": "WHOLE_MONTHS"}
    made = await quota(ready, "ana", "2019", "100000", **terms)
    quarters = await expected(ready, "ana", "2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4")
    assert quarters == ["6666.67", "20000.00", "20000.00", "40000.00"]
    assert [round(Decimal(value)) for value in quarters] == [6667, 20000, 20000, 40000]
    assert (made["value"], made["fullValue"]) == ({"value": "86666.67", "unit": "USD"}, {"value": "100000.00"})
    assert (made["seasonality"], made["proration"], made["ramp"]) == (["20", "20", "20", "40"], "WHOLE_MONTHS", [])
    steps = made["explanation"]
    assert steps[1] == {"says": "2019-02: not employed", "base": "6666.67", "rate": "0", "amount": "0"}
    assert steps[11] == {"says": "2019-12", "base": "13333.33", "rate": "1", "amount": "13333.33"}
    assert steps[-2] == {"says": "rounded", "base": "0.01", "rate": "1", "amount": "0.01"}
    assert sum(Decimal(step["amount"]) for step in steps[:-1]) == Decimal("86666.67")
    assert steps[-1] == {"says": "the quota as it is expected", "base": "86666.67", "rate": "1", "amount": "86666.67"}
    await hired(ready, "bo", on="2019-12-01")
    await quota(ready, "bo", "2019", "100000", **terms)
    assert await expected(ready, "bo", "2019-Q3", "2019-Q4", "2019") == ["0.00", "13333.33", "13333.33"]


async def test_sales_cookie_and_callidus_growth_and_attrition_relief(ready: Client) -> None:
    await hired(ready, "ana")
    await sold(ready, "ana", "100000", "2018-05-01")
    common = {"period": {"name": "2019"}, "base": "CREDITED", "weights": "EQUAL", "reps": [{"rep": {"externalId": "ana"}}]}
    grown = await allocated(ready, **common, growth="0.15")
    assert grown["target"] == {"value": "115000.00"}
    assert await expected(ready, "ana", "2019") == ["115000.00"]
    relieved = await allocated(ready, **common, growth="0.10", attritionRelief="0.02")
    assert await expected(ready, "ana", "2019") == ["107800.00"]
    assert relieved["steps"] == [
        {"says": "credited in 2018", "base": "100000", "rate": "1", "amount": "100000"},
        {"says": "growth of 10 %", "base": "100000", "rate": "1.1", "amount": "110000"},
        {"says": "attrition relief of 2 %", "base": "110000", "rate": "0.98", "amount": "107800"},
        {"says": "shared out", "base": "107800", "rate": "1", "amount": "107800"},
    ]


COVERAGE = """{ rep(ref: {externalId: "boss"}) { quotaCoverage(period: {name: "%s"}) {
    quota { value } streetQuota { value } fullStreetQuota { value } overAssignment attainmentFactor carrying without } } }"""


async def test_revcast_over_assignment_and_attainment_factor(ready: Client) -> None:
    await hired(ready, "boss")
    await hired(ready, "ana", "bo", "cleo", manager="boss")
    await quota(ready, "boss", "2019", "800000")
    common = {"period": {"name": "2019"}, "base": "QUOTA", "weights": "EQUAL", "manager": {"externalId": "boss"}}
    made = await allocated(ready, **common, overAssignment="1.25")
    assert made["target"] == {"value": "1000000.00"}
    assert [(each["rep"]["name"], each["fullValue"]["value"]) for each in made["allocations"]] == [
        ("ana", "333333.34"),
        ("bo", "333333.33"),
        ("cleo", "333333.33"),
    ]
    found = (await ready.ask(COVERAGE % "2019"))["rep"]["quotaCoverage"]
    assert found == {
        "quota": {"value": "800000.00"},
        "streetQuota": {"value": "1000000.00"},
        "fullStreetQuota": {"value": "1000000.00"},
        "overAssignment": "1.250000",
        "attainmentFactor": "0.800000",
        "carrying": 3,
        "without": 0,
    }


async def test_revcast_the_street_quota_is_the_sum_of_ramped_quotas(ready: Client) -> None:
    await hired(ready, "boss")
    reps = ("ana", "bo", "cleo", "dan", "eve")
    await hired(ready, *reps, manager="boss", on="2019-01-01")
    await hired(ready, "new", manager="boss")
    for name in reps:
        await quota(ready, name, "2019-01", "10000", ramp=["0.5"])
        await quota(ready, name, "2019-02", "10000", ramp=["0.5"])
    streets = [(await ready.ask(COVERAGE % month))["rep"]["quotaCoverage"] for month in ("2019-02", "2019-01")]
    assert [found["streetQuota"] for found in streets] == [{"value": "50000.00"}, {"value": "25000.00"}]
    assert [found["fullStreetQuota"] for found in streets] == [{"value": "50000.00"}, {"value": "50000.00"}]
    assert streets[0] | {"streetQuota": None, "fullStreetQuota": None} == {
        "quota": None, "streetQuota": None, "fullStreetQuota": None, "overAssignment": None, "attainmentFactor": None,
        "carrying": 5, "without": 1,
    }  # fmt: skip
