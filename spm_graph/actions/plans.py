"""Plans: drafts of versions, and publishing them for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain.problem import Problem, ProblemCode, Refused, refuse
from spm_graph.domain.terms import Grant, PlanState
from spm_graph.incentive_types import Id
from spm_graph.store import clock, history, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import component_version, plan, plan_version
from spm_graph.store.visibility import Actor

from .components import ComponentDraft, add
from .refs import by_id
from .result import IdempotencyKey, Result


@dataclass(frozen=True)
class PlanCreate:
    """A draft: of a new plan, or of the next version of one."""

    components: Annotated[tuple[ComponentDraft, ...], "The parts, in the order in which they are calculated."]
    starts: Annotated[date, "The first day that the version is in force."]
    ends: Annotated[date | None, "The first day no longer in force; none: until a later version."] = None
    name: Annotated[str | None, "A new plan's name."] = None
    plan: Annotated[Id | None, "The plan that this is the next version of."] = None
    document: Annotated[str | None, "The text that the reps are given."] = None
    idempotency_key: IdempotencyKey = None


@dataclass(frozen=True)
class PlanRevise:
    """A draft as it should be: all of it is written anew."""

    version: Annotated[Id, "The draft."]
    components: Annotated[tuple[ComponentDraft, ...], "The parts, in the order in which they are calculated."]
    starts: Annotated[date, "The first day that the version is in force."]
    ends: Annotated[date | None, "The first day no longer in force; none: until a later version."] = None
    document: Annotated[str | None, "The text that the reps are given."] = None


@dataclass(frozen=True)
class PlanPublish:
    """A draft that is put in force."""

    version: Annotated[Id, "The draft."]
    idempotency_key: IdempotencyKey = None


async def create(tx: Transaction, actor: Actor, command: PlanCreate) -> Result:
    """Write a draft version. It pays nobody until it is published."""
    require_planner(actor)
    _check(_unnamed(command), command)
    position = await clock.tick(tx, actor.name, "planCreate")
    if command.plan is not None:
        plan_id = (await by_id(tx, plan, "plan", command.plan, ["plan"]))["id"]
    else:
        if await tx.scalar(select(plan.c.id).where(plan.c.name == command.name)):
            raise refuse(ProblemCode.DUPLICATE, f'there is a plan "{command.name}": name it in `plan` for a new version', ["name"])
        plan_id = await tx.scalar(insert(plan).values(name=command.name).returning(plan.c.id))
    number = await tx.scalar(select(func.coalesce(func.max(plan_version.c.version), 0) + 1).where(plan_version.c.plan_id == plan_id))
    version = {
        "plan_id": plan_id,
        "version": number,
        "state": PlanState.DRAFT,
        "effective": history.effective(command.starts, command.ends),
        "document": command.document,
    }
    version_id = await tx.scalar(insert(plan_version).values(**version).returning(plan_version.c.id))
    await add(tx, plan_id, version_id, command.components)
    return Result(position, {"plan_id": plan_id, "plan_version_id": version_id})


async def revise(tx: Transaction, actor: Actor, command: PlanRevise) -> Result:
    """Write a draft anew: its parts, its dates and its text. What is published never changes."""
    require_planner(actor)
    _check([], command)
    position = await clock.tick(tx, actor.name, "planRevise")
    draft = await draft_of(tx, command.version)
    values = {"effective": history.effective(command.starts, command.ends), "document": command.document}
    await tx.execute(update(plan_version).where(plan_version.c.id == draft["id"]).values(**values))
    await tx.execute(delete(component_version).where(component_version.c.plan_version_id == draft["id"]))
    await add(tx, draft["plan_id"], draft["id"], command.components)
    return Result(position, {"plan_id": draft["plan_id"], "plan_version_id": draft["id"]})


async def publish(tx: Transaction, actor: Actor, command: PlanPublish) -> Result:
    """Put a draft in force. What it overlaps of earlier versions gives way: wholly replaced ones are superseded."""
    require_planner(actor)
    position = await clock.tick(tx, actor.name, "planPublish")
    draft = await draft_of(tx, command.version)
    for earlier, left in await giving_way(tx, draft):
        given_way = {"effective": left} if left is not None else {"state": PlanState.SUPERSEDED}
        await tx.execute(update(plan_version).where(plan_version.c.id == earlier["id"]).values(**given_way))
    values = {"state": PlanState.PUBLISHED, "published_position": position}
    await tx.execute(update(plan_version).where(plan_version.c.id == draft["id"]).values(**values))
    assigned = await tx.rows(
        "select distinct rep_id from plan_membership where plan_id = :plan_id"
        " and effective && daterange(cast(:starts as date), cast(:ends as date))",
        {"plan_id": draft["plan_id"], "starts": draft["effective"].lower, "ends": draft["effective"].upper},
    )
    span = touches.since(draft["effective"].lower, draft["effective"].upper)
    await touches.record(tx, position, [(row["rep_id"], span) for row in assigned])
    return Result(position, {"plan_id": draft["plan_id"], "plan_version_id": draft["id"]})


def require_planner(actor: Actor) -> None:
    """A plan is everybody's: writing one needs to see all whom it may pay."""
    actor.require(Grant.PLAN)
    if not actor.sees_all:
        raise refuse(ProblemCode.NOT_PERMITTED, "Writing plans needs the grant SEE_ALL beside PLAN.")


