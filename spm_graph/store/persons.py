"""Whom an actor stands for: the same person may come with several API keys, and with a token of the company's sign-on.

A person is the rep behind a key or a sign-on, else the name that the sign-on gives them; a key of nobody is told apart from all.
Where two have to agree, it is two persons.
"""

from __future__ import annotations

from .database import Transaction
from .visibility import Actor


async def same(tx: Transaction, actor: Actor, other: str | None) -> bool:
    """Whether an actor is the person who acted under a name, which the audit has."""
    return bool(await tx.scalar("select person_of(:actor) = person_of(:other)", {"actor": actor.name, "other": other}))


async def is_rep(tx: Transaction, actor: Actor, rep_id: int) -> bool:
    """Whether an actor is a rep, also where they have come with a key that does not stand for the rep."""
    return actor.rep_id == rep_id or await tx.scalar("select person_of(:actor)", {"actor": actor.name}) == f"rep_{rep_id}"
