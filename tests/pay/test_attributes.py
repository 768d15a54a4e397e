"""What is known of a deal beside its amount: who is paid for it, and what follows when it changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from spm_graph.actions import accounts, measures, products, transactions
from spm_graph.actions.attributes import AttributeGiven
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import MeasureBasis, TransactionKind
from spm_graph.incentive_types import IncentiveTypes
from tests.company import Company

TYPES = IncentiveTypes.discover()
NEW = (AttributeGiven("newBusiness", "true"),)
OLD = (AttributeGiven("newBusiness", "false"),)


@pytest.fixture
async def company(company: Company) -> Company:
    """Ana gets 100 for each deal of new business, and 10 for each one about the GTX."""
    company.incentive_types = TYPES
    await company.hire("ana")
    new = TYPES.decode("Spif", {"pays": "FIXED", "reward": "100", "attributes": [{"name": "newBusiness", "values": ["true"]}]})
    gtx = TYPES.decode("Spif", {"pays": "FIXED", "reward": "10", "products": ["GTX"]})
    acme = TYPES.decode("Spif", {"pays": "FIXED", "reward": "1", "accounts": ["Acme"]})
    await company.assign(await company.plan("Push", ("new", new), ("gtx", gtx), ("acme", acme)), "ana")
    for name in ("GTX", "MG"):
        await company.do(products.upsert, products.ProductUpsert(external_id=name, name=name))
    await company.do(accounts.upsert, accounts.AccountUpsert("acme", "Acme"))
    return company


async def test_a_deal_pays_by_what_is_known_of_it(company: Company) -> None:
    await company.deal("new", "1000", "ana", "2026-03-05", attributes=NEW)
    await company.deal("old", "1000", "ana", "2026-03-06", attributes=OLD)
    await company.deal("unknown", "1000", "ana", "2026-03-07")
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal(100)


async def test_what_a_transaction_says_stands_against_what_its_deal_says(company: Company) -> None:
    await company.deal("deal", "1000", "ana", "2026-03-05", attributes=NEW)
    renewal = transactions.TransactionRecord(
        external_id="renewal",
        kind=TransactionKind.ORDER,
        dated=date(2026, 3, 20),
        amount=Decimal(500),
        opportunity=Ref(external_id="deal"),
        attributes=OLD,
    )
    await company.do(transactions.record, renewal)
    await company.run_and_post("2026-03")
    assert await company.earned("ana", "2026-03") == Decimal(100)


@pytest.mark.parametrize(
    ("told", "earned"),
    [
        ({"attributes": NEW}, 100),
        ({"product": Ref(external_id="GTX")}, 10),
        ({"account": Ref(external_id="acme")}, 1),
        ({"product": Ref(external_id="MG")}, 0),
    ],
)
async def test_what_is_told_of_a_deal_after_its_month_closed_is_paid_in_the_next(
    company: Company, told: dict[str, object], earned: int
) -> None:
    await company.deal("deal", "1000", "ana", "2026-03-05", attributes=OLD)
    await company.run_and_post("2026-03")
    await company.close("2026-03")
    await company.deal("deal", "1000", "ana", "2026-03-05", **{"attributes": OLD} | told)
    await company.run_and_post("2026-04")
    assert await company.earned("ana", "2026-03") == 0
    assert await company.earned("ana", "2026-04") == Decimal(earned)


async def test_a_transaction_that_turns_out_to_be_about_something_else_is_paid_anew(company: Company) -> None:
    def order(product: str) -> transactions.TransactionRecord:
        return transactions.TransactionRecord(
            external_id="order",
            kind=TransactionKind.ORDER,
            dated=date(2026, 3, 20),
            amount=Decimal(500),
            rep=Ref(external_id="ana"),
            product=Ref(external_id=product),
        )

    await company.do(transactions.record, order("GTX"))
    await company.run_and_post("2026-03")
    await company.close("2026-03")
    await company.do(transactions.record, order("MG"))
    await company.run_and_post("2026-04")
    assert (await company.earned("ana", "2026-03"), await company.earned("ana", "2026-04")) == (Decimal(10), Decimal(-10))


@pytest.mark.parametrize(
    ("attributes", "path", "why"),
    [
        ((AttributeGiven(" ", "x"),), ("attributes", "0", "name"), "has a name"),
        ((*NEW, *OLD), ("attributes", "1", "name"), "given twice"),
        ((AttributeGiven("account", "Bluth"),), ("attributes", "0", "name"), "known already"),
        (tuple(AttributeGiven(str(number), "x") for number in range(51)), ("attributes",), "at most 50"),
        ((AttributeGiven("campaign", "x" * 201),), ("attributes", "0", "name"), "above 200 characters"),
    ],
)
async def test_attributes_that_make_no_sense_are_refused(
    company: Company, attributes: tuple[AttributeGiven, ...], path: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        await company.deal("deal", "1000", "ana", "2026-03-05", attributes=attributes)
    assert refused.value.problems[0].path == path


async def test_a_transaction_s_margin_rate_reaches_a_tier_and_its_refund_goes_back_at_the_same_rate(company: Company) -> None:
    await company.do(measures.set_measure, measures.MeasureSet("margin", basis=MeasureBasis.MARGIN))
    tiers = [{"starts": "0", "rate": "0.1"}, {"starts": "0.3", "rate": "0.25"}]
    by_rate = {"accumulated": "TRANSACTION", "tiersIn": "ATTRIBUTE", "attribute": "marginRate", "tiers": tiers}
    await company.hire("bo")
    await company.assign(await company.plan("Margin", ("margin", TYPES.decode("TieredCommission", by_rate)), measure="margin"), "bo")
    for key, amount, margin in (("dear", "150", "50"), ("cheap", "150", "44.99"), ("untold", "150", None)):
        sold = transactions.TransactionRecord(
            external_id=key,
            kind=TransactionKind.ORDER,
            dated=date(2026, 3, 5),
            amount=Decimal(amount),
            margin=margin and Decimal(margin),
            rep=Ref(external_id="bo"),
        )
        await company.do(transactions.record, sold)
    await company.run_and_post("2026-03")
    assert await company.earned("bo", "2026-03") == Decimal("17.00")  # 12.50 and 4.499, rounded each for itself
    back = transactions.TransactionRecord(
        external_id="back",
        kind=TransactionKind.REFUND,
        dated=date(2026, 3, 25),
        amount=Decimal(-75),
        margin=Decimal(-10),
        quantity=Decimal(0),
        corrects=Ref(external_id="dear"),
    )
    await company.do(transactions.record, back)
    await company.run_and_post("2026-03")
    assert await company.earned("bo", "2026-03") == Decimal("14.50")
