"""Arithmetic that vendors and textbooks have published, the whole way: GraphQL in, ledger out, to the cent.

The plugins have each of these as a worked example too; what is shown here is that nothing on the way changes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.api.conftest import Client

MONTH = "2017-03"


def tiers(*given: tuple[str, str], **settings: Any) -> dict[str, Any]:
    """A tiered commission; each tier is where it starts and what it pays."""
    return {"tieredCommission": {"tiers": [{"starts": starts, "rate": rate} for starts, rate in given], **settings}}


def accelerator(*bands: tuple[str, str]) -> dict[str, Any]:
    """An accelerator of target variable pay; each band is where it starts and its multiplier."""
    return {"accelerator": {"bands": [{"starts": starts, "multiplier": multiplier} for starts, multiplier in bands]}}


def spif(**settings: Any) -> dict[str, Any]:
    """A SPIF."""
    return {"spif": settings}


@dataclass(frozen=True)
class Example:
    """What was published: how is paid, what was sold (amount and units), and what comes out."""

    source: str
    configs: tuple[dict[str, Any], ...]
    sales: tuple[tuple[str, str], ...]
    earned: str
    quota: str | None = None
    target: str | None = None
    measure: str = field(default="bookings")


def sold(*amounts: str) -> tuple[tuple[str, str], ...]:
    """One unit for each amount."""
    return tuple((amount, "1") for amount in amounts)


ORACLE_EDGES = (("0", "0.0175"), ("1500000", "0.025"), ("3000000", "0.0325"), ("4500000", "0.0425"))
ORACLE_LUMPS = (("0", "10"), ("1000", "40"), ("3000", "100"), ("8000", "2000"), ("20000", "0"))
ORACLE_FLAT = (("0", "0.01"), ("10000", "0.02"), ("50000", "0.03"), ("100000", "0.04"))
MULTIPLIERS = (("0", "1"), ("1", "1.5"), ("1.3", "2"))
ALONE = {"accumulated": "TRANSACTION"}

EXAMPLES = (
    Example("TieredCommissionCalculator", (tiers(("0", "0.05"), ("10000", "0.07"), ("25000", "0.1")),), sold("30000"), "2050.00"),
    Example("SparrowGenie", (tiers(("0", "0.03"), ("300000", "0.05"), ("500000", "0.07")),), sold("600000"), "26000.00"),
    Example(
        "Oracle Fusion, interpolated",
        (tiers(*ORACLE_LUMPS, rates="LUMP_SUM", **ALONE),),
        sold("200", "300", "1500", "1200", "2000", "4500"),
        "149.00",
    ),
    Example("Oracle Fusion, split rates", (tiers(("0", "0.01"), ("1000", "0.02"), ("5000", "0.03")),), sold("2500"), "40.00"),
    Example("Oracle Fusion, not split", (tiers(*ORACLE_FLAT, method="WHOLE_AMOUNT", **ALONE),), sold("5000", "15000", "60000"), "2150.00"),
    Example("Oracle, edge to the upper tier", (tiers(*ORACLE_EDGES, method="WHOLE_AMOUNT"),), sold("1500000"), "37500.00"),
    Example("Oracle, edge to the lower tier", (tiers(*ORACLE_EDGES, method="WHOLE_AMOUNT", edge="LOWER"),), sold("1500000"), "26250.00"),
    Example("RevOps Masters, accelerated", (accelerator(*MULTIPLIERS),), sold("650000"), "145000.00", "500000", "1200000"),
    Example(
        "RevOps Masters, decelerated",
        (accelerator(("0", "0.5"), ("0.5", "1"), ("1", "1.5")),),
        sold("200000"),
        "20000.00",
        "500000",
        "1200000",
    ),
    Example("Prowi", (tiers(("0", "0.08")), spif(pays="PER_UNIT", reward="1000")), (("100000", "5"),), "13000.00"),
    Example("Bentega", (spif(pays="FIXED", reward="250"),), sold("1", "2", "3", "4"), "1000.00"),
    Example("Dokan, half a cent", (tiers(("0", "0.3")),), sold("6.45"), "1.94"),
)


async def test_what_was_published_comes_out_to_the_cent(administrator: Client) -> None:
    await administrator.do("periodsCreate", "period { name }", {"year": 2017})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    for number, example in enumerate(EXAMPLES):
        await hired(administrator, f"rep {number}", example)
    await paid(administrator)
    found = {example.source: await earned(administrator, f"rep {number}") for number, example in enumerate(EXAMPLES)}
    assert found == {example.source: example.earned for example in EXAMPLES}


async def test_splits_and_overrides_that_were_published_come_out_to_the_cent(administrator: Client) -> None:
    await administrator.do("periodsCreate", "period { name }", {"year": 2017})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    await administrator.do("measureSet", "measure { name }", {"name": "team", "roles": ["ROLLUP"]})
    boss = Example("Prowi, override", (tiers(("0", "0.03")),), (), "9000.00", measure="team")
    await hired(administrator, "boss", boss)
    ten_percent = (tiers(("0", "0.1")),)
    team = ("75000", "60000", "67500", "52500", "45000")
    for number, amount in enumerate(team):
        await hired(administrator, f"rep {number}", Example("Prowi, override", ten_percent, sold(amount), ""), manager="boss")
    for name in ("ann", "ben", "cleo", "dan"):
        await hired(administrator, name, Example(name, ten_percent, (), ""))
    await shared(administrator, "Prowi", "100000", ann="0.6", ben="0.4")
    await shared(administrator, "Carvd", "80000", cleo="0.7", dan="0.3")
    await paid(administrator)
    assert [await earned(administrator, f"rep {number}") for number in range(5)] == ["7500.00", "6000.00", "6750.00", "5250.00", "4500.00"]
    assert await earned(administrator, "boss") == "9000.00"
    assert [await earned(administrator, name) for name in ("ann", "ben", "cleo", "dan")] == ["6000.00", "4000.00", "5600.00", "2400.00"]


async def hired(administrator: Client, name: str, example: Example, manager: str | None = None) -> None:
    """A rep with a plan of their own, what is expected of them, and what they sold."""
    rep = {"externalId": name}
    await administrator.do("repUpsert", "rep { id }", {"externalId": name, "name": name})
    if manager:
        line = {"rep": rep, "manager": {"externalId": manager}, "starts": "2017-01-01", "backdating": "RESTATE"}
        await administrator.do("managerSet", "rep { id }", line)
    if example.quota:
        quota = {"rep": rep, "measure": example.measure, "period": {"name": MONTH}, "value": example.quota}
        await administrator.do("quotaSet", "quota { id }", quota)
    if example.target:
        await administrator.do("targetVariableSet", "rep { id }", {"rep": rep, "annual": example.target, "starts": "2017-01-01"})
    parts = [{"name": f"part {index}", "measure": example.measure, "config": config} for index, config in enumerate(example.configs)]
    made = await administrator.do(
        "planCreate", "plan { id } version { id }", {"name": f"plan of {name}", "starts": "2017-01-01", "components": parts}
    )
    await administrator.do("planPublish", "version { id }", {"version": made["version"]["id"]})
    await administrator.do("planAssign", "plan { id }", {"plan": made["plan"]["id"], "rep": rep, "starts": "2017-01-01"})
    for index, (amount, units) in enumerate(example.sales):
        sale = {
            "externalId": f"{name} {index}",
            "kind": "ORDER",
            "dated": f"{MONTH}-{index + 1:02}",
            "amount": amount,
            "quantity": units,
            "rep": rep,
        }
        await administrator.do("transactionRecord", "transaction { id }", sale)


async def shared(administrator: Client, name: str, amount: str, **shares: str) -> None:
    """A deal that was won and is shared."""
    first = {"externalId": next(iter(shares))}
    deal = {
        "externalId": name,
        "name": name,
        "owner": first,
        "stage": "Won",
        "forecastCategory": "CLOSED",
        "probability": "1",
        "amount": amount,
    }
    await administrator.do("opportunityUpsert", "opportunity { id }", {**deal, "closedOn": f"{MONTH}-10", "outcome": "WON"})
    parts = [{"rep": {"externalId": rep}, "share": share} for rep, share in shares.items()]
    await administrator.do("opportunitySplit", "opportunity { id }", {"opportunity": {"externalId": name}, "shares": parts})


async def paid(administrator: Client) -> None:
    """Calculate and post the month."""
    run = (await administrator.do("runStart", "run { id problems { message } }", {"period": {"name": MONTH}}))["run"]
    assert run["problems"] == []
    await administrator.do("runPost", "run { state }", {"run": run["id"]})


async def earned(administrator: Client, name: str) -> str:
    """What is in the ledger for a rep, the steps of every line adding up to it."""
    found = await administrator.ask(
        "query ($rep: String!) { rep(ref: {externalId: $rep}) { earningsTotal { amount }"
        " earnings(first: 100) { nodes { amount { amount } steps { amount } } } } }",
        rep=name,
    )
    for line in found["rep"]["earnings"]["nodes"]:
        assert sum((Decimal(step["amount"]) for step in line["steps"]), Decimal(0)) == Decimal(line["amount"]["amount"])
    total: str = found["rep"]["earningsTotal"]["amount"]
    return total
