"""What a rep would be paid if a pay period ended now: what is booked in it, and what a run of it would book besides."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from spm_graph.domain.earning import StagedLine
from spm_graph.domain.money import ZERO, text, told
from spm_graph.domain.period import Span
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Database
from spm_graph.store.estimates import Estimate, Part

from . import sources
from .evaluation import Evaluated, evaluate
from .facts import Row
from .scope import covered, together

REPS = """
select rep.id, paid_in(rep.id, lower(period.effective)) as currency from rep, period
where rep.id = any(:reps) and period.id = :period order by rep.id
"""

# What is booked of a window in the pay period itself, and in others: a run books what the window comes to, less both.
BOOKED = """
select earning.rep_id, component_id, lower(span) as starts, upper(span) as ends, key,
       sum(case when period_id = :period then amount else 0 end) as here,
       sum(case when period_id = :period then 0 else amount end) as elsewhere
from earning join period as month on month.id = :period
where currency = paid_in(rep_id, lower(month.effective)) and rep_id = any(:reps) and (period_id = :period or lower(span) >= :since)
group by 1, 2, 3, 4, 5 order by 1, 2, 3, 5
"""

Place = tuple[int, Span]
"""A component, and the span of its window."""


@dataclass(slots=True)
class _Rep:
    """What is known of one rep: lines by window and key, and what is booked under these names here and elsewhere."""

    lines: dict[Place, Sequence[StagedLine]] = field(default_factory=dict)
    booked: dict[Place, dict[str, tuple[Decimal, Decimal]]] = field(default_factory=lambda: defaultdict(dict))
    problem: str | None = None


async def estimated(database: Database, incentive_types: IncentiveTypes, period_id: int, reps: Collection[int]) -> list[Estimate]:
    """The estimates of these reps for one pay period, from one snapshot of the facts.

    Its amounts are what a run of the period, started and posted now, would leave booked in it. Where an incentive type
    fails, a run could book nothing for the rep: then there is a problem, and the amounts are what is booked already.
    """
    async with database.snapshot() as snapshot:
        position = await snapshot.scalar("select position from clock")
        entrants = await together(snapshot, reps)
        windows: list[Row] = [
            {"rep_id": rep_id, "component_id": component_id, "starts": span.lower, "ends": span.upper, "through": through}
            for rep_id, component_id, span, through, *_ in await covered(snapshot, period_id, entrants)
        ]
        known = await sources.read(snapshot, windows) if windows else None
        since = min((window["starts"] for window in windows), default=None)
        booked = await snapshot.rows(BOOKED, {"period": period_id, "reps": sorted(reps), "since": since})
        currencies = {row["id"]: row["currency"] for row in await snapshot.rows(REPS, {"period": period_id, "reps": sorted(reps)})}
    evaluations = await asyncio.to_thread(lambda: list(evaluate(known, incentive_types))) if known else []
    found = _gathered(evaluations, booked)
    return [
        Estimate(rep_id, period_id, currency, position, tuple(_parts(found[rep_id], currency)), found[rep_id].problem)
        for rep_id, currency in currencies.items()
    ]


def _gathered(evaluations: Sequence[Evaluated], booked: Sequence[RowMapping]) -> Mapping[int, _Rep]:
    found: dict[int, _Rep] = defaultdict(_Rep)
    for each in evaluations:
        rep = found[each.window.rep_id]
        if each.failure is not None:
            rep.problem = rep.problem or each.failure.message
        rep.lines[each.window.component_id, each.window.span] = each.lines
    for row in booked:
        place = row["component_id"], Span(row["starts"], row["ends"])
        found[row["rep_id"]].booked[place][row["key"]] = (row["here"], row["elsewhere"])
    return found


def _parts(rep: _Rep, currency: str) -> Iterator[Part]:
    """By component, what would be booked in the pay period; where something failed, what is."""
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for place in sorted(rep.lines.keys() | rep.booked.keys()):
        component_id, span = place
        for key, amount, steps in _lines(rep, place, currency):
            amounts[component_id] += amount
            window = {"starts": span.starts.isoformat(), "ends": span.ends.isoformat()}
            lines[component_id].append({"window": window, "key": key, "amount": told(amount, currency), "steps": steps})
    for component_id in sorted({component_id for component_id, _ in rep.lines} | amounts.keys()):
        yield Part(component_id, amounts[component_id], lines[component_id])


def _lines(rep: _Rep, place: Place, currency: str) -> Iterator[tuple[str, Decimal, list[dict[str, Any]]]]:
    booked = rep.booked.get(place, {})
    if rep.problem is not None or place not in rep.lines:
        for key, (here, _) in booked.items():
            if here:
                yield key, here, [_step("booked", here, currency)]
        return
    earned = {line.key: line for line in rep.lines[place] if line.currency == currency}
    for key in dict.fromkeys([*earned, *booked]):
        line, (here, elsewhere) = earned.get(key), booked.get(key, (ZERO, ZERO))
        if line is not None or here or elsewhere:
            before = [_step("booked in other pay periods", -elsewhere, currency)] if elsewhere else []
            yield key, (line.amount if line else ZERO) - elsewhere, [*(line.steps_json() if line else []), *before]


def _step(says: str, amount: Decimal, currency: str) -> dict[str, str]:
    shown = text(amount, currency)
    return {"says": says, "base": shown, "rate": "1", "amount": shown}
