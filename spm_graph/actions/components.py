"""The components of a plan version: what they are, where they go on from, and where they stand in a calculation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import insert, select

from spm_graph.domain import ids
from spm_graph.domain.problem import Problem, ProblemCode, Refused, refuse
from spm_graph.domain.terms import Carry, QuotaBasis, Rounding, WindowKind
from spm_graph.incentive_types import Id, distribution_of, encode, reads
from spm_graph.incentive_types.shape import lower_first
from spm_graph.plugin import Contest, Credited, IncentiveType
from spm_graph.store.database import Transaction
from spm_graph.store.tables import component, component_version, measure

from .refs import not_found

WIDER = (WindowKind.PERIOD, WindowKind.QUARTER_TO_DATE, WindowKind.YEAR_TO_DATE)
MONTHS = {WindowKind.PERIOD: 1, WindowKind.QUARTER_TO_DATE: 3, WindowKind.YEAR_TO_DATE: 12}


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


async def add(tx: Transaction, plan_id: int, version_id: int, parts: Sequence[ComponentDraft]) -> None:
    """Write the components of a draft version, in the order in which they are calculated."""
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


def places(settings: Sequence[IncentiveType | Contest]) -> list[dict[str, Any]]:
    """For each component of a plan version, by the settings of all in order: what is stored of its place.

    A contest takes an odd round, and what comes behind it in the plan a later one, for it may read what the contest pays.
    In the same way a component reaches as far back as the furthest before it.
    """
    found: list[dict[str, Any]] = []
    rounds, widest, furthest = 0, WindowKind.PERIOD, 0
    for each in settings:
        is_contest = hasattr(each, "award")
        for _, read in reads(each):
            widest = max(widest, read.window, key=WIDER.index)
            furthest = max(furthest, read.ago * MONTHS[read.window] if isinstance(read, Credited) else 0)
        place = {"round": rounds + is_contest, "reads_window": widest, "reads_ago": furthest}
        found.append({**place, "distribution": distribution_of(type(each))})
        rounds += 2 * is_contest
    return found


async def require_measures(tx: Transaction, settings: IncentiveType | Contest, path: Sequence[str]) -> None:
    """Refuse, with its path, each measure that settings ask for and that does not exist."""
    asked = list(reads(settings, (*path, lower_first(type(settings).__name__))))
    known = {row["name"] for row in await tx.rows(select(measure.c.name))} if asked else set()
    problems = [
        Problem(ProblemCode.NOT_FOUND, f'there is no measure "{read.measure}"', (*where, "measure"))
        for where, read in asked
        if read.measure not in known
    ]
    if problems:
        raise Refused(problems)
