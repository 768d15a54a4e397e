"""Reps and who they report to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import insert, select, update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Backdating, Grant
from spm_graph.store import clock, history
from spm_graph.store.database import Transaction
from spm_graph.store.tables import rep, reporting_line
from spm_graph.store.visibility import Actor

from .crediting import recredit, sold_below
from .outcome import Outcome
from .refs import Ref, by_ref, company_currency, visible_rep


@dataclass(frozen=True)
class RepUpsert:
    """A rep as they should be: made if the external id is new, changed otherwise."""

    external_id: Annotated[str, "The rep's key in the company's CRM or HR system."]
    name: Annotated[str, "The rep's name."]
    email: Annotated[str | None, "Where the rep is written to."] = None
    title: Annotated[str | None, "The rep's job title."] = None
    office: Annotated[str | None, "The office that the rep works from."] = None
    currency: Annotated[str | None, "The currency that the rep is paid in, as in USD; the company's if not given."] = None
    hired_on: Annotated[date | None, "The first day of employment."] = None
    left_on: Annotated[date | None, "The first day no longer employed."] = None


@dataclass(frozen=True)
class ManagerSet:
    """Whom a rep reports to from a day on."""

    rep: Annotated[Ref, "Who reports."]
    manager: Annotated[Ref | None, "Whom they report to; none: nobody."]
    starts: Annotated[date, "The first day on which this holds."]
    backdating: Annotated[Backdating | None, "For a day in the past: what becomes of the credits made since then."] = None


async def upsert(tx: Transaction, actor: Actor, command: RepUpsert) -> Outcome:
    """Make or change a rep. Fields that are not given are emptied: the command is the whole rep."""
    actor.require(Grant.PLAN)
    if not command.external_id.strip() or not command.name.strip():
        raise refuse(
            ProblemCode.INVALID, "a rep needs an external id and a name", ["name" if command.external_id.strip() else "externalId"]
        )
    if command.hired_on and command.left_on and command.left_on <= command.hired_on:
        raise refuse(ProblemCode.INVALID, f"left on {command.left_on}, but hired on {command.hired_on}: expected a later day", ["leftOn"])
    currency = await company_currency(tx)
    if command.currency not in (None, currency):
        message = f"{command.currency} is not the company's currency {currency}, and there are no rates to convert by"
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["currency"])
    position = await clock.tick(tx, actor.name, "repUpsert")
    values = {
        "name": command.name,
        "email": command.email,
        "title": command.title,
        "office": command.office,
        "currency": currency,
        "hired_on": command.hired_on,
        "left_on": command.left_on,
    }
    known = await tx.scalar(select(rep.c.id).where(rep.c.external_id == command.external_id))
    if known is None:
        if not actor.sees_all:
            raise refuse(ProblemCode.NOT_PERMITTED, "Making a rep needs the grant SEE_ALL beside PLAN.")
        known = await tx.scalar(insert(rep).values(external_id=command.external_id, **values).returning(rep.c.id))
    else:
        await visible_rep(tx, actor, Ref(external_id=command.external_id), ["externalId"])
        await tx.execute(update(rep).where(rep.c.id == known).values(**values))
    return Outcome(position, {"rep_id": known})


async def set_manager(tx: Transaction, actor: Actor, command: ManagerSet) -> Outcome:
    """Let a rep report to somebody from a day on. Credits since that day follow if the command says RESTATE."""
    actor.require(Grant.PLAN)
    if command.starts < tx.today and command.backdating is None:
        message = f"{command.starts} is in the past: RESTATE makes the credits since then again, FROM_NOW leaves them"
        raise refuse(ProblemCode.BACKDATING_UNDECIDED, message, ["backdating"])
    position = await clock.tick(tx, actor.name, "managerSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    manager = await by_ref(tx, rep, command.manager, ["manager"]) if command.manager else None
    if manager is not None and await _leads_to(tx, manager["id"], who["id"], command.starts):
        raise refuse(ProblemCode.CYCLE, f"{manager['name']} reports to {who['name']}, directly or not", ["manager"])
    values = {"manager_id": manager["id"]} if manager is not None else None
    await history.supersede(tx, reporting_line, {"rep_id": who["id"]}, command.starts, None, values)
    if command.backdating is Backdating.RESTATE:
        await recredit(tx, position, await sold_below(tx, {who["id"]: command.starts}))
    return Outcome(position, {"rep_id": who["id"]})


async def _leads_to(tx: Transaction, rep_id: int, above_id: int, starts: date) -> bool:
    """Whether `rep_id` is `above_id`, or reports to them on some day since `starts`."""
    found = await tx.scalar(
        """
        with recursive above(rep_id, during) as (
            select cast(:rep_id as bigint), daterange(:starts, null)
            union
            select line.manager_id, above.during * line.effective
            from above join reporting_line as line on line.rep_id = above.rep_id and line.effective && above.during
        )
        select exists (select from above where rep_id = :above_id)
        """,
        {"rep_id": rep_id, "above_id": above_id, "starts": starts},
    )
    return bool(found)
