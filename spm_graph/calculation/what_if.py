"""What-if: a rep's pay as it is and as it would be, by the very same calculation, with deals as somebody supposes them.

Nothing is written, so nothing can be posted: everything comes from one snapshot that can only be read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from spm_graph.domain.bends import next_bend
from spm_graph.domain.money import ZERO, exactly, quantum, text, told
from spm_graph.domain.period import Span
from spm_graph.domain.problem import Problem, ProblemCode, Refused, refuse
from spm_graph.domain.terms import QuotaBasis, Role, TransactionKind
from spm_graph.domain.written import plain
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store import paid_in
from spm_graph.store.database import Database, Transaction
from spm_graph.store.visibility import Actor

from . import sources
from .evaluation import Evaluated, evaluate
from .facts import Facts
from .scenario import WhatIf as Scenario
from .scenario import read
from .scope import covered
from .supposing import Supposition, supposed, together
from .windows import Part, Window

MONTHS = """
select distinct id, lower(effective) as starts from period join unnest(cast(:dates as date[])) as dated on period.effective @> dated
where kind = 'MONTH' order by 2
"""

REACHES = 4
"""How many quotas further a change of the rate is looked for."""

FURTHEST = Decimal(1_000_000)
"""How far without a quota, if ten times what is credited is less."""

Key = tuple[int, Span]
"""A component, and the span of its window."""


@dataclass(frozen=True, slots=True)
class Pay:
    """What a rep's windows come to."""

    known: Facts
    evaluated: dict[Key, Evaluated]
    asked: dict[tuple[int, date, Decimal], Pay] = field(default_factory=dict)
    """What was paid for more, by the measure, the day and how much."""

    @classmethod
    def of(cls, known: Facts, incentive_types: IncentiveTypes) -> Pay:
        """Everything that the facts pay; refused with the problem of the first incentive type that fails."""
        found = {(each.window.component_id, each.window.span): each for each in evaluate(known, incentive_types)}
        for each in found.values():
            if each.failure is not None:
                raise Refused([Problem(each.failure.code, each.failure.message)])
        return cls(known, found)

    def amount(self, key: Key) -> Decimal:
        """What a window pays in the currency of its last day."""
        found = self.evaluated[key]
        return sum((line.amount for line in found.lines if line.currency == found.window.currency), ZERO)

    def unrounded(self, key: Key) -> Decimal:
        """The same as the incentive type made it."""
        found = self.evaluated[key]
        return sum((line.unrounded for line in found.lines if line.currency == found.window.currency), ZERO)

    def total(self, keys: Iterable[Key]) -> Decimal:
        """What windows pay, in the currency of the last day of all windows."""
        amounts = [(self.evaluated[key].window, self.amount(key)) for key in keys]
        latest = max((each.window.last for each in self.evaluated.values()), default=date.min)
        return sum((self.known.paid[window.rep_id].total([(window.last, amount)], latest) for window, amount in amounts), ZERO)


async def what_if(
    database: Database, incentive_types: IncentiveTypes, actor: Actor, rep_id: int, scenario: Scenario, *, tiers: bool
) -> dict[str, Any]:
    """What the rep earns and would earn, as the schema's type WhatIf has it; with `tiers`, how far the next change of a rate is.

    What can't be supposed, and an incentive type that fails, are among its problems; then there are no amounts.
    """
    problems: tuple[Problem, ...] = ()
    found: dict[str, Any] = {}
    async with database.snapshot() as snapshot:
        position = await snapshot.scalar("select position from clock")
        try:
            deals = await read(snapshot, actor, rep_id, scenario)
            supposition = together((await supposed(snapshot, rep_id, deals)).values())
            known, currency = await pay_facts(snapshot, rep_id, supposition.dates)
        except Refused as refused:
            problems = refused.problems
    if not problems:
        try:
            today = database.today()
            found = await asyncio.to_thread(_compared, known, incentive_types, supposition, currency, today if tiers else None)
        except Refused as refused:
            problems = refused.problems
    return answer(position, found, problems)


