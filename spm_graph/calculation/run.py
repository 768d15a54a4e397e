"""A whole run: cover, calculate shard by shard from one snapshot, and leave the changes to be looked through."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import delete, func, insert, select, update

from spm_graph.actions.refs import PeriodRef, by_id, by_period
from spm_graph.actions.result import Result
from spm_graph.actions.runs import progress
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, PeriodKind, RunState
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.store import clock, events, ledger
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import run, run_evaluation
from spm_graph.store.visibility import Actor

from . import packages
from .scope import Window, covered, placed, together
from .shard import run_shard

REPS_A_SHARD = 500


@dataclass(frozen=True)
class RunStart:
    """A calculation of what everybody earned in a pay period."""

    period: Annotated[PeriodRef, "The month to calculate."]


@dataclass(frozen=True)
class RunRecalculate:
    """A run whose stale reps are calculated again, from the facts as they are now."""

    run: Annotated[Id, "The run, calculated and not posted."]


async def start(database: Database, incentive_types: IncentiveTypes, actor: Actor, command: RunStart) -> Result:
    """Calculate a pay period. Nothing is booked: look through the run's changes and problems, then post it."""
    actor.require(Grant.RUN)
    async with database.transaction() as tx:
        position = await clock.tick(tx, actor.name, "runStart")
        period = await by_period(tx, command.period, ["period"])
        if period["kind"] != PeriodKind.MONTH:
            raise refuse(ProblemCode.INVALID, f"{period['name']} is a {period['kind'].lower()}: only months are paid", ["period"])
        values = {
            "state": RunState.CALCULATING,
            "position": position,
            "shards": 0,
            "shards_done": 0,
            "started_by": actor.name,
            "excluded": [],
        }
        run_id = await tx.scalar(insert(run).values(period_id=period["id"], **values).returning(run.c.id))
        await packages.note(tx, run_id, incentive_types)
    return await _calculate(database, incentive_types, actor, run_id, period["id"], again=False)


async def recalculate(database: Database, incentive_types: IncentiveTypes, actor: Actor, command: RunRecalculate) -> Result:
    """Calculate again just those reps of a run for whom something changed, or whose calculation failed."""
    actor.require(Grant.RUN)
    async with database.transaction() as tx:
        await clock.tick(tx, actor.name, "runRecalculate")
        found = await by_id(tx, run, "run", command.run, ["run"])
        if found["state"] not in (RunState.CALCULATED, RunState.APPROVED):
            raise refuse(ProblemCode.WRONG_STATE, f"the run is {found['state'].lower()}; expected calculated", ["run"])
        await packages.note(tx, found["id"], incentive_types)
        await tx.execute(update(run).where(run.c.id == found["id"]).values(state=RunState.CALCULATING, approved_by=None))
    return await _calculate(database, incentive_types, actor, found["id"], found["period_id"], again=True)


async def _calculate(
    database: Database, incentive_types: IncentiveTypes, actor: Actor, run_id: int, period_id: int, *, again: bool
) -> Result:
    """Calculate everybody, or again those whose lines don't hold any more, as of one moment that every shard sees."""
    async with database.snapshot() as reading:
        exported = await reading.scalar("select pg_export_snapshot()")
        seen = await reading.scalar("select position from clock")
        reps = await together(reading, await _again(reading, run_id)) if again else None
        windows = await placed(reading, await covered(reading, period_id, reps))
        async with database.transaction() as tx:
            await clock.tick(tx, actor.name, "runCover")
            shards = await _cover(tx, run_id, seen, windows, reps)
        for done, shard in enumerate(shards, start=1):
            await run_shard(database, incentive_types, run_id, shard, exported)
            async with database.transaction() as tx:
                position = await clock.tick(tx, actor.name, "runProgress")
                await _progressed(tx, position, run_id, shards_done=done)
    async with database.transaction() as tx:
        position = await clock.tick(tx, actor.name, "runCalculated")
        await _progressed(tx, position, run_id, state=RunState.CALCULATED)
    return Result(position, {"run_id": run_id})


async def _again(tx: Transaction, run_id: int) -> set[int]:
    """The reps of a run that are stale or failed."""
    failed = select(run_evaluation.c.rep_id).where(run_evaluation.c.run_id == run_id, run_evaluation.c.evaluated == "FAILED").distinct()
    return {*await ledger.stale(tx, run_id), *(row["rep_id"] for row in await tx.rows(failed))}


async def _cover(tx: Transaction, run_id: int, seen: int, windows: Sequence[Window], reps: Collection[int] | None) -> list[int]:
    """Write down what is to be evaluated, in shards of some hundred reps, or of a contest; their numbers, in order of their rounds."""
    mine = run_evaluation.c.run_id == run_id
    first = await tx.scalar(select(func.coalesce(func.max(run_evaluation.c.shard) + 1, 1)).where(mine))
    if reps is not None:
        await tx.execute(delete(run_evaluation).where(mine, run_evaluation.c.rep_id.in_(reps)))
    order = {rep_id: place for place, rep_id in enumerate(dict.fromkeys(window.rep_id for window in windows))}
    named = {window: _shard(window, order) for window in windows}
    numbers = {shard: number for number, shard in enumerate(sorted(set(named.values())), start=first)}
    rows = [
        {**window._asdict(), "run_id": run_id, "shard": numbers[shard], "position": seen, "evaluated": "PENDING"}
        for window, shard in named.items()
    ]
    if rows:
        await tx.execute(insert(run_evaluation), rows)
    shards = sorted({row["shard"] for row in rows})
    await tx.execute(update(run).where(run.c.id == run_id).values(position=seen, shards=len(shards), shards_done=0))
    return shards


def _shard(window: Window, order: Mapping[int, int]) -> tuple[Any, ...]:
    """What is evaluated together with a window: in even rounds, some hundred reps; in odd ones, all entrants of a contest."""
    if window.round % 2:
        return window.round, window.component_id, window.span.lower, window.span.upper
    return window.round, order[window.rep_id] // REPS_A_SHARD


async def _progressed(tx: Transaction, position: int, run_id: int, **values: Any) -> None:
    await tx.execute(update(run).where(run.c.id == run_id).values(**values))
    found = await tx.row(select(run).where(run.c.id == run_id))
    assert found is not None, "a run is never deleted"
    await events.append(tx, position, [progress(dict(found))])
