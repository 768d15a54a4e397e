"""Opportunities that an import changes: their orders, the history of their stages, and the events that tell of their moves.

A won opportunity has exactly one order: of quantity 1, of its amount, for its account and product, dated when it closed,
and credited to whoever owns it. One that is no longer won keeps its order at quantity 0 and amount 0: a sale of nothing
credits nobody, earlier credits are superseded, and the audit has what it was. Won again, the same order counts again.
"""

from __future__ import annotations

from collections.abc import Collection

from spm_graph.store import events, stages
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event

from .changes import Comparison
from .report import Report

REMEMBER = """
create temporary table opportunity_change on commit drop as
select given.external_id, stored.id is null as is_new, stored.stage as from_stage, given.stage_since
from {given} left join opportunity as stored on stored.external_id = given.external_id
where stored.id is null or {differs}
"""

MAKE = """
insert into transaction (kind, opportunity_id, account_id, product_id, dated, quantity, amount, currency)
select 'ORDER', deal.id, deal.account_id, deal.product_id, deal.closed_on, 1, deal.amount, deal.currency
from opportunity_change join opportunity as deal using (external_id)
where deal.outcome = 'WON' and not exists (
    select from transaction where transaction.opportunity_id = deal.id and transaction.kind = 'ORDER' and transaction.external_id is null
)
order by deal.id
"""

CHANGE = """
update transaction as stored
set account_id = given.account_id, product_id = given.product_id, dated = given.dated,
    quantity = given.quantity, amount = given.amount, currency = given.currency
from (
    select mine.id, won.account_id, won.product_id, won.dated, won.quantity, won.amount, won.currency
    from opportunity_change
    join opportunity as deal using (external_id)
    join transaction as mine on mine.opportunity_id = deal.id and mine.kind = 'ORDER' and mine.external_id is null
    cross join lateral (
        select deal.account_id, deal.product_id, deal.closed_on as dated, 1 as quantity, deal.amount, deal.currency
        where deal.outcome = 'WON'
        union all
        select mine.account_id, mine.product_id, mine.dated, 0, 0, mine.currency
        where deal.outcome is distinct from 'WON'
    ) as won
) as given
where stored.id = given.id
and (stored.account_id, stored.product_id, stored.dated, stored.quantity, stored.amount, stored.currency)
    is distinct from (given.account_id, given.product_id, given.dated, given.quantity, given.amount, given.currency)
"""

CHANGED = """(
    select deal.id as opportunity_id, opportunity_change.from_stage, opportunity_change.stage_since as dated
    from opportunity_change join opportunity as deal using (external_id) order by deal.id
) as changed"""

TOUCHED = """
with recursive touched(id) as (
    select transaction.id
    from opportunity_change join opportunity as deal using (external_id) join transaction on transaction.opportunity_id = deal.id
    union
    select correction.id from touched join transaction as correction on correction.corrects_id = touched.id
)
select id from touched
"""

MOVED = """
select deal.id, deal.external_id, deal.name, opportunity_change.from_stage, deal.stage, deal.outcome,
       money_text(deal.amount, deal.currency) as amount, deal.currency,
       rep.id as rep_id, rep.external_id as rep_external_id, rep.name as rep_name, rep.title
from opportunity_change
join opportunity as deal using (external_id)
join rep on rep.id = deal.owner_id
where not opportunity_change.is_new and opportunity_change.from_stage <> deal.stage
order by deal.id
"""


async def remember(tx: Transaction, comparison: Comparison) -> None:
    """Note which opportunities are new or about to change, and their stage: call it before they are written."""
    await tx.execute(REMEMBER.format(given=comparison.given, differs=comparison.differs))


async def follow(tx: Transaction, report: Report) -> set[int]:
    """Let the orders of the opportunities remembered follow them: the transactions that are to be credited again."""
    report.orders_changed = await tx.execute(CHANGE)
    report.orders_new = await tx.execute(MAKE)
    return {row["id"] for row in await tx.rows(TOUCHED)}


async def announce(tx: Transaction, position: int) -> None:
    """Tell the moves of the opportunities remembered: their history has them all, an event those that were there before."""
    await stages.record(tx, position, CHANGED)
    moved = []
    for row in await tx.rows(MOVED):
        payload = {
            "opportunity": {"id": f"opportunity_{row['id']}", "externalId": row["external_id"], "name": row["name"]},
            "owner": events.card(
                {"id": row["rep_id"], "external_id": row["rep_external_id"], "name": row["rep_name"], "title": row["title"]}
            ),
            "fromStage": row["from_stage"],
            "toStage": row["stage"],
            "outcome": row["outcome"],
            "amount": {"amount": row["amount"], "currency": row["currency"]} if row["amount"] is not None else None,
        }
        moved.append(Event("OpportunityMoved", payload, row["rep_id"]))
    await events.append(tx, position, moved)


async def sold(tx: Transaction, deals: Collection[int]) -> list[int]:
    """The transactions of these opportunities."""
    rows = await tx.rows("select id from transaction where opportunity_id = any(:deals)", {"deals": sorted(deals)})
    return [row["id"] for row in rows]
