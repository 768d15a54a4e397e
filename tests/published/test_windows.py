"""What was published of several months, measures and gates: GraphQL in, ledger out, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.api.conftest import Client

from .story import accelerator, assigned, bonus, earned, expected, founded, hired, paid, planned, promised, sells, tiers


def grown(at_least: str, ago: int) -> dict[str, Any]:
    """A gate of growth over the month before."""
    return {"atLeast": at_least, "credited": {"measure": "bookings", "ago": ago}, "over": {"measure": "bookings", "ago": ago + 1}}


async def test_a_bonus_for_growth_in_three_months_needs_all_three(administrator: Client) -> None:
    await founded(administrator)
    gates = [grown("0.05", 2), grown("0.1", 1), grown("0.15", 0)]
    promotion = bonus(bonus="0.15", bonusOf="COMPONENT", component="commission", gates=gates)
    plan = await planned(
        administrator,
        "Dr. Nona: summer promotion",
        {"name": "commission", "measure": "bookings", "config": tiers(("0", "0.08"))},
        {"name": "promotion", "measure": "bookings", "config": promotion},
    )
    sales = {"ann": ("10000", "10500", "12000", "14000"), "ben": ("10000", "10499.99", "12000", "14000")}
    for name, amounts in sales.items():
        await hired(administrator, name)
        await assigned(administrator, plan, name)
        for month, amount in zip(("2017-05", "2017-06", "2017-07", "2017-08"), amounts, strict=True):
            await sells(administrator, name, f"{name} {month}", amount, f"{month}-10")
    for month in ("2017-05", "2017-06", "2017-07"):
        await paid(administrator, month)
    before = {name: await earned(administrator, name) for name in sales}
    await paid(administrator, "2017-08")
    after = {name: await earned(administrator, name) for name in sales}
    august = {name: Decimal(after[name]) - Decimal(before[name]) for name in sales}
    assert august == {"ann": Decimal("1120.00") + Decimal("168.00"), "ben": Decimal("1120.00")}


async def test_a_measure_runs_through_the_year(administrator: Client) -> None:
    """Xactly: credits of two types run into one yearly measure."""
    await founded(administrator)
    await hired(administrator, "rep")
    await administrator.do("productUpsert", "product { id }", {"externalId": "1", "name": "CreditType1"})
    await administrator.do("productUpsert", "product { id }", {"externalId": "2", "name": "CreditType2"})
    rolling = []
    asked = '{ rep(ref: {externalId: "rep"}) { attainment(period: {name: "2017"}) { credited { value } } } }'
    credits_ = (("100", "1"), ("50", "1"), ("75", "2"), ("25", "1"), ("100", "1"), ("50", "1"), ("75", "2"))
    for number, (amount, type_) in enumerate(credits_, start=1):
        await sells(administrator, "rep", f"credit {number}", amount, f"2017-{number:02}-10", product={"externalId": type_})
        rolling.append((await administrator.ask(asked))["rep"]["attainment"]["credited"]["value"])
    assert rolling == ["100.00", "150.00", "225.00", "250.00", "350.00", "400.00", "475.00"]


async def test_a_month_is_accelerated_by_what_its_quarter_attained(administrator: Client) -> None:
    await founded(administrator)
    gate = {"measure": "bookings", "window": "QUARTER_TO_DATE"}
    faster = accelerator(("0", "1"), ("1", "2"), threshold="0.9", gate=gate)
    plan = await planned(administrator, "gated", {"name": "faster", "measure": "bookings", "config": faster})
    await hired(administrator, "rep")
    await assigned(administrator, plan, "rep")
    await promised(administrator, "rep", "240000")
    for month, amount in (("2017-01", "50000"), ("2017-02", "70000"), ("2017-03", "160000")):
        await expected(administrator, "rep", "100000", month=month)
        await sells(administrator, "rep", month, amount, f"{month}-10")
    await paid(administrator, "2017-02")
    assert await earned(administrator, "rep") == "0.00"
    await paid(administrator, "2017-03")
    # 280,000 of 300,000 open the gate in March, which then pays 20,000 and twice of 12,000.
    assert await earned(administrator, "rep") == "44000.00"
