"""Draws: what tops a month up, what is taken back of it, and what is forgiven."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import reps
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import DrawKind
from tests.company import Flat

from .conftest import TENTH, Payroll, months

SOLD = ("27500", "30000", "15000", "23750", "30000", "27500")


async def told(payroll: Payroll, sold: tuple[str, ...], monthly: str = "2000", **terms: Any) -> None:
    """Ana has a draw, sells so much in each month, and the months close."""
    await payroll.pays("ana")
    await payroll.draw("ana", monthly, **terms)
    for month, amount in zip(months(len(sold)), sold, strict=True):
        if amount != "0":
            await payroll.sells("ana", amount, month)
        await payroll.close(month)


async def seen(payroll: Payroll, count: int, name: str) -> list[str]:
    """A number of Ana's statements, month by month."""
    return [(await payroll.statement("ana", month, name))[0] for month in months(count)]


async def test_a_draw_tops_up_weak_months_and_is_recovered_from_the_excess_of_strong_ones(payroll: Payroll) -> None:
    await told(payroll, SOLD)
    assert await payroll.paid("ana", *months(6)) == ["2750", "3000", "2000", "2000", "2875", "2750"]
    assert await seen(payroll, 6, "owed") == ["0", "0", "500", "125", "0", "0"]
    assert await seen(payroll, 6, "drawn") == ["0", "0", "500", "0", "0", "0"]
    assert await seen(payroll, 6, "recovered") == ["0", "0", "0", "375", "125", "0"]


async def test_a_share_of_the_excess_is_recovered(payroll: Payroll) -> None:
    await told(payroll, ("0", "30000", "30000", "60000"), recovery_share="0.5")
    assert await seen(payroll, 4, "recovered") == ["0", "500", "500", "1000"]
    assert await payroll.paid("ana", *months(4)) == ["2000", "2500", "2500", "5000"]
    assert await payroll.owes("ana") == ["0", "0"]


async def test_half_a_cent_of_a_share_is_rounded_up(payroll: Payroll) -> None:
    await told(payroll, ("0", "20000.10"), recovery_share="0.5")
    assert await seen(payroll, 2, "recovered") == ["0", "0.01"]


async def test_recovery_begins_in_the_month_of_its_day(payroll: Payroll) -> None:
    await told(payroll, ("10000", "30000", "30000"), recovery_starts="2026-03-31")
    assert await payroll.paid("ana", *months(3)) == ["2000", "3000", "2000"]
    assert await seen(payroll, 3, "owed") == ["1000", "1000", "0"]


async def test_a_guarantee_is_written_off_as_it_is_drawn(payroll: Payroll) -> None:
    await told(payroll, ("5000", "50000"), kind=DrawKind.NON_RECOVERABLE)
    assert await payroll.paid("ana", *months(2)) == ["2000", "5000"]
    assert await payroll.ledger("ana", "2026-01") == [("DRAWN", 1500), ("WRITTEN_OFF", 1500), ("PAID", 2000)]
    assert await seen(payroll, 2, "owed") == ["0", "0"]


async def test_what_is_owed_when_forgiveness_comes_is_written_off_and_not_recovered(payroll: Payroll) -> None:
    await told(payroll, ("10000", "25000", "50000", "10000"), kind=DrawKind.RECOVERABLE_THEN_FORGIVEN, forgiven_on="2026-03-15")
    assert await payroll.paid("ana", *months(4)) == ["2000", "2000", "5000", "2000"]
    assert await seen(payroll, 4, "owed") == ["1000", "500", "0", "0"]
    assert await payroll.ledger("ana", "2026-03") == [("WRITTEN_OFF", 500), ("PAID", 5000)]
    assert await payroll.ledger("ana", "2026-04") == [("DRAWN", 1000), ("WRITTEN_OFF", 1000), ("PAID", 2000)]


async def test_a_draw_is_paid_where_nothing_was_earned_and_recovered_after_it_ended(payroll: Payroll) -> None:
    await told(payroll, ("0", "0", "30000", "30000"), ends="2026-03-01")
    assert await payroll.paid("ana", *months(4)) == ["2000", "2000", "0", "2000"]
    assert await seen(payroll, 4, "recovered") == ["0", "0", "3000", "1000"]


async def test_protected_components_neither_use_up_the_draw_nor_pay_it_back(payroll: Payroll) -> None:
    await payroll.pays("ana", commission=TENTH, spiff=Flat(Decimal("0.05")))
    await payroll.draw("ana", "2000", protected=(await payroll.component("spiff"),))
    await payroll.sells("ana", "10000", "2026-01")
    await payroll.sells("ana", "24000", "2026-02")
    await payroll.close(*months(2))
    assert await payroll.statement("ana", "2026-01", "earned", "drawn", "payable") == ["1500", "1000", "2500"]
    assert await payroll.statement("ana", "2026-02", "earned", "recovered", "payable") == ["3600", "400", "3200"]
    assert await payroll.owes("ana") == ["0", "600"]


