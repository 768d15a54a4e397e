"""Idempotency: the same key and input get the same answer, however often and from however many places they come."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.problem import ProblemCode, refuse

from .database import Transaction
from .tables import once


async def earlier(tx: Transaction, actor: str, key: str, request: object) -> Any | None:
    """The answer that an earlier request with this key got, or none, and then the key is this transaction's.

    A concurrent request with the same key waits here until the first has committed. Another input under the key is
    refused.
    """
    given = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
    taken = insert(once).values(actor=actor, key=key, input_hash=given).on_conflict_do_nothing()
    if await tx.execute(taken):
        return None
    row = await tx.row(select(once.c.input_hash, once.c.answer).where(once.c.actor == actor, once.c.key == key))
    if row is None or row["input_hash"] != given:
        raise refuse(ProblemCode.KEY_REUSED, f'the idempotency key "{key}" was used before with another input', ["idempotencyKey"])
    return row["answer"]


async def answered(tx: Transaction, actor: str, key: str, answer: Any) -> None:
    """Keep the answer of the key that this transaction took."""
    await tx.execute(update(once).where(once.c.actor == actor, once.c.key == key).values(answer=answer))
