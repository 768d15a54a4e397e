"""The demonstration's bearer tokens: the same at each start, so that what was copied yesterday works today."""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from itertools import count
from pathlib import Path

from sqlalchemy import select

from spm_graph.actions import keys
from spm_graph.actions.keys import ApiKeyCreate
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import Grant
from spm_graph.incentive_types import Id
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import api_key
from spm_graph.store.visibility import Actor

ACTOR = Actor("spm demo", None, frozenset(Grant))
SECRET_BYTES = 32

A_REP_AND_THEIR_MANAGER = """
    select line.rep_id, line.manager_id from reporting_line as line
    where line.effective @> cast(:today as date)
    and not exists (select from reporting_line as below where below.manager_id = line.rep_id and below.effective @> cast(:today as date))
    order by (select count(*) from opportunity where opportunity.owner_id = line.rep_id) desc, line.rep_id
    limit 1
"""


async def demonstration_tokens(database: Database, folder: Path) -> dict[str, str]:
    """Working tokens by role: `rep`, `manager` and `administrator`; only the last where nobody reports to anybody yet.

    The rep is a seller: of those to whom nobody reports the one who owns the most opportunities. The manager is theirs.
    The tokens follow from a secret in the folder. One that was revoked stays so, and the role gets another.
    """
    secret = _secret(folder / "demonstration-secret")
    async with database.transaction() as tx:
        row = await tx.row(A_REP_AND_THEIR_MANAGER, {"today": tx.today})
        roles = {"rep": row["rep_id"], "manager": row["manager_id"]} if row else {}
        return {role: await _token(tx, secret, role, rep_id) for role, rep_id in {**roles, "administrator": None}.items()}


async def _token(tx: Transaction, secret: bytes, role: str, rep_id: int | None) -> str:
    """The first token of the role that is not revoked, made if it is new."""
    for number in count():
        digest = hmac.digest(secret, f"{role} {rep_id} {number}".encode(), "sha256")
        token = f"spm_{urlsafe_b64encode(digest).rstrip(b'=').decode()}"
        known = await tx.row(select(api_key.c.revoked_at).where(api_key.c.hash == keys.hashed(token)))
        if known is None:
            rep = Ref(id=Id(f"rep_{rep_id}")) if rep_id else None
            await keys.add(tx, ACTOR, ApiKeyCreate(f"demonstration {role}", rep, () if rep else tuple(Grant)), token)
        if known is None or known["revoked_at"] is None:
            return token
    raise AssertionError("the numbers never end")


def _secret(path: Path) -> bytes:
    """The secret in the file, which only its owner may read; made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(file, "wb") as new:
        secret = secrets.token_bytes(SECRET_BYTES)
        new.write(secret)
    return secret
