"""Plans: drafts of versions, publishing them for good, and who is paid by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain import ids
from spm_graph.domain.period import Span
from spm_graph.domain.problem import Problem, ProblemCode, Refused, refuse
from spm_graph.domain.terms import Carry, Grant, PlanState, QuotaBasis, Rounding, WindowKind
from spm_graph.incentive_types import Id, encode
from spm_graph.plugin import Contest, IncentiveType
from spm_graph.store import clock, history, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import component, component_version, measure, plan, plan_assignment, plan_title, plan_version, rep_title
from spm_graph.store.visibility import Actor

from .components import places, require_measures
from .outcome import Outcome
from .refs import Ref, by_id, not_found, visible_rep


@dataclass(frozen=True)
class ComponentDraft:
    """One part of a plan: an incentive type with its settings, on a measure, over a window."""

    name: Annotated[str, "What the statement calls it."]
    measure: Annotated[str, "The measure that it pays on."]
    config: Annotated[IncentiveType | Contest, "The incentive type and its settings."]
    window: Annotated[WindowKind, "The dates that it measures."] = WindowKind.PERIOD
    quota_basis: Annotated[QuotaBasis, "The quota that attainment is measured against."] = QuotaBasis.FULL_WINDOW
    component: Annotated[Id | None, "The component of an earlier version that this goes on from; by default the one of the same name."] = (
        None
    )
    carry: Annotated[Carry, "What becomes of a window in which a new version or another assignment takes effect."] = Carry.CONTINUE
    rounding: Annotated[Rounding, "How each line is rounded to its currency's minor unit, once."] = Rounding.HALF_UP


@dataclass(frozen=True)
class PlanCreate:
    """A draft: of a new plan, or of the next version of one."""

    components: Annotated[tuple[ComponentDraft, ...], "The parts, in the order in which they are calculated."]
    starts: Annotated[date, "The first day that the version is in force."]
    ends: Annotated[date | None, "The first day no longer in force; none: until a later version."] = None
    name: Annotated[str | None, "A new plan's name."] = None
    plan: Annotated[Id | None, "The plan that this is the next version of."] = None
    document: Annotated[str | None, "The text that the reps are given."] = None


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
    idempotency_key: Annotated[str | None, "Any text: the same key and input get the same answer, and act once."] = None


@dataclass(frozen=True)
class PlanAssign:
    """Who is on a plan, or no longer, in which dates: one rep, or everybody with a title."""

    plan: Annotated[Id, "The plan."]
    rep: Annotated[Ref | None, "Who is paid by it; or else give `title`."]
    starts: Annotated[date, "The first day."]
    ends: Annotated[date | None, "The first day no longer; none: for ever."] = None
    assigned: Annotated[bool, "False takes the rep, or the title, off the plan in these dates. Who is on it in another way stays."] = True
    title: Annotated[str | None, "The title whose holders are paid by it, whoever holds it on a day; or else give `rep`."] = None


async def create(tx: Transaction, actor: Actor, command: PlanCreate) -> Outcome:
    """Write a draft version. It pays nobody until it is published."""
    _require_planner(actor)
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
    await _add(tx, plan_id, version_id, command.components)
    return Outcome(position, {"plan_id": plan_id, "plan_version_id": version_id})


async def revise(tx: Transaction, actor: Actor, command: PlanRevise) -> Outcome:
    """Write a draft anew: its parts, its dates and its text. What is published never changes."""
    _require_planner(actor)
    _check([], command)
    position = await clock.tick(tx, actor.name, "planRevise")
    draft = await draft_of(tx, command.version)
    values = {"effective": history.effective(command.starts, command.ends), "document": command.document}
    await tx.execute(update(plan_version).where(plan_version.c.id == draft["id"]).values(**values))
    await tx.execute(delete(component_version).where(component_version.c.plan_version_id == draft["id"]))
    await _add(tx, draft["plan_id"], draft["id"], command.components)
    return Outcome(position, {"plan_id": draft["plan_id"], "plan_version_id": draft["id"]})


async def publish(tx: Transaction, actor: Actor, command: PlanPublish) -> Outcome:
    """Put a draft in force. What it overlaps of earlier versions gives way: wholly replaced ones are superseded."""
    _require_planner(actor)
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
    return Outcome(position, {"plan_id": draft["plan_id"], "plan_version_id": draft["id"]})


async def assign(tx: Transaction, actor: Actor, command: PlanAssign) -> Outcome:
    """Put a rep, or everybody who holds a title, on a plan in some dates, or take them off it."""
    actor.require(Grant.PLAN)
    if (command.rep is None) == (command.title is None):
        raise refuse(ProblemCode.INVALID, "give either `rep` or `title`", ["rep"])
    if command.title is not None:
        _require_planner(actor)
        if not command.title.strip():
            raise refuse(ProblemCode.INVALID, "a title needs letters", ["title"])
    if command.ends is not None and command.ends <= command.starts:
        raise refuse(ProblemCode.INVALID, f"ends on {command.ends}, but starts on {command.starts}: expected a later day", ["ends"])
    position = await clock.tick(tx, actor.name, "planAssign")
    found = await by_id(tx, plan, "plan", command.plan, ["plan"])
    values: dict[str, str] | None = {} if command.assigned else None
    if command.rep is None:
        keys = {"plan_id": found["id"], "title": command.title}
        await history.supersede(tx, plan_title, keys, command.starts, command.ends, values)
        await touches.record(tx, position, await _holding(tx, command))
        return Outcome(position, {"plan_id": found["id"]})
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    await history.supersede(tx, plan_assignment, {"plan_id": found["id"], "rep_id": who["id"]}, command.starts, command.ends, values)
    await touches.record(tx, position, [(who["id"], touches.since(command.starts, command.ends))])
    return Outcome(position, {"plan_id": found["id"], "rep_id": who["id"]})


async def _holding(tx: Transaction, command: PlanAssign) -> list[tuple[int, Span]]:
    """Who holds the title that is assigned, and in which of the dates."""
    during = history.effective(command.starts, command.ends)
    rows = await tx.rows(
        select(rep_title.c.rep_id, (rep_title.c.effective * during).label("dates")).where(
            rep_title.c.title == command.title, rep_title.c.effective.overlaps(during)
        )
    )
    return [(row["rep_id"], touches.since(row["dates"].lower, row["dates"].upper)) for row in rows]


def _require_planner(actor: Actor) -> None:
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


async def _add(tx: Transaction, plan_id: int, version_id: int, parts: Sequence[ComponentDraft]) -> None:
    for ordinal, (part, place) in enumerate(zip(parts, places([part.config for part in parts]), strict=True)):
        path = ["components", str(ordinal)]
        measure_id = await tx.scalar(select(measure.c.id).where(measure.c.name == part.measure))
        if measure_id is None:
            raise not_found("measure", part.measure, [*path, "measure"])
        await require_measures(tx, part.config, [*path, "config"])
        component_id = await _identity(tx, plan_id, version_id, part, path)
        await tx.execute(
            insert(component_version).values(
                component_id=component_id,
                plan_version_id=version_id,
                ordinal=ordinal,
                name=part.name,
                incentive_type=type(part.config).__name__,
                measure_id=measure_id,
                window_kind=part.window,
                quota_basis=part.quota_basis,
                carry=part.carry,
                rounding=part.rounding,
                config=encode(part.config),
                **place,
            )
        )


async def _identity(tx: Transaction, plan_id: int, version_id: int, part: ComponentDraft, path: list[str]) -> int:
    """The component that a part goes on from, so that what it paid before counts; a new one if there is none."""
    if part.component is not None:
        number = ids.number(part.component, "component")
        known = await tx.scalar(select(component.c.id).where(component.c.id == number, component.c.plan_id == plan_id))
        if known is None:
            raise not_found("component of this plan", part.component, [*path, "component"])
    else:
        known = await tx.scalar(
            select(component.c.id)
            .join(component_version, component_version.c.component_id == component.c.id)
            .where(component.c.plan_id == plan_id, component_version.c.name == part.name)
            .order_by(component_version.c.plan_version_id.desc())
            .limit(1)
        )
    taken = known is not None and await tx.scalar(
        select(component_version.c.id).where(component_version.c.plan_version_id == version_id, component_version.c.component_id == known)
    )
    if taken:
        raise refuse(ProblemCode.DUPLICATE, f'two components go on from "{part.component or part.name}"', [*path, "component"])
    return known or await tx.scalar(insert(component).values(plan_id=plan_id).returning(component.c.id))  # type: ignore[no-any-return]


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
