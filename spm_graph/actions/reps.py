"""Reps and who they report to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from sqlalchemy import RowMapping, Table, insert, select, update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Backdating, Grant, Role
from spm_graph.store import clock, history, touches
from spm_graph.store.database import Transaction
from spm_graph.store.oversight import Line, circle
from spm_graph.store.tables import plan_assignment, rep, reporting_line, territory_assignment
from spm_graph.store.visibility import Actor

from . import quotas, targets, territories, titles
from .crediting import described_otherwise, recredit, sold_below
from .currencies import check_currency
from .dating import require_decided, takes_effect
from .refs import Ref, by_ref, company_currency, visible_rep
from .result import Result

PAID = "select exists (select from credit where rep_id = :id) or exists (select from pay_currency where rep_id = :id)"


@dataclass(frozen=True)
class RepUpsert:
    """A rep as they should be: made if the external id is new, changed otherwise."""

    external_id: Annotated[str, "The rep's key in the company's CRM or HR system."]
    name: Annotated[str, "The rep's name."]
    email: Annotated[str | None, "Where the rep is written to."] = None
    title: Annotated[str | None, "The rep's job title. One that changes holds from `titleFrom` on, and the earlier ones stay known."] = None
    office: Annotated[str | None, "The office that the rep works from."] = None
    currency: Annotated[
        str | None,
        "The currency that the rep is paid in, as in USD; without one, a new rep has the company's, and others keep theirs. Who has credits"
        " is given another by payCurrencySet.",
    ] = None
    hired_on: Annotated[date | None, "The first day of employment."] = None
    left_on: Annotated[date | None, "The first day no longer employed."] = None
    title_from: Annotated[
        date | None,
        "The first day of the title. Unless given: of a first title the first day of employment, if that is known; of any other, today.",
    ] = None


@dataclass(frozen=True)
class RepLeave:
    """A rep who leaves the company."""

    rep: Annotated[Ref, "Who leaves."]
    last_day: Annotated[date, "The last day of employment."]
    backdating: Annotated[Backdating | None, "For a day in the past: what becomes of the credits made since then."] = None


@dataclass(frozen=True)
class ManagerSet:
    """Whom a rep reports to from a day on."""

    rep: Annotated[Ref, "Who reports."]
    manager: Annotated[Ref | None, "Whom they report to; none: nobody."]
    starts: Annotated[date, "The first day on which this holds."]
    backdating: Annotated[Backdating | None, "For a day in the past: what becomes of the credits made since then."] = None


async def upsert(tx: Transaction, actor: Actor, command: RepUpsert) -> Result:
    """Make or change a rep. Fields that are not given are emptied: the command is the whole rep."""
    actor.require(Grant.PLAN)
    if not command.external_id.strip() or not command.name.strip():
        raise refuse(
            ProblemCode.INVALID, "a rep needs an external id and a name", ["name" if command.external_id.strip() else "externalId"]
        )
    if command.title is not None and not command.title.strip():
        raise refuse(ProblemCode.INVALID, "a title needs letters; leave it out for a rep without one", ["title"])
    if command.hired_on and command.title_from and command.title_from < command.hired_on:
        message = f"the title starts on {command.title_from}, but the rep on {command.hired_on}: expected that day or a later one"
        raise refuse(ProblemCode.INVALID, message, ["titleFrom"])
    if command.hired_on and command.left_on and command.left_on <= command.hired_on:
        raise refuse(ProblemCode.INVALID, f"left on {command.left_on}, but hired on {command.hired_on}: expected a later day", ["leftOn"])
    if command.currency is not None:
        check_currency(command.currency, ["currency"])
    position = await clock.tick(tx, actor.name, "repUpsert")
    values = {
        "name": command.name,
        "email": command.email,
        "office": command.office,
        "hired_on": command.hired_on,
        "left_on": command.left_on,
    }
    known = await tx.scalar(select(rep.c.id).where(rep.c.external_id == command.external_id))
    if known is None:
        if not actor.sees_all:
            raise refuse(ProblemCode.NOT_PERMITTED, "Making a rep needs the grant SEE_ALL beside PLAN.")
        values["currency"] = command.currency or await company_currency(tx)
        known = await tx.scalar(insert(rep).values(external_id=command.external_id, **values).returning(rep.c.id))
    else:
        before = await visible_rep(tx, actor, Ref(external_id=command.external_id), ["externalId"])
        values["currency"] = command.currency or before["currency"]
        if before["currency"] != values["currency"] and await tx.scalar(PAID, {"id": known}):
            message = f"{before['name']} was paid in {before['currency']}: payCurrencySet changes that from a month on"
            raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["currency"])
        await tx.execute(update(rep).where(rep.c.id == known).values(**values))
        if (before["hired_on"], before["left_on"]) != (command.hired_on, command.left_on):
            await employed_otherwise(tx, position, [known])
    retitled = await titles.due(tx, known, command.title, command.title_from, command.hired_on, command.left_on)
    await titles.follow(tx, position, retitled)
    await titles.catch_up(tx, [known])
    return Result(position, {"rep_id": known})


async def leave(tx: Transaction, actor: Actor, command: RepLeave) -> Result:
    """Let a rep leave: reporting line, title, plans and territories end with the last day. Who reported to them gets their manager."""
    actor.require(Grant.PLAN)
    left_on = command.last_day + timedelta(days=1)
    require_decided(left_on, tx.today, command.backdating)
    position = await clock.tick(tx, actor.name, "repLeave")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    if who["hired_on"] and command.last_day < who["hired_on"]:
        message = f"{who['name']} starts on {who['hired_on']}: expected that day or a later one"
        raise refuse(ProblemCode.INVALID, message, ["lastDay"])
    if who["left_on"] and who["left_on"] < left_on:
        message = f"{who['name']} left on {who['left_on']} already: what ended then does not come back by another day"
        raise refuse(ProblemCode.WRONG_STATE, message, ["lastDay"])
    gone = takes_effect(left_on, tx.today, command.backdating)
    concerned = [*await sold_below(tx, {who["id"]: gone}), *await territories.sold_by(tx, who["id"], gone)]
    await tx.execute(update(rep).where(rep.c.id == who["id"]).values(left_on=left_on))
    await employed_otherwise(tx, position, [who["id"]])
    await titles.follow(tx, position, [titles.Retitled(who["id"], None, left_on)])
    await titles.catch_up(tx, [who["id"]])
    await _hand_over(tx, who, gone)
    await history.supersede(tx, reporting_line, {"rep_id": who["id"]}, gone)
    if await _end(tx, plan_assignment, "plan_id", who["id"], gone):
        await touches.record(tx, position, [(who["id"], touches.since(gone, None))])
    await _end(tx, territory_assignment, "territory_id", who["id"], gone)
    await recredit(tx, position, set(concerned))
    await described_otherwise(tx, position, set(concerned), [Role.ROLLUP])
    return Result(position, {"rep_id": who["id"]})


async def employed_otherwise(tx: Transaction, position: int, reps: Collection[int]) -> None:
    """What follows from other first or last days of these reps: what is expected of them and promised to them."""
    await quotas.follow_employment(tx, position, reps)
    await targets.follow_employment(tx, position, reps)


async def _hand_over(tx: Transaction, who: RowMapping, starts: date) -> None:
    """Let those who report to somebody from a day on report to their manager of that day, or nobody, instead."""
    held = select(reporting_line.c.manager_id).where(reporting_line.c.rep_id == who["id"], reporting_line.c.effective.contains(starts))
    manager_id = await tx.scalar(held)
    later = reporting_line.c.effective.op("&&")(history.effective(starts, None))
    for row in await tx.rows(select(reporting_line).where(reporting_line.c.manager_id == who["id"], later)):
        dates = row["effective"]
        since = max(starts, dates.lower or starts)
        if manager_id is not None and await circle(tx, [Line(row["rep_id"], manager_id, since, dates.upper)]):
            message = f"somebody who reports to {who['name']} would report to themselves: give them another manager first"
            raise refuse(ProblemCode.CYCLE, message, ["rep"])
        values = {"manager_id": manager_id} if manager_id is not None else None
        await history.supersede(tx, reporting_line, {"rep_id": row["rep_id"]}, since, dates.upper, values)


async def _end(tx: Transaction, table: Table, key: str, rep_id: int, starts: date) -> int:
    """End all that a rep is assigned to in a table from a day on; to how much they were."""
    later = table.c.effective.op("&&")(history.effective(starts, None))
    held = await tx.rows(select(table.c[key]).distinct().where(table.c.rep_id == rep_id, later))
    for row in held:
        await history.supersede(tx, table, {key: row[key], "rep_id": rep_id}, starts)
    return len(held)


async def set_manager(tx: Transaction, actor: Actor, command: ManagerSet) -> Result:
    """Let a rep report to somebody from a day on. Credits since that day follow if the command says RESTATE."""
    actor.require(Grant.PLAN)
    require_decided(command.starts, tx.today, command.backdating)
    position = await clock.tick(tx, actor.name, "managerSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    manager = await by_ref(tx, rep, command.manager, ["manager"]) if command.manager else None
    starts = takes_effect(command.starts, tx.today, command.backdating)
    if manager is not None and await circle(tx, [Line(who["id"], manager["id"], starts)]):
        raise refuse(ProblemCode.CYCLE, f"{manager['name']} reports to {who['name']}, directly or not", ["manager"])
    values = {"manager_id": manager["id"]} if manager is not None else None
    await history.supersede(tx, reporting_line, {"rep_id": who["id"]}, starts, None, values)
    sold = await sold_below(tx, {who["id"]: starts})
    await recredit(tx, position, sold)
    await described_otherwise(tx, position, sold, [Role.ROLLUP])  # whoever stays above learns that it comes through somebody else
    return Result(position, {"rep_id": who["id"]})