def answer(position: int, found: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """An answer as the schema has it; of a scenario that was refused, without amounts."""
    nothing: dict[str, Any] = {"before": None, "after": None, "difference": None, "byComponent": []}
    shown = [{"code": problem.code, "message": problem.message, "path": list(problem.path)} for problem in problems]
    return {**nothing, **found, "problems": shown, "position": str(position)}


async def pay_facts(snapshot: Transaction, rep_id: int, dates: Iterable[date]) -> tuple[Facts | None, str]:
    """The facts of the windows that a run would look at if it were for the last of these days or today, with those that hold
    one of the days; none where the rep is on no plan then. And the currency of the pay. Contests are left out: what others do
    decides them."""
    days = sorted({*dates, snapshot.today})
    months = await snapshot.rows(MONTHS, {"dates": days})
    if not months:
        raise refuse(ProblemCode.NO_PERIOD, f"no period covers {days[-1]}: create the periods of {days[-1].year} first")
    through: dict[tuple[int, Any], date] = {}
    for month in months:
        for _, component_id, span, until, *_ in await covered(snapshot, month["id"], [rep_id]):
            through[component_id, span] = max(until, through.get((component_id, span), until))
    windows = [
        {
            "rep_id": rep_id,
            "component_id": component_id,
            "starts": span.lower,
            "ends": span.upper,
            "through": until,
            "run_id": None,
            "round": 0,
        }
        for (component_id, span), until in through.items()
    ]
    known = await sources.read(snapshot, windows) if windows else None
    if known is not None:
        known.windows = [window for window in known.windows if not any(part.is_contest for part in known.parts(window))]
    latest = max((window.last for window in known.windows), default=days[-1]) if known is not None else days[-1]
    return known, await paid_in.on(snapshot, rep_id, latest)


def _compared(
    known: Facts | None, incentive_types: IncentiveTypes, supposition: Supposition, currency: str, tiers: date | None
) -> dict[str, Any]:
    if known is None:
        nothing = told(ZERO, currency)
        return {"before": nothing, "after": nothing, "difference": nothing, "byComponent": []}
    before, after = Pay.of(known, incentive_types), Pay.of(supposition.among(known), incentive_types)
    touched = [key for key in before.evaluated if _touched(key, before, after, supposition)]
    totals = [pay.total(touched) for pay in (before, after)]
    return {
        "before": told(totals[0], currency),
        "after": told(totals[1], currency),
        "difference": told(totals[1] - totals[0], currency),
        "byComponent": [_component(before, after, key, incentive_types, tiers) for key in touched],
    }


def _touched(key: Key, before: Pay, after: Pay, supposition: Supposition) -> bool:
    """Whether a window holds a day of the supposed deals, or pays otherwise; without any deals, all do."""
    inside = any(day in key[1] for day in supposition.dates)
    return not supposition.dates or inside or before.amount(key) != after.amount(key)


def _component(before: Pay, after: Pay, key: Key, incentive_types: IncentiveTypes, tiers: date | None) -> dict[str, Any]:
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
            gap = _gap(after, key, incentive_types, tiers, quota, credited[1])
            found["gapToNextTier"] = quantity(gap, unit) if gap is not None else None
    return found


def _gap(after: Pay, key: Key, incentive_types: IncentiveTypes, today: date, quota: Decimal | None, credited: Decimal) -> Decimal | None:
    """How much more must be credited until the window's component pays at another rate, by asking it."""
    window = after.evaluated[key].window
    part = after.known.parts(window)[-1]
    on = min(max(today, window.span.starts), window.through - timedelta(days=1))
    unit = Decimal(1) if part.units else quantum(window.currency)
    reach = max(quota * REACHES if quota else ZERO, abs(credited) * 10, FURTHEST if not quota else ZERO)

    def pay(more: Decimal) -> Decimal:
        place = part.measure_id, on, more
        if place not in after.asked:
            row = _more(after.known, window, part, on, more)
            after.asked[place] = Pay.of(after.known.with_credits([*after.known.credit_rows, row]), incentive_types)
        return after.asked[place].unrounded(key)

    # A component behind others builds on what they pay, and that is rounded.
    noise = ZERO if part.order[1] == min(each.order[1] for each in after.known.components(window.rep_id)) else 2 * quantum(window.currency)
    return next_bend(pay, reach.quantize(unit), unit, noise)


def _more(known: Facts, window: Window, part: Part, on: date, more: Decimal) -> dict[str, Any]:
    """A credit of so much more, behind all others."""
    units, paid = part.units, known.paid[window.rep_id]
    nothing = dict.fromkeys(("corrects_id", "product", "opportunity", "opportunity_name", "account", "source_rep", "source"))
    return {
        **nothing,
        "rep_id": window.rep_id,
        "measure_id": part.measure_id,
        "measure": part.measure,
        "transaction_id": 0,
        "role": Role.DIRECT,
        "dated": on,
        "amount": ZERO if units else paid.total([(window.last, more)], on),
        "units": more if units else Decimal(1),
        "share": Decimal(1),
        "currency": paid.on(on),
        "kind": TransactionKind.ORDER,
    }


def quantity(value: Decimal, unit: str) -> dict[str, str]:
    """A number of units or of money as the schema has it."""
    return {"value": plain(value) if unit == "units" else text(value, unit), "unit": unit}


def _ratio(credited: Decimal, quota: Decimal | None) -> str | None:
    if not quota:
        return None
    with exactly():
        return format((credited / quota).quantize(Decimal("0.000001"), ROUND_HALF_UP), "f")
