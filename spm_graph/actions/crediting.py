"""Make the credits of transactions, again whenever a fact behind them changes: the one way a credit comes to be.

Credits that stay the same are left alone, others are superseded at this position and made anew. The balances that
screens read, the touches that runs look for and the events that integrators follow are kept in the same breath.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from spm_graph.domain.crediting import Credited, Measure, Participant, Sale, converted, credit, participants
from spm_graph.domain.period import month
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import MeasureBasis, MeasureKind, Role, TransactionKind
from spm_graph.store import attainment, touches
from spm_graph.store.database import Transaction

COLUMNS = tuple(field.name for field in fields(Credited))

# A correction is credited as what it corrects, through any number of corrections, to the same people; and to nobody where
# that came to nothing, as the order of a deal does that is no longer won.
SALES = """
with recursive origin(transaction_id, origin_id, next_id) as (
    select id, id, corrects_id from transaction where id = any(:ids)
    union
    select origin.transaction_id, next.id, next.corrects_id from origin join transaction as next on next.id = origin.next_id
)
select given.id as transaction_id, first.id as origin_id, given.kind,
       coalesce(given.opportunity_id, first.opportunity_id) as opportunity_id, first.dated as deal_dated,
       case when company.refund_dating = 'ORIGINAL' and given.kind = 'REFUND' then first.dated else given.dated end as dated,
       given.amount, given.margin, given.quantity, given.currency,
       coalesce(given.rep_id, first.rep_id, opportunity.owner_id) as owner_id
from origin
join transaction as given on given.id = origin.transaction_id
join transaction as first on first.id = origin.origin_id
left join opportunity on opportunity.id = coalesce(given.opportunity_id, first.opportunity_id)
cross join company
where origin.next_id is null and (first.amount <> 0 or first.quantity <> 0)
order by given.id
"""

WITH_CORRECTIONS = """
with recursive concerned(id) as (
    select unnest(cast(:ids as bigint[]))
    union
    select correction.id from concerned join transaction as correction on correction.corrects_id = concerned.id
)
select id from concerned order by id
"""

SPLITS = "select opportunity_id, rep_id, role, share from split where opportunity_id = any(:ids) order by rep_id, role"

# A rule for a territory means those inside it, too. Product and account of a correction are those of what it corrects.
RULED = """
with recursive inside(rule_id, territory_id) as (
    select id, territory_id from crediting_rule where territory_id is not null
    union
    select inside.rule_id, child.id from inside join territory as child on child.parent_id = inside.territory_id
)
select distinct sale.transaction_id, coalesce(rule.rep_id, assigned.rep_id) as rep_id, rule.role, rule.share
from unnest(cast(:ids as bigint[]), cast(:origins as bigint[]), cast(:dates as date[])) as sale(transaction_id, origin_id, deal_dated)
join transaction as origin on origin.id = sale.origin_id
left join product on product.id = origin.product_id
join crediting_rule as rule on rule.effective @> sale.deal_dated
                           and (rule.product_id is null or rule.product_id = origin.product_id)
                           and (rule.product_family is null or rule.product_family = product.family)
left join account_territory as placed on placed.account_id = origin.account_id and placed.effective @> sale.deal_dated
                                     and (rule.territory_id is null or exists (select from inside
                                          where inside.rule_id = rule.id and inside.territory_id = placed.territory_id))
left join territory_assignment as assigned on rule.role = 'TERRITORY' and assigned.territory_id = placed.territory_id
                                          and assigned.effective @> sale.deal_dated
