"""Quotas: what is expected of a rep in a period, and what is left of it for who joins, leaves or ramps up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from spm_graph.domain.employment import Employment
from spm_graph.domain.period import Span
from spm_graph.domain.problem import Problem, ProblemCode, Refused
from spm_graph.domain.quota import Part, Terms, parts
from spm_graph.domain.terms import Grant, MeasureKind, PeriodKind, Proration
from spm_graph.store import attainment, clock, paid_in, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import company, measure, period, quota, quota_part, rep
from spm_graph.store.visibility import Actor

from .refs import PeriodRef, Ref, by_period, not_found, visible_rep
from .result import Result

IN_ORDER = func.lower(period.c.effective)
FIRST_DAY = func.lower(quota.c.effective)

# A quota depends on the days of employment if it is prorated, or ramps up.
EMPLOYED = (quota.c.proration != Proration.NONE) | (func.cardinality(quota.c.ramp) > 0)


@dataclass(frozen=True)
class QuotaSet:
    """A rep's quota for a month, a quarter or a year."""

    rep: Annotated[Ref, "Whose quota."]
    measure: Annotated[str, "The measure that counts towards it."]
    period: Annotated[PeriodRef, "The month, quarter or year. Its months get even parts, unless there is a seasonality."]
    value: Annotated[
        Decimal,
        "The full quota in the measure's unit: money in the currency that the rep is paid in on the first day, or a number of units."
        " Proration and ramp take from it."
        " Zero takes away what was set.",
    ]
    seasonality: Annotated[
        tuple[Decimal, ...],
        "How the months, or the quarters, of the period weigh against each other: 20, 20, 20, 40 puts two fifths of a year into its last"
        " quarter. The weights need not sum to 100. Without any, all weigh the same.",
    ] = ()
    proration: Annotated[
        Proration | None, "What is taken off for days on which the rep is not employed; the company's way, unless given."
    ] = None
    ramp: Annotated[
        tuple[Decimal, ...],
        "The shares that are expected in the first months since the rep was hired, the month of hiring being the first: 0.25, 0.5, 0.75"
        " expects the whole from the fourth month on, and nothing before the first.",
    ] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """One rep's quota to be set: the row of whom, for what, and on which terms."""

    who: RowMapping
    measure_id: int
    period: RowMapping
    terms: Terms


