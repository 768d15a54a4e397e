"""Sharing a target out as quotas: top down from a total or a manager's own quota, or bottom up from what was sold before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import RowMapping, func, select

from spm_graph.domain.allocation import Change, Growth
from spm_graph.domain.ids import global_id
from spm_graph.domain.money import exactly, shares, text
from spm_graph.domain.problem import Problem, ProblemCode, Refused, refuse
from spm_graph.domain.quota import Terms, unit
from spm_graph.domain.terms import AllocationBase, AllocationWeights, Grant, MeasureKind, Proration
from spm_graph.domain.written import plain
from spm_graph.store import clock, events, paid_in
from spm_graph.store.database import Transaction
from spm_graph.store.tables import period, quota_part
from spm_graph.store.visibility import Actor

from .quotas import Spread, company_proration, measured, months_of, spread_out, write
from .refs import PeriodRef, Ref, by_period, visible_rep
from .result import Result

REPORTS = """
select rep.id from reporting_line as line join rep on rep.id = line.rep_id
where line.manager_id = :manager and line.effective @> cast(:day as date) order by rep.name, rep.id
"""

CREDITED = """
select given.rep_id,
       (select coalesce(sum(balance.value), 0) from credited as balance join period on period.id = balance.period_id
        where balance.rep_id = given.rep_id and balance.measure_id = :measure
          and period.effective <@ daterange(cast(:starts as date), cast(:ends as date)))
         + (select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
            where opening.rep_id = given.rep_id and opening.measure_id = :measure
              and opening.effective <@ daterange(cast(:starts as date), cast(:ends as date))) as credited
