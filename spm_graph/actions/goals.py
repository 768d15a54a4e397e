"""Goals: what a rep is to do in a period besides selling (management by objectives), and how much of it was done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant
from spm_graph.store import clock, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import goal
from spm_graph.store.visibility import Actor

from .refs import PeriodRef, Ref, by_period, not_found, visible_rep
from .result import Result

LONGEST_NAME = 200
MOST_ACHIEVED = 10
LARGEST_WEIGHT = 1_000_000


@dataclass(frozen=True)
class GoalSet:
    """What a rep is to do in a month, a quarter or a year."""

    rep: Annotated[Ref, "Whose goal."]
    period: Annotated[PeriodRef, "The month, quarter or year in which it is to be reached."]
    name: Annotated[str, "What it is called: each name once for a rep and period."]
    weight: Annotated[
        Decimal | None, "How much it counts beside the rep's other goals: 0.4 is 40 %, if all sum to 1. None: it is a goal no longer."
    ]
    description: Annotated[str | None, "What is to be done, and how it will be judged."] = None


@dataclass(frozen=True)
class GoalAchieve:
    """How much of a goal was reached."""

    rep: Annotated[Ref, "Whose goal."]
    period: Annotated[PeriodRef, "Its month, quarter or year."]
    name: Annotated[str, "What it is called."]
    achieved: Annotated[Decimal | None, "How much was reached: 1 is all of it, and more than that is possible. None: not judged yet."]


async def set_goal(tx: Transaction, actor: Actor, command: GoalSet) -> Result:
    """Give a rep a goal, change how much it counts, or take it away. What is known of its achievement stays."""
    actor.require(Grant.PLAN)
    if not command.name.strip() or len(command.name) > LONGEST_NAME:
        raise refuse(ProblemCode.INVALID, f"a goal needs a name of at most {LONGEST_NAME} characters", ["name"])
    if command.weight is not None and not 0 < command.weight <= LARGEST_WEIGHT:
        raise refuse(ProblemCode.INVALID, f"{command.weight} is no weight; expected more than zero, {LARGEST_WEIGHT} at most", ["weight"])
    position = await clock.tick(tx, actor.name, "goalSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    during = await by_period(tx, command.period, ["period"])
    if command.weight is None:
        found = await _named(tx, who, during, command.name)
        await tx.execute(delete(goal).where(goal.c.id == found["id"]))
        goal_id = None
    else:
        changed = {"weight": command.weight, "description": command.description}
        given = insert(goal).values(rep_id=who["id"], period_id=during["id"], name=command.name, **changed)
        goal_id = await tx.scalar(
            given.on_conflict_do_update(constraint="goal_rep_id_period_id_name_key", set_=changed).returning(goal.c.id)
        )
    await _touch(tx, position, who, during)
    return Result(position, {"goal_id": goal_id, "rep_id": who["id"]})


async def achieve(tx: Transaction, actor: Actor, command: GoalAchieve) -> Result:
    """Say how much of a goal a rep reached: for those who write plans, and for the rep's managers. Nobody judges their own."""
    position = await clock.tick(tx, actor.name, "goalAchieve")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    if who["id"] == actor.rep_id:
        raise refuse(ProblemCode.NOT_PERMITTED, "Somebody else has to judge your goals.", ["rep"])
    if not actor.may(Grant.PLAN) and (actor.rep_id is None or actor.sees_all):
        raise refuse(ProblemCode.NOT_PERMITTED, "This needs the grant PLAN, or to be the rep's manager.")
    if command.achieved is not None and not 0 <= command.achieved <= MOST_ACHIEVED:
        raise refuse(
            ProblemCode.INVALID, f"{command.achieved} is out of range; expected 0 to {MOST_ACHIEVED}, where 1 is all", ["achieved"]
        )
    during = await by_period(tx, command.period, ["period"])
    found = await _named(tx, who, during, command.name)
    await tx.execute(update(goal).where(goal.c.id == found["id"]).values(achieved=command.achieved))
    await _touch(tx, position, who, during)
    return Result(position, {"goal_id": found["id"], "rep_id": who["id"]})


async def _named(tx: Transaction, who: RowMapping, during: RowMapping, name: str) -> RowMapping:
    of = (goal.c.rep_id == who["id"]) & (goal.c.period_id == during["id"]) & (goal.c.name == name)
    found = await tx.row(select(goal).where(of).with_for_update())
    if found is None:
        raise not_found("goal of this rep and period", name, ["name"])
    return found


async def _touch(tx: Transaction, position: int, who: RowMapping, during: RowMapping) -> None:
    """A window sees the goals of all of its dates from its first day on."""
    await touches.record(tx, position, [(who["id"], touches.of_year(during["effective"].lower, during["effective"].upper))])
