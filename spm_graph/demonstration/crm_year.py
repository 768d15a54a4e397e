"""A made-up CRM export, imported as a user would, and its year: quotas, plans, and twelve months calculated and posted."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from spm_graph.actions import components, measures, periods, plan_assignments, plans, quotas
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import Role, WindowKind
from spm_graph.importing import Mapping, load
from spm_graph.importing.mapping import example
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.store.database import Database

from .export import write_export
from .story import ACTOR, Say, Story

YEAR = 2017
"""The year of the deals: that of the export that the made-up one looks like, so that documented queries stay right."""

STARTS = date(YEAR, 1, 1)

COMMISSION: dict[str, Any] = {
    "tiersIn": "ATTAINMENT",
    "tiers": [{"starts": "0", "rate": "0.04"}, {"starts": "0.8", "rate": "0.06"}, {"starts": "1", "rate": "0.09"}],
}
"""4 % up to 80 % of quota, 6 % up to quota, 9 % beyond: each part at its own rate."""

TEAM_COMMISSION: dict[str, Any] = {"tiers": [{"starts": "0", "rate": "0.01"}]}

AGENT_QUOTA = Decimal(90_000)
MANAGER_QUOTA = Decimal(500_000)

PEOPLE = "select external_id, exists (select from reporting_line where manager_id = rep.id) as manages from rep order by id"


async def fill(database: Database, incentive_types: IncentiveTypes, say: Say) -> None:
    """Fill an empty database. Raises Refused if the package of the tiered commission is not installed."""
    story = Story(database, incentive_types)
    await story.do(measures.set_measure, measures.MeasureSet("bookings"))
    await story.do(measures.set_measure, measures.MeasureSet("team bookings", roles=(Role.ROLLUP,)))
    say("importing a made-up CRM export")
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder), year=YEAR)
        report = await load(database, ACTOR, Mapping.parse(example()), Path(folder))
    say(f"imported {report.counts['opportunities'].read:,} opportunities, {report.won_deals:,} of them won")
    people = await story.rows(PEOPLE)
    agents = [row["external_id"] for row in people if not row["manages"]]
    managers = [row["external_id"] for row in people if row["manages"]]
    say(f"setting quotas and plans for {len(agents)} agents and {len(managers)} managers")
    await _promise(story, agents, "bookings", AGENT_QUOTA, "Account executive", COMMISSION, WindowKind.QUARTER_TO_DATE)
    await _promise(story, managers, "team bookings", MANAGER_QUOTA, "Sales manager", TEAM_COMMISSION, WindowKind.PERIOD)
    for month in range(1, 13):
        name = f"{YEAR}-{month:02}"
        say(f"calculating and posting {name}")
        await story.pay(name)
        if month < 12:
            await story.do(periods.close, periods.PeriodClose(PeriodRef(name=name)))


async def _promise(
    story: Story, names: list[str], measure: str, quota: Decimal, plan: str, settings: dict[str, Any], window: WindowKind
) -> None:
    """Give people quarterly quotas, and a plan with one component."""
    given = (
        quotas.QuotaSet(Ref(external_id=name), measure, PeriodRef(name=f"{YEAR}-Q{quarter}"), quota)
        for name in names
        for quarter in range(1, 5)
    )
    await story.do_all(quotas.set_quota, given)
    config = story.incentive_types.decode("TieredCommission", settings)
    component = components.ComponentDraft("Commission", measure, config, window)
    plan_id = Id(global_id("plan", await story.plan(plans.PlanCreate((component,), STARTS, name=plan))))
    await story.do_all(plan_assignments.assign, (plan_assignments.PlanAssign(plan_id, Ref(external_id=name), STARTS) for name in names))