where (rule.role = 'OVERLAY' and (rule.territory_id is null or placed.id is not null)) or assigned.id is not null
"""

MANAGERS = """
with recursive chain(rep_id, deal_dated, manager_id, depth) as (
    select asked.rep_id, asked.deal_dated, line.manager_id, 1
    from unnest(cast(:reps as bigint[]), cast(:dates as date[])) as asked(rep_id, deal_dated)
    join reporting_line as line on line.rep_id = asked.rep_id and line.effective @> asked.deal_dated
    union all
    select chain.rep_id, chain.deal_dated, line.manager_id, chain.depth + 1
    from chain join reporting_line as line on line.rep_id = chain.manager_id and line.effective @> chain.deal_dated
    where chain.depth < 100
)
select rep_id, deal_dated, array_agg(manager_id order by depth) as managers from chain group by rep_id, deal_dated
"""

RATES = """
select asked.base, asked.quote, asked.dated, fx_rate.rate
from unnest(cast(:bases as text[]), cast(:quotes as text[]), cast(:dates as date[])) as asked(base, quote, dated)
join fx_rate on fx_rate.base = asked.base and fx_rate.quote = asked.quote and fx_rate.effective @> asked.dated
"""

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
with recursive below(rep_id, since) as (
    select rep_id, since from unnest(cast(:reps as bigint[]), cast(:starts as date[])) as given(rep_id, since)
    union
    select line.rep_id, below.since
    from below join reporting_line as line on line.manager_id = below.rep_id and line.effective && daterange(below.since, null)
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
    """Make the credits of these transactions, and of what corrects them, what the facts say now.

    Returns how many credits were made or superseded. Dates that no period covers are refused with NO_PERIOD, and those
    that an opening balance covers with OVERLAPS.
    """
    if not transaction_ids:
        return 0
    ids = [row["id"] for row in await tx.rows(WITH_CORRECTIONS, {"ids": sorted(transaction_ids)})]
    kinds = await measures(tx)
    wanted = {made.identity: made for made in await _due(tx, ids, kinds.values())}
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
        await _require_periods(tx, [change.dated for change, _ in changes])
        await _refuse_opened(tx, list(wanted.values()))
        await _write(tx, position, ended, list(wanted.values()))
        await _follow(tx, position, changes, kinds)
    return len(changes)


async def sold_below(tx: Transaction, since: Mapping[int, date]) -> list[int]:
    """The transactions that go to other managers when these reps get another one from those days on."""
    rows = await tx.rows(SOLD_BELOW, {"reps": list(since), "starts": list(since.values())})
    return [row["id"] for row in rows]


async def measures(tx: Transaction) -> dict[int, Measure]:
    """All measures, by key."""
    rows = await tx.rows("select id, kind, basis, transaction_kinds, roles from measure order by id")
    return {
        row["id"]: Measure(
            id=row["id"],
            kind=MeasureKind[row["kind"]],
            basis=MeasureBasis[row["basis"]],
            transaction_kinds=frozenset(TransactionKind[kind] for kind in row["transaction_kinds"]),
            roles=frozenset(Role[role] for role in row["roles"]),
        )
        for row in rows
    }


async def _due(tx: Transaction, ids: Sequence[int], kinds: Iterable[Measure]) -> list[Credited]:
    rows = await tx.rows(SALES, {"ids": ids})
    shared: dict[int, list[Participant]] = defaultdict(list)
    for split in await tx.rows(SPLITS, {"ids": sorted({row["opportunity_id"] for row in rows if row["opportunity_id"]})}):
        shared[split["opportunity_id"]].append(Participant(split["rep_id"], Role[split["role"]], split["share"]))
    ruled = await _ruled(tx, rows)
    sales = [
        (_sale(row, shared[row["opportunity_id"]] if row["opportunity_id"] else [], ruled[row["transaction_id"]]), row["deal_dated"])
        for row in rows
    ]
    managers = await _managers(tx, {(participant.rep_id, on) for sale, on in sales for participant in sale.participants})
    return await _in_pay_currency(tx, [made for sale, on in sales for made in credit(sale, kinds, managers[on])])


async def _in_pay_currency(tx: Transaction, sold: Sequence[Credited]) -> list[Credited]:
    """The credits in the currency that each rep is paid in, at the rate of the credit's day."""
    rows = await tx.rows("select id, currency from rep where id = any(:reps)", {"reps": sorted({item.rep_id for item in sold})})
    paid_in = {row["id"]: row["currency"] for row in rows}
    asked = {(item.sold_currency, paid_in[item.rep_id], item.dated) for item in sold if paid_in[item.rep_id] != item.sold_currency}
    if not asked:
        return list(sold)
    bases, quotes, dates = zip(*sorted(asked), strict=True)
    found = await tx.rows(RATES, {"bases": list(bases), "quotes": list(quotes), "dates": list(dates)})
    rates = {(row["base"], row["quote"], row["dated"]): row["rate"] for row in found}
    if missing := sorted(asked - rates.keys()):
        base, quote, dated = missing[0]
        message = f"there is no rate from {base} to {quote} on {dated}: set one with fxRateSet"
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["currency"])
    return [
        item if (pay := paid_in[item.rep_id]) == item.sold_currency else converted(item, pay, rates[item.sold_currency, pay, item.dated])
        for item in sold
    ]


async def _ruled(tx: Transaction, sales: Sequence[RowMapping]) -> Mapping[int, Sequence[Participant]]:
    """By transaction, those whom crediting rules name."""
    found: dict[int, list[Participant]] = defaultdict(list)
    if await tx.scalar("select exists (select from crediting_rule)"):
        asked = {
            "ids": [row["transaction_id"] for row in sales],
            "origins": [row["origin_id"] for row in sales],
            "dates": [row["deal_dated"] for row in sales],
        }
        for row in await tx.rows(RULED, asked):
            found[row["transaction_id"]].append(Participant(row["rep_id"], Role[row["role"]], row["share"]))
    return found


def _sale(row: RowMapping, split: Sequence[Participant], ruled: Sequence[Participant]) -> Sale:
    return Sale(
        transaction_id=row["transaction_id"],
        opportunity_id=row["opportunity_id"],
        kind=TransactionKind[row["kind"]],
        dated=row["dated"],
        amount=row["amount"],
        margin=row["margin"],
        quantity=row["quantity"],
        currency=row["currency"],
        participants=participants(row["owner_id"], split, ruled),
    )


async def _managers(tx: Transaction, asked: Collection[tuple[int, date]]) -> Mapping[date, Mapping[int, tuple[int, ...]]]:
    pairs = sorted(asked)
    found: dict[date, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for row in await tx.rows(MANAGERS, {"reps": [rep_id for rep_id, _ in pairs], "dates": [on for _, on in pairs]}):
        found[row["deal_dated"]][row["rep_id"]] = tuple(row["managers"])
    return found


def _held(row: RowMapping) -> Credited:
    values: dict[str, Any] = {column: row[column] for column in COLUMNS}
    return Credited(**{**values, "role": Role[row["role"]]})


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
    """Balances, touches and events of what was made (+1) and superseded (-1)."""
    values: dict[tuple[int, int, date], Decimal] = defaultdict(Decimal)
    for item, sign in changes:
        counted = item.units if kinds[item.measure_id].kind is MeasureKind.UNITS else item.amount
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
