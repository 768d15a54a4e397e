"""Runs after their calculation: leave reps out, give up, or post. Starting one is in `calculation`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import RowMapping, func, select, update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, PeriodKind, PeriodState, RunState
from spm_graph.incentive_types import Id
from spm_graph.store import clock, events, ledger
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.tables import company, period, rep, run, run_problem
from spm_graph.store.visibility import Actor

from .refs import Ref, by_id, by_ref
from .result import IdempotencyKey, Result

NAMED_AT_MOST = 10
UPDATED = "select distinct incentive_type, version_before, version_now from plugin_change where run_id = :run order by 1, 2, 3"

# The audit says who had a hand in a run.
MADE_BY = """
select exists (
    select from audit join tick using (position)
    where noun = 'run' and row_id = :run and action <> 'runApprove' and person_of(actor) = person_of(:actor)
)
"""


@dataclass(frozen=True)
class RunExclude:
    """A rep who is left out of a run: nothing is booked for them, and what was stays."""

    run: Annotated[Id, "The run."]
    rep: Annotated[Ref, "Who is left out."]


@dataclass(frozen=True)
class RunCancel:
    """A run that is given up."""

    run: Annotated[Id, "The run."]


@dataclass(frozen=True)
class RunApprove:
    """A run that was looked through and may be posted."""

    run: Annotated[Id, "The run, calculated."]


@dataclass(frozen=True)
class RunPost:
    """A run whose changes are booked in the ledger."""

    run: Annotated[Id, "The run, calculated."]
    note: Annotated[str | None, "A remark that the posting carries."] = None
    idempotency_key: IdempotencyKey = None


async def exclude(tx: Transaction, actor: Actor, command: RunExclude) -> Result:
    """Leave a rep out of a run that has not been posted. An approval that it had is withdrawn."""
    actor.require(Grant.RUN)
    position = await clock.tick(tx, actor.name, "runExclude")
    found = await _in_state(tx, command.run, RunState.CALCULATED, RunState.APPROVED)
    who = await by_ref(tx, rep, command.rep, ["rep"])
    if who["id"] not in found["excluded"]:
        values = {"excluded": [*found["excluded"], who["id"]], "state": RunState.CALCULATED, "approved_by": None}
        await tx.execute(update(run).where(run.c.id == found["id"]).values(**values))
    return Result(position, {"run_id": found["id"]})


async def cancel(tx: Transaction, actor: Actor, command: RunCancel) -> Result:
    """Give up a run that has not been posted; one whose calculation was broken off, too."""
    actor.require(Grant.RUN)
    position = await clock.tick(tx, actor.name, "runCancel")
    found = await _in_state(tx, command.run, RunState.CALCULATED, RunState.APPROVED, RunState.CALCULATING)
    await tx.execute(update(run).where(run.c.id == found["id"]).values(state=RunState.CANCELLED))
    await events.append(tx, position, [progress({**found, "state": RunState.CANCELLED})])
    return Result(position, {"run_id": found["id"]})


async def approve(tx: Transaction, actor: Actor, command: RunApprove) -> Result:
    """Let a run be posted. Where the company wants two to agree, nobody does who started it, recalculated it or left somebody out."""
    actor.require(Grant.RUN)
    position = await clock.tick(tx, actor.name, "runApprove")
    found = await _in_state(tx, command.run, RunState.CALCULATED)
    await _refuse_problems(tx, found)
    if await tx.scalar(select(company.c.maker_checker)) and await _made_by(tx, found, actor.name):
        raise refuse(ProblemCode.OWN_WORK, f"{actor.name} made the run: somebody else has to approve it", ["run"])
    values = {"state": RunState.APPROVED, "approved_by": actor.name}
    await tx.execute(update(run).where(run.c.id == found["id"]).values(**values))
    await events.append(tx, position, [progress({**found, **values})])
    return Result(position, {"run_id": found["id"]})


async def post(tx: Transaction, actor: Actor, command: RunPost) -> Result:
    """Book what a run changes, in its period or, if that is closed, in the earliest open one after it."""
    actor.require(Grant.RUN)
    position = await clock.tick(tx, actor.name, "runPost")
    found = await _in_state(tx, command.run, RunState.CALCULATED, RunState.APPROVED)
    await _refuse_problems(tx, found)
    await _refuse_unapproved(tx, found)
    if stale := await ledger.stale(tx, found["id"]):
        message = f"since the run was calculated, something changed for {await _named(tx, stale)}: recalculate the run"
        raise refuse(ProblemCode.RUN_STALE, message, ["run"])
    posting_id, _ = await ledger.post(tx, position, found["id"], await _open_period(tx, found["period_id"]), command.note)
    await tx.execute(update(run).where(run.c.id == found["id"]).values(state=RunState.POSTED))
    await events.append(tx, position, [progress({**found, "state": RunState.POSTED})])
    return Result(position, {"run_id": found["id"], "posting_id": posting_id})


def progress(found: Mapping[str, Any]) -> Event:
    """The event that tells where a run is."""
    payload = {"run": f"run_{found['id']}", "state": found["state"], "shards": found["shards"], "shardsDone": found["shards_done"]}
    return Event("RunProgress", payload)


async def _in_state(tx: Transaction, given: Id, *states: RunState) -> RowMapping:
    found = await by_id(tx, run, "run", given, ["run"])
    if found["state"] not in states:
        expected = " or ".join(state.lower() for state in states)
        raise refuse(ProblemCode.WRONG_STATE, f"the run is {found['state'].lower()}; expected {expected}", ["run"])
    return found


async def _refuse_problems(tx: Transaction, found: RowMapping) -> None:
    open_problems = await tx.rows(
        select(run_problem.c.rep_id, run_problem.c.message)
        .where(run_problem.c.run_id == found["id"], run_problem.c.rep_id.not_in(found["excluded"]))
        .order_by(run_problem.c.id)
    )
    if open_problems:
        reps = sorted({row["rep_id"] for row in open_problems})
        message = f"{len(open_problems)} problems are open, of {await _named(tx, reps)}; the first: {open_problems[0]['message']}"
        raise refuse(ProblemCode.RUN_HAS_PROBLEMS, message, ["run"])


async def _refuse_unapproved(tx: Transaction, found: RowMapping) -> None:
    """Runs that need an approval: all where the company wants two to agree, and those that a package's new version changes."""
    approved = found["state"] == RunState.APPROVED
    if await tx.scalar(select(company.c.maker_checker)):
        # It may have been approved by its maker while the company did not care.
        if not approved or await _made_by(tx, found, found["approved_by"]):
            raise refuse(ProblemCode.NOT_APPROVED, "the company wants two to agree: somebody else has to approve the run first", ["run"])
    elif not approved and (updated := await tx.rows(UPDATED, {"run": found["id"]})):
        named = ", ".join(f"{row['incentive_type']} ({row['version_before']}, now {row['version_now']})" for row in updated)
        message = f"the run changes what was posted under other versions of {named}: look at its pluginChanges, then approve it"
        raise refuse(ProblemCode.NOT_APPROVED, message, ["run"])


