"""One shard of a run: read its facts, let the incentive types earn, stage the lines."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, update
from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain.earning import LineInvalid, Share, StagedLine, staged
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
    evaluated = await asyncio.to_thread(lambda: list(evaluate(known, incentive_types)))  # a slow plugin holds up nobody else
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
        done = _Done(known, rep_id)
        for window in sorted(windows, key=lambda each: (done.order(each), each.component_id, each.span)):
            result = _evaluate(known, installed, window, done)
            done.add(result)
            yield result


class _Done:
    """The lines of a rep's components so far: those of this run, and those booked in windows that it leaves alone."""

    def __init__(self, known: Facts, rep_id: int) -> None:
        self._known, self._rep_id = known, rep_id
        self._parts = {part.component_id: part for part in known.components(rep_id)}
        self._lines: dict[int, list[tuple[Span, Line, tuple[Share, ...]]]] = defaultdict(list)
        for component_id in self._parts:
            for span, key, amount, shares in known.booked(rep_id, component_id):
                self._lines[component_id].append((span, Line(key, (Step("booked", amount),)), shares))

    @cached_property
    def _dates(self) -> Mapping[str, date]:
        """When each credit counts: only asked for where a change cut a window."""
        return self._known.dates(self._rep_id)

    def order(self, window: Window) -> tuple[int, int]:
        """The place of the window's component: its plan, and its number in that."""
        part = self._parts.get(window.component_id)
        return part.order if part else (0, 0)

    def add(self, result: Evaluated) -> None:
        """Keep the lines of a window for the components behind it."""
        self._lines[result.window.component_id] += [(result.window.span, line.line, line.shares) for line in result.lines]

    def before(self, window: Window, during: Span, last: bool) -> dict[str, tuple[Line, ...]]:
        """By name, the lines of the plan's earlier components: of the same window, or of the windows nested in it.

        Where a change cut the window, `during` is one part of it, and of a line that goes beyond it is what that part earned.
        """
        plan, ordinal = self.order(window)
        return {
            part.name: tuple(
                line if span.overlap(during) == span else self._part(line, shares, during, last)
                for span, line, shares in self._lines[component_id]
                if span.overlap(window.span) == span
            )
            for component_id, part in self._parts.items()
            if part.order[0] == plan and part.order[1] < ordinal
        }

    def _part(self, line: Line, shares: Sequence[Share], during: Span, last: bool) -> Line:
        """What the credits of some dates earned of a line. What no credit earned is the last part's."""
        mine = [share for share in shares if share.credit in self._dates and self._dates[share.credit] in during]
        amount = sum((share.amount for share in mine), Decimal(0))
        if last:
            amount += line.amount - sum((share.amount for share in shares), Decimal(0))
        return Line(line.key, (Step(f"earned from {during.starts} until {during.ends}", amount),), tuple(share.credit for share in mine))


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


def _evaluate(known: Facts, installed: _Installed, window: Window, done: _Done) -> Evaluated:
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
            earned=done.before(window, during if len(parts) > 1 else window.span, part is parts[-1]),
        )
        performances.append((part, performance))
    name = parts[-1].name if parts else ""
    where = f"{name} ({parts[-1].incentive_type}) of {window.rep_name}, window from {window.span.starts}" if parts else ""
    if missing := [part.incentive_type for part in parts if installed.missing(part)]:
        return Evaluated(window, failure=Failure(ProblemCode.PLUGIN_MISSING, f"{where}: no installed package brings {missing[0]}"))
    try:
        lines = staged(_earned(installed, performances))
    except LineInvalid as error:
        return Evaluated(window, failure=Failure(ProblemCode.LINE_INVALID, f"{where}: {error}"))
    except Exception as error:  # a plugin may raise anything, and other reps go on
        return Evaluated(window, failure=Failure(ProblemCode.PLUGIN_FAILED, f"{where}: {type(error).__name__}: {error}"[:2000]))
    return Evaluated(window, tuple(lines))


def _earned(installed: _Installed, performances: Sequence[tuple[Part, Performance]]) -> Iterator[tuple[Performance, Sequence[Line]]]:
    """What each part of a window earned; each is told what those before it did."""
    before = Decimal(0)
    for part, performance in performances:
        told = replace(performance, earned_before=before)
        lines = tuple(installed.of(part).earn(told))
        before += sum((line.amount for line in lines if isinstance(line, Line)), Decimal(0))
        yield told, lines


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
