"""A company to tell stories with: each method is one act, done as the API does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from spm_tiered_commission import TieredCommission

from spm_graph.actions import (
    accounts,
    adjustments,
    components,
    goals,
    measures,
    openings,
    opportunities,
    periods,
    plan_assignments,
    plans,
    quotas,
    reps,
    runs,
    targets,
    territories,
    transactions,
)
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.actions.result import Result
from spm_graph.calculation import run
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import (
    AccountAttribute,
    AdjustmentReason,
    Backdating,
    Carry,
    ForecastCategory,
    Grant,
    Outcome,
    Role,
    Rounding,
    TransactionKind,
    WindowKind,
)
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance, Step
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

ADMINISTRATOR = Actor("administrator", None, frozenset(Grant))
PROBABILITY = Decimal("0.5")


@dataclass(frozen=True)
class Flat:
    """Pay one rate on everything credited."""

    rate: Annotated[Decimal, "The share that is paid: 0.05 is 5 %."]

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line, zero or not."""
        yield Line("commission", (Step(f"{self.rate * 100:g}% of what was credited", performance.credited, self.rate),))


@dataclass(frozen=True)
class Bonus:
    """Pay a bonus on reaching quota."""

    bonus: Annotated[Decimal, "The bonus."]

    def earn(self, performance: Performance) -> Iterable[Line]:
        """The bonus, once attainment is 1."""
        if (performance.attainment or 0) >= 1:
            yield Line("bonus", (Step("quota reached", self.bonus),))


