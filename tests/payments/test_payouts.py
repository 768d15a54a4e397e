"""The payout batch: what payroll gets is what the ledger says, to the cent and to the byte."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from spm_graph.actions import reps
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Grant
from spm_graph.store.visibility import Actor
from tests.company import Company
from tests.conftest import execute

from .conftest import Payroll, months

CLERK = Actor("clerk", None, frozenset({Grant.CLOSE, Grant.SEE_ALL}))
BOSS = Actor("boss", None, frozenset({Grant.CLOSE, Grant.SEE_ALL}))


async def careful(company: Company) -> None:
    """Let two people agree on what moves money."""
    async with company.database.transaction() as tx:
        await tx.execute("select spm_tick('test', 'companySet')")
        await tx.execute("update company set maker_checker = true")


async def test_a_closed_month_is_a_batch_that_is_approved_and_exported(payroll: Payroll) -> None:
    await payroll.pays("ana", "bo", "cy")
    await payroll.sells("ana", "10000", "2026-01")
    await payroll.sells("bo", "123.45", "2026-01")
    await payroll.close("2026-01")
    with pytest.raises(Refused, match="the batch is not approved yet"):
        await payroll.export("2026-01")
    await payroll.approve("2026-01")
    first = await payroll.export("2026-01")
    assert first == "externalId,name,period,currency,amount\r\nana,Ana,2026-01,USD,1000.00\r\nbo,Bo,2026-01,USD,12.35\r\n"
    await payroll.close("2026-02")
    assert await payroll.export("2026-01") == first
    states = await payroll.company.rows("select state from payout order by id")
    assert [row["state"] for row in states] == ["EXPORTED", "PREPARED"]


async def test_a_batch_is_approved_once_and_only_of_a_closed_month(payroll: Payroll) -> None:
    with pytest.raises(Refused, match="2026-01 has no payout batch: closing a month makes it"):
        await payroll.approve("2026-01")
    await payroll.close("2026-01")
    await payroll.approve("2026-01")
    with pytest.raises(Refused, match="the batch is approved already"):
        await payroll.approve("2026-01")


async def test_names_that_a_spreadsheet_would_run_or_a_reader_would_split_are_harmless(payroll: Payroll) -> None:
    names = ["=1+1", "+a", "-b", "@c", "\td", 'Ann "A", Bo\nBack', "Zoë"]
    for number, name in enumerate(names):
        await payroll.company.do(reps.upsert, reps.RepUpsert(external_id=f"r{number}", name=name))
        await payroll.adjust(f"r{number}", "2026-01", "1")
    await payroll.company.close("2026-01")
    await payroll.approve("2026-01")
    text = await payroll.export("2026-01")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[1] for row in rows[1:]] == ["'=1+1", "'+a", "'-b", "'@c", "'\td", 'Ann "A", Bo\nBack', "Zoë"]
    assert '"Ann ""A"", Bo\nBack"' in text


async def test_a_batch_that_differs_from_the_ledger_is_refused(payroll: Payroll, database_url: str) -> None:
    await payroll.pays("ana")
    await payroll.sells("ana", "10000", "2026-01")
    await payroll.close("2026-01")
    tampered = """
        alter table payment disable trigger payment_period_open;
        insert into payment (rep_id, period_id, kind, amount, currency, position) select rep_id, period_id, 'PAID', 0.01, currency, position
        from payment limit 1"""
    await execute(database_url, tampered)
    with pytest.raises(Refused) as refused:
        await payroll.approve("2026-01")
    assert [each.code for each in refused.value.problems] == [ProblemCode.UNRECONCILED]
    assert "the batch has 1000.00 USD, and the ledger 1000.01 USD" in str(refused.value)


async def test_who_closed_a_month_does_not_approve_what_it_pays_where_two_have_to_agree(payroll: Payroll) -> None:
    await careful(payroll.company)
    await payroll.closes("2026-01", CLERK)
    with pytest.raises(Refused) as refused:
        await payroll.approve("2026-01", CLERK)
    assert [each.code for each in refused.value.problems] == [ProblemCode.OWN_WORK]
    await payroll.approve("2026-01", BOSS)


async def test_all_batches_together_are_all_that_was_paid(payroll: Payroll) -> None:
    await payroll.pays("ana", "bo")
    await payroll.draw("bo", "1500")
    for month, amount in zip(months(4), ("1000.10", "-200", "33.33", "5000"), strict=True):
        await payroll.adjust("ana", month, amount)
        await payroll.adjust("bo", month, amount)
        await payroll.close(month)
        await payroll.approve(month)
    exported = [row for month in months(4) for row in csv.DictReader(io.StringIO(await payroll.export(month)))]
    (paid,) = await payroll.company.rows("select sum(amount) as amount, count(*) as lines from payment where kind = 'PAID'")
    assert sum(Decimal(row["amount"]) for row in exported) == paid["amount"] == Decimal("11666.86")
    assert len(exported) == paid["lines"] == 6
