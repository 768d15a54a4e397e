"""Holds: what is kept back, when it is released, and what a refund does to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Grant, Release, TransactionKind
from spm_graph.store.visibility import Actor
from tests.company import Flat

from .conftest import TENTH, Payroll, months, ref


async def test_a_deal_on_hold_is_paid_when_somebody_releases_it(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.sells("ana", "3000", "2026-01")
    hold = await payroll.hold("the contract is not signed", opportunity=ref(deal))
    await payroll.close(*months(2))
    await payroll.release(hold)
    await payroll.close("2026-03")
    assert await payroll.statement("ana", "2026-01", "earned", "held", "released", "payable") == ["1300", "1000", "0", "300"]
    assert await payroll.statement("ana", "2026-03", "earned", "held", "released", "payable") == ["0", "0", "1000", "1000"]
    assert await payroll.paid("ana", *months(3)) == ["300", "0", "1000"]
    assert await payroll.ledger("ana", "2026-01") == [("HELD", 1000), ("PAID", 300)]
    assert await payroll.ledger("ana", "2026-03") == [("RELEASED", 1000), ("PAID", 1000)]


async def test_a_hold_ends_in_the_month_of_its_day(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.sells("ana", "10000", "2026-01")
    await payroll.hold(rep=ref("ana"), releases_on=date(2026, 3, 31))
    await payroll.close(*months(3))
    assert await payroll.paid("ana", *months(3)) == ["0", "0", "1000"]


async def test_a_component_is_held_for_everybody_or_for_one(payroll: Payroll) -> None:
    await payroll.pays("ana", "bo", commission=TENTH, spiff=Flat(Decimal("0.05")))
    for name in ("ana", "bo"):
        await payroll.sells(name, "10000", "2026-01")
    await payroll.hold(component=await payroll.component("spiff"))
    await payroll.hold(component=await payroll.component("commission"), rep=ref("bo"))
    await payroll.close("2026-01")
    assert await payroll.statement("ana", "2026-01", "earned", "held", "payable") == ["1500", "500", "1000"]
    assert await payroll.statement("bo", "2026-01", "earned", "held", "payable") == ["1500", "1500", "0"]


async def test_of_a_split_deal_each_has_their_own_part_held(payroll: Payroll) -> None:
    await payroll.pays("ana", "bo")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.company.split(deal, ana="0.6", bo="0.4")
    await payroll.hold(opportunity=ref(deal), rep=ref("bo"))
    await payroll.close("2026-01")
    assert await payroll.paid("ana", "2026-01") == ["600"]
    assert await payroll.paid("bo", "2026-01") == ["0"]


async def test_cash_releases_in_proportion_and_the_last_payment_the_remainder(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "1000.10", "2026-01")  # a tenth is 100.01
    await payroll.hold("paid when cash is received", opportunity=ref(deal), release=Release.BY_CASH)
    await payroll.close("2026-01")
    for month, amount in (("2026-02", "333.37"), ("2026-03", "333.37"), ("2026-04", "333.36")):
        await payroll.cash(deal, amount, f"{month}-05")
        await payroll.close(month)
    assert await payroll.paid("ana", *months(4)) == ["0", "33.34", "33.33", "33.34"]


async def test_paying_when_cash_comes_is_a_hold_on_a_component(payroll: Payroll) -> None:
    await payroll.pays("ana", "bo")
    await payroll.hold("paid when cash is received", component=await payroll.component("commission"), release=Release.BY_CASH)
    first, second = await payroll.sells("ana", "20000", "2026-01"), await payroll.sells("bo", "5000", "2026-01")
    await payroll.cash(first, "10000", "2026-01-20")
    await payroll.close("2026-01")
    await payroll.cash(first, "10000", "2026-02-20")
    await payroll.cash(second, "5000", "2026-02-20")
    await payroll.close("2026-02")
    assert await payroll.statement("ana", "2026-01", "earned", "held", "released", "payable") == ["2000", "2000", "1000", "1000"]
    assert await payroll.paid("ana", *months(2)) == ["1000", "1000"]
    assert await payroll.paid("bo", *months(2)) == ["0", "500"]


async def test_cash_that_comes_after_the_month_does_not_count_in_it(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "1000", "2026-01")
    await payroll.hold(opportunity=ref(deal), release=Release.BY_CASH)
    await payroll.cash(deal, "1000", "2026-02-01")
    await payroll.close(*months(2))
    assert await payroll.paid("ana", *months(2)) == ["0", "100"]


async def test_a_sale_without_a_deal_waits_for_the_payments_that_refer_to_it(payroll: Payroll) -> None:
    await payroll.pays("ana")
    order = await payroll.transaction(TransactionKind.ORDER, "8000", "2026-01-10", rep=ref("ana"))
    invoice = await payroll.transaction(TransactionKind.INVOICE, "8000", "2026-01-12", corrects=ref(order))
    await payroll.hold(rep=ref("ana"), release=Release.BY_CASH)
    await payroll.close("2026-01")
    await payroll.transaction(TransactionKind.PAYMENT, "6000", "2026-02-10", corrects=ref(invoice))
    await payroll.close("2026-02")
    assert await payroll.paid("ana", *months(2)) == ["0", "600"]


async def test_a_refund_while_held_releases_nothing_and_takes_the_held_part_back(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    hold = await payroll.hold(opportunity=ref(deal))
    await payroll.close("2026-01")
    await payroll.company.refund(deal, on="2026-02-10", amount="-4000")
    await payroll.close("2026-02")
    await payroll.release(hold)
    await payroll.close("2026-03")
    assert await payroll.statement("ana", "2026-02", "earned", "held", "released", "payable", "carried") == ["-400", "-400", "0", "0", "0"]
    assert await payroll.paid("ana", *months(3)) == ["0", "0", "600"]


async def test_of_a_deal_that_is_half_paid_a_refund_takes_first_what_is_held(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "20000", "2026-01")
    await payroll.hold(opportunity=ref(deal), release=Release.BY_CASH)
    await payroll.cash(deal, "10000", "2026-01-20")
    await payroll.close("2026-01")
    await payroll.company.refund(deal, on="2026-02-10", amount="-5000")
    await payroll.close("2026-02")
    await payroll.cash(deal, "5000", "2026-03-20")
    await payroll.close("2026-03")
    assert await payroll.statement("ana", "2026-02", "earned", "held", "released", "carried") == ["-500", "-500", "0", "0"]
    assert await payroll.paid("ana", *months(3)) == ["1000", "0", "500"]


async def test_what_was_paid_before_a_hold_stays_paid(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.close("2026-01")
    await payroll.hold(opportunity=ref(deal))
    await payroll.close("2026-02")
    assert await payroll.paid("ana", *months(2)) == ["1000", "0"]
    assert await payroll.ledger("ana", "2026-02") == []


async def test_the_longest_of_several_holds_decides(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.cash(deal, "5000", "2026-01-20")
    await payroll.hold(rep=ref("ana"), release=Release.BY_CASH)
    event = await payroll.hold(opportunity=ref(deal))
    await payroll.close("2026-01")
    await payroll.release(event)
    await payroll.close("2026-02")
    assert await payroll.paid("ana", *months(2)) == ["0", "500"]


async def test_on_hold_a_rep_still_has_the_draw(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.draw("ana", "2000")
    await payroll.sells("ana", "30000", "2026-01")
    await payroll.hold(rep=ref("ana"))
    await payroll.close("2026-01")
    assert await payroll.statement("ana", "2026-01", "earned", "held", "drawn", "payable") == ["3000", "3000", "2000", "2000"]


async def test_an_adjustment_is_held_with_its_deal(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.hold(opportunity=ref(deal))
    await payroll.adjust("ana", "2026-01", "50", deal)
    await payroll.adjust("ana", "2026-01", "7")
    await payroll.close("2026-01")
    assert await payroll.statement("ana", "2026-01", "adjustments", "held", "payable") == ["57", "1050", "7"]


async def test_open_months_show_what_closing_them_would_book(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.draw("ana", "2000")
    deal = await payroll.sells("ana", "30000", "2026-01")
    await payroll.hold(opportunity=ref(deal), release=Release.BY_CASH)
    await payroll.cash(deal, "30000", "2026-02-20")
    await payroll.sells("ana", "1000", "2026-03")
    for month in months(3):
        await payroll.post(month)
    wanted = ("opening", "earned", "held", "released", "drawn", "recovered", "payable", "owed")
    shown = [await payroll.statement("ana", month, *wanted) for month in months(3)]
    for month in months(3):
        await payroll.company.close(month)
    assert shown == [await payroll.statement("ana", month, *wanted) for month in months(3)]
    assert [each[6:] for each in shown] == [["2000", "2000"], ["2000", "1000"], ["2000", "2900"]]


async def test_a_hold_needs_something_to_hold_and_a_reason(payroll: Payroll) -> None:
    await payroll.company.hire("ana")
    for what, path in (
        ({}, ("rep",)),
        ({"rep": ref("ana"), "release": Release.BY_CASH, "releases_on": date(2026, 3, 1)}, ("releasesOn",)),
        ({"rep": ref("ana"), "reason": " "}, ("reason",)),
    ):
        with pytest.raises(Refused) as refused:
            await payroll.hold(**what)
        assert [(each.code, each.path) for each in refused.value.problems] == [(ProblemCode.INVALID, path)]


async def test_a_hold_is_released_once(payroll: Payroll) -> None:
    await payroll.company.hire("ana")
    hold = await payroll.hold(rep=ref("ana"))
    await payroll.release(hold)
    with pytest.raises(Refused, match="the hold was released before"):
        await payroll.release(hold)


async def test_to_hold_everybodys_component_one_has_to_see_everybody(payroll: Payroll) -> None:
    await payroll.pays("ana")
    narrow = Actor("narrow", None, frozenset({Grant.ADJUST}))
    with pytest.raises(Refused, match="needs the grant SEE_ALL"):
        await payroll.hold(actor=narrow, component=await payroll.component("commission"))


async def test_a_hold_that_ended_by_its_day_is_named_no_more_where_another_still_holds(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.sells("ana", "10000", "2026-01")
    await payroll.hold("until the fifteenth", rep=ref("ana"), releases_on=date(2026, 2, 15))
    await payroll.hold("not signed", rep=ref("ana"))
    await payroll.hold("disputed", rep=ref("ana"))
    await payroll.close(*months(3))
    said = await payroll.company.rows(
        "select said.says from rep, period cross join lateral explained_period(rep.id, period.id) as said"
        " where period.name = '2026-01' and said.reason = 'HELD'"
    )
    assert [row["says"] for row in said] == ["commission of Tenth: 1000.00 USD is held: not signed; disputed"]