@dataclass(frozen=True)
class OnTarget:
    """Pay the target variable in proportion to attainment."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """Nothing without a target."""
        if performance.target_variable is not None and performance.attainment is not None:
            yield Line("on target", (Step("target variable times attainment", performance.target_variable, performance.attainment),))


@dataclass(frozen=True)
class Kicker:
    """Pay a share of what an earlier component earned."""

    component: Annotated[str, "The earlier component's name."]
    rate: Annotated[Decimal, "The share."]

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        base = sum((line.amount for line in performance.earned[self.component]), Decimal(0))
        yield Line("kicker", (Step(f"on top of {self.component}", base, self.rate),))


@dataclass(frozen=True)
class Broken:
    """Raise an error for whoever sold anything."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """Divide by zero."""
        if performance.credits:
            raise ZeroDivisionError("no luck")
        return ()


@dataclass
class Company:
    """A company in 2026 with monthly periods, measures `bookings` and `team`, and whom the story hires."""

    database: Database
    incentive_types: IncentiveTypes = field(
        default_factory=lambda: IncentiveTypes.of([Flat, Bonus, OnTarget, Kicker, Broken, TieredCommission])
    )
    numbers: int = 0

    @classmethod
    async def founded(cls, database: Database, today: str = "2027-01-15", year: int = 2026) -> Company:
        """A company with a calendar and two measures."""
        database.today = lambda: date.fromisoformat(today)
        company = cls(database)
        await company.do(periods.create, periods.PeriodsCreate(year))
        await company.do(measures.set_measure, measures.MeasureSet("bookings"))
        await company.do(measures.set_measure, measures.MeasureSet("team", roles=(Role.DIRECT, Role.SPLIT, Role.ROLLUP)))
        return company

    async def do(self, act: Any, command: Any, actor: Actor = ADMINISTRATOR) -> Result:
        """Do one act in a transaction of its own."""
        async with self.database.transaction() as tx:
            result: Result = await act(tx, actor, command)
        return result

    async def hire(self, *names: str, manager: str | None = None, starts: str = "2026-01-01", email: str | None = None) -> None:
        """Reps, whose external ids are their names."""
        for name in names:
            await self.do(reps.upsert, reps.RepUpsert(external_id=name, name=name.title(), email=email))
            if manager:
                await self.managed(name, manager, starts)

    async def managed(self, name: str, manager: str, starts: str, backdating: Backdating = Backdating.RESTATE) -> None:
        """Let somebody report to somebody from a day on."""
        command = reps.ManagerSet(Ref(external_id=name), Ref(external_id=manager), date.fromisoformat(starts), backdating)
        await self.do(reps.set_manager, command)

    async def titled(self, name: str, title: str | None, starts: str | None = None, **more: Any) -> None:
        """Call somebody so from a day on."""
        day = date.fromisoformat(starts) if starts else None
        await self.do(reps.upsert, reps.RepUpsert(external_id=name, name=name.title(), title=title, title_from=day, **more))

    async def leaves(self, name: str, last_day: str, backdating: Backdating | None = Backdating.RESTATE) -> None:
        """Let somebody leave."""
        await self.do(reps.leave, reps.RepLeave(Ref(external_id=name), date.fromisoformat(last_day), backdating))

    async def account(self, key: str, industry: str | None = None, country: str | None = None, parent: str | None = None) -> None:
        """An account."""
        above = Ref(external_id=parent) if parent else None
        await self.do(accounts.upsert, accounts.AccountUpsert(key, key.title(), industry, country, above))

    async def territory(self, key: str, parent: str | None = None, **rules: tuple[str, ...]) -> None:
        """A territory: `territory("iberia", country=("PT", "ES"))`."""
        above = Ref(external_id=parent) if parent else None
        given = tuple(territories.TerritoryRuleGiven(AccountAttribute[name.upper()], values) for name, values in rules.items())
        await self.do(territories.upsert, territories.TerritoryUpsert(key, key.title(), above, given))

    async def works(self, name: str, territory: str, starts: str = "2026-01-01", ends: str | None = None, assigned: bool = True) -> None:
        """Let somebody work a territory."""
        until = date.fromisoformat(ends) if ends else None
        command = territories.TerritoryAssign(
            Ref(external_id=territory), date.fromisoformat(starts), until, Ref(external_id=name), None, Backdating.RESTATE, assigned
        )
        await self.do(territories.assign, command)

    async def put(self, account: str, territory: str, starts: str = "2026-01-01", assigned: bool = True) -> None:
        """Put an account in a territory by hand."""
        command = territories.TerritoryAssign(
            Ref(external_id=territory), date.fromisoformat(starts), None, None, Ref(external_id=account), Backdating.RESTATE, assigned
        )
        await self.do(territories.assign, command)

    async def assign_by_rules(self, starts: str = "2026-01-01") -> tuple[int, int]:
        """Apply the territories' rules; how many accounts were assigned and removed."""
        result = await self.do(
            territories.assign_by_rules, territories.AccountsAssignByRules(date.fromisoformat(starts), Backdating.RESTATE)
        )
        return result.values["assigned"], result.values["removed"]

    async def measured(self, name: str, *roles: Role) -> None:
        """A measure of some roles."""
        await self.do(measures.set_measure, measures.MeasureSet(name, roles=roles))

    async def quota(self, name: str, period: str, value: str, measure: str = "bookings") -> None:
        """Set a quota."""
        command = quotas.QuotaSet(Ref(external_id=name), measure, PeriodRef(name=period), Decimal(value))
        await self.do(quotas.set_quota, command)

    async def goal(self, name: str, period: str, goal: str, weight: str | None, achieved: str | None = None) -> None:
        """Give a goal, or take it away, and perhaps say how much of it was reached."""
        who, during = Ref(external_id=name), PeriodRef(name=period)
        await self.do(goals.set_goal, goals.GoalSet(who, during, goal, Decimal(weight) if weight else None))
        if achieved is not None:
            await self.do(goals.achieve, goals.GoalAchieve(who, during, goal, Decimal(achieved)))

    async def target(self, name: str, annual: str, starts: str, ends: str | None = None) -> None:
        """Promise variable pay for reaching quota."""
        until = date.fromisoformat(ends) if ends else None
        command = targets.TargetVariableSet(Ref(external_id=name), Decimal(annual), date.fromisoformat(starts), until)
        await self.do(targets.set_target_variable, command)

    async def opening(self, name: str, starts: str, ends: str, credited: str) -> None:
        """What was credited elsewhere."""
        dates = date.fromisoformat(starts), date.fromisoformat(ends)
        await self.do(
            openings.set_opening_balance, openings.OpeningBalanceSet(Ref(external_id=name), "bookings", *dates, Decimal(credited))
        )

    async def adjust(self, name: str, period: str, amount: str, note: str = "as agreed") -> None:
        """Pay or take back by hand."""
        command = adjustments.EarningAdjust(Ref(external_id=name), PeriodRef(name=period), Decimal(amount), AdjustmentReason.OTHER, note)
        await self.do(adjustments.adjust, command)

    async def deal(self, key: str, amount: str, rep: str, on: str | None, outcome: Outcome | None = Outcome.WON, **more: Any) -> str:
        """An opportunity, won unless said otherwise; its external id."""
        command = opportunities.OpportunityUpsert(
            external_id=key,
            name=key,
            owner=Ref(external_id=rep),
            stage="Won" if outcome is Outcome.WON else "Open",
            forecast_category=ForecastCategory.CLOSED if outcome is Outcome.WON else ForecastCategory.PIPELINE,
            probability=Decimal(1) if outcome is Outcome.WON else PROBABILITY,
            amount=Decimal(amount),
            closed_on=date.fromisoformat(on) if on else None,
            outcome=outcome,
            **more,
        )
        await self.do(opportunities.upsert, command)
        return key

    async def won(self, amount: str, rep: str, on: str, **more: Any) -> str:
        """A won deal; its external id."""
        self.numbers += 1
        return await self.deal(f"deal {self.numbers}", amount, rep, on, **more)

    async def split(self, deal: str, **shares: str) -> None:
        """Share a deal: `split(deal, ana="0.6", bo="0.4")`."""
        given = tuple(opportunities.SplitShare(Ref(external_id=name), Decimal(share)) for name, share in shares.items())
        await self.do(opportunities.share, opportunities.OpportunitySplit(Ref(external_id=deal), given))

    async def refund(self, deal: str, on: str, amount: str) -> None:
        """A refund of a deal's order; the amount is negative."""
        async with self.database.transaction() as tx:
            order = await tx.scalar(
                "select t.id from transaction t join opportunity o on o.id = t.opportunity_id"
                " where o.external_id = :key and kind = 'ORDER'",
                {"key": deal},
            )
        self.numbers += 1
        command = transactions.TransactionRecord(
            external_id=f"refund {self.numbers}",
            kind=TransactionKind.REFUND,
            dated=date.fromisoformat(on),
            amount=Decimal(amount),
            quantity=Decimal(-1),
            corrects=Ref(id=global_id("transaction", order)),  # type: ignore[arg-type]
        )
        await self.do(transactions.record, command)

    async def plan(
        self,
        name: str,
        *parts: tuple[Any, ...],
        starts: str = "2026-01-01",
        window: WindowKind = WindowKind.PERIOD,
        document: str | None = None,
        carry: Carry = Carry.CONTINUE,
        rounding: Rounding = Rounding.HALF_UP,
        measure: str = "bookings",
    ) -> int:
        """A published plan, or the next version of one of that name; its key. Parts are (name, incentive type[, window])."""
        async with self.database.transaction() as tx:
            known = await tx.scalar("select id from plan where name = :name", {"name": name})
        drafts = tuple(
            components.ComponentDraft(part, measure, config, *(own or [window]), carry=carry, rounding=rounding)
            for part, config, *own in parts
        )
        command = plans.PlanCreate(
            components=drafts,
            starts=date.fromisoformat(starts),
            name=None if known else name,
            plan=global_id("plan", known) if known else None,  # type: ignore[arg-type]
            document=document,
        )
        made = await self.do(plans.create, command)
        version = global_id("version", made.values["plan_version_id"])
        await self.do(plans.publish, plans.PlanPublish(version))  # type: ignore[arg-type]
        return int(made.values["plan_id"])

    async def assign(self, plan: int, *names: str, starts: str = "2026-01-01", ends: str | None = None, assigned: bool = True) -> None:
        """Put reps on a plan, or take them off it."""
        for name in names:
            until = date.fromisoformat(ends) if ends else None
            who, since = Ref(external_id=name), date.fromisoformat(starts)
            command = plan_assignments.PlanAssign(global_id("plan", plan), who, since, until, assigned)  # type: ignore[arg-type]
            await self.do(plan_assignments.assign, command)

    async def assign_title(self, plan: int, title: str, starts: str = "2026-01-01", ends: str | None = None, assigned: bool = True) -> None:
        """Put everybody with a title on a plan, or take them off it."""
        until = date.fromisoformat(ends) if ends else None
        command = plan_assignments.PlanAssign(global_id("plan", plan), None, date.fromisoformat(starts), until, assigned, title)  # type: ignore[arg-type]
        await self.do(plan_assignments.assign, command)

    async def run(self, period: str) -> int:
        """Calculate a month; the run's key."""
        result = await run.start(self.database, self.incentive_types, ADMINISTRATOR, run.RunStart(PeriodRef(name=period)))
        return int(result.values["run_id"])

    async def recalculate(self, run_id: int) -> None:
        """Calculate again what is stale or failed in a run."""
        await run.recalculate(self.database, self.incentive_types, ADMINISTRATOR, run.RunRecalculate(global_id("run", run_id)))  # type: ignore[arg-type]

    async def post(self, run_id: int) -> Result:
        """Post a run."""
        return await self.do(runs.post, runs.RunPost(global_id("run", run_id)))  # type: ignore[arg-type]

    async def exclude(self, run_id: int, name: str) -> None:
        """Leave a rep out of a run."""
        await self.do(runs.exclude, runs.RunExclude(global_id("run", run_id), Ref(external_id=name)))  # type: ignore[arg-type]

    async def run_and_post(self, period: str) -> Result:
        """Calculate and post a month."""
        return await self.post(await self.run(period))

    async def close(self, period: str) -> None:
        """Close a month."""
        await self.do(periods.close, periods.PeriodClose(PeriodRef(name=period)))

    async def rows(self, statement: str, **parameters: Any) -> list[Mapping[str, Any]]:
        """What a query finds."""
        async with self.database.transaction() as tx:
            return list(await tx.rows(statement, parameters))

    async def earned(self, name: str, period: str) -> Decimal:
        """What is booked for a rep in a month."""
        found = await self.rows(
            "select coalesce(sum(amount), 0) as total from earning join rep on rep.id = rep_id join period on period.id = period_id"
            " where rep.external_id = :rep and period.name = :period",
            rep=name,
            period=period,
        )
        return Decimal(found[0]["total"])

    async def paid(self, name: str, period: str) -> Decimal:
        """What became due to a rep when a month was closed."""
        found = await self.rows(
            "select coalesce(sum(amount), 0) as total from payment join rep on rep.id = rep_id join period on period.id = period_id"
            " where rep.external_id = :rep and period.name = :period and payment.kind = 'PAID'",
            rep=name,
            period=period,
        )
        return Decimal(found[0]["total"])
