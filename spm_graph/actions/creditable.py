"""What is to be credited: sales with those who take part in them, as the facts say today. It reads, and writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.domain.crediting import Credited, Measure, Participant, Sale, converted, credit, participants
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import MeasureBasis, MeasureKind, Role, TransactionKind
from spm_graph.store import paid_in
from spm_graph.store.database import Transaction
from spm_graph.store.oversight import MOST_LEVELS

Row = Mapping[Any, Any]

# A correction is credited as what it corrects, through any number of corrections, to the same people; and to nobody where
# that came to nothing, as the order of a deal does that is no longer won. Corrections stand behind it by what they say, not by
# when they were recorded: each is credited as the difference that it makes, and that must not depend on who was told first.
SALES = """
with recursive origin(transaction_id, origin_id, next_id) as (
    select id, id, corrects_id from transaction where id = any(:ids)
    union
    select origin.transaction_id, next.id, next.corrects_id from origin join transaction as next on next.id = origin.next_id
)
select given.id as transaction_id, first.id as origin_id, given.kind,
       coalesce(given.opportunity_id, first.opportunity_id) as opportunity_id, first.dated as deal_dated,
       case when company.refund_dating = 'ORIGINAL' and given.kind = 'REFUND' then first.dated else given.dated end as dated,
       given.amount, given.margin, given.quantity, given.currency, first.account_id, first.product_id,
       coalesce(given.rep_id, first.rep_id, opportunity.owner_id) as owner_id
from origin
join transaction as given on given.id = origin.transaction_id
join transaction as first on first.id = origin.origin_id
left join opportunity on opportunity.id = coalesce(given.opportunity_id, first.opportunity_id)
cross join company
where origin.next_id is null and (first.amount <> 0 or first.quantity <> 0)
order by first.id, given.id <> first.id, given.dated, given.amount, given.margin, given.quantity, given.id
"""

CHAINS = """
with recursive corrected(id, corrects_id) as (
    select id, corrects_id from transaction where id = any(:ids)
    union
    select earlier.id, earlier.corrects_id from corrected join transaction as earlier on earlier.id = corrected.corrects_id
),
chain(id) as (
    select id from corrected
    union
    select correction.id from chain join transaction as correction on correction.corrects_id = chain.id
)
select id from chain order by id
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
from unnest(cast(:ids as bigint[]), cast(:accounts as bigint[]), cast(:products as bigint[]), cast(:dates as date[]))
     as sale(transaction_id, account_id, product_id, deal_dated)
left join product on product.id = sale.product_id
join crediting_rule as rule on rule.effective @> sale.deal_dated
                           and (rule.product_id is null or rule.product_id = sale.product_id)
                           and (rule.product_family is null or rule.product_family = product.family)
left join account_territory as placed on placed.account_id = sale.account_id and placed.effective @> sale.deal_dated
                                     and (rule.territory_id is null or exists (select from inside
                                          where inside.rule_id = rule.id and inside.territory_id = placed.territory_id))
left join territory_assignment as assigned on rule.role = 'TERRITORY' and assigned.territory_id = placed.territory_id
                                          and assigned.effective @> sale.deal_dated
where (rule.role = 'OVERLAY' and (rule.territory_id is null or placed.id is not null)) or assigned.id is not null
"""

MANAGERS = f"""
with recursive chain(rep_id, deal_dated, manager_id, depth) as (
    select asked.rep_id, asked.deal_dated, line.manager_id, 1
    from unnest(cast(:reps as bigint[]), cast(:dates as date[])) as asked(rep_id, deal_dated)
    join reporting_line as line on line.rep_id = asked.rep_id and line.effective @> asked.deal_dated
    union all
    select chain.rep_id, chain.deal_dated, line.manager_id, chain.depth + 1
    from chain join reporting_line as line on line.rep_id = chain.manager_id and line.effective @> chain.deal_dated
    where chain.depth < {MOST_LEVELS}
)
select rep_id, deal_dated, array_agg(manager_id order by depth) as managers from chain group by rep_id, deal_dated
"""

RATES = """
select asked.base, asked.quote, asked.dated, fx_rate.rate
from unnest(cast(:bases as text[]), cast(:quotes as text[]), cast(:dates as date[])) as asked(base, quote, dated)
join fx_rate on fx_rate.base = asked.base and fx_rate.quote = asked.quote and fx_rate.effective @> asked.dated
"""

MEASURES = """
select id, kind, basis, transaction_kinds, roles, rollup_levels,
       cardinality(product_ids) + cardinality(product_families) > 0 as some_products,
       array(select product.id from product where product.id = any(product_ids) or product.family = any(product_families)) as products