async def set_quota(tx: Transaction, actor: Actor, command: QuotaSet) -> Result:
    """Set a quota. What was set for its months gives way; of a longer quota, the other months keep their parts.

    It is calculated again when the rep's first or last day changes, if it is prorated or ramps up.
    """
    actor.require(Grant.PLAN)
    position = await clock.tick(tx, actor.name, "quotaSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    counted = await measured(tx, command.measure)
    whole = await by_period(tx, command.period, ["period"])
    if not command.value:
        await _take_away(tx, position, who, counted["id"], whole)
        return Result(position, {"quota_id": None, "rep_id": who["id"]})
    terms = Terms(
        value=command.value,
        currency=await paid_in.on(tx, who["id"], whole["effective"].lower) if counted["kind"] == MeasureKind.MONEY else None,
        seasonality=command.seasonality,
        proration=command.proration or await company_proration(tx),
        ramp=command.ramp,
    )
    given = Spread(who, counted["id"], whole, terms)
    quota_id = await write(tx, position, given, await spread_out(tx, given))
    return Result(position, {"quota_id": quota_id, "rep_id": who["id"]})


async def measured(tx: Transaction, name: str) -> RowMapping:
    """The measure of a name, or NOT_FOUND."""
    found = await tx.row(select(measure).where(measure.c.name == name))
    if found is None:
        raise not_found("measure", name, ["measure"])
    return found


async def company_proration(tx: Transaction) -> Proration:
    """How the company prorates what is promised and expected, where nothing else is said."""
    return Proration[await tx.scalar(select(company.c.proration))]


async def spread_out(tx: Transaction, given: Spread) -> dict[int, Part]:
    """A quota's parts, by the key of their pay period. Refuses terms that are at fault."""
    who, terms = given.who, given.terms
    months = await months_of(tx, given.period["effective"])
    faults = list(terms.faults(len(months)))
    if terms.ramp and who["hired_on"] is None:
        faults.append(("ramp", f"a ramp counts from the first day of employment, and that of {who['name']} is not known"))
    if faults:
        raise Refused([Problem(ProblemCode.INVALID, message, (field,)) for field, message in faults])
    return dict(zip(months, parts(terms, list(months.values()), Employment(who["hired_on"], who["left_on"])), strict=True))


async def write(tx: Transaction, position: int, given: Spread, spread: Mapping[int, Part]) -> int:
    """Let a quota hold, in these parts: its key."""
    who, whole, terms = given.who, given.period["effective"], given.terms
    changed = await _replace(tx, who, given.measure_id, given.period)
    values = {
        "rep_id": who["id"],
        "measure_id": given.measure_id,
        "effective": whole,
        "value": sum(part.value for part in spread.values()),
        "full_value": terms.value,
        "seasonality": list(terms.seasonality),
        "proration": terms.proration,
        "ramp": list(terms.ramp),
    }
    quota_id = int(await tx.scalar(insert(quota).values(**values).returning(quota.c.id)))
    shared = {"quota_id": quota_id, "rep_id": who["id"], "measure_id": given.measure_id}
    await tx.execute(insert(quota_part), [{**shared, "period_id": key, **_stored(part)} for key, part in spread.items()])
    await paid_in.carry(tx, [who["id"]])
    await _tell(tx, position, who["id"], given.measure_id, [*(part.month for part in spread.values()), *changed])
    return quota_id


async def _take_away(tx: Transaction, position: int, who: RowMapping, measure_id: int, whole: RowMapping) -> None:
    changed = await _replace(tx, who, measure_id, whole)
    await paid_in.carry(tx, [who["id"]])
    await _tell(tx, position, who["id"], measure_id, [*(await months_of(tx, whole["effective"])).values(), *changed])


async def _tell(tx: Transaction, position: int, rep_id: int, measure_id: int, months: Sequence[Span]) -> None:
    """Touch whose quota changed in these months, and announce what their attainment is now."""
    await touches.record(tx, position, [(rep_id, touches.of_year(min(months).starts, max(months).ends))])
    await attainment.announce(tx, position, {(rep_id, measure_id, month) for month in months})


async def follow_employment(tx: Transaction, position: int, reps: Collection[int]) -> int:
    """Calculate again what is expected of reps whose first or last day changed; how many quotas changed. The clock has ticked."""
    rows = await tx.rows(
        select(quota, rep.c.hired_on, rep.c.left_on, measure.c.kind)
        .join(rep, rep.c.id == quota.c.rep_id)
        .join(measure, measure.c.id == quota.c.measure_id)
        .where(quota.c.rep_id.in_(reps), EMPLOYED)
        .order_by(quota.c.id)
    )
    paid = await paid_in.read(tx, reps)
    changed = 0
    for row in rows:
        terms = Terms(
            value=row["full_value"],
            currency=paid[row["rep_id"]].on(row["effective"].lower) if row["kind"] == MeasureKind.MONEY else None,
            seasonality=tuple(row["seasonality"]),
            proration=Proration[row["proration"]],
            ramp=tuple(row["ramp"]),
        )
        changed += await _respread(tx, position, row, terms)
    return changed


async def _respread(tx: Transaction, position: int, held: RowMapping, terms: Terms) -> bool:
    """Write the parts of a quota that are others now, touch and tell; whether there are any."""
    months = await months_of(tx, held["effective"])
    spread = parts(terms, list(months.values()), Employment(held["hired_on"], held["left_on"]))
    stored = {
        row["period_id"]: {name: row[name] for name in ("value", "full_value", "rate", "says")}
        for row in await tx.rows(select(quota_part).where(quota_part.c.quota_id == held["id"]))
    }
    others = [(key, part) for key, part in zip(months, spread, strict=True) if stored[key] != _stored(part)]
    for key, part in others:
        mine = (quota_part.c.quota_id == held["id"]) & (quota_part.c.period_id == key)
        await tx.execute(update(quota_part).where(mine).values(**_stored(part)))
    if not others:
        return False
    await tx.execute(update(quota).where(quota.c.id == held["id"]).values(value=sum(part.value for part in spread)))
    await _tell(tx, position, held["rep_id"], held["measure_id"], [part.month for _, part in others])
    return True


async def months_of(tx: Transaction, whole: Range[Any]) -> dict[int, Span]:
    """The pay periods inside these dates, by key, in order."""
    found = select(period.c.id, period.c.effective).where(period.c.kind == PeriodKind.MONTH, period.c.effective.contained_by(whole))
    return {row["id"]: Span(row["effective"].lower, row["effective"].upper) for row in await tx.rows(found.order_by(IN_ORDER))}


def _stored(part: Part) -> dict[str, Any]:
    return {"value": part.value, "full_value": part.full_value, "rate": part.rate, "says": part.says}


async def _replace(tx: Transaction, who: RowMapping, measure_id: int, whole: RowMapping) -> list[Span]:
    """Take away what a new quota takes the place of. Of a longer one, the other months keep their parts, as quotas of their own.

    Returns the other months whose quota is another now: those that it expected nothing of, which are without one, and those
    whose part was rounded to a currency that the rep is paid in since it began.
    """
    held = (quota.c.rep_id == who["id"]) & (quota.c.measure_id == measure_id) & quota.c.effective.overlaps(whole["effective"])
    others = await tx.rows(
        select(quota_part, quota.c.proration, quota.c.ramp, period.c.effective, FIRST_DAY.label("since"), measure.c.kind)
        .join(quota, quota.c.id == quota_part.c.quota_id)
        .join(period, period.c.id == quota_part.c.period_id)
        .join(measure, measure.c.id == quota_part.c.measure_id)
        .where(held, ~period.c.effective.contained_by(whole["effective"]))
        .order_by(IN_ORDER)
    )
    await tx.execute(delete(quota_part).where(quota_part.c.quota_id.in_(select(quota.c.id).where(held))))
    await tx.execute(delete(quota).where(held))
    paid = (await paid_in.read(tx, [who["id"]]))[who["id"]]
    changed = [Span(part["effective"].lower, part["effective"].upper) for part in others if not part["full_value"]]
    for part in (other for other in others if other["full_value"]):
        shared = {name: part[name] for name in ("rep_id", "measure_id", "value", "full_value")}
        if part["kind"] == MeasureKind.MONEY:  # a quota of its own is in the currency of its own first day
            starts = part["effective"].lower
            shared |= {name: paid.total([(part["since"], part[name])], starts) for name in ("value", "full_value")}
            if paid.on(part["since"]) != paid.on(starts):
                changed.append(Span(starts, part["effective"].upper))
        terms = {name: part[name] for name in ("proration", "ramp", "effective")}
        quota_id = await tx.scalar(insert(quota).values(**shared, **terms).returning(quota.c.id))
        said = {name: part[name] for name in ("period_id", "rate", "says")}
        await tx.execute(insert(quota_part).values(**shared, **said, quota_id=quota_id))
    return changed
