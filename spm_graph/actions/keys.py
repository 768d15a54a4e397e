"""API keys: how a service or a rep's own program proves who it is. Only a key's hash is stored."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import func, insert, select, update

from spm_graph.domain import ids
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant
from spm_graph.incentive_types import Id
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import api_key
from spm_graph.store.visibility import Actor

from .refs import Ref, not_found, visible_rep
from .result import Result

KEY = re.compile(r"spm_[A-Za-z0-9_-]{43}", re.ASCII)
"""How a key is written: a prefix that secret scanners know it by, and 256 random bits."""

LONGEST_NAME = 100
LONGEST_PERSON = 200


@dataclass(frozen=True)
class ApiKeyCreate:
    """A new key, and what it opens: what a rep may see and do, what grants allow, or both."""

    name: Annotated[str, "What the key is for: the audit shows it."]
    rep: Annotated[Ref | None, "The rep that the key stands for; none: a service."] = None
    grants: Annotated[tuple[Grant, ...], "What the key may do beyond that. Only grants that the asker holds can be given."] = ()
    expires_at: Annotated[datetime | None, "When the key stops working; none: when it is revoked."] = None
    person: Annotated[
        str | None,
        "Who has the key, if that is no rep: as the company's sign-on names them. Where two have to agree, all keys of a person are one.",
    ] = None


@dataclass(frozen=True)
class ApiKeyRevoke:
    """A key that must stop working."""

    key: Annotated[Id, "The key's id, as in key_12."]


async def create(tx: Transaction, actor: Actor, command: ApiKeyCreate) -> Result:
    """Make a key. The outcome's `token` is the only time that it is told.

    There is no idempotency key here: repeating the answer would mean to have stored the token. Somebody who lost the
    answer makes another key and revokes the first.
    """
    return await add(tx, actor, command, new())


async def add(tx: Transaction, actor: Actor, command: ApiKeyCreate, token: str) -> Result:
    """Make a key whose token is given."""
    actor.require(Grant.ADMIN)
    name = command.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise refuse(ProblemCode.INVALID, f"expected a name of 1 to {LONGEST_NAME} printable characters", ["name"])
    person = command.person.strip() if command.person is not None else None
    if person is not None and (not person or len(person) > LONGEST_PERSON or not person.isprintable()):
        raise refuse(ProblemCode.INVALID, f"expected a person's name of 1 to {LONGEST_PERSON} printable characters", ["person"])
    if command.rep is not None and person is not None:
        raise refuse(ProblemCode.INVALID, "a key that stands for a rep is that rep's: give a rep or a person", ["person"])
    if command.rep is None and not command.grants:
        raise refuse(ProblemCode.INVALID, "a key needs a rep, a grant, or both: this one would open nothing", ["grants"])
    for grant in command.grants:
        if not actor.may(grant):
            raise refuse(ProblemCode.NOT_PERMITTED, f"only who holds the grant {grant.value} can give it", ["grants"])
    if command.expires_at and command.expires_at <= datetime.now(UTC):
        raise refuse(ProblemCode.INVALID, f"{command.expires_at.isoformat()} is past", ["expiresAt"])
    position = await clock.tick(tx, actor.name, "apiKeyCreate")
    rep = await visible_rep(tx, actor, command.rep, ["rep"]) if command.rep else None
    values = {
        "name": name,
        "hash": hashed(token),
        "rep_id": rep["id"] if rep else None,
        "person": person,
        "grants": sorted({grant.value for grant in command.grants}),
        "created_at": func.now(),
        "expires_at": command.expires_at,
    }
    key_id = await tx.scalar(insert(api_key).values(values).returning(api_key.c.id))
    return Result(position, {"api_key_id": key_id, "token": token})


async def revoke(tx: Transaction, actor: Actor, command: ApiKeyRevoke) -> Result:
    """Stop a key for good. One that was revoked before stays as it is."""
    actor.require(Grant.ADMIN)
    number = ids.number(command.key, "key")
    found = await tx.row(select(api_key.c.id, api_key.c.revoked_at).where(api_key.c.id == number)) if number else None
    if found is None:
        raise not_found("API key", command.key, ["key"])
    if found["revoked_at"]:
        return Result(None, {"api_key_id": found["id"]})
    position = await clock.tick(tx, actor.name, "apiKeyRevoke")
    await tx.execute(update(api_key).where(api_key.c.id == found["id"], api_key.c.revoked_at.is_(None)).values(revoked_at=func.now()))
    return Result(position, {"api_key_id": found["id"]})


def new() -> str:
    """A token that nobody can guess."""
    return f"spm_{secrets.token_urlsafe(32)}"


def hashed(token: str) -> bytes:
    """What is stored of a token. It is random and long, so that a plain hash can't be searched for it."""
    return hashlib.sha256(token.encode()).digest()
