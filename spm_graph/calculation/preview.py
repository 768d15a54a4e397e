"""What a draft of a plan version would have cost in past periods: calculated as runs are, and never booked."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import Executable, RowMapping

from spm_graph.actions.plans import draft_of, giving_way
from spm_graph.actions.refs import PeriodRef, by_period
from spm_graph.actions.result import Result
from spm_graph.domain import money
from spm_graph.domain.problem import Problem, ProblemCode, refuse
from spm_graph.domain.terms import Grant, PeriodKind
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.store import events
from spm_graph.store.database import Database, Parameters, Transaction
from spm_graph.store.visibility import Actor

from . import sources
from .evaluation import Evaluated, evaluate
from .facts import Facts

MOST_WINDOWS = 20_000
NAMED_PROBLEMS = 20

# The versions as they would be if the draft were published: it is in force, and those that it overlaps give way.
PUBLISHED = """(
    select given.id, given.plan_id, given.version, given.document, given.published_position,
           case when given.id = draft.id then 'PUBLISHED'
                when given.state = 'PUBLISHED' and given.plan_id = draft.plan_id and given.effective <@ draft.effective then 'SUPERSEDED'
                else given.state
           end as state,
           case when given.state = 'PUBLISHED' and given.plan_id = draft.plan_id and not given.effective <@ draft.effective
                then given.effective - draft.effective
                else given.effective
           end as effective
    from plan_version as given join plan_version as draft on draft.id = :draft
)"""
READ = re.compile(r"\b(from|join) plan_version\b")

WINDOWS = """
select membership.rep_id, part.component_id, lower(spanned.span) as starts, upper(spanned.span) as ends,
       least(upper(spanned.span), :ends) as through
from plan_version as version
join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
join component_version as part on part.plan_version_id = version.id
join period as month on month.kind = 'MONTH' and lower(month.effective) >= :starts and upper(month.effective) <= :ends
cross join lateral (select window_span(part.window_kind, lower(month.effective)) as span) as spanned
where version.plan_id = :plan and version.state = 'PUBLISHED'
  and membership.effective * version.effective && daterange(lower(spanned.span), upper(month.effective))
