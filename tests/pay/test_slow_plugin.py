"""A plugin may take its time: it holds up its run, and nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance, Step
from tests.company import Company

SECONDS = 0.5
begun: list[float] = []


@dataclass(frozen=True)
class Slow:
    """Pay 5 % of what is credited, after a while."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        begun.append(time.monotonic())
        time.sleep(SECONDS)
        yield Line("commission", (Step("5 %", performance.credited, Decimal("0.05")),))


async def test_a_query_is_answered_while_a_plugin_calculates(company: Company) -> None:
    company.incentive_types = IncentiveTypes.of([Slow])
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", Slow())), "ana")
    await company.won("1000", rep="ana", on="2026-01-10")
    running = asyncio.create_task(company.run_and_post("2026-01"))
    while not begun:
        await asyncio.sleep(0.01)
    assert await company.database.pool.fetchval("select 1") == 1
    assert time.monotonic() - begun[0] < SECONDS
    await running
    assert await company.earned("ana", "2026-01") == Decimal("50.00")
