"""Clawbacks: never more than was paid, carried as a debt, and forgiven only by somebody who may."""

from __future__ import annotations

import pytest

from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Debt, Release

from .conftest import Payroll, months, ref


async def test_half_of_a_deal_is_clawed_back_later_and_the_closed_month_stays(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "100000", "2026-01")
    await payroll.close("2026-01")
    await payroll.adjust("ana", "2026-02", "-5000", deal)
    await payroll.close("2026-02")
    await payroll.sells("ana", "80000", "2026-03")
    await payroll.close("2026-03")
    assert await payroll.statement("ana", "2026-01", "earned", "payable") == ["10000", "10000"]
    assert await payroll.statement("ana", "2026-02", "adjustments", "payable", "carried") == ["-5000", "0", "-5000"]
    assert await payroll.statement("ana", "2026-03", "opening", "earned", "payable") == ["-5000", "8000", "3000"]
    assert await payroll.paid("ana", *months(3)) == ["10000", "0", "3000"]


async def test_a_refund_of_half_the_sale_does_the_same(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "100000", "2026-01")
    await payroll.close("2026-01")
    await payroll.company.refund(deal, on="2026-02-10", amount="-50000")
    await payroll.close("2026-02")
    assert await payroll.statement("ana", "2026-02", "earned", "carried") == ["-5000", "-5000"]


async def test_an_instalment_that_was_not_paid_is_cancelled_and_not_clawed_back(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.hold(opportunity=ref(deal), release=Release.BY_CASH)
    await payroll.cash(deal, "5000", "2026-01-20")
    await payroll.close("2026-01")
    await payroll.company.refund(deal, on="2026-02-10", amount="-10000")
    await payroll.close("2026-02")
    assert await payroll.paid("ana", *months(2)) == ["500", "0"]
    assert await payroll.ledger("ana", "2026-02") == [("HELD", -500)]
    assert await payroll.statement("ana", "2026-02", "earned", "held", "carried") == ["-1000", "-500", "-500"]


async def test_a_clawback_by_hand_comes_off_what_is_held_of_the_deal_first(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    hold = await payroll.hold(opportunity=ref(deal))
    await payroll.close("2026-01")
    await payroll.adjust("ana", "2026-02", "-400", deal)
    await payroll.sells("ana", "2000", "2026-02")
    await payroll.close("2026-02")
    await payroll.release(hold)
    await payroll.close("2026-03")
    assert await payroll.statement("ana", "2026-02", "earned", "adjustments", "held", "payable") == ["200", "-400", "-400", "200"]
    assert await payroll.paid("ana", *months(3)) == ["0", "200", "600"]


async def test_more_than_a_deal_brought_cannot_be_taken_back_for_it(payroll: Payroll) -> None:
    await payroll.pays("ana")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.close("2026-01")
    await payroll.adjust("ana", "2026-02", "-600", deal)
    with pytest.raises(Refused, match=r"deal 1 brought Ana 400\.00 USD: no more than that can be taken back"):
        await payroll.adjust("ana", "2026-02", "-400.01", deal)


async def test_what_a_leaver_owes_is_a_receivable_until_it_is_forgiven(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.draw("ana", "2000", ends="2026-02-01")
    deal = await payroll.sells("ana", "10000", "2026-01")
    await payroll.close("2026-01")  # 1,000 earned and 1,000 drawn
    await payroll.company.leaves("ana", "2026-02-10")
    await payroll.company.refund(deal, on="2026-02-15", amount="-10000")
    await payroll.close("2026-02")
    assert await payroll.owes("ana") == ["1000", "1000"]
    await payroll.forgive("ana", Debt.CARRIED, "400")
    await payroll.forgive("ana", Debt.DRAW)
    assert await payroll.owes("ana") == ["600", "0"]
    assert await payroll.statement("ana", "2026-03", "opening", "written_off", "carried", "owed") == ["-1000", "400", "-600", "0"]
    await payroll.close("2026-03")
    assert await payroll.owes("ana") == ["600", "0"]
    assert await payroll.ledger("ana", "2026-03") == [("WRITTEN_OFF", 400), ("WRITTEN_OFF", 1000)]
    assert await payroll.statement("ana", "2026-04", "opening") == ["-600"]


async def test_no_more_than_is_owed_can_be_forgiven(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.adjust("ana", "2026-01", "-1000")
    await payroll.company.close("2026-01")
    for debt, amount in ((Debt.CARRIED, "0"), (Debt.CARRIED, "-1"), (Debt.CARRIED, "1000.01"), (Debt.CARRIED, "0.001"), (Debt.DRAW, None)):
        with pytest.raises(Refused) as refused:
            await payroll.forgive("ana", debt, amount)
        assert [(each.code, each.path) for each in refused.value.problems] == [(ProblemCode.INVALID, ("amount",))], amount


async def test_forgiving_says_why(payroll: Payroll) -> None:
    await payroll.pays("ana")
    with pytest.raises(Refused, match="needs a note that says why"):
        await payroll.forgive("ana", Debt.CARRIED, "1", note=" ")
