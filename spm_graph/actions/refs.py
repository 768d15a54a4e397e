"""How a command names a thing that exists, and the one place that looks it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import RowMapping, Table, select

from spm_graph.domain import ids
from spm_graph.domain.problem import ProblemCode, Refused, refuse
from spm_graph.domain.terms import PeriodKind
from spm_graph.incentive_types import Id, one_of
from spm_graph.store import visibility
from spm_graph.store.database import Transaction
from spm_graph.store.tables import opportunity, period, rep
from spm_graph.store.visibility import Actor

Path = Sequence[str]


@one_of
@dataclass(frozen=True)
class Ref:
    """How to name a thing: by the id that this API gave it, or by the key that it has in the company's CRM."""

    id: Annotated[Id | None, "The id that this API gave it, as in rep_12."] = None
    external_id: Annotated[str | None, "The key that it has in the company's CRM."] = None


@dataclass(frozen=True)
class PeriodOn:
    """A period by a day in it."""

    date: Annotated[date, "Any day of the period."]
    kind: Annotated[PeriodKind, "The length of the period."]


@one_of
@dataclass(frozen=True)
class PeriodRef:
    """How to name a period: by id, by name as in 2026-03, 2026-Q1 or 2026, or by a day in it."""

    id: Annotated[Id | None, "The id that this API gave it."] = None
    name: Annotated[str | None, "Its name: 2026-03, 2026-Q1 or 2026."] = None
    on: Annotated[PeriodOn | None, "The period of a length that holds a day."] = None


async def by_id(tx: Transaction, table: Table, prefix: str, given: Id, path: Path) -> RowMapping:
    """The row of an id, locked until the transaction ends, or NOT_FOUND."""
    number = ids.number(given, prefix)
    row = await tx.row(select(table).where(table.c.id == number).with_for_update()) if number else None
    if row is None:
        raise not_found(table.name, given, path)
    return row


async def by_ref(tx: Transaction, table: Table, given: Ref, path: Path) -> RowMapping:
    """The row that a reference names, locked until the transaction ends, or NOT_FOUND."""
    if given.id is not None:
        return await by_id(tx, table, table.name, given.id, [*path, "id"])
    row = await tx.row(select(table).where(table.c.external_id == given.external_id).with_for_update())
    if row is None:
        raise not_found(table.name, given.external_id or "", [*path, "externalId"])
    return row


async def visible_rep(tx: Transaction, actor: Actor, given: Ref, path: Path) -> RowMapping:
    """The rep that a reference names; one that the actor may not see is not found."""
    row = await by_ref(tx, rep, given, path)
    if not await visibility.sees(tx, actor, row["id"]):
        raise unseen("rep", given, path)
    return row


async def visible_opportunity(tx: Transaction, actor: Actor, given: Ref, path: Path) -> RowMapping:
    """The opportunity that a reference names; one whose owner the actor may not see is not found."""
    row = await by_ref(tx, opportunity, given, path)
    if not await visibility.sees(tx, actor, row["owner_id"]):
        raise unseen("opportunity", given, path)
    return row


async def by_period(tx: Transaction, given: PeriodRef, path: Path) -> RowMapping:
    """The period that a reference names, locked until the transaction ends, or NOT_FOUND."""
    if given.id is not None:
        return await by_id(tx, period, "period", given.id, [*path, "id"])
    if given.name is not None:
        named, wanted = given.name, period.c.name == given.name
    else:
        assert given.on is not None, "exactly one way of naming a period is given"
        named = f"{given.on.kind.lower()} of {given.on.date}"
        wanted = (period.c.kind == given.on.kind) & period.c.effective.contains(given.on.date)
    row = await tx.row(select(period).where(wanted).with_for_update())
    if row is None:
        raise not_found("period", named, path)
    return row


def not_found(noun: str, given: str, path: Path) -> Refused:
    """The refusal for what does not exist or may not be seen: the two look the same."""
    return refuse(ProblemCode.NOT_FOUND, f'there is no {noun} "{given}"', path)


def unseen(noun: str, given: Ref, path: Path) -> Refused:
    """The refusal for what is there and may not be seen: exactly that for what is not there."""
    named, field = (given.id, "id") if given.id is not None else (given.external_id or "", "externalId")
    return not_found(noun, named, [*path, field])


async def company_currency(tx: Transaction) -> str:
    """The company's reporting currency."""
    return str(await tx.scalar("select currency from company"))