group by membership.rep_id, part.component_id, spanned.span
"""

# As the draft calls them; those that it leaves out, as the latest version that has them does.
NAMES = """
select distinct on (part.component_id) part.component_id, part.name, part.plan_version_id <> :draft as dropped, part.ordinal
from component_version as part join plan_version as version on version.id = part.plan_version_id
where version.plan_id = :plan and (version.id = :draft or version.state <> 'DRAFT')
order by part.component_id, part.plan_version_id = :draft desc, part.plan_version_id desc
"""

REPS = "select id, external_id, name, title from rep where id = any(:reps) order by name, id"


@dataclass(frozen=True)
class PlanPreview:
    """A draft that is tried on months that were, before it is published."""

    version: Annotated[Id, "The draft."]
    first: Annotated[PeriodRef, "The first month."]
    last: Annotated[PeriodRef, "The last month."]


@dataclass(slots=True)
class _AsPublished(Transaction):
    """A snapshot that shows a draft as published: statements find what they would find after publishing it."""

    draft: int

    async def rows(self, statement: Executable | str, parameters: Parameters = None) -> Sequence[RowMapping]:
        """All rows, with the draft in force."""
        if isinstance(statement, str) and READ.search(statement):
            statement = READ.sub(lambda found: f"{found[1]} {PUBLISHED}", statement)
            parameters = {**parameters, "draft": self.draft} if isinstance(parameters, Mapping) else {"draft": self.draft}
        return await Transaction.rows(self, statement, parameters)


@dataclass(slots=True)
class _Cost:
    """What something comes to as it is, and under the draft."""

    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)

    def shown(self, currency: str) -> dict[str, Any]:
        """The two and their difference, written."""
        amounts = {"before": self.before, "after": self.after, "difference": self.after - self.before}
        return {name: money.told(amount, currency) for name, amount in amounts.items()}


@dataclass(slots=True)
class _Tally:
    """The costs by rep, currency and component, and what could not be calculated."""

    costs: dict[tuple[int, str], dict[int, _Cost]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(_Cost)))
    failures: list[Problem] = field(default_factory=list)

    def add(self, before: Iterable[Evaluated], after: Iterable[Evaluated]) -> None:
        """Count two evaluations of the same windows. One that fails on either side counts on neither."""
        found = {each.window: each for each in after}
        for was in before:
            pair = was, found[was.window]
            if failed := next((each.failure for each in reversed(pair) if each.failure), None):
                self.failures.append(Problem(failed.code, failed.message))
                continue
            for name, each in zip(("before", "after"), pair, strict=True):
                for line in each.lines:
                    cost = self.costs[was.window.rep_id, line.currency][was.window.component_id]
                    setattr(cost, name, getattr(cost, name) + line.amount)


async def preview(database: Database, incentive_types: IncentiveTypes, actor: Actor, command: PlanPreview) -> Result:
    """Calculate what a draft would have paid for past months, beside what the plan as it is comes to. Nothing is booked."""
    if not actor.may(Grant.RUN) and not (actor.may(Grant.PLAN) and actor.sees_all):
        raise refuse(ProblemCode.NOT_PERMITTED, "This needs the grant RUN, or PLAN and SEE_ALL.")
    async with database.transaction() as tx:
        draft = await draft_of(tx, command.version)
        await giving_way(tx, draft)
        first, last = [await by_period(tx, given, [name]) for name, given in (("first", command.first), ("last", command.last))]
    for name, month in (("first", first), ("last", last)):
        if month["kind"] != PeriodKind.MONTH:
            raise refuse(ProblemCode.INVALID, f"{month['name']} is a {month['kind'].lower()}: only months are paid", [name])
    starts, ends = first["effective"].lower, last["effective"].upper
    if starts >= ends:
        raise refuse(ProblemCode.INVALID, f"{last['name']} is before {first['name']}", ["last"])
    tally = _Tally()
    async with database.snapshot() as reading:
        published = _AsPublished(reading.connection, reading.today, draft["id"])
        asked = {"plan": draft["plan_id"], "starts": starts, "ends": ends}
        rows = [*await reading.rows(WINDOWS, asked), *await published.rows(WINDOWS, asked)]
        covered = list({(row["rep_id"], row["component_id"], row["starts"], row["ends"]): row for row in rows}.values())
        if len(covered) > MOST_WINDOWS:
            message = f"{len(covered)} windows would be calculated; expected {MOST_WINDOWS} at most: preview fewer months"
            raise refuse(ProblemCode.INVALID, message, ["last"])
        if covered:  # all at once: a contest needs everybody who is in it
            known, changed = await sources.read(reading, covered), await sources.read(published, covered)
            tally.add(await _evaluated(known, incentive_types), await _evaluated(changed, incentive_types))
        names = await reading.rows(NAMES, {"plan": draft["plan_id"], "draft": draft["id"]})
        reps = await reading.rows(REPS, {"reps": sorted({row["rep_id"] for row in covered})})
    return Result(None, {"preview": _shown(tally, names, reps)}, tuple(tally.failures[:NAMED_PROBLEMS]))


async def _evaluated(known: Facts, incentive_types: IncentiveTypes) -> list[Evaluated]:
    return await asyncio.to_thread(lambda: list(evaluate(known, incentive_types)))  # a slow plugin holds up nobody else


def _shown(tally: _Tally, names: Sequence[RowMapping], reps: Sequence[RowMapping]) -> dict[str, Any]:
    ordered = sorted(names, key=lambda row: (row["dropped"], row["ordinal"], row["component_id"]))
    totals: dict[str, _Cost] = defaultdict(_Cost)
    shown = []
    for rep in reps:
        for (rep_id, currency), costs in sorted(tally.costs.items()):
            if rep_id != rep["id"]:
                continue
            total = _Cost(*(sum((getattr(cost, name) for cost in costs.values()), Decimal(0)) for name in ("before", "after")))
            totals[currency].before += total.before
            totals[currency].after += total.after
            parts = [
                {"component": row["name"], **costs[row["component_id"]].shown(currency)} for row in ordered if row["component_id"] in costs
            ]
            shown.append({"rep": events.card(rep), **total.shown(currency), "components": parts})
    return {"reps": shown, "totals": [cost.shown(currency) for currency, cost in sorted(totals.items())]}
