"""Make the credits of transactions, again whenever a fact behind them changes: the one way a credit comes to be.

Credits that stay the same are left alone, others are superseded at this position and made anew. The balances that
screens read, the touches that runs look for and the events that integrators follow are kept in the same breath.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from spm_graph.domain.crediting import Credited, Measure
from spm_graph.domain.period import month
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import MeasureKind, Role
from spm_graph.store import attainment, paid_in, touches
from spm_graph.store.database import Transaction

from .creditable import chains, due, measures, sales

COLUMNS = tuple(field.name for field in fields(Credited))

LIVE = f"select id, {', '.join(COLUMNS)} from credit where transaction_id = any(:ids) and superseded_position is null"

BALANCES = """
insert into credited as balance (rep_id, measure_id, period_id, value, position)
select change.rep_id, change.measure_id, period.id, sum(change.value), :position
from unnest(cast(:reps as bigint[]), cast(:measures as bigint[]), cast(:dates as date[]), cast(:values as numeric[]))
     as change(rep_id, measure_id, dated, value)
join period on period.kind = 'MONTH' and period.effective @> change.dated
group by 1, 2, 3
on conflict (rep_id, measure_id, period_id) do update set value = balance.value + excluded.value, position = excluded.position
"""

# Everybody who reports to a rep, directly or not, on some day since, and what they take part in since.
SOLD_BELOW = """
with recursive given(rep_id, since) as (
    select rep_id, since from unnest(cast(:reps as bigint[]), cast(:starts as date[])) as given(rep_id, since)
),
below(rep_id, since) as (
    select rep_id, since from given
    union
    select under.rep_id, given.since
    from given join oversight as under on under.manager_id = given.rep_id and under.effective && daterange(given.since, null)
),
deal as (
    select opportunity.id, below.since from below join opportunity on opportunity.owner_id = below.rep_id
    union
    select split.opportunity_id, below.since from below join split on split.rep_id = below.rep_id and split.role = 'SPLIT'
),
sold(id) as (
    select transaction.id from below join transaction on transaction.rep_id = below.rep_id and transaction.dated >= below.since
    union
    select transaction.id from deal join transaction on transaction.opportunity_id = deal.id and transaction.dated >= deal.since
    union
    select correction.id from sold join transaction as correction on correction.corrects_id = sold.id
)
select id from sold
"""

OPENED = """
select rep.name, upper(opening.effective) as ends, asked.dated
from unnest(cast(:reps as bigint[]), cast(:measures as bigint[]), cast(:dates as date[])) as asked(rep_id, measure_id, dated)
join opening_balance as opening on opening.rep_id = asked.rep_id and opening.measure_id = asked.measure_id
                               and opening.effective @> asked.dated