from unnest(cast(:reps as bigint[])) as given(rep_id)
"""


@dataclass(frozen=True)
class AllocationShare:
    """Somebody who gets a part of what is shared out."""

    rep: Annotated[Ref, "Who gets it."]
    weight: Annotated[Decimal | None, "How much their part weighs against the others', where the weights are given."] = None


@dataclass(frozen=True)
class QuotasAllocate:
    """What is shared out as quotas of a period, among whom, and by which weights."""

    measure: Annotated[str, "The measure that counts towards the quotas."]
    period: Annotated[PeriodRef, "The month, quarter or year of the quotas."]
    base: Annotated[AllocationBase, "What is shared out."]
    weights: Annotated[AllocationWeights, "By what it is shared."]
    total: Annotated[Decimal | None, "The target that is shared out, for the base TOTAL."] = None
    manager: Annotated[Ref | None, "Whose direct reports, on the period's first day, get quotas; or else give `reps`."] = None
    reps: Annotated[tuple[AllocationShare, ...], "Who gets quotas: instead of a manager's reports, or among them, with weights."] = ()
    based_on: Annotated[PeriodRef | None, "The period whose credits count, for CREDITED: the one just before, unless given."] = None
    growth: Annotated[Decimal, "How much more than the base is asked for: 0.15 is 15 %."] = Decimal(0)
    attrition_relief: Annotated[Decimal, "What is then taken off for what is lost on the way: 0.02 is 2 %."] = Decimal(0)
    over_assignment: Annotated[Decimal, "What is handed out for each unit of the target: 1.25 is 125 %, met at an attainment of 80 %."] = (
        Decimal(1)
    )
    seasonality: Annotated[tuple[Decimal, ...], "How the months, or the quarters, of each quota weigh, as in quotaSet."] = ()
    proration: Annotated[
        Proration | None, "What is taken off for days on which a rep is not employed; the company's way, unless given."
    ] = None
    ramp: Annotated[tuple[Decimal, ...], "The shares that are expected in the first months of employment, as in quotaSet."] = ()
    preview: Annotated[bool, "Only say what would be set, and set nothing."] = False


async def allocate(tx: Transaction, actor: Actor, command: QuotasAllocate) -> Result:
    """Share out a target as quotas: the full values sum to it, by largest remainder. Each is then set as quotaSet sets it.

    The base is multiplied by growth, attrition relief and over-assignment, in this order.
    """
    actor.require(Grant.PLAN)
    _check(command)
    position = None if command.preview else await clock.tick(tx, actor.name, "quotasAllocate")
    counted = await measured(tx, command.measure)
    whole = await by_period(tx, command.period, ["period"])
    manager = await visible_rep(tx, actor, command.manager, ["manager"]) if command.manager else None
    among = await _among(tx, actor, command, manager, whole)
    currency = await _currency(tx, [who for who, _ in among], counted["kind"], whole["effective"].lower)
    earlier = await _based_on(tx, command, whole)
    sold = await _credited(tx, [who["id"] for who, _ in among], counted["id"], earlier)
    base, said = await _base(tx, command, manager, counted["id"], whole, sold, earlier)
    growth = Growth(command.growth, command.attrition_relief, command.over_assignment)
    steps = growth.of(base, said, unit(currency))
    weights = _weights(command, [(who, given, sold[who["id"]]) for who, given in among])
    proration = command.proration or await company_proration(tx)
    allocations: list[dict[str, Any]] = []
    for (who, _), weight, value in zip(among, weights, shares(steps[-1].amount, weights, unit(currency)), strict=True):
        if not value:
            raise refuse(ProblemCode.INVALID, f"{who['name']} would get nothing: leave them out, or give other weights", ["weights"])
        terms = Terms(value, currency, command.seasonality, proration, command.ramp)
        spread = Spread(who, counted["id"], whole, terms)
        parts = await spread_out(tx, spread)
        quota_id = await write(tx, position, spread, parts) if position is not None else None
        allocations.append(
            {
                "rep": events.card(who),
                "weight": plain(weight),
                "fullValue": _quantity(value, currency),
                "value": _quantity(sum((part.value for part in parts.values()), Decimal(0)), currency),
                "quota": global_id("quota", quota_id) if quota_id is not None else None,
            }
        )
    told = {"allocations": allocations, "target": _quantity(steps[-1].amount, currency), "steps": [_step(step) for step in steps]}
    return Result(position, {**told, "period_id": whole["id"]})


def _check(command: QuotasAllocate) -> None:
    faults = list(Growth(command.growth, command.attrition_relief, command.over_assignment).faults())
    if (command.base is AllocationBase.TOTAL) != (command.total is not None):
        faults.append(("total", "a total is given for the base TOTAL, and for no other"))
    if command.base is AllocationBase.QUOTA and command.manager is None:
        faults.append(("manager", "whose quota is to be shared out?"))
    if command.manager is None and not command.reps:
        faults.append(("reps", "nobody to get a quota: give a manager or reps"))
    if (command.weights is AllocationWeights.GIVEN) != any(each.weight is not None for each in command.reps):
        faults.append(("weights", "weights beside the reps are for GIVEN, which needs them"))
    for index, each in enumerate(command.reps):
        if command.weights is AllocationWeights.GIVEN and (each.weight is None or each.weight <= 0):
            faults.append((f"reps.{index}.weight", "each weight is above zero"))
    if faults:
        raise Refused([Problem(ProblemCode.INVALID, message, tuple(field.split("."))) for field, message in faults])


async def _among(
    tx: Transaction, actor: Actor, command: QuotasAllocate, manager: RowMapping | None, whole: RowMapping
) -> list[tuple[RowMapping, Decimal | None]]:
    """Who gets a quota, with the weight that was given."""
    if command.reps:
        found = [
            (await visible_rep(tx, actor, each.rep, ["reps", str(index), "rep"]), each.weight) for index, each in enumerate(command.reps)
        ]
        keys = [who["id"] for who, _ in found]
        if twice := next((who for who, _ in found if keys.count(who["id"]) > 1), None):
            raise refuse(ProblemCode.DUPLICATE, f"{twice['name']} is named twice", ["reps"])
        return found
    assert manager is not None, "a manager or reps are given"
    rows = await tx.rows(REPORTS, {"manager": manager["id"], "day": whole["effective"].lower})
    if not rows:
        message = f"nobody reports to {manager['name']} on {whole['effective'].lower}: give the reps"
        raise refuse(ProblemCode.INVALID, message, ["manager"])
    return [(await visible_rep(tx, actor, Ref(id=global_id("rep", row["id"])), ["manager"]), None) for row in rows]  # type: ignore[arg-type]


async def _currency(tx: Transaction, reps: Sequence[RowMapping], kind: str, starts: date) -> str | None:
    if kind != MeasureKind.MONEY:
        return None
    paid = await paid_in.read(tx, [who["id"] for who in reps])
    if later := next((who for who in reps if paid[who["id"]].on(starts) != who["currency"]), None):
        message = (
            f"{later['name']} is paid in another currency since: what was credited is in {later['currency']}, and the quota would not be"
        )
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["reps"])
    currencies = sorted({who["currency"] for who in reps})
    if len(currencies) > 1:
        message = f"they are paid in {' and '.join(currencies)}: share out in each currency by itself"
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["reps"])
    return str(currencies[0])


async def _based_on(tx: Transaction, command: QuotasAllocate, whole: RowMapping) -> RowMapping | None:
    """The period whose credits count, if any do."""
    if AllocationBase.CREDITED is not command.base and AllocationWeights.CREDITED is not command.weights:
        return None
    if command.based_on is not None:
        return await by_period(tx, command.based_on, ["basedOn"])
    before = (period.c.kind == whole["kind"]) & (func.upper(period.c.effective) == whole["effective"].lower)
    found = await tx.row(select(period).where(before))
    if found is None:
        raise refuse(ProblemCode.NO_PERIOD, f"there is no period before {whole['name']}: say on which it is based", ["basedOn"])
    return found


async def _credited(tx: Transaction, reps: Sequence[int], measure_id: int, earlier: RowMapping | None) -> dict[int, Decimal]:
    if earlier is None:
        return dict.fromkeys(reps, Decimal(0))
    dates = {"starts": earlier["effective"].lower, "ends": earlier["effective"].upper}
    rows = await tx.rows(CREDITED, {"reps": list(reps), "measure": measure_id, **dates})
    return {row["rep_id"]: row["credited"] for row in rows}


async def _base(
    tx: Transaction,
    command: QuotasAllocate,
    manager: RowMapping | None,
    measure_id: int,
    whole: RowMapping,
    sold: dict[int, Decimal],
    earlier: RowMapping | None,
) -> tuple[Decimal, str]:
    """What is shared out before growth, and what it is in words."""
    if command.base is AllocationBase.TOTAL:
        base, said = command.total or Decimal(0), "the target"
    elif command.base is AllocationBase.CREDITED:
        assert earlier is not None, "the base needs a period"
        base, said = sum(sold.values(), Decimal(0)), f"credited in {earlier['name']}"
    else:
        assert manager is not None, "the base needs a manager"
        mine = (quota_part.c.rep_id == manager["id"]) & (quota_part.c.measure_id == measure_id)
        inside = quota_part.c.period_id.in_(await months_of(tx, whole["effective"]))
        base = await tx.scalar(select(func.coalesce(func.sum(quota_part.c.value), 0)).where(mine, inside))
        said = f"the quota of {manager['name']} for {whole['name']}"
    if base <= 0:
        raise refuse(ProblemCode.INVALID, f"there is nothing to share out: {said} comes to {plain(base)}", ["base"])
    return base, said


def _weights(command: QuotasAllocate, among: Sequence[tuple[RowMapping, Decimal | None, Decimal]]) -> list[Decimal]:
    if command.weights is AllocationWeights.EQUAL:
        return [Decimal(1)] * len(among)
    if command.weights is AllocationWeights.GIVEN:
        return [given or Decimal(0) for _, given, _ in among]
    without = [who["name"] for who, _, credited in among if credited <= 0]
    if without:
        message = f"{without[0]} was credited nothing then, and would get nothing: give other weights, or leave them out"
        raise refuse(ProblemCode.INVALID, message, ["weights"])
    return [credited for _, _, credited in among]


def _quantity(value: Decimal, currency: str | None) -> dict[str, str]:
    return {"value": text(value, currency) if currency else plain(value), "unit": currency or "units"}


def _step(change: Change) -> dict[str, str]:
    with exactly():
        return {"says": change.says, "base": plain(change.base), "rate": plain(change.rate), "amount": plain(change.amount)}
