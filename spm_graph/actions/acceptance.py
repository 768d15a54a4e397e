"""Acceptance: a rep says yes to the text of the plan that they are paid by."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from sqlalchemy import RowMapping, insert, select

from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import PlanState
from spm_graph.incentive_types import Id
from spm_graph.store import clock, events
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.tables import plan, plan_acceptance, plan_version, rep
from spm_graph.store.visibility import Actor

from .refs import by_id, not_found
from .result import Result


@dataclass(frozen=True)
class PlanAccept:
    """A rep's acceptance of a plan's text."""

    version: Annotated[Id, "The version whose text it is."]
    document_hash: Annotated[str, "The SHA-256 of the text that was read, as the version's `documentHash` had it."]


async def accept(tx: Transaction, actor: Actor, command: PlanAccept) -> Result:
    """Accept the text of a plan version, for good. Only the rep who is paid by it does; doing so again changes nothing."""
    who = own_rep(actor)
    position = await clock.tick(tx, actor.name, "planAccept")
    version = await own_version(tx, who, command.version)
    if version["document"] is None:
        raise refuse(ProblemCode.INVALID, f"version {version['version']} has no text to accept", ["version"])
    if command.document_hash != sha256(version["document"].encode()).hexdigest():
        message = f"the text of version {version['version']} is another one than what was read: read it again"
        raise refuse(ProblemCode.DOCUMENT_CHANGED, message, ["documentHash"])
    mine = (plan_acceptance.c.plan_version_id == version["id"]) & (plan_acceptance.c.rep_id == who)
    if await tx.row(select(plan_acceptance.c.id).where(mine)) is None:
        values = {"plan_version_id": version["id"], "rep_id": who, "document_hash": command.document_hash, "position": position}
        await tx.execute(insert(plan_acceptance).values(**values))
        await events.append(tx, position, [await _accepted(tx, who, version)])
    return Result(position, {"plan_version_id": version["id"], "rep_id": who})


def own_rep(actor: Actor) -> int:
    """The rep that the actor is, or NOT_PERMITTED: nobody speaks for somebody else here."""
    if actor.rep_id is None:
        raise refuse(ProblemCode.NOT_PERMITTED, "Only a rep does this, for themselves.")
    return actor.rep_id


async def own_version(tx: Transaction, rep_id: int, given: Id) -> RowMapping:
    """The published version of a plan that the rep is on while it is in force, or a refusal."""
    version = await by_id(tx, plan_version, "version", given, ["version"])
    member = await tx.scalar(
        "select exists (select from plan_membership where plan_id = :plan and rep_id = :rep"
        " and effective && daterange(cast(:starts as date), cast(:ends as date)))",
        {"plan": version["plan_id"], "rep": rep_id, "starts": version["effective"].lower, "ends": version["effective"].upper},
    )
    if version["state"] == PlanState.DRAFT or not member:
        raise not_found("plan_version", given, ["version"])
    if version["state"] == PlanState.SUPERSEDED:
        raise refuse(ProblemCode.WRONG_STATE, f"version {version['version']} was superseded by a later one", ["version"])
    return version


async def _accepted(tx: Transaction, rep_id: int, version: RowMapping) -> Event:
    who = await tx.row(select(rep).where(rep.c.id == rep_id))
    assert who is not None, "a foreign key holds it"
    name = await tx.scalar(select(plan.c.name).where(plan.c.id == version["plan_id"]))
    payload = {
        "rep": events.card(who),
        "plan": name,
        "planVersion": global_id("version", version["id"]),
        "version": version["version"],
    }
    return Event("PlanAccepted", payload, rep_id)
