"""One shard of a run: read its facts, let the incentive types earn, stage the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, update
from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain.earning import LineInvalid, StagedLine, staged
from spm_graph.domain.ids import number
from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import IncentiveType, Line, Performance, Step
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import run_evaluation, run_line, run_problem

from . import facts
from .facts import Facts, Part, Window


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a window could not be evaluated."""

    code: ProblemCode
    message: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came of a window: its lines, or why there are none."""

    window: Window
    lines: tuple[StagedLine, ...] = ()
    failure: Failure | None = None


async def run_shard(database: Database, incentive_types: IncentiveTypes, run_id: int, shard: int, snapshot: str) -> int:
    """Calculate a shard from the facts of an exported snapshot, and stage its lines; how many windows failed.

    Idempotent: what an earlier attempt staged is replaced.
    """
    async with database.transaction() as tx:
        covered = await facts.windows(tx, run_id, shard)
    async with database.snapshot(snapshot) as reading:
        known = await facts.read(reading, covered)
    evaluated = list(evaluate(known, incentive_types))
    async with database.transaction() as tx:
        await _stage(tx, run_id, evaluated)
    return sum(each.failure is not None for each in evaluated)


def evaluate(known: Facts, incentive_types: IncentiveTypes) -> Iterator[Evaluated]:
    """Evaluate every window of the shard: reps apart, components in plan order, shorter windows before longer ones."""
    installed = _Installed(incentive_types)
    by_rep: dict[int, list[Window]] = defaultdict(list)
    for window in known.windows:
        by_rep[window.rep_id].append(window)
    for rep_id, windows in by_rep.items():
        names = {part.component_id: part.name for part in known.components(rep_id)}
        order = {part.component_id: part.order for part in known.components(rep_id)}
        done = _Done(known, rep_id, names)
        for window in sorted(windows, key=lambda each: (order.get(each.component_id, (0, 0)), each.component_id, each.span)):
            result = _evaluate(known, installed, window, done.within(window.span))
            done.add(result)
            yield result


class _Done:
    """The lines of a rep's components so far: those of this run, and those booked in windows that it leaves alone."""

    def __init__(self, known: Facts, rep_id: int, names: Mapping[int, str]) -> None:
        self._names = names
        self._lines: dict[int, list[tuple[Span, Line]]] = defaultdict(list)
        for component_id in names:
            for span, key, amount in known.booked(rep_id, component_id):
                self._lines[component_id].append((span, Line(key, (Step("booked", amount),))))

    def add(self, result: Evaluated) -> None:
        self._lines[result.window.component_id] += [(result.window.span, line.line) for line in result.lines]

    def within(self, span: Span) -> dict[str, tuple[Line, ...]]:
        """By component name: the lines of the same window, or of the windows nested in it."""
        return {
            self._names[component_id]: tuple(line for during, line in lines if during.starts >= span.starts and during.ends <= span.ends)
            for component_id, lines in self._lines.items()
            if component_id in self._names
        }


class _Installed:
    """Incentive types with their settings, decoded once for each form of a component."""

    def __init__(self, incentive_types: IncentiveTypes) -> None:
        self._types = incentive_types
        self._decoded: dict[int, IncentiveType] = {}

    def missing(self, part: Part) -> bool:
        return self._types.find(part.incentive_type) is None

    def of(self, part: Part) -> IncentiveType:
        found = self._decoded.get(id(part.config))
        if found is None:
            found = self._decoded[id(part.config)] = self._types.decode(part.incentive_type, part.config)
        return found


def _evaluate(known: Facts, installed: _Installed, window: Window, earned: Mapping[str, tuple[Line, ...]]) -> Evaluated:
    parts = known.parts(window)
    performances = []
    for part in parts:
        during = part.during.overlap(window.evaluated)
        assert during is not None, "only parts in force in the window are given"
        found = known.credits(window.rep_id, part.measure_id, window.evaluated)
        strange = next((currency for _, currency in found if currency != window.currency), None)
        if strange is not None and not part.units:
            message = f"{window.rep_name} is paid in {window.currency}, but has credits in {strange}, and there are no rates to convert by"
            return Evaluated(window, failure=Failure(ProblemCode.CURRENCY_MISMATCH, message))
        counted = [credit.units if part.units else credit.amount for credit, _ in found if credit.on < during.starts]
        performance = Performance(
            rep_id=f"rep_{window.rep_id}",
            starts=during.starts,
            ends=during.ends,
            currency=window.currency,
            credits=tuple(credit for credit, _ in found if credit.on in during),
            credited_before=sum(counted, known.opening(window, part)),
            quota=known.quota(window, part),
            units=part.units,
            target_variable=known.target_variable(window, part),
            earned=earned,
        )
        performances.append((part, performance))
    name = parts[-1].name if parts else ""
    where = f"{name} ({parts[-1].incentive_type}) of {window.rep_name}, window from {window.span.starts}" if parts else ""
    if missing := [part.incentive_type for part in parts if installed.missing(part)]:
        return Evaluated(window, failure=Failure(ProblemCode.PLUGIN_MISSING, f"{where}: no installed package brings {missing[0]}"))
    try:
        lines = staged((performance, installed.of(part).earn(performance)) for part, performance in performances)
    except LineInvalid as error:
        return Evaluated(window, failure=Failure(ProblemCode.LINE_INVALID, f"{where}: {error}"))
    except Exception as error:  # a plugin may raise anything, and other reps go on
        return Evaluated(window, failure=Failure(ProblemCode.PLUGIN_FAILED, f"{where}: {type(error).__name__}: {error}"[:2000]))
    return Evaluated(window, tuple(lines))


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
