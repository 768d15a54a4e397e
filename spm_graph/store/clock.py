"""The clock: one gapless position for everything that happens, in the order of commits."""

from __future__ import annotations

from sqlalchemy import BigInteger, func

from .database import Transaction

POSITION = func.current_setting("spm.position").cast(BigInteger)
"""The position that the transaction took, as an SQL expression."""


async def tick(tx: Transaction, actor: str, action: str) -> int:
    """Take the next position, and hold the clock until the transaction ends.

    Call it after everything slow and before the first write: writing to an audited table before the tick fails. Run
    what compares with the ledger in later statements, which see what was committed while this one waited.
    """
    position: int = await tx.scalar("select spm_tick(:actor, :action)", {"actor": actor, "action": action})
    return position
