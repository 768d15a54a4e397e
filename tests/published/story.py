"""What published examples are told with: reps with a plan of their own, what they sell, and what the ledger has for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.api.conftest import Client

MONTH = "2017-03"


def tiers(*given: tuple[str, str], **settings: Any) -> dict[str, Any]:
    """A tiered commission; each tier is where it starts and what it pays."""
    return {"tieredCommission": {"tiers": [{"starts": starts, "rate": rate} for starts, rate in given], **settings}}


def accelerator(*bands: tuple[str, str], **settings: Any) -> dict[str, Any]:
    """An accelerator; each band is where it starts and its multiplier."""
    return {"accelerator": {"bands": [{"starts": starts, "multiplier": multiplier} for starts, multiplier in bands], **settings}}


def spif(**settings: Any) -> dict[str, Any]:
    """A SPIF."""
    return {"spif": settings}


def bonus(**settings: Any) -> dict[str, Any]:
    """A bonus."""
    return {"bonus": settings}


@dataclass(frozen=True)
class Example:
    """What was published: how is paid, what was sold (amount and units), and what comes out."""

    source: str
    configs: tuple[dict[str, Any], ...]
    sales: tuple[tuple[str, str], ...]
    earned: str
    quota: str | None = None
    target: str | None = None
    goals: tuple[tuple[str, str, str], ...] = ()
    measure: str = "bookings"
    month: str = MONTH


def sold(*amounts: str) -> tuple[tuple[str, str], ...]:
    """One unit for each amount."""
    return tuple((amount, "1") for amount in amounts)


async def founded(administrator: Client) -> None:
    """A calendar, and a measure of what people sell themselves."""
    await administrator.do("periodsCreate", "period { name }", {"year": 2017})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})


async def planned(administrator: Client, name: str, *parts: dict[str, Any]) -> dict[str, Any]:
    """A published plan; each part has a name, a measure and a config."""
    given = {"name": name, "starts": "2017-01-01", "components": parts}
    made = await administrator.do("planCreate", "plan { id } version { id }", given)
    await administrator.do("planPublish", "version { id }", {"version": made["version"]["id"]})
    plan: dict[str, Any] = made["plan"]
    return plan


async def assigned(administrator: Client, plan: dict[str, Any], *names: str) -> None:
    """Put reps on a plan."""
    for name in names:
        given = {"plan": plan["id"], "rep": {"externalId": name}, "starts": "2017-01-01"}
        await administrator.do("planAssign", "plan { id }", given)


async def hired(administrator: Client, name: str, manager: str | None = None, title: str | None = None) -> None:
    """A rep since the year began."""
    given = {"externalId": name, "name": name, **({"title": title, "titleFrom": "2017-01-01"} if title else {})}
    await administrator.do("repUpsert", "rep { id }", given)
    if manager:
        line = {"rep": {"externalId": name}, "manager": {"externalId": manager}, "starts": "2017-01-01", "backdating": "RESTATE"}
        await administrator.do("managerSet", "rep { id }", line)


async def expected(administrator: Client, name: str, quota: str, measure: str = "bookings", month: str = MONTH) -> None:
    """A quota."""
    given = {"rep": {"externalId": name}, "measure": measure, "period": {"name": month}, "value": quota}
    await administrator.do("quotaSet", "quota { id }", given)


async def promised(administrator: Client, name: str, annual: str) -> None:
    """Variable pay for reaching quota."""
    given = {"rep": {"externalId": name}, "annual": annual, "starts": "2017-01-01"}
    await administrator.do("targetVariableSet", "rep { id }", given)


async def judged(administrator: Client, name: str, goal: str, weight: str, achieved: str, month: str = MONTH) -> None:
    """A goal, and how much of it was done."""
    of = {"rep": {"externalId": name}, "period": {"name": month}, "name": goal}
    await administrator.do("goalSet", "goal { id }", {**of, "weight": weight})
    await administrator.do("goalAchieve", "goal { id }", {**of, "achieved": achieved})


async def sells(administrator: Client, name: str, key: str, amount: str, on: str, **more: Any) -> None:
    """An order."""
    given = {"externalId": key, "kind": "ORDER", "dated": on, "amount": amount, "rep": {"externalId": name}, **more}
    await administrator.do("transactionRecord", "transaction { id }", given)


async def told(administrator: Client, name: str, example: Example, manager: str | None = None) -> None:
    """A rep with a plan of their own, what is expected of them, and what they sold."""
    await hired(administrator, name, manager)
    if example.quota:
        await expected(administrator, name, example.quota, example.measure, example.month)
    if example.target:
        await promised(administrator, name, example.target)
    for goal, weight, achieved in example.goals:
        await judged(administrator, name, goal, weight, achieved, example.month)
    parts = [{"name": f"part {index}", "measure": example.measure, "config": config} for index, config in enumerate(example.configs)]
    await assigned(administrator, await planned(administrator, f"plan of {name}", *parts), name)
    for index, (amount, units) in enumerate(example.sales):
        await sells(administrator, name, f"{name} {index}", amount, f"{example.month}-{index + 1:02}", quantity=units)


async def shared(administrator: Client, name: str, amount: str, **shares: str) -> None:
    """A deal that was won and is shared."""
    deal = {
        "externalId": name,
        "name": name,
        "owner": {"externalId": next(iter(shares))},
        "stage": "Won",
        "forecastCategory": "CLOSED",
        "probability": "1",
        "amount": amount,
    }
    await administrator.do("opportunityUpsert", "opportunity { id }", {**deal, "closedOn": f"{MONTH}-10", "outcome": "WON"})
    parts = [{"rep": {"externalId": rep}, "share": share} for rep, share in shares.items()]
    await administrator.do("opportunitySplit", "opportunity { id }", {"opportunity": {"externalId": name}, "shares": parts})


async def paid(administrator: Client, month: str = MONTH) -> None:
    """Calculate and post a month."""
    run = (await administrator.do("runStart", "run { id problems { message } }", {"period": {"name": month}}))["run"]
    assert run["problems"] == []
    await administrator.do("runPost", "run { state }", {"run": run["id"]})


async def earned(administrator: Client, name: str) -> str:
    """What is in the ledger for a rep, the steps of every line adding up to it."""
    total = Decimal(0)
    for line in await lines(administrator, name):
        assert sum((Decimal(step["amount"]) for step in line["steps"]), Decimal(0)) == Decimal(line["amount"]["amount"])
        total += Decimal(line["amount"]["amount"])
    found = await administrator.ask("query ($rep: String!) { rep(ref: {externalId: $rep}) { earningsTotal { amount } } }", rep=name)
    said: str = found["rep"]["earningsTotal"]["amount"]
    assert Decimal(said) == total
    return said


async def lines(administrator: Client, name: str) -> list[dict[str, Any]]:
    """What was booked for a rep, line by line."""
    found = await administrator.ask(
        "query ($rep: String!) { rep(ref: {externalId: $rep}) { earnings(first: 100) { nodes {"
        " component { name } amount { amount } steps { says base rate amount } } } } }",
        rep=name,
    )
    nodes: list[dict[str, Any]] = found["rep"]["earnings"]["nodes"]
    return nodes