async def _made_by(tx: Transaction, found: RowMapping, name: str) -> bool:
    return bool(await tx.scalar(MADE_BY, {"run": str(found["id"]), "actor": name}))


async def _named(tx: Transaction, rep_ids: Sequence[int]) -> str:
    rows = await tx.rows(select(rep.c.name).where(rep.c.id.in_(rep_ids[:NAMED_AT_MOST])).order_by(rep.c.id))
    more = len(rep_ids) - NAMED_AT_MOST
    return ", ".join(row["name"] for row in rows) + (f" and {more} more" if more > 0 else "")


async def _open_period(tx: Transaction, period_id: int) -> int:
    """The run's period, or the earliest open one after it. Locked, so that it can't close meanwhile."""
    starts = select(func.lower(period.c.effective)).where(period.c.id == period_id).scalar_subquery()
    found = await tx.row(
        select(period.c.id)
        .where(period.c.kind == PeriodKind.MONTH, period.c.state == PeriodState.OPEN, func.lower(period.c.effective) >= starts)
        .order_by(func.lower(period.c.effective))
        .limit(1)
        .with_for_update(read=True)
    )
    if found is None:
        raise refuse(ProblemCode.NO_PERIOD, "every period from the run's on is closed: create the next year's periods first", ["run"])
    return int(found["id"])
