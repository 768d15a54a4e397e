"""Statements: a rep says that they have read theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import PeriodState
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import acknowledgement
from spm_graph.store.visibility import Actor

from .refs import PeriodRef, Ref, by_period, unseen, visible_rep
from .result import Result


@dataclass(frozen=True)
class StatementAcknowledge:
    """A statement that the rep has read."""

    rep: Annotated[Ref, "The rep: who asks."]
    period: Annotated[PeriodRef, "The closed month."]


async def acknowledge(tx: Transaction, actor: Actor, command: StatementAcknowledge) -> Result:
    """Say that one has read one's statement of a closed month. Only reps themselves do; to dispute it is another act."""
    if actor.rep_id is None:
        raise refuse(ProblemCode.NOT_PERMITTED, "Only reps themselves acknowledge their statements.")
    position = await clock.tick(tx, actor.name, "statementAcknowledge")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    if actor.rep_id != who["id"]:
        raise unseen("rep", command.rep, ["rep"])
    month = await by_period(tx, command.period, ["period"])
    if month["state"] != PeriodState.CLOSED:
        raise refuse(ProblemCode.WRONG_STATE, f"{month['name']} is open: its statement still changes", ["period"])
    values = {"rep_id": who["id"], "period_id": month["id"], "position": position}
    await tx.execute(insert(acknowledgement).values(**values).on_conflict_do_nothing())
    return Result(position, {"rep_id": who["id"]})
