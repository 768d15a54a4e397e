"""Target variables: what a rep is paid in a year for being exactly on quota."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from sqlalchemy import select

from spm_graph.domain.money import quantum
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, Proration
from spm_graph.store import clock, history, paid_in, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import target_variable
from spm_graph.store.visibility import Actor

from .dating import require_later
from .quotas import company_proration
from .refs import Ref, visible_rep
from .result import Result


@dataclass(frozen=True)
class TargetVariableSet:
    """The variable pay that a rep is promised for reaching quota."""

    rep: Annotated[Ref, "Who is promised it."]
    annual: Annotated[Decimal, "For a whole year, in the currency that the rep is paid in on the first day."]
    starts: Annotated[date, "The first day that it holds."]
    ends: Annotated[date | None, "The first day that it no longer holds; none: for ever."] = None
    proration: Annotated[
        Proration | None, "What is taken off for days on which the rep is not employed; the company's way, unless given."
    ] = None


async def set_target_variable(tx: Transaction, actor: Actor, command: TargetVariableSet) -> Result:
    """Set a rep's target variable over some dates. Runs find the windows that it reaches into, past ones too."""
    actor.require(Grant.PLAN)
    require_later(command.starts, command.ends)
    position = await clock.tick(tx, actor.name, "targetVariableSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    unit = quantum(await paid_in.on(tx, who["id"], command.starts))
    if command.annual <= 0 or command.annual % unit:
        raise refuse(
            ProblemCode.INVALID, f"{command.annual} is no target variable; expected more than zero, in steps of {unit}", ["annual"]
        )
    values = {"annual": command.annual, "promised_on": command.starts, "proration": command.proration or await company_proration(tx)}
    await history.supersede(tx, target_variable, {"rep_id": who["id"]}, command.starts, command.ends, values)
    await touches.record(tx, position, [(who["id"], touches.of_year(command.starts, command.ends))])
    return Result(position, {"rep_id": who["id"]})


async def follow_employment(tx: Transaction, position: int, reps: Collection[int]) -> None:
    """Touch reps whose first or last day changed where their target variable depends on it. The clock has ticked."""
    prorated = target_variable.c.rep_id.in_(reps) & (target_variable.c.proration != Proration.NONE)
    held = await tx.rows(select(target_variable.c.rep_id, target_variable.c.effective).where(prorated))
    await touches.record(tx, position, [(row["rep_id"], touches.of_year(row["effective"].lower, row["effective"].upper)) for row in held])
