"""What is recorded as asked and is probably not meant: it counts, and is remarked on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.actions import opportunities, transactions
from spm_graph.actions.refs import Ref
from spm_graph.actions.result import Result
from spm_graph.domain.terms import ForecastCategory, Outcome, TransactionKind
from tests.company import Company


async def record(company: Company, key: str, kind: TransactionKind, amount: str, **more: Any) -> Result:
    """Ana's transaction of the 10th of January, unless it belongs to something."""
    sign = -1 if kind is TransactionKind.REFUND else 1
    given = more or {"rep": Ref(external_id="ana")}
    command = transactions.TransactionRecord(key, kind, date(2026, 1, 10), Decimal(amount), Decimal(sign), **given)
    return await company.do(transactions.record, command)


def said(result: Result) -> list[tuple[str, str]]:
    return [(problem.code.value, problem.message) for problem in result.problems]


async def credited(company: Company) -> Decimal:
    (row,) = await company.rows("select sum(value) as value from credited join measure on measure.id = measure_id where name = 'bookings'")
    return Decimal(row["value"])


async def test_more_than_was_sold_is_taken_back_and_remarked_on_by_whatever_makes_it_so(company: Company) -> None:
    await company.hire("ana")
    await record(company, "sale", TransactionKind.ORDER, "1000")
    assert said(await record(company, "r1", TransactionKind.REFUND, "-600", corrects=Ref(external_id="sale"))) == []
    assert said(await record(company, "r2", TransactionKind.REFUND, "-400", corrects=Ref(external_id="sale"))) == []
    third = await record(company, "r3", TransactionKind.REFUND, "-0.01", corrects=Ref(external_id="r1"))
    message = "1000.01 USD is taken back of a sale of 1000.00: less than nothing was sold, and is credited so"
    assert said(third) == [("REFUND_EXCEEDS_SALE", message)]
    assert third.position is not None
    assert await credited(company) == Decimal("-0.01")
    lowered = await record(company, "sale", TransactionKind.ORDER, "900")
    assert said(lowered)[0][0] == "REFUND_EXCEEDS_SALE"
    assert said(await record(company, "sale", TransactionKind.ORDER, "1100")) == []


async def test_a_second_order_of_a_won_deal_counts_and_is_remarked_on_whichever_comes_first(company: Company) -> None:
    await company.hire("ana")
    await company.deal("first", "1000", rep="ana", on="2026-01-10")
    second = await record(company, "o1", TransactionKind.ORDER, "1000", opportunity=Ref(external_id="first"))
    message = "the deal has 2 orders, and all of them are credited: winning a deal makes its order by itself"
    assert said(second) == [("SECOND_ORDER", message)]
    assert await credited(company) == Decimal(2000)
    await company.deal("later", "500", rep="ana", on=None, outcome=None)
    assert said(await record(company, "o2", TransactionKind.ORDER, "500", opportunity=Ref(external_id="later"))) == []
    won = opportunities.OpportunityMove(Ref(external_id="later"), "Won", Outcome.WON, date(2026, 1, 12))
    assert said(await company.do(opportunities.move, won)) == [("SECOND_ORDER", message)]
    again = opportunities.OpportunityUpsert(
        "later", "later", Ref(external_id="ana"), "Won", ForecastCategory.CLOSED, Decimal(1), Decimal(500),
        closed_on=date(2026, 1, 12), outcome=Outcome.WON,
    )  # fmt: skip
    assert said(await company.do(opportunities.upsert, again)) == [("SECOND_ORDER", message)]


async def test_invoices_payments_and_corrections_of_an_order_are_no_second_one(company: Company) -> None:
    await company.hire("ana")
    await company.deal("deal", "1000", rep="ana", on="2026-01-10")
    for kind in (TransactionKind.INVOICE, TransactionKind.PAYMENT):
        assert said(await record(company, kind.value, kind, "1000", opportunity=Ref(external_id="deal"))) == []
    assert said(await record(company, "more", TransactionKind.ORDER, "50", corrects=Ref(external_id="INVOICE"))) == []