join rep on rep.id = asked.rep_id
order by asked.dated limit 1
"""

UNCOVERED = """
select min(dated) from unnest(cast(:dates as date[])) as dated
where not exists (select from period where period.kind = 'MONTH' and period.effective @> dated)
"""


async def recredit(tx: Transaction, position: int, transaction_ids: Collection[int]) -> int:
    """Make the credits of these transactions, of what they correct and of what corrects them, what the facts say now.

    Returns how many credits were made or superseded. Dates that no period covers are refused with NO_PERIOD, and those
    that an opening balance covers with OVERLAPS.
    """
    if not transaction_ids:
        return 0
    ids = await chains(tx, transaction_ids)
    kinds = await measures(tx)
    wanted = {made.identity: made for made in await due(tx, await sales(tx, ids), kinds.values())}
    ended: list[int] = []
    changes: list[tuple[Credited, int]] = []
    for row in await tx.rows(LIVE, {"ids": ids}):
        held = _held(row)
        if wanted.get(held.identity) == held:
            del wanted[held.identity]
        else:
            ended.append(row["id"])
            changes.append((held, -1))
    changes += [(made, 1) for made in wanted.values()]
    if changes:
        await require_room(tx, [change.dated for change, _ in changes], list(wanted.values()))
        await _write(tx, position, ended, list(wanted.values()))
        await _follow(tx, position, changes, kinds)
    return len(changes)


async def described_otherwise(
    tx: Transaction, position: int, transaction_ids: Collection[int], roles: Collection[Role] = tuple(Role)
) -> None:
    """Touch those who are credited with these transactions: their credits stay, but what incentive types read beside them may not."""
    ids = await chains(tx, transaction_ids)
    live = f"select distinct rep_id, dated from ({LIVE}) as live where role = any(:roles)"
    rows = await tx.rows(live, {"ids": ids, "roles": list(roles)})
    await touches.record(tx, position, {(row["rep_id"], month(row["dated"].year, row["dated"].month)) for row in rows})


async def sold_below(tx: Transaction, since: Mapping[int, date]) -> list[int]:
    """The transactions that go to other managers when these reps get another one from those days on."""
    rows = await tx.rows(SOLD_BELOW, {"reps": list(since), "starts": list(since.values())})
    return [row["id"] for row in rows]


def _held(row: RowMapping) -> Credited:
    values: dict[str, Any] = {column: row[column] for column in COLUMNS}
    return Credited(**{**values, "role": Role[row["role"]]})


async def require_room(tx: Transaction, dates: Collection[date], made: Sequence[Credited]) -> None:
    """Refuse dates that no period covers, with NO_PERIOD, and credits that an opening balance has already, with OVERLAPS."""
    await _require_periods(tx, dates)
    await _refuse_opened(tx, made)


async def _require_periods(tx: Transaction, dates: Collection[date]) -> None:
    uncovered = await tx.scalar(UNCOVERED, {"dates": sorted(set(dates))})
    if uncovered:
        raise refuse(ProblemCode.NO_PERIOD, f"no period covers {uncovered}: create the periods of {uncovered.year} first")


async def _refuse_opened(tx: Transaction, made: Sequence[Credited]) -> None:
    """What an opening balance covers is credited in it already."""
    columns = {
        "reps": [item.rep_id for item in made],
        "measures": [item.measure_id for item in made],
        "dates": [item.dated for item in made],
    }
    found = await tx.row(OPENED, columns)
    if found is not None:
        message = f"{found['name']} has an opening balance until {found['ends']}: what was sold on {found['dated']} is in it"
        raise refuse(ProblemCode.OVERLAPS, message)


async def _write(tx: Transaction, position: int, ended: Sequence[int], made: Sequence[Credited]) -> None:
    if ended:
        await tx.execute("update credit set superseded_position = :position where id = any(:ids)", {"position": position, "ids": ended})
    driver = await tx.driver()
    await driver.copy_records_to_table(
        "credit",
        records=[(*(getattr(item, column) for column in COLUMNS), position) for item in made],
        columns=(*COLUMNS, "made_position"),
    )


async def _follow(tx: Transaction, position: int, changes: Sequence[tuple[Credited, int]], kinds: Mapping[int, Measure]) -> None:
    """Balances, in the last currency of whose they are, touches and events of what was made (+1) and superseded (-1)."""
    paid = await paid_in.read(tx, {item.rep_id for item, _ in changes})
    values: dict[tuple[int, int, date], Decimal] = defaultdict(Decimal)
    for item, sign in changes:
        units = kinds[item.measure_id].kind is MeasureKind.UNITS
        counted = item.units if units else paid[item.rep_id].carried(item.amount, item.dated, date.max)
        values[item.rep_id, item.measure_id, item.dated] += sign * counted
    columns: dict[str, Any] = {
        "reps": [rep_id for rep_id, _, _ in values],
        "measures": [measure_id for _, measure_id, _ in values],
        "dates": [dated for _, _, dated in values],
        "values": list(values.values()),
    }
    await tx.execute(BALANCES, {"position": position, **columns})
    await touches.record(tx, position, {(rep_id, month(dated.year, dated.month)) for rep_id, _, dated in values})
    await attainment.announce(tx, position, {(rep_id, measure_id, month(dated.year, dated.month)) for rep_id, measure_id, dated in values})
