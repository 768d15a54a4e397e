"""Activities: what reps do to sell, and how much of it is expected of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import RowMapping, insert, select, update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import ActivityKind, Grant
from spm_graph.store import clock, history, visibility
from spm_graph.store.database import Transaction
from spm_graph.store.tables import account, activity, activity_target, opportunity
from spm_graph.store.visibility import Actor

from . import revisions
from .dating import require_later
from .refs import Ref, by_ref, not_found, unseen, visible_rep
from .result import IdempotencyKey, Result

NOTE_LENGTH = 10_000


@dataclass(frozen=True)
class ActivityRecord:
    """Something that a rep did: made if the external id is new or not given, changed otherwise."""

    rep: Annotated[Ref, "Who did it."]
    kind: Annotated[ActivityKind, "What it was."]
    dated: Annotated[date, "The day on which it was done."]
    external_id: Annotated[str | None, "Its key in the company's CRM; without one, it is always a new one."] = None
    opportunity: Annotated[Ref | None, "The deal that it was done for."] = None
    account: Annotated[Ref | None, "The customer; that of the deal unless given."] = None
    note: Annotated[str | None, "What there is to remember."] = None
    revision: Annotated[int | None, "The CRM's revision of the record: an older one than stored is ignored."] = None
    idempotency_key: IdempotencyKey = None


@dataclass(frozen=True)
class ActivityTargetSet:
    """How much of one kind is expected of a rep, month by month."""

    rep: Annotated[Ref, "Of whom it is expected."]
    kind: Annotated[ActivityKind, "What is expected."]
    monthly: Annotated[int | None, "How many in each month; none: nothing is expected."]
    starts: Annotated[date, "From when on: it holds for the months whose first day is this day or later."]
    ends: Annotated[date | None, "The day from which it no longer holds; none: for ever."] = None


async def record(tx: Transaction, actor: Actor, command: ActivityRecord) -> Result:
    """Record what a rep did. Reps record what they and their reports did; with IMPORT, what anybody did whom the asker sees."""
    importer = actor.may(Grant.IMPORT)
    if not importer and actor.rep_id is None:
        raise refuse(ProblemCode.NOT_PERMITTED, "This needs the grant IMPORT, or somebody to be.")
    if command.note is not None and len(command.note) > NOTE_LENGTH:
        raise refuse(ProblemCode.INVALID, f"the note has {len(command.note)} characters; expected {NOTE_LENGTH} at most", ["note"])
    if command.external_id is not None and not command.external_id.strip():
        raise refuse(ProblemCode.INVALID, "the external id is empty", ["externalId"])
    position = await clock.tick(tx, actor.name, "activityRecord")
    # Seeing everybody is no reason to write in their name: without IMPORT only the reporting lines count.
    asker = actor if importer else Actor(actor.name, actor.rep_id, frozenset())
    who = await visible_rep(tx, asker, command.rep, ["rep"])
    deal = await _deal(tx, actor, command.opportunity) if command.opportunity else None
    customer = (await by_ref(tx, account, command.account, ["account"]))["id"] if command.account else deal and deal["account_id"]
    values = {
        "rep_id": who["id"],
        "opportunity_id": deal and deal["id"],
        "account_id": customer,
        "kind": command.kind,
        "dated": command.dated,
        "note": command.note,
    }
    before = await _known(tx, asker, command)
    if before is None:
        made = insert(activity).values(external_id=command.external_id, revision=command.revision, **values).returning(activity.c.id)
        return Result(position, {"activity_id": await tx.scalar(made), "rep_id": who["id"]})
    found = {"activity_id": before["id"], "rep_id": who["id"]}
    if (remark := revisions.stale(before, command.revision, command.external_id)) is not None:
        return Result(position, found, (remark,))
    revision = revisions.kept(before, command.revision)
    await tx.execute(update(activity).where(activity.c.id == before["id"]).values(**values, revision=revision))
    return Result(position, found)


async def set_target(tx: Transaction, actor: Actor, command: ActivityTargetSet) -> Result:
    """Set how much of one kind of activity is expected of a rep from a day on; what was expected before that day stays."""
    actor.require(Grant.PLAN)
    if command.monthly is not None and command.monthly <= 0:
        raise refuse(ProblemCode.INVALID, f"{command.monthly} is no target; expected one or more in a month", ["monthly"])
    require_later(command.starts, command.ends)
    position = await clock.tick(tx, actor.name, "activityTargetSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    keys = {"rep_id": who["id"], "kind": command.kind}
    values = {"monthly": command.monthly} if command.monthly is not None else None
    await history.supersede(tx, activity_target, keys, command.starts, command.ends, values)
    return Result(position, {"rep_id": who["id"]})


async def _deal(tx: Transaction, actor: Actor, given: Ref) -> RowMapping:
    """The deal that is meant, if the asker may see it: reps work on deals that others own, too."""
    found = await by_ref(tx, opportunity, given, ["opportunity"])
    if not await visibility.sees_row(tx, actor, "opportunity", found["id"]):
        raise unseen("opportunity", given, ["opportunity"])
    return found


async def _known(tx: Transaction, asker: Actor, command: ActivityRecord) -> RowMapping | None:
    """The activity of the external id, if there is one. One that the asker may not change is as good as not there."""
    if command.external_id is None:
        return None
    found = await tx.row(select(activity).where(activity.c.external_id == command.external_id).with_for_update())
    if found is not None and not await visibility.sees(tx, asker, found["rep_id"]):
        raise not_found("activity", command.external_id, ["externalId"])
    return found
