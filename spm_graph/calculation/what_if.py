"""What-if: a rep's pay as it is and as it would be, by the very same calculation, with deals as somebody supposes them.

Nothing is written, so nothing can be posted: everything comes from one snapshot that can only be read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.domain.money import ZERO, at, exactly, text, told
from spm_graph.domain.problem import Problem, Refused
from spm_graph.domain.terms import QuotaBasis
from spm_graph.domain.written import plain
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from . import outlook, scenario
from .earlier import NotRead
from .gaps import gap_to_next_tier
from .outlook import Outlook
from .pay import Key, Pay
from .scenario import WhatIf as Scenario
from .supposing import Supposition, supposed, together


async def what_if(
    database: Database, incentive_types: IncentiveTypes, actor: Actor, rep_id: int, given: Scenario, *, tiers: bool
) -> dict[str, Any]:
    """What the rep earns and would earn, as the schema's type WhatIf has it; with `tiers`, how far the next change of a rate is.

    What can't be supposed, and an incentive type that fails, are among its problems; then there are no amounts.
    """
    try:
        return await _answered(database, incentive_types, actor, rep_id, given, tiers=tiers, whole=False)
    except NotRead:
        return await _answered(database, incentive_types, actor, rep_id, given, tiers=tiers, whole=True)


async def _answered(
    database: Database, incentive_types: IncentiveTypes, actor: Actor, rep_id: int, given: Scenario, *, tiers: bool, whole: bool
) -> dict[str, Any]:
    async with database.snapshot() as snapshot:
        position = await snapshot.scalar("select position from clock")
        try:
            deals = await scenario.read(snapshot, actor, rep_id, given)
            supposition = together((await supposed(snapshot, deals)).values())
            seen = await outlook.read(snapshot, incentive_types, rep_id, [supposition], whole=whole)
        except Refused as refused:
            return answer(position, {}, refused.problems)
    try:
        today = database.today() if tiers else None
        found = await asyncio.to_thread(_compared, seen, incentive_types, rep_id, supposition, today)
    except Refused as refused:
        return answer(position, {}, refused.problems)
    return answer(position, found, ())


def answer(position: int, found: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """An answer as the schema has it; of a scenario that was refused, without amounts."""
    nothing: dict[str, Any] = {"before": None, "after": None, "difference": None, "byComponent": []}
    shown = [{"code": problem.code, "message": problem.message, "path": list(problem.path)} for problem in problems]
    return {**nothing, **found, "problems": shown, "position": str(position)}


def _compared(seen: Outlook, incentive_types: IncentiveTypes, rep_id: int, supposition: Supposition, tiers: date | None) -> dict[str, Any]:
    currency = seen.currency
    if seen.known is None:
        nothing = told(ZERO, currency)
        return {"before": nothing, "after": nothing, "difference": nothing, "byComponent": []}
    before = Pay.of(seen.known, rep_id, incentive_types)
    after = before.supposing(supposition)
    touched = [key for key in before.evaluated if _touched(key, before, after, supposition)]
    totals = [pay.total(touched) for pay in (before, after)]
    return {
        "before": told(totals[0], currency),
        "after": told(totals[1], currency),
        "difference": told(totals[1] - totals[0], currency),
        "byComponent": [_component(before, after, key, tiers) for key in touched],
    }


def _touched(key: Key, before: Pay, after: Pay, supposition: Supposition) -> bool:
    """Whether a window holds a day of the supposed deals, or pays otherwise; without any deals, all do."""
    inside = any(day in key[1] for day in supposition.dates)
    return not supposition.dates or inside or before.amount(key) != after.amount(key)


def _component(before: Pay, after: Pay, key: Key, tiers: date | None) -> dict[str, Any]:
    window = before.evaluated[key].window
    parts = before.known.parts(window)
    currency = window.currency
    found: dict[str, Any] = {
        "component": f"component_{window.component_id}",
        "name": parts[-1].name if parts else None,
        "window": {"starts": window.span.starts.isoformat(), "ends": window.span.ends.isoformat()},
        "before": told(before.amount(key), currency),
        "after": told(after.amount(key), currency),
        "difference": told(after.amount(key) - before.amount(key), currency),
        "lines": [
            {"key": line.key, "amount": told(line.amount, line.currency), "steps": line.steps_json()} for line in after.evaluated[key].lines
        ],
        "attainment": None,
        "gapToQuota": None,
        "gapToNextTier": None,
    }
    if parts:
        part = parts[-1]
        unit = "units" if part.units else currency
        basis = window.span if part.quota_basis is QuotaBasis.FULL_WINDOW else window.evaluated
        quota = before.known.expected.quota(window.rep_id, part.measure_id, basis, window.last)
        credited = [pay.known.credited(window, part.measure, window.evaluated, window.last) for pay in (before, after)]
        found["attainment"] = {
            "measure": part.measure,
            "before": quantity(credited[0], unit),
            "after": quantity(credited[1], unit),
            "difference": quantity(credited[1] - credited[0], unit),
            "quota": quantity(quota, unit) if quota is not None else None,
            "ratioBefore": _ratio(credited[0], quota),
            "ratioAfter": _ratio(credited[1], quota),
        }
        if quota is not None:
            found["gapToQuota"] = quantity(max(ZERO, quota - credited[1]), unit)
        if tiers is not None:
            gap = gap_to_next_tier(after, key, tiers, quota, credited[1])
            found["gapToNextTier"] = quantity(gap, unit) if gap is not None else None
    return found


def quantity(value: Decimal, unit: str) -> dict[str, str]:
    """A number of units or of money as the schema has it."""
    return {"value": plain(value) if unit == "units" else text(value, unit), "unit": unit}


def _ratio(credited: Decimal, quota: Decimal | None) -> str | None:
    if not quota:
        return None
    with exactly():
        return format(at(credited / quota, Decimal("0.000001")), "f")
