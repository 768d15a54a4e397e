"""A sale that is put in a deal later takes what corrects it along, in the ledger and in what is read of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.actions import transactions
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import TransactionKind
from tests.company import Company, Flat

DEALS = """
select sale.external_id as sale, deal.external_id as deal from transaction as sale
left join opportunity as deal on deal.id = sale.opportunity_id where sale.external_id is not null order by 1
"""
PAID = """
select deal.external_id as deal, sum(shared.amount) as amount from earning_credit as shared
join transaction as sale on sale.id = shared.transaction_id left join opportunity as deal on deal.id = sale.opportunity_id
group by 1 having sum(shared.amount) <> 0 order by 1
"""


async def recorded(company: Company, key: str, amount: str, **more: Any) -> None:
    """An order of Ana's on 10 January, or what corrects one."""
    kind = TransactionKind.REFUND if amount.startswith("-") else TransactionKind.ORDER
    who = {} if "corrects" in more else {"rep": Ref(external_id="ana")}
    quantity = Decimal(-1 if amount.startswith("-") else 1)
    command = transactions.TransactionRecord(key, kind, date(2026, 1, 10), Decimal(amount), quantity, **who, **more)
    await company.do(transactions.record, command)


async def test_a_refund_goes_with_its_sale_into_another_deal(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Field", ("flat", Flat(Decimal("0.1")))), "ana")
    for deal in ("one", "two"):
        await company.deal(deal, "1", rep="ana", on=None, outcome=None)
    await recorded(company, "sale", "1000")
    await recorded(company, "refund", "-300", corrects=Ref(external_id="sale"))
    await recorded(company, "refund of another deal", "-50", corrects=Ref(external_id="sale"), opportunity=Ref(external_id="two"))
    await recorded(company, "sale", "1000", opportunity=Ref(external_id="one"))
    assert {row["sale"]: row["deal"] for row in await company.rows(DEALS)} == {
        "sale": "one",
        "refund": "one",
        "refund of another deal": "two",
    }
    await company.run_and_post("2026-01")
    assert [tuple(row.values()) for row in await company.rows(PAID)] == [("one", Decimal("70.00")), ("two", Decimal("-5.00"))]
