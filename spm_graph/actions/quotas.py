"""Quotas: what is expected of a rep in a period."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from sqlalchemy import RowMapping, delete, func, insert, select

from spm_graph.domain.money import quantum
from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.quota import UNITS_QUANTUM, parts
from spm_graph.domain.terms import Grant, MeasureKind, PeriodKind
from spm_graph.store import attainment, clock, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import measure, period, quota, quota_part
from spm_graph.store.visibility import Actor

from .outcome import Outcome
from .refs import PeriodRef, Ref, by_period, not_found, visible_rep


@dataclass(frozen=True)
class QuotaSet:
    """A rep's quota for a month, a quarter or a year."""

    rep: Annotated[Ref, "Whose quota."]
    measure: Annotated[str, "The measure that counts towards it."]
    period: Annotated[PeriodRef, "The month, quarter or year. Its months get even parts."]
    value: Annotated[Decimal, "The quota in the measure's unit: money in the rep's currency, or a number of units."]


async def set_quota(tx: Transaction, actor: Actor, command: QuotaSet) -> Outcome:
    """Set a quota. What was set for its months gives way; of a longer quota, the other months keep their parts."""
    actor.require(Grant.PLAN)
    position = await clock.tick(tx, actor.name, "quotaSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    counted = await tx.row(select(measure).where(measure.c.name == command.measure))
    if counted is None:
        raise not_found("measure", command.measure, ["measure"])
    whole = await by_period(tx, command.period, ["period"])
    currency = who["currency"] if counted["kind"] == MeasureKind.MONEY else None
    _check_value(command.value, currency)
    await _replace(tx, who, counted["id"], whole)
    values = {"rep_id": who["id"], "measure_id": counted["id"], "effective": whole["effective"], "value": command.value}
    quota_id = await tx.scalar(insert(quota).values(**values).returning(quota.c.id))
    months = await tx.rows(
        select(period.c.id, period.c.effective)
        .where(period.c.kind == PeriodKind.MONTH, period.c.effective.contained_by(whole["effective"]))
        .order_by(func.lower(period.c.effective))
    )
    shared = {"quota_id": quota_id, "rep_id": who["id"], "measure_id": counted["id"]}
    rows = [
        {**shared, "period_id": month["id"], "value": value}
        for month, value in zip(months, parts(command.value, len(months), currency), strict=True)
    ]
    await tx.execute(insert(quota_part), rows)
    await touches.record(tx, position, [(who["id"], touches.of_year(whole["effective"].lower, whole["effective"].upper))])
    spans = {Span(month["effective"].lower, month["effective"].upper) for month in months}
    await attainment.announce(tx, position, {(who["id"], counted["id"], span) for span in spans})
    return Outcome(position, {"quota_id": quota_id, "rep_id": who["id"]})


def _check_value(value: Decimal, currency: str | None) -> None:
    unit = quantum(currency) if currency else UNITS_QUANTUM
    if value <= 0 or value % unit:
        raise refuse(ProblemCode.INVALID, f"{value} is no quota; expected more than zero, in steps of {unit}", ["value"])


async def _replace(tx: Transaction, who: RowMapping, measure_id: int, whole: RowMapping) -> None:
    """Take away what a new quota takes the place of. Of a longer one, the other months keep their parts, as quotas of their own."""
    held = (quota.c.rep_id == who["id"]) & (quota.c.measure_id == measure_id) & quota.c.effective.overlaps(whole["effective"])
    kept = await tx.rows(
        select(quota_part.c.period_id, quota_part.c.value, period.c.effective)
        .join(quota, quota.c.id == quota_part.c.quota_id)
        .join(period, period.c.id == quota_part.c.period_id)
        .where(held, quota_part.c.value > 0, ~period.c.effective.contained_by(whole["effective"]))
        .order_by(func.lower(period.c.effective))
    )
    await tx.execute(delete(quota_part).where(quota_part.c.quota_id.in_(select(quota.c.id).where(held))))
    await tx.execute(delete(quota).where(held))
    for part in kept:
        shared = {"rep_id": who["id"], "measure_id": measure_id, "value": part["value"]}
        quota_id = await tx.scalar(insert(quota).values(**shared, effective=part["effective"]).returning(quota.c.id))
        await tx.execute(insert(quota_part).values(**shared, quota_id=quota_id, period_id=part["period_id"]))
