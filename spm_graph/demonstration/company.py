"""A company to look at: a made-up CRM export imported, quotas, plans, and a year that was calculated, posted and closed."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from spm_graph.actions import measures, periods, plans, quotas, runs
from spm_graph.actions.outcome import Outcome
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.calculation import run
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import Grant, PlanState, Role, WindowKind
from spm_graph.importing.load import load
from spm_graph.importing.mapping import Mapping, example
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .export import write_export

YEAR = 2017
"""The year of the deals: that of the export that the made-up one looks like, so that documented queries stay right."""

MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]

ACTOR = Actor("demonstration", None, frozenset(Grant))

STARTS = date(YEAR, 1, 1)

COMMISSION: dict[str, Any] = {
    "tiersIn": "ATTAINMENT",
    "tiers": [{"starts": "0", "rate": "0.04"}, {"starts": "0.8", "rate": "0.06"}, {"starts": "1", "rate": "0.09"}],
}
"""4 % up to 80 % of quota, 6 % up to quota, 9 % beyond: each part at its own rate."""

TEAM_COMMISSION: dict[str, Any] = {"tiers": [{"starts": "0", "rate": "0.01"}]}

AGENT_QUOTA = Decimal(90_000)
MANAGER_QUOTA = Decimal(500_000)

Say = Callable[[str], None]


async def wanting(database: Database) -> bool:
    """Whether the database is empty, or the demonstration in it was broken off before its end."""
    found: bool = await database.pool.fetchval(
        """
        select not exists (select from rep)
            or exists (select from tick where actor = $1)
               and not exists (select from run join period on period.id = run.period_id where run.state = 'POSTED' and period.name = $2)
        """,
        ACTOR.name,
        MONTHS[-1],
    )
    return found


async def populate(database: Database, incentive_types: IncentiveTypes, say: Say) -> None:
    """Fill a database that is wanting; `say` is told what is being done. What was done before a break is not done again.

    Raises Refused if the package of the tiered commission is not installed.
    """
    commission = incentive_types.decode("TieredCommission", COMMISSION)
    team_commission = incentive_types.decode("TieredCommission", TEAM_COMMISSION)
    story = _Story(database)
    await story.do(measures.set_measure, measures.MeasureSet("bookings"))
    await story.do(measures.set_measure, measures.MeasureSet("team bookings", roles=(Role.ROLLUP,)))
    say("importing a made-up CRM export")
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder), year=YEAR)
        report = await load(database, ACTOR, Mapping.parse(example()), Path(folder))
    say(f"imported {report.counts['opportunities'].read:,} opportunities, {report.won_deals:,} of them won")
    agents, managers = await story.people()
    say(f"setting quotas and plans for {len(agents)} agents and {len(managers)} managers")
    await story.paid(agents, "bookings", AGENT_QUOTA, "Account executive", commission, WindowKind.QUARTER_TO_DATE)
    await story.paid(managers, "team bookings", MANAGER_QUOTA, "Sales manager", team_commission, WindowKind.PERIOD)
    for name in await story.open_months():
        say(f"calculating and posting {name}")
        outcome = await run.start(database, incentive_types, ACTOR, run.RunStart(PeriodRef(name=name)))
        await story.do(runs.post, runs.RunPost(Id(global_id("run", outcome.values["run_id"]))))
        if name != MONTHS[-1]:
            await story.do(periods.close, periods.PeriodClose(PeriodRef(name=name)))


class _Story:
    """What is done to the company, act by act."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def do(self, act: Callable[..., Awaitable[Outcome]], command: object) -> Outcome:
        async with self.database.transaction() as tx:
            return await act(tx, ACTOR, command)

    async def people(self) -> tuple[list[str], list[str]]:
        """The external ids of those who manage nobody, and of those who manage somebody."""
        async with self.database.transaction() as tx:
            rows = await tx.rows(
                "select external_id, exists (select from reporting_line where manager_id = rep.id) as manages from rep order by id"
            )
        return [row["external_id"] for row in rows if not row["manages"]], [row["external_id"] for row in rows if row["manages"]]

    async def paid(self, reps: list[str], measure: str, quota: Decimal, plan: str, config: Any, window: WindowKind) -> None:
        """Give people quarterly quotas, and a plan with one component."""
        for rep in reps:
            for quarter in range(1, 5):
                await self.do(quotas.set_quota, quotas.QuotaSet(Ref(external_id=rep), measure, PeriodRef(name=f"{YEAR}-Q{quarter}"), quota))
        plan_id, version_id, state = await self.plan(plan, measure, config, window)
        if state == PlanState.DRAFT:
            await self.do(plans.publish, plans.PlanPublish(Id(global_id("version", version_id))))
        for rep in reps:
            await self.do(plans.assign, plans.PlanAssign(Id(global_id("plan", plan_id)), Ref(external_id=rep), STARTS))

    async def plan(self, name: str, measure: str, config: Any, window: WindowKind) -> tuple[int, int, str]:
        """A plan with one component, its version and that one's state; made if it is new."""
        known = (
            "select plan.id, version.id, version.state from plan join plan_version as version on version.plan_id = plan.id where name = $1"
        )
        if found := await self.database.pool.fetchrow(known, name):
            return tuple(found)
        drafted = plans.PlanCreate((plans.ComponentDraft("Commission", measure, config, window),), STARTS, name=name)
        made = await self.do(plans.create, drafted)
        return made.values["plan_id"], made.values["plan_version_id"], PlanState.DRAFT

    async def open_months(self) -> list[str]:
        """The months that are still to be paid."""
        rows = await self.database.pool.fetch("select name from period where name = any($1) and state = 'OPEN' order by name", MONTHS)
        return [row["name"] for row in rows]
