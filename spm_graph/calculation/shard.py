"""One shard of a run: read its facts, let the incentive types earn, stage the lines."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, update
from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain.ids import number
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import run_evaluation, run_line, run_problem

from . import sources
from .evaluation import Evaluated, evaluate
from .windows import Window


async def run_shard(database: Database, incentive_types: IncentiveTypes, run_id: int, shard: int, snapshot: str) -> int:
    """Calculate a shard from the facts of an exported snapshot, and stage its lines; how many windows failed.

    A shard is some reps, or a contest, of one round: those of the rounds before have to be done. Idempotent: what an
    earlier attempt staged is replaced.
    """
    async with database.transaction() as tx:
        covered = await sources.windows(tx, run_id, shard)
        before = await sources.staged(tx, covered)
    async with database.snapshot(snapshot) as reading:
        known = await sources.read(reading, covered, before)
    evaluated = await asyncio.to_thread(lambda: list(evaluate(known, incentive_types)))  # a slow plugin holds up nobody else
    async with database.transaction() as tx:
        await _stage(tx, run_id, evaluated)
    return sum(each.failure is not None for each in evaluated)


async def _stage(tx: Transaction, run_id: int, evaluated: list[Evaluated]) -> None:
    rows = [({"run_id": run_id, **_keys(each.window)}, each) for each in evaluated]
    keys = [{f"this_{name}": value for name, value in row.items()} for row, _ in rows]
    outcomes = [{**key, "outcome": "FAILED" if each.failure else "DONE"} for key, each in zip(keys, evaluated, strict=True)]
    for table in (run_line, run_problem):
        await tx.execute(delete(table).where(*_mine(table)), keys)
    await tx.execute(update(run_evaluation).where(*_mine(run_evaluation)).values(evaluated=bindparam("outcome")), outcomes)
    lines = [
        {
            **row,
            "key": line.key,
            "currency": line.currency,
            "amount": line.amount,
            "steps": line.steps_json(),
            "credits": [_share(share.credit, share.amount) for share in line.shares],
        }
        for row, each in rows
        for line in each.lines
    ]
    if lines:
        await tx.execute(insert(run_line), lines)
    problems = [{**row, "code": each.failure.code, "message": each.failure.message} for row, each in rows if each.failure]
    if problems:
        await tx.execute(insert(run_problem), problems)


def _mine(table: Table) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(f"this_{name}") for name in ("run_id", "rep_id", "component_id", "span")]


def _keys(window: Window) -> dict[str, Any]:
    span: Range[date] = Range(window.span.starts, window.span.ends, bounds="[)")
    return {"rep_id": window.rep_id, "component_id": window.component_id, "span": span}


def _share(credit: str, amount: Decimal) -> dict[str, Any]:
    transaction, role = credit.split(":")
    return {"transaction": number(transaction, "transaction"), "role": role, "amount": format(amount, "f")}
