"""Accounts: the companies that buy, as the CRM knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Table, insert, select, update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import account
from spm_graph.store.visibility import Actor

from .refs import Ref, by_ref
from .result import IdempotencyKey, Result


@dataclass(frozen=True)
class AccountUpsert:
    """An account as it should be: made if the external id is new, changed otherwise."""

    external_id: Annotated[str, "The account's key in the company's CRM."]
    name: Annotated[str, "The account's name."]
    industry: Annotated[str | None, "What it does for a living."] = None
    country: Annotated[str | None, "Where it is."] = None
    parent: Annotated[Ref | None, "The account that it belongs to."] = None
    idempotency_key: IdempotencyKey = None


async def upsert(tx: Transaction, actor: Actor, command: AccountUpsert) -> Result:
    """Make or change an account. Fields that are not given are emptied: the command is the whole account."""
    actor.require(Grant.IMPORT)
    require_named("an account", command.external_id, command.name)
    position = await clock.tick(tx, actor.name, "accountUpsert")
    above = await by_ref(tx, account, command.parent, ["parent"]) if command.parent else None
    known = await tx.scalar(select(account.c.id).where(account.c.external_id == command.external_id))
    if known is not None and above is not None and await leads_to(tx, account, above["id"], known):
        raise refuse(ProblemCode.CYCLE, f"{above['name']} belongs to {command.name}, directly or not", ["parent"])
    values = {
        "name": command.name,
        "industry": command.industry,
        "country": command.country,
        "parent_id": above["id"] if above is not None else None,
    }
    if known is None:
        known = await tx.scalar(insert(account).values(external_id=command.external_id, **values).returning(account.c.id))
    else:
        await tx.execute(update(account).where(account.c.id == known).values(**values))
    return Result(position, {"account_id": known})


def require_named(what: str, external_id: str, name: str) -> None:
    """Refuse a thing whose key or name is blank."""
    for field, given in (("externalId", external_id), ("name", name)):
        if not given.strip():
            raise refuse(ProblemCode.INVALID, f"{what} needs an external id and a name", [field])


async def leads_to(tx: Transaction, table: Table, row_id: int, above_id: int) -> bool:
    """Whether a row of a hierarchy is `above_id`, or lies below it, by `parent_id`."""
    found = await tx.scalar(
        f"""
        with recursive above(id) as (
            select cast(:row_id as bigint)
            union
            select part.parent_id from above join {table.name} as part on part.id = above.id where part.parent_id is not null
        )
        select exists (select from above where id = :above_id)
        """,
        {"row_id": row_id, "above_id": above_id},
    )
    return bool(found)
