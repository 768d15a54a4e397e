"""Live estimates in the database: who is to be estimated again, and what the estimates are.

What is due is a queue that any number of processes share: each takes rows that no other holds, and a row is gone when its
estimate is written. Who crashes gives its rows back, and nothing is due twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.money import told

from . import clock
from .database import Transaction
from .events import Event, append, card
from .events import period as shown_period
from .tables import estimate, estimate_due, estimate_part

ACTOR = "estimates"

PROGRESS = """
select estimate_progress.position, begun, clock.position as reached from estimate_progress, clock
for update of estimate_progress skip locked
"""

OPEN_MONTHS = """
select id, effective from period where kind = 'MONTH' and state = 'OPEN' and lower(effective) <= :today
"""

# A change of a day reaches the month of that day, and those behind it: quarters and years go on. An earlier month it reaches
# where a window of both was posted through a later one: that is never evaluated through less again.
TOUCHED = f"""
insert into estimate_due as due (rep_id, period_id, position)
select changed.rep_id, month.id, max(changed.position)
from (
    select rep_id, lower(span) as starts, position from touch where position > :since and position <= :reached
    union all
    select evaluated.rep_id, lower(evaluated.span), posting.position
    from posting join run_evaluation as evaluated on evaluated.run_id = posting.run_id
    where posting.position > :since and posting.position <= :reached
) as changed
join ({OPEN_MONTHS}) as month
  on upper(month.effective) > changed.starts
  or exists (select from evaluation as posted
             where posted.rep_id = changed.rep_id and lower(posted.span) < upper(month.effective) and posted.through > changed.starts)
where not exists (select from estimate as made
                  where made.rep_id = changed.rep_id and made.period_id = month.id and made.position >= changed.position)
