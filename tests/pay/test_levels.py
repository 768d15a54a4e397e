"""Overrides by the difference of levels: who stands between a manager and a seller, and what they were called on the day of the deal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import components, plans
from spm_graph.domain.ids import global_id
from spm_graph.incentive_types import IncentiveTypes
from tests.company import Company

TYPES = IncentiveTypes.discover()
LEVELS = [{"title": "Agent", "rate": "0.05"}, {"title": "Manager", "rate": "0.07"}]


async def override(company: Company, name: str, **settings: Any) -> None:
    """A plan of somebody's own, on what their team sells."""
    part = components.ComponentDraft("Override", "team", TYPES.decode("ManagerOverride", settings))
    made = await company.do(plans.create, plans.PlanCreate((part,), date(2026, 1, 1), name=f"plan of {name}"))
    await company.do(plans.publish, plans.PlanPublish(global_id("version", made.values["plan_version_id"])))  # type: ignore[arg-type]
    await company.assign(int(made.values["plan_id"]), name)


@pytest.fixture
async def company(company: Company) -> Company:
    """Dora directs, Max manages, Ana and Zoe are agents: Ana reports to Max, and Zoe to Dora."""
    company.incentive_types = TYPES
    await company.hire("dora")
    await company.hire("max", manager="dora")
    await company.hire("ana", manager="max")
    await company.hire("zoe", manager="dora")
    for name, title in (("max", "Manager"), ("ana", "Agent"), ("zoe", "Agent")):
        await company.titled(name, title, "2026-01-01")
    await override(company, "dora", rate="0.08", levels=LEVELS)
    await override(company, "max", rate="0.07", levels=LEVELS)
    await company.won("100000", "ana", "2026-03-05")
    await company.won("50000", "zoe", "2026-03-06")
    return company


async def earned(company: Company, month: str) -> tuple[Decimal, Decimal]:
    await company.run_and_post(month)
    return await company.earned("dora", month), await company.earned("max", month)


async def test_each_level_gets_what_the_one_below_leaves(company: Company) -> None:
    # Dora has 8 less 7 % of Ana's deal, which came through Max, and 8 less 5 % of Zoe's; Max has 7 less 5 % of Ana's.
    assert await earned(company, "2026-03") == (Decimal(1000 + 1500), Decimal(2000))


async def test_a_title_that_comes_late_changes_what_managers_were_paid(company: Company) -> None:
    await earned(company, "2026-03")
    await company.close("2026-03")
    await company.titled("max", "Agent", "2026-02-01")
    await company.titled("zoe", "Manager", "2026-02-01")
    # Dora: 8 less 5 % of Ana's deal now, and 8 less 7 % of Zoe's.
    assert await earned(company, "2026-04") == (Decimal(2000 - 1000), Decimal(0))


async def test_a_deal_that_comes_through_nobody_else_after_all_pays_more(company: Company) -> None:
    await earned(company, "2026-03")
    await company.close("2026-03")
    await company.managed("ana", "dora", "2026-02-01")
    assert await earned(company, "2026-04") == (Decimal(2000), Decimal(-2000))


async def test_a_deal_that_the_team_shares_pays_by_the_rate_for_all(company: Company) -> None:
    deal = await company.won("10000", "ana", "2026-05-05")
    await company.split(deal, ana="0.5", zoe="0.5")
    await earned(company, "2026-03")
    # Of no single seller: Dora has all of her 8 % of it; Max, to whom Ana's half came, 7 less 5 %.
    assert await earned(company, "2026-05") == (Decimal(800), Decimal(100))
