"""The stages that deals went through: one row for each time that a deal came into a stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .database import Transaction

RECORD = """
insert into stage_change (opportunity_id, position, from_stage, to_stage, outcome, dated)
select deal.id, :position, changed.from_stage, deal.stage, deal.outcome,
       coalesce(changed.dated, deal.closed_on, case when changed.from_stage is null then deal.opened_on end, :today)
from {changed} join opportunity as deal on deal.id = changed.opportunity_id
where changed.from_stage is distinct from deal.stage
"""


async def record(tx: Transaction, position: int, changed: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Note, for each deal in `changed` that is in another stage now, when it came there.

    `changed` is a relation of that name with `opportunity_id`, `from_stage` (null: the deal is new) and `dated`. Where
    that is null, a deal came into its stage when it was decided or, if it is new and open, when it was opened; else today.
    """
    await tx.execute(RECORD.format(changed=changed), {"position": position, "today": tx.today, **(parameters or {})})
