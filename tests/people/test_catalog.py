"""Accounts and products: what is sold to whom, written as the CRM has it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from spm_graph.actions import accounts, products, rules
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import Role
from tests.company import Company
from tests.pay.test_runs import code_of


async def test_an_account_is_made_once_and_then_changed_to_what_is_given(company: Company) -> None:
    await company.account("kappa", "retail", "PT")
    await company.account("lambda", parent="kappa")
    await company.account("kappa", "medical")
    found = await company.rows(
        "select account.external_id, account.name, account.industry, account.country, above.name as parent"
        " from account left join account as above on above.id = account.parent_id order by account.id"
    )
    assert [tuple(row.values()) for row in found] == [("kappa", "Kappa", "medical", None, None), ("lambda", "Lambda", None, None, "Kappa")]
    audited = await company.rows(
        "select before ->> 'industry' as old, after ->> 'industry' as new from audit where noun = 'account' order by 1"
    )
    assert [tuple(row.values()) for row in audited] == [("retail", "medical"), (None, "retail"), (None, None)]


async def test_an_account_never_belongs_to_itself(company: Company) -> None:
    await company.account("kappa")
    await company.account("lambda", parent="kappa")
    await company.account("mu", parent="lambda")
    for parent in ("kappa", "mu"):
        assert await code_of(company.account("kappa", parent=parent)) == ProblemCode.CYCLE
    assert await code_of(company.account("nu", parent="nobody")) == ProblemCode.NOT_FOUND


async def test_a_product_has_a_price_in_the_companys_currency(company: Company) -> None:
    await company.do(products.upsert, products.ProductUpsert("gtx", "GTX", "G", Decimal("550.5")))
    await company.do(products.upsert, products.ProductUpsert("gtx", "GTX Pro", None, Decimal("600")))
    found = await company.rows("select external_id, name, family, list_price, currency from product")
    assert [tuple(row.values()) for row in found] == [("gtx", "GTX Pro", None, Decimal(600), "USD")]


@pytest.mark.parametrize(
    ("act", "command"),
    [
        (products.upsert, products.ProductUpsert("gtx", "GTX", list_price=Decimal("-1"))),
        (products.upsert, products.ProductUpsert("gtx", "GTX", list_price=Decimal("0.001"))),
        (products.upsert, products.ProductUpsert(" ", "GTX")),
        (products.upsert, products.ProductUpsert("gtx", "")),
        (accounts.upsert, accounts.AccountUpsert("", "Kappa")),
        (accounts.upsert, accounts.AccountUpsert("kappa", " ", parent=Ref(external_id="kappa"))),
    ],
)
async def test_what_has_no_key_no_name_or_no_possible_price_is_refused(company: Company, act: object, command: object) -> None:
    assert await code_of(company.do(act, command)) == ProblemCode.INVALID


async def test_deals_of_a_product_that_gets_into_another_family_are_credited_again(company: Company) -> None:
    await company.hire("ana", "bo")
    await company.do(products.upsert, products.ProductUpsert("gtx", "GTX", "old"))
    overlay = rules.CreditingRuleSet("new", Role.OVERLAY, date(2026, 1, 1), rep=Ref(external_id="bo"), product_family="new")
    await company.do(rules.set_rule, overlay)
    await company.won("100", rep="ana", on="2026-02-10", product=Ref(external_id="gtx"))
    for family, expected in (("new", [("Ana", 100), ("Bo", 100)]), ("old", [("Ana", 100)])):
        await company.do(products.upsert, products.ProductUpsert("gtx", "GTX", family))
        found = await company.rows(
            "select rep.name, amount from credit join rep on rep.id = rep_id join measure on measure.id = measure_id"
            " where superseded_position is null and measure.name = 'bookings' order by 1"
        )
        assert [(row["name"], row["amount"]) for row in found] == expected
