"""What was published of draws, clawbacks and paying when cash comes: GraphQL in, payment ledger out, to the cent."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Client

from .story import assigned, founded, hired, paid, planned, sells, tiers

PAID = "payable { amount } carried { amount } opening { amount } held { amount } released { amount } drawn { amount } recovered { amount }"
MONTHS = [f"2017-{number:02}" for number in range(1, 7)]


def rep(name: str) -> dict[str, str]:
    """A rep, or whatever else goes by a name of its own."""
    return {"externalId": name}


async def staffed(administrator: Client, *names: str) -> None:
    """Reps who are paid a tenth of what they sell."""
    await founded(administrator)
    tenth = {"name": "commission", "measure": "bookings", "config": tiers(("0", "0.1"))}
    plan = await planned(administrator, "a tenth", tenth)
    for name in names:
        await hired(administrator, name)
    await assigned(administrator, plan, *names)


async def drawing(administrator: Client, name: str, monthly: str) -> None:
    """A recoverable draw."""
    await administrator.do("drawSet", "rep { id }", {"rep": rep(name), "monthly": monthly, "starts": "2017-01-01"})


async def closed(administrator: Client, month: str) -> None:
    """A month that is calculated, posted and closed."""
    await paid(administrator, month)
    await administrator.do("periodClose", "period { state }", {"period": {"name": month}})


async def statement(administrator: Client, name: str, month: str, *wanted: str) -> list[str]:
    """Sums of a rep's statement."""
    found = await administrator.ask(
        f"query ($rep: String!, $month: String!) {{ rep(ref: {{externalId: $rep}}) {{ statement(period: {{name: $month}}) {{ {PAID}"
        " adjustments { amount } drawBalance { amount } } } }",
        rep=name,
        month=month,
    )
    said: dict[str, Any] = found["rep"]["statement"]
    return [said[each]["amount"] for each in wanted]


async def won(administrator: Client, name: str, key: str, amount: str, on: str) -> None:
    """A deal."""
    deal = {"externalId": key, "name": key, "owner": rep(name), "stage": "Won", "forecastCategory": "CLOSED", "probability": "1"}
    await administrator.do("opportunityUpsert", "opportunity { id }", {**deal, "amount": amount, "closedOn": on, "outcome": "WON"})


async def cash(administrator: Client, key: str, kind: str, deal: str, amount: str, on: str) -> None:
    """A payment of the customer, or a refund."""
    given = {"externalId": key, "kind": kind, "dated": on, "amount": amount, "opportunity": rep(deal)}
    await administrator.do("transactionRecord", "transaction { id }", {**given, "quantity": "-1" if kind == "REFUND" else "1"})


async def test_siebels_recoverable_draw(administrator: Client) -> None:
    await staffed(administrator, "ann")
    await drawing(administrator, "ann", "2000")
    sold = ("27500", "30000", "15000", "23750", "30000", "27500")
    for month, amount in zip(MONTHS, sold, strict=True):
        await sells(administrator, "ann", month, amount, f"{month}-10")
        await closed(administrator, month)
    found = [await statement(administrator, "ann", month, "payable", "drawBalance") for month in MONTHS]
    assert [net for net, _ in found] == ["2750.00", "3000.00", "2000.00", "2000.00", "2875.00", "2750.00"]
    assert [owed for _, owed in found] == ["0.00", "0.00", "500.00", "125.00", "0.00", "0.00"]


async def test_legal_claritys_recoverable_draw(administrator: Client) -> None:
    """The draw of 3,000 is paid in advance there: what remains to be paid is the commission above it, and a deficit is owed."""
    await staffed(administrator, "ann", "ben")
    for name, amount in (("ann", "50000"), ("ben", "20000")):
        await drawing(administrator, name, "3000")
        await sells(administrator, name, name, amount, "2017-01-10")
    await closed(administrator, "2017-01")
    assert await statement(administrator, "ann", "2017-01", "payable", "drawBalance") == ["5000.00", "0.00"]  # 3,000 + 2,000
    assert await statement(administrator, "ben", "2017-01", "payable", "drawBalance") == ["3000.00", "1000.00"]  # 3,000 + 0


async def test_core8s_clawback_of_half_a_deal(administrator: Client) -> None:
    await staffed(administrator, "ann")
    await won(administrator, "ann", "deal", "100000", "2017-01-10")
    await closed(administrator, "2017-01")
    taken = {"rep": rep("ann"), "period": {"name": "2017-02"}, "amount": "-5000", "reason": "CORRECTION", "note": "50 % within 90 days"}
    shown = await administrator.do(
        "earningAdjust", "adjustment { opportunity { name } amount { amount } }", {**taken, "opportunity": rep("deal")}
    )
    assert shown["adjustment"] == {"opportunity": {"name": "deal"}, "amount": {"amount": "-5000.00"}}
    assert await statement(administrator, "ann", "2017-01", "payable") == ["10000.00"]
    assert await statement(administrator, "ann", "2017-02", "adjustments", "carried") == ["-5000.00", "-5000.00"]


async def test_centifys_unpaid_instalment_is_cancelled_and_not_clawed_back(administrator: Client) -> None:
    await staffed(administrator, "ann")
    await administrator.do("holdPlace", "hold { id }", {"rep": rep("ann"), "release": "BY_CASH", "reason": "in instalments"})
    await won(administrator, "ann", "deal", "10000", "2017-01-10")
    await cash(administrator, "first instalment", "PAYMENT", "deal", "5000", "2017-01-20")
    await closed(administrator, "2017-01")
    await cash(administrator, "cancelled", "REFUND", "deal", "-10000", "2017-02-10")
    await closed(administrator, "2017-02")
    assert await statement(administrator, "ann", "2017-01", "payable") == ["500.00"]
    assert await statement(administrator, "ann", "2017-02", "held", "carried") == ["-500.00", "-500.00"]


async def test_ocas_partial_payments(administrator: Client) -> None:
    await founded(administrator)
    await hired(administrator, "ann")
    fifth = {"name": "commission", "measure": "bookings", "config": tiers(("0", "0.2"))}
    await assigned(administrator, await planned(administrator, "a fifth", fifth), "ann")
    await administrator.do("holdPlace", "hold { id }", {"rep": rep("ann"), "release": "BY_CASH", "reason": "as the invoice is paid"})
    await won(administrator, "ann", "invoice", "20000", "2017-01-10")
    for month in MONTHS[:2]:
        await cash(administrator, month, "PAYMENT", "invoice", "10000", f"{month}-20")
        await closed(administrator, month)
    assert [await statement(administrator, "ann", month, "released", "payable") for month in MONTHS[:2]] == [["2000.00", "2000.00"]] * 2
