"""A quota and a first day that are set at once: what is expected follows the day, whichever is committed first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from spm_graph.actions import quotas, reps
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.terms import Proration
from spm_graph.store.database import Transaction
from spm_graph.store.tables import rep
from tests.company import ADMINISTRATOR, Company
from tests.conftest import execute
from tests.pay.test_races import UNLOCKED, interleaved


async def expecting(tx: Transaction) -> object:
    """3,000 for the first quarter, in whole months."""
    command = quotas.QuotaSet(Ref(external_id="ana"), "bookings", PeriodRef(name="2026-Q1"), Decimal(3000), (), Proration.WHOLE_MONTHS)
    return await quotas.set_quota(tx, ADMINISTRATOR, command)


async def hiring(tx: Transaction) -> object:
    """From February on."""
    return await reps.upsert(tx, ADMINISTRATOR, reps.RepUpsert("ana", "Ana", hired_on=date(2026, 2, 1)))


async def expected(company: Company) -> Decimal:
    (row,) = await company.rows("select sum(value) as value from quota_part")
    return Decimal(row["value"])


@pytest.mark.parametrize("acts", [(expecting, hiring), (hiring, expecting)])
async def test_a_quota_follows_a_first_day_that_is_set_at_the_same_time(company: Company, acts: tuple[Any, Any]) -> None:
    await company.hire("ana")
    assert await interleaved(company, *acts) is None
    assert await expected(company) == Decimal("2000.00")


async def test_without_the_locks_a_quota_misses_the_first_day(company: Company, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unlocked(tx: Transaction, _actor: object, given: Ref, _path: object) -> Any:
        return await tx.row(select(rep).where(rep.c.external_id == given.external_id))

    await company.hire("ana")
    await execute(database_url, UNLOCKED)
    for module in (quotas, reps):
        monkeypatch.setattr(module, "visible_rep", unlocked)
    assert await interleaved(company, expecting, hiring) is None
    assert await expected(company) == Decimal("3000.00")