@pytest.mark.parametrize(("prorated", "january"), [(True, "1096.77"), (False, "2000")])
async def test_a_joiner_gets_the_draw_by_days_unless_it_is_not_prorated(payroll: Payroll, prorated: bool, january: str) -> None:
    await payroll.pays("ana")
    await payroll.company.do(reps.upsert, reps.RepUpsert(external_id="ana", name="Ana", hired_on=date(2026, 1, 15)))
    await payroll.draw("ana", "2000", prorated=prorated)
    await payroll.close(*months(2))
    assert await payroll.paid("ana", *months(2)) == [january, "2000"]  # 17 days of 31


async def test_a_leaver_has_no_draw_after_the_last_day(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.draw("ana", "3000")
    await payroll.company.leaves("ana", "2026-02-14")
    await payroll.close(*months(3))
    assert await payroll.paid("ana", *months(3)) == ["3000", "1500", "0"]


async def test_a_draw_that_changes_within_a_month_counts_by_days(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.draw("ana", "3000")
    await payroll.draw("ana", "6000", starts="2026-04-11")
    await payroll.draw("ana", None, starts="2026-05-01")
    await payroll.close(*months(5))
    assert await payroll.paid("ana", *months(5)) == ["3000", "3000", "3000", "5000", "0"]


async def test_a_debt_comes_before_recovery_and_out_of_the_draw_too(payroll: Payroll) -> None:
    await told(payroll, ("10000", "40000"))  # owes 1,000, then pays it back
    await payroll.adjust("ana", "2026-03", "-300")
    await payroll.sells("ana", "25000", "2026-04")
    await payroll.close("2026-03", "2026-04")
    assert await payroll.statement("ana", "2026-03", "adjustments", "drawn", "payable", "owed") == ["-300", "2000", "1700", "2000"]
    assert await payroll.statement("ana", "2026-04", "opening", "earned", "recovered", "payable") == ["0", "2500", "500", "2000"]


async def test_a_debt_that_is_carried_leaves_recovery_only_what_is_above_the_draw(payroll: Payroll) -> None:
    await told(payroll, ("0",))  # owes 2,000
    await payroll.adjust("ana", "2026-02", "-2300")
    await payroll.sells("ana", "25000", "2026-03")
    await payroll.close("2026-02", "2026-03")
    assert await payroll.statement("ana", "2026-02", "drawn", "payable", "carried") == ["2000", "0", "-300"]
    assert await payroll.statement("ana", "2026-03", "opening", "earned", "recovered", "payable") == ["-300", "2500", "200", "2000"]


async def test_an_earlier_month_with_a_draw_has_to_close_first(payroll: Payroll) -> None:
    await payroll.pays("ana")
    await payroll.draw("ana", "2000")
    with pytest.raises(Refused, match="2026-01 has something to pay and is open: periods close in order"):
        await payroll.company.close("2026-02")


NONSENSE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"recovery_share": "0"}, "recoveryShare"),
    ({"recovery_share": "1.1"}, "recoveryShare"),
    ({"kind": DrawKind.RECOVERABLE_THEN_FORGIVEN}, "forgivenOn"),
    ({"forgiven_on": "2026-03-01"}, "forgivenOn"),
    ({"ends": "2026-01-01"}, "ends"),
    ({"monthly": "0.001"}, "monthly"),
    ({"monthly": "-5"}, "monthly"),
)


async def test_a_draw_that_makes_no_sense_is_refused(payroll: Payroll) -> None:
    await payroll.company.hire("ana")
    for terms, path in NONSENSE:
        with pytest.raises(Refused) as refused:
            await payroll.draw("ana", **{"monthly": "2000", **terms})
        assert [(each.code, each.path) for each in refused.value.problems] == [(ProblemCode.INVALID, (path,))], terms


async def test_a_draw_that_is_not_prorated_is_that_of_the_last_day_that_counts(payroll: Payroll) -> None:
    await payroll.pays("ana", "bo")
    for name in ("ana", "bo"):
        await payroll.draw(name, "3000", prorated=False)
        await payroll.draw(name, "6000", starts="2026-01-11", prorated=False)
    await payroll.company.leaves("ana", "2026-01-05")
    await payroll.close("2026-01")
    assert await payroll.paid("ana", "2026-01") == ["3000"]
    assert await payroll.paid("bo", "2026-01") == ["6000"]
