"""Plan assignments: who is paid by a plan in which dates, by name or by title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import select

from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant
from spm_graph.incentive_types import Id
from spm_graph.store import clock, history, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import plan, plan_assignment, plan_title, rep_title
from spm_graph.store.visibility import Actor

from .dating import require_later
from .plans import require_planner
from .refs import Ref, by_id, visible_rep
from .result import Result


@dataclass(frozen=True)
class PlanAssign:
    """Who is on a plan, or no longer, in which dates: one rep, or everybody with a title."""

    plan: Annotated[Id, "The plan."]
    rep: Annotated[Ref | None, "Who is paid by it; or else give `title`."]
    starts: Annotated[date, "The first day."]
    ends: Annotated[date | None, "The first day no longer; none: for ever."] = None
    assigned: Annotated[bool, "False takes the rep, or the title, off the plan in these dates. Who is on it in another way stays."] = True
    title: Annotated[str | None, "The title whose holders are paid by it, whoever holds it on a day; or else give `rep`."] = None


async def assign(tx: Transaction, actor: Actor, command: PlanAssign) -> Result:
    """Put a rep, or everybody who holds a title, on a plan in some dates, or take them off it."""
    actor.require(Grant.PLAN)
    if (command.rep is None) == (command.title is None):
        raise refuse(ProblemCode.INVALID, "give either `rep` or `title`", ["rep"])
    if command.title is not None:
        require_planner(actor)
        if not command.title.strip():
            raise refuse(ProblemCode.INVALID, "a title needs letters", ["title"])
    require_later(command.starts, command.ends)
    position = await clock.tick(tx, actor.name, "planAssign")
    found = await by_id(tx, plan, "plan", command.plan, ["plan"])
    values: dict[str, str] | None = {} if command.assigned else None
    if command.rep is None:
        keys = {"plan_id": found["id"], "title": command.title}
        await history.supersede(tx, plan_title, keys, command.starts, command.ends, values)
        await touches.record(tx, position, await _holding(tx, command))
        return Result(position, {"plan_id": found["id"]})
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    await history.supersede(tx, plan_assignment, {"plan_id": found["id"], "rep_id": who["id"]}, command.starts, command.ends, values)
    await touches.record(tx, position, [(who["id"], touches.since(command.starts, command.ends))])
    return Result(position, {"plan_id": found["id"], "rep_id": who["id"]})


async def _holding(tx: Transaction, command: PlanAssign) -> list[tuple[int, Span]]:
    """Who holds the title that is assigned, and in which of the dates."""
    during = history.effective(command.starts, command.ends)
    rows = await tx.rows(
        select(rep_title.c.rep_id, (rep_title.c.effective * during).label("dates")).where(
            rep_title.c.title == command.title, rep_title.c.effective.overlaps(during)
        )
    )
    return [(row["rep_id"], touches.since(row["dates"].lower, row["dates"].upper)) for row in rows]
