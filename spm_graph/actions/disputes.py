"""Disputes: a rep doubts an earning, or what a deal paid, and somebody answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import RowMapping, insert, select, update

from spm_graph.domain import ids
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import DisputeState, Grant
from spm_graph.incentive_types import Id
from spm_graph.store import clock, events, persons, visibility
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.tables import dispute, earning, opportunity, rep
from spm_graph.store.visibility import Actor

from .acceptance import own_rep
from .refs import Ref, by_id, by_ref, not_found, unseen
from .result import IdempotencyKey, Result

TEXT_LENGTH = 10_000


@dataclass(frozen=True)
class DisputeOpen:
    """A doubt about pay: of an earning, or of what a deal should have paid."""

    says: Annotated[str, "What is wrong, in the rep's words."]
    earning: Annotated[Id | None, "The rep's earning that is doubted; or else give `opportunity`."] = None
    opportunity: Annotated[Ref | None, "The deal that should have paid the rep something else; or else give `earning`."] = None
    idempotency_key: IdempotencyKey = None


@dataclass(frozen=True)
class DisputeResolve:
    """An answer to a dispute."""

    dispute: Annotated[Id, "The dispute, open."]
    accepted: Annotated[bool, "True: the rep is right. Nothing is booked by that: put the facts right, or adjust."]
    answer: Annotated[str, "What is done about it, or why nothing is, in words that the rep will read."]


async def open_dispute(tx: Transaction, actor: Actor, command: DisputeOpen) -> Result:
    """Doubt an earning of one's own, or what a deal paid oneself. One dispute about a thing can be open at a time."""
    who = own_rep(actor)
    if (command.earning is None) == (command.opportunity is None):
        raise refuse(ProblemCode.INVALID, "give either `earning` or `opportunity`", ["earning"])
    _check_text(command.says, "says")
    position = await clock.tick(tx, actor.name, "disputeOpen")
    about = await _about(tx, actor, who, command)
    same = [dispute.c[name] == value for name, value in about.items()]
    if await tx.row(select(dispute.c.id).where(dispute.c.rep_id == who, dispute.c.state == DisputeState.OPEN, *same)):
        raise refuse(ProblemCode.DUPLICATE, "a dispute about this is open already", list(_path(command)))
    values = {"rep_id": who, **about, "says": command.says, "state": DisputeState.OPEN, "opened_position": position}
    opened = await tx.row(insert(dispute).values(**values).returning(dispute))
    assert opened is not None, "it was just written"
    await events.append(tx, position, [await _event(tx, "DisputeOpened", opened)])
    return Result(position, {"dispute_id": opened["id"]})


async def resolve(tx: Transaction, actor: Actor, command: DisputeResolve) -> Result:
    """Answer a dispute, with the grant RUN or ADJUST. Nobody answers their own."""
    if not (actor.may(Grant.RUN) or actor.may(Grant.ADJUST)):
        raise refuse(ProblemCode.NOT_PERMITTED, "This needs the grant RUN or ADJUST.")
    _check_text(command.answer, "answer")
    position = await clock.tick(tx, actor.name, "disputeResolve")
    found = await by_id(tx, dispute, "dispute", command.dispute, ["dispute"])
    if not await visibility.sees_row(tx, actor, "dispute", found["id"]):
        raise not_found("dispute", command.dispute, ["dispute"])
    if await persons.is_rep(tx, actor, found["rep_id"]):
        raise refuse(ProblemCode.OWN_WORK, "somebody else has to answer one's own dispute", ["dispute"])
    if found["state"] != DisputeState.OPEN:
        raise refuse(ProblemCode.WRONG_STATE, f"the dispute is {found['state'].lower()} already", ["dispute"])
    state = DisputeState.ACCEPTED if command.accepted else DisputeState.REJECTED
    values = {"state": state, "answer": command.answer, "resolved_position": position}
    await tx.execute(update(dispute).where(dispute.c.id == found["id"]).values(**values))
    await events.append(tx, position, [await _event(tx, "DisputeResolved", {**found, **values})])
    return Result(position, {"dispute_id": found["id"]})


def _check_text(text: str, field: str) -> None:
    if not text.strip():
        raise refuse(ProblemCode.INVALID, "it needs words", [field])
    if len(text) > TEXT_LENGTH:
        raise refuse(ProblemCode.INVALID, f"it has {len(text)} characters; expected {TEXT_LENGTH} at most", [field])


def _path(command: DisputeOpen) -> tuple[str, ...]:
    return ("earning",) if command.earning is not None else ("opportunity",)


async def _about(tx: Transaction, actor: Actor, who: int, command: DisputeOpen) -> dict[str, int]:
    """What is doubted: an earning of the rep's own, or a deal that the rep may see."""
    if command.earning is not None:
        number = ids.number(command.earning, "earning")
        if not await tx.scalar(select(earning.c.id).where(earning.c.id == number, earning.c.rep_id == who)):
            raise not_found("earning", command.earning, ["earning"])
        assert number is not None, "it was found by it"
        return {"earning_id": number}
    assert command.opportunity is not None, "one of the two is given"
    deal = await by_ref(tx, opportunity, command.opportunity, ["opportunity"])
    if not await visibility.sees_row(tx, actor, "opportunity", deal["id"]):
        raise unseen("opportunity", command.opportunity, ["opportunity"])
    return {"opportunity_id": deal["id"]}


async def _event(tx: Transaction, kind: str, row: Mapping[Any, Any] | RowMapping) -> Event:
    who = await tx.row(select(rep).where(rep.c.id == row["rep_id"]))
    assert who is not None, "a foreign key holds it"
    about = ("earning", row["earning_id"]) if row["earning_id"] is not None else ("opportunity", row["opportunity_id"])
    payload = {
        "rep": events.card(who),
        "dispute": global_id("dispute", row["id"]),
        "about": global_id(*about),
        "state": row["state"],
    }
    return Event(kind, payload, row["rep_id"])
