"""Holds: what is earned and not to be paid yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import insert, update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, Release
from spm_graph.incentive_types import Id
from spm_graph.store import clock, visibility
from spm_graph.store.database import Transaction
from spm_graph.store.tables import component, hold
from spm_graph.store.visibility import Actor

from .refs import Ref, by_id, not_found, visible_opportunity, visible_rep
from .result import IdempotencyKey, Result


@dataclass(frozen=True)
class HoldPlace:
    """What is kept back: that for which all holds that is given of rep, deal and component."""

    reason: Annotated[str, "Why, in words that the rep will read."]
    rep: Annotated[Ref | None, "Whose earnings; none: everybody's."] = None
    opportunity: Annotated[Ref | None, "The deal that they come from; none: any."] = None
    component: Annotated[Id | None, "The component that they were earned by; none: any."] = None
    release: Annotated[Release, "What ends it."] = Release.BY_EVENT
    releases_on: Annotated[date | None, "The day on which it ends by itself; none: when somebody releases it."] = None
    idempotency_key: IdempotencyKey = None


@dataclass(frozen=True)
class HoldRelease:
    """A hold that ends."""

    hold: Annotated[Id, "The hold."]
    note: Annotated[str | None, "What happened, in words that the rep will read."] = None
    idempotency_key: IdempotencyKey = None


async def place(tx: Transaction, actor: Actor, command: HoldPlace) -> Result:
    """Keep back what is earned in open months until something happens, or as far as the customer has not paid. What was paid stays paid."""
    actor.require(Grant.ADJUST)
    if not command.reason.strip():
        raise refuse(ProblemCode.INVALID, "a hold needs a reason", ["reason"])
    if command.releases_on is not None and command.release is Release.BY_CASH:
        raise refuse(ProblemCode.INVALID, "what the customer's payments release has no day of its own", ["releasesOn"])
    if command.rep is None and command.opportunity is None:
        if command.component is None:
            raise refuse(ProblemCode.INVALID, "nothing to hold: give rep, opportunity or component", ["rep"])
        if not actor.sees_all:
            raise refuse(ProblemCode.NOT_PERMITTED, f"To hold everybody's earnings needs the grant {Grant.SEE_ALL}.")
    position = await clock.tick(tx, actor.name, "holdPlace")
    who = await visible_rep(tx, actor, command.rep, ["rep"]) if command.rep else None
    deal = await visible_opportunity(tx, actor, command.opportunity, ["opportunity"]) if command.opportunity else None
    part = await by_id(tx, component, "component", command.component, ["component"]) if command.component else None
    values = {
        "rep_id": who["id"] if who else None,
        "opportunity_id": deal["id"] if deal else None,
        "component_id": part["id"] if part else None,
        "release": command.release,
        "releases_on": command.releases_on,
        "reason": command.reason,
        "placed_position": position,
    }
    hold_id = await tx.scalar(insert(hold).values(**values).returning(hold.c.id))
    return Result(position, {"hold_id": hold_id})


async def release(tx: Transaction, actor: Actor, command: HoldRelease) -> Result:
    """End a hold: what it kept back is released when the next month closes, unless another hold keeps it."""
    actor.require(Grant.ADJUST)
    position = await clock.tick(tx, actor.name, "holdRelease")
    found = await by_id(tx, hold, "hold", command.hold, ["hold"])
    if not await visibility.sees_row(tx, actor, "hold", found["id"]):
        raise not_found("hold", command.hold, ["hold"])
    if found["released_position"] is not None:
        raise refuse(ProblemCode.WRONG_STATE, "the hold was released before", ["hold"])
    ended = update(hold).where(hold.c.id == found["id"]).values(released_position=position, release_note=command.note)
    await tx.execute(ended)
    return Result(position, {"hold_id": found["id"]})