group by 1, 2
on conflict (rep_id, period_id) do update set position = excluded.position
"""

# Whose pay can't be calculated apart, because a contest judges them together, is estimated together.
CONTESTED = """
with recursive shared as materialized (
    select distinct assigned.rep_id, part.component_id
    from component_version as part
    join plan_version as version on version.id = part.plan_version_id and version.state = 'PUBLISHED'
    join plan_membership as assigned on assigned.plan_id = version.plan_id and assigned.effective && version.effective
    where part.round > 0
),
known(rep_id, period_id, position) as (
    select rep_id, period_id, position from estimate_due where position > :since
    union
    select other.rep_id, known.period_id, known.position
    from known join shared as mine on mine.rep_id = known.rep_id join shared as other on other.component_id = mine.component_id
)
insert into estimate_due (rep_id, period_id, position)
select rep_id, period_id, max(position) from known group by 1, 2 order by 1, 2
on conflict (rep_id, period_id) do update set position = excluded.position
"""

CONTESTS = "select exists (select from component_version where round > 0)"

BEGUN = f"""
insert into estimate_due (rep_id, period_id, position)
select distinct assigned.rep_id, month.id, 0
from ({OPEN_MONTHS}) as month join plan_membership as assigned on assigned.effective && month.effective
where lower(month.effective) > coalesce(cast(:begun as date), '-infinity')
on conflict do nothing
"""

CLOSED = "select id from period where closed_position > :since and closed_position <= :reached"

PROGRESSED = f"""
update estimate_progress
set position = :reached, begun = greatest(begun, (select max(lower(month.effective)) from ({OPEN_MONTHS}) as month))
"""

FAILED = """
insert into estimate_due (rep_id, period_id, position) select rep_id, period_id, 0 from estimate where problem is not null
on conflict do nothing
"""

# What just happened goes first, a month that began after it.
CLAIM = """
select rep_id, period_id from estimate_due where {which} order by position limit :most for update skip locked
"""

HELD = """
select estimate.rep_id, estimate.period_id, estimate.problem, part.component_id, part.amount
from estimate left join estimate_part as part using (rep_id, period_id)
where (estimate.rep_id, estimate.period_id) in (select * from unnest(cast(:reps as bigint[]), cast(:periods as bigint[])))
"""

NAMES = """
select distinct on (component_id) component_id, name from component_version where component_id = any(:components)
order by component_id, plan_version_id desc
"""

Pair = tuple[int, int]
"""The keys of a rep and of a pay period."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one component would pay; `lines` is the JSON of its lines."""

    component_id: int
    amount: Decimal
    lines: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a rep would be paid for a pay period, as the facts at a position have it, or the problem that keeps it from being known."""

    rep_id: int
    period_id: int
    currency: str
    position: int
    parts: tuple[Part, ...]
    problem: str | None = None

    @property
    def pair(self) -> Pair:
        """Whose estimate it is, and for which pay period."""
        return self.rep_id, self.period_id

    @property
    def total(self) -> Decimal:
        """What all components would pay together."""
        return sum((part.amount for part in self.parts), Decimal(0))


async def look(tx: Transaction) -> None:
    """Queue whoever is concerned by what happened since the last look, unless another process is looking this very moment."""
    progress = await tx.row(PROGRESS)
    if progress is None:
        return
    dates = {"since": progress["position"], "reached": progress["reached"], "today": tx.today}
    await tx.execute(TOUCHED, dates)
    if await tx.scalar(CONTESTS):
        await tx.execute(CONTESTED, {"since": progress["position"]})
    await tx.execute(BEGUN, {"begun": progress["begun"], "today": tx.today})
    for row in await tx.rows(CLOSED, {"since": progress["position"], "reached": progress["reached"]}):
        await tx.execute(delete(estimate_due).where(estimate_due.c.period_id == row["id"]))
        await tx.execute(delete(estimate).where(estimate.c.period_id == row["id"]))
    await tx.execute(PROGRESSED, {"reached": progress["reached"], "today": tx.today})


async def again(tx: Transaction) -> None:
    """Queue those who could not be estimated: a package may have been installed or mended since."""
    await tx.execute(FAILED)


async def claim(tx: Transaction, most: int) -> list[Pair]:
    """Take so many of those who are due, until the transaction ends; none if there are none, or others have them."""
    for which in ("position > 0", "position = 0"):
        if rows := await tx.rows(CLAIM.format(which=which), {"most": most}):
            return [(row["rep_id"], row["period_id"]) for row in rows]
    return []


async def unknown(tx: Transaction, pair: Pair, problem: str) -> Estimate:
    """The estimate of somebody whom nothing can be calculated for."""
    currency = await tx.scalar("select paid_in(:rep, lower(effective)) from period where id = :period", {"rep": pair[0], "period": pair[1]})
    return Estimate(*pair, currency, 0, (), problem)


async def write(tx: Transaction, estimates: Sequence[Estimate]) -> int | None:
    """Write estimates of claimed pairs, and tell those that changed; the position of these events, or none if nothing did.

    An estimate with a problem leaves the amounts of the one before as they were.
    """
    pairs = [each.pair for each in estimates]
    held = await _held(tx, pairs)
    changed = [each for each in estimates if _changes(each, *held.get(each.pair, ({}, None)))]
    position = await clock.tick(tx, ACTOR, "estimate") if changed else None
    for each in estimates:
        await _upsert(tx, each)
    known = [each for each in estimates if each.problem is None]
    if known:
        await tx.execute(delete(estimate_part).where(_among(estimate_part, [each.pair for each in known])))
    rows = [
        {"rep_id": each.rep_id, "period_id": each.period_id, "component_id": part.component_id, "amount": part.amount, "lines": part.lines}
        for each in estimates
        if each.problem is None or each.pair not in held
        for part in each.parts
    ]
    if rows:
        await tx.execute(insert(estimate_part), rows)
    if position is not None:
        await append(tx, position, await _events(tx, changed))
    await done(tx, pairs)
    return position


async def done(tx: Transaction, pairs: Collection[Pair]) -> None:
    """Take claimed pairs from the queue."""
    await tx.execute(delete(estimate_due).where(_among(estimate_due, pairs)))


def _among(table: Any, pairs: Collection[Pair]) -> Any:
    return tuple_(table.c.rep_id, table.c.period_id).in_(list(pairs))


def _changes(each: Estimate, amounts: Mapping[int, Decimal], problem: str | None) -> bool:
    """Whether there is something to tell."""
    if each.problem is not None or problem is not None:
        return each.problem != problem
    return {part.component_id: part.amount for part in each.parts if part.amount} != amounts


async def _held(tx: Transaction, pairs: Collection[Pair]) -> dict[Pair, tuple[dict[int, Decimal], str | None]]:
    found: dict[Pair, tuple[dict[int, Decimal], str | None]] = {}
    for row in await tx.rows(HELD, {"reps": [rep_id for rep_id, _ in pairs], "periods": [period_id for _, period_id in pairs]}):
        parts, _ = found.setdefault((row["rep_id"], row["period_id"]), ({}, row["problem"]))
        if row["amount"]:
            parts[row["component_id"]] = row["amount"]
    return found


async def _upsert(tx: Transaction, each: Estimate) -> None:
    keys = {"rep_id": each.rep_id, "period_id": each.period_id}
    values = {"currency": each.currency, "amount": each.total, "position": each.position, "problem": each.problem}
    kept = values if each.problem is None else {"problem": each.problem}
    await tx.execute(insert(estimate).values(**keys, **values).on_conflict_do_update(index_elements=list(keys), set_=kept))


async def _events(tx: Transaction, changed: Sequence[Estimate]) -> list[Event]:
    reps = {row["id"]: row for row in await tx.rows("select * from rep where id = any(:ids)", {"ids": [each.rep_id for each in changed]})}
    months = await tx.rows("select * from period where id = any(:ids)", {"ids": sorted({each.period_id for each in changed})})
    periods = {row["id"]: shown_period(row) for row in months}
    components = sorted({part.component_id for each in changed for part in each.parts})
    names = {row["component_id"]: row["name"] for row in await tx.rows(NAMES, {"components": components})}
    return [
        Event("EstimateChange", _payload(each, card(reps[each.rep_id]), periods[each.period_id], names), each.rep_id) for each in changed
    ]


def _payload(each: Estimate, rep: Mapping[str, Any], period: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    known = each.problem is None
    return {
        "rep": rep,
        "period": period,
        "total": told(each.total, each.currency) if known else None,
        "byComponent": [
            {
                "component": f"component_{part.component_id}",
                "name": names[part.component_id],
                "amount": told(part.amount, each.currency),
            }
            for part in each.parts
            if known
        ],
        "reflects": str(each.position),
        "problem": each.problem,
    }
