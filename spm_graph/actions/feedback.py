"""Feedback: what reps think of the plan that they are paid by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.incentive_types import Id
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import plan_feedback
from spm_graph.store.visibility import Actor

from .acceptance import own_rep, own_version
from .result import Result

HIGHEST = 10
COMMENT_LENGTH = 10_000


@dataclass(frozen=True)
class PlanFeedback:
    """What a rep thinks of a plan."""

    version: Annotated[Id, "The version of the plan."]
    score: Annotated[int, "How likely the rep is to recommend the plan to a colleague, from 0, not at all, to 10."]
    comment: Annotated[str | None, "Why. Only those who write plans read it."] = None


async def give(tx: Transaction, actor: Actor, command: PlanFeedback) -> Result:
    """Judge a plan version, once for each rep: doing so again, while it is in force, takes the place of what was said before."""
    who = own_rep(actor)
    if not 0 <= command.score <= HIGHEST:
        raise refuse(ProblemCode.INVALID, f"{command.score} is no score; expected 0 to {HIGHEST}", ["score"])
    if command.comment is not None and len(command.comment) > COMMENT_LENGTH:
        message = f"the comment has {len(command.comment)} characters; expected {COMMENT_LENGTH} at most"
        raise refuse(ProblemCode.INVALID, message, ["comment"])
    position = await clock.tick(tx, actor.name, "planFeedback")
    version = await own_version(tx, who, command.version)
    ends = version["effective"].upper
    if ends is not None and ends <= tx.today:
        raise refuse(ProblemCode.WRONG_STATE, f"version {version['version']} was in force until {ends} only", ["version"])
    said = {"score": command.score, "comment": command.comment, "position": position}
    added = insert(plan_feedback).values(plan_version_id=version["id"], rep_id=who, **said)
    await tx.execute(added.on_conflict_do_update(index_elements=["plan_version_id", "rep_id"], set_=said))
    return Result(position, {"plan_version_id": version["id"]})