async def draft_of(tx: Transaction, given: Id) -> RowMapping:
    """The draft that is meant, locked; ALREADY_PUBLISHED for a version that is none any more."""
    found = await by_id(tx, plan_version, "version", given, ["version"])
    if found["state"] != PlanState.DRAFT:
        raise refuse(ProblemCode.ALREADY_PUBLISHED, f"version {found['version']} is {found['state'].lower()} already", ["version"])
    return found


def _unnamed(command: PlanCreate) -> list[Problem]:
    if (command.name is None) == (command.plan is None):
        return [Problem(ProblemCode.INVALID, "give either `name`, for a new plan, or `plan`, for a new version", ("name",))]
    if command.name is not None and not command.name.strip():
        return [Problem(ProblemCode.INVALID, "a plan needs a name", ("name",))]
    return []


def _check(found: Sequence[Problem], command: PlanCreate | PlanRevise) -> None:
    problems = [*found]
    if not command.components:
        problems.append(Problem(ProblemCode.INVALID, "a plan needs a component", ("components",)))
    if command.ends is not None and command.ends <= command.starts:
        message = f"ends on {command.ends}, but starts on {command.starts}: expected a later day"
        problems.append(Problem(ProblemCode.INVALID, message, ("ends",)))
    names = [part.name for part in command.components]
    for index, name in enumerate(names):
        if not name.strip():
            problems.append(Problem(ProblemCode.INVALID, "a component needs a name", ("components", str(index), "name")))
        elif name in names[:index]:
            problems.append(Problem(ProblemCode.DUPLICATE, f'two components are called "{name}"', ("components", str(index), "name")))
    if problems:
        raise Refused(problems)


async def giving_way(tx: Transaction, draft: RowMapping) -> list[tuple[RowMapping, Range[date] | None]]:
    """The published versions that a draft overlaps, each with the dates that are left to it; none: it is superseded.

    Refuses with OVERLAPS where one would be cut in two.
    """
    starts, ends = draft["effective"].lower, draft["effective"].upper
    earlier = await tx.rows(
        select(plan_version).where(
            plan_version.c.plan_id == draft["plan_id"],
            plan_version.c.state == PlanState.PUBLISHED,
            plan_version.c.effective.overlaps(draft["effective"]),
        )
    )
    found: list[tuple[RowMapping, Range[date] | None]] = []
    for row in earlier:
        held = row["effective"]
        goes_on = ends is not None and (held.upper is None or held.upper > ends)
        if held.lower < starts and goes_on:
            message = f"version {row['version']} goes on after {ends}: let this version have no end, or end with it"
            raise refuse(ProblemCode.OVERLAPS, message, ["version"])
        if held.lower < starts:
            found.append((row, history.effective(held.lower, starts)))
        else:
            found.append((row, history.effective(ends, held.upper) if goes_on else None))
    return found