from measure order by id
"""


async def measures(tx: Transaction) -> dict[int, Measure]:
    """All measures, by key."""
    rows = await tx.rows(MEASURES)
    return {
        row["id"]: Measure(
            id=row["id"],
            kind=MeasureKind[row["kind"]],
            basis=MeasureBasis[row["basis"]],
            transaction_kinds=frozenset(TransactionKind[kind] for kind in row["transaction_kinds"]),
            roles=frozenset(Role[role] for role in row["roles"]),
            products=frozenset(row["products"]) if row["some_products"] else None,
            rollup_levels=row["rollup_levels"],
        )
        for row in rows
    }


async def chains(tx: Transaction, transaction_ids: Collection[int]) -> list[int]:
    """These transactions, what they correct, and all that corrects any of it: what is credited together."""
    return [row["id"] for row in await tx.rows(CHAINS, {"ids": sorted(transaction_ids)})]


async def sales(tx: Transaction, ids: Sequence[int]) -> Sequence[Row]:
    """What is to be credited of these transactions: rows with the columns of SALES."""
    return await tx.rows(SALES, {"ids": ids})


async def due(tx: Transaction, rows: Sequence[Row], kinds: Iterable[Measure]) -> list[Credited]:
    """The credits of sales, given as rows with the columns of SALES: of such as there are, or of such as there might be.

    What corrects a sale stands behind it, and all of it is given.
    It reads who takes part, and writes nothing. A currency without a rate is refused with CURRENCY_MISMATCH.
    """
    shared: dict[int, list[Participant]] = defaultdict(list)
    for split in await tx.rows(SPLITS, {"ids": sorted({row["opportunity_id"] for row in rows if row["opportunity_id"]})}):
        shared[split["opportunity_id"]].append(Participant(split["rep_id"], Role[split["role"]], split["share"]))
    ruled = await _ruled(tx, rows)
    sales = [_sale(row, shared[row["opportunity_id"]] if row["opportunity_id"] else [], ruled[row["transaction_id"]]) for row in rows]
    managers = await _managers(tx, {(participant.rep_id, sale.deal_dated) for sale in sales for participant in sale.participants})
    return await _in_pay_currency(tx, list(credit(sales, kinds, managers)), {sale.transaction_id: sale.origin_id for sale in sales})


async def _in_pay_currency(tx: Transaction, sold: Sequence[Credited], origins: Mapping[int, int]) -> list[Credited]:
    """The credits in the currency that each rep is paid in on the credit's day, at the rate of that day."""
    held = await paid_in.read(tx, {item.rep_id for item in sold})
    pays = [(item, held[item.rep_id].on(item.dated)) for item in sold]
    asked = {(item.sold_currency, pay, item.dated) for item, pay in pays if pay != item.sold_currency}
    if not asked:
        return list(sold)
    rates = await _rates(tx, asked)
    exact: dict[Hashable, Decimal] = defaultdict(Decimal)
    found: list[Credited] = []
    for item, pay in pays:
        if pay == item.sold_currency:
            found.append(item)
            continue
        rate = rates[item.sold_currency, pay, item.dated]
        chain = (origins[item.transaction_id], item.rep_id, item.role, item.measure_id, item.sold_currency, pay)
        found.append(converted(item, pay, rate, exact[chain]))
        exact[chain] += item.sold_amount * rate
    return found


async def _rates(tx: Transaction, asked: Collection[tuple[str, str, date]]) -> dict[tuple[str, str, date], Decimal]:
    """Rates by base, quote and day; the first one that there is not is refused with CURRENCY_MISMATCH."""
    bases, quotes, dates = zip(*sorted(asked), strict=True)
    rows = await tx.rows(RATES, {"bases": list(bases), "quotes": list(quotes), "dates": list(dates)})
    found = {(row["base"], row["quote"], row["dated"]): row["rate"] for row in rows}
    if missing := sorted(asked - found.keys()):
        base, quote, dated = missing[0]
        message = f"there is no rate from {base} to {quote} on {dated}: set one with fxRateSet"
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["currency"])
    return found


async def _ruled(tx: Transaction, sales: Sequence[Row]) -> Mapping[int, Sequence[Participant]]:
    """By transaction, those whom crediting rules name."""
    found: dict[int, list[Participant]] = defaultdict(list)
    if await tx.scalar("select exists (select from crediting_rule)"):
        asked = {
            "ids": [row["transaction_id"] for row in sales],
            "accounts": [row["account_id"] for row in sales],
            "products": [row["product_id"] for row in sales],
            "dates": [row["deal_dated"] for row in sales],
        }
        for row in await tx.rows(RULED, asked):
            found[row["transaction_id"]].append(Participant(row["rep_id"], Role[row["role"]], row["share"]))
    return found


def _sale(row: Row, split: Sequence[Participant], ruled: Sequence[Participant]) -> Sale:
    return Sale(
        transaction_id=row["transaction_id"],
        origin_id=row["origin_id"],
        opportunity_id=row["opportunity_id"],
        kind=TransactionKind[row["kind"]],
        deal_dated=row["deal_dated"],
        dated=row["dated"],
        amount=row["amount"],
        margin=row["margin"],
        quantity=row["quantity"],
        currency=row["currency"],
        participants=participants(row["owner_id"], split, ruled),
        product_id=row["product_id"],
    )


async def _managers(tx: Transaction, asked: Collection[tuple[int, date]]) -> Mapping[date, Mapping[int, tuple[int, ...]]]:
    pairs = sorted(asked)
    found: dict[date, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for row in await tx.rows(MANAGERS, {"reps": [rep_id for rep_id, _ in pairs], "dates": [on for _, on in pairs]}):
        found[row["deal_dated"]][row["rep_id"]] = tuple(row["managers"])
    return found
