"""Deals as somebody supposes them, credited as recorded ones are: by the same crediting, which here writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spm_graph.actions import creditable, crediting
from spm_graph.domain.crediting import Credited
from spm_graph.domain.terms import Outcome, RefundDating, TransactionKind
from spm_graph.store.database import Transaction

from .facts import Facts, Row

ORDERS = """
select opportunity_id, id from transaction where opportunity_id = any(:ids) and kind = 'ORDER' and external_id is null
"""

OF_DEALS = "select id, opportunity_id from transaction where opportunity_id = any(:ids)"

LIVE = "select rep_id, measure_id, transaction_id, dated from credit where transaction_id = any(:ids) and superseded_position is null"

# What a credit says beside its numbers, as the facts have it: of a transaction that is recorded, or of an order that would be.
SAID = """
select asked.id, transaction.corrects_id, product.name as product, opportunity.external_id as opportunity,
       opportunity.name as opportunity_name, account.name as account,
       coalesce(opportunity.attributes, '[]') || coalesce(transaction.attributes, '[]') as attributes,
       round(transaction.margin / nullif(transaction.amount, 0), 6) as margin_rate,
       coalesce(transaction.external_id, opportunity.external_id) as source
from unnest(cast(:ids as bigint[]), cast(:deals as bigint[]), cast(:products as bigint[]), cast(:accounts as bigint[]))
     as asked(id, deal_id, product_id, account_id)
left join transaction on transaction.id = asked.id
left join opportunity on opportunity.id = asked.deal_id
left join product on product.id = case when transaction.id is null then asked.product_id else transaction.product_id end
left join account on account.id = case when transaction.id is null then asked.account_id else transaction.account_id end
"""

NAMED = """
select 'measure' as noun, id, name from measure union all select 'rep', id, external_id from rep where id = any(:reps)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A deal as it is supposed to be; `id` is below zero for one that is not recorded at all, and its owner is then credited."""

    id: int
    owner_id: int
    outcome: Outcome | None
    closed_on: date | None
    amount: Decimal | None
    currency: str
    account_id: int | None
    product_id: int | None


@dataclass(frozen=True, slots=True)
class Supposition:
    """What everybody would be credited with instead of what they are."""

    gone: frozenset[tuple[int, int, int]]
    """The credits that go, by rep, measure and transaction."""
    made: tuple[Row, ...]
    """Those that come."""
    dates: frozenset[date]
    """The days of both."""

    def of(self, reps: Iterable[int]) -> Supposition:
        """What of it is about some reps; the days stay."""
        some = frozenset(reps)
        made = tuple(row for row in self.made if row["rep_id"] in some)
        return Supposition(frozenset(each for each in self.gone if each[0] in some), made, self.dates)

    def among(self, known: Facts) -> Facts:
        """The facts with it, each credit in its place."""
        return known.supposing(self.gone, self.made)


async def supposed(tx: Transaction, deals: Sequence[Deal]) -> dict[int, Supposition]:
    """By deal, what would be credited if that one were as supposed.

    Refuses, as the act itself would, days that no period covers or that an opening balance has, and currencies without a rate.
    """
    recorded = [deal.id for deal in deals if deal.id > 0]
    orders = {row["opportunity_id"]: row["id"] for row in await tx.rows(ORDERS, {"ids": recorded})}
    owned = {row["id"]: row["opportunity_id"] for row in await tx.rows(OF_DEALS, {"ids": recorded})}
    ids = await creditable.chains(tx, owned) if owned else []
    sales = await creditable.sales(tx, ids) if ids else []
    refunds_move = await tx.scalar("select refund_dating from company") == RefundDating.ORIGINAL
    rows = [row for deal in deals for row in _sales(deal, orders.get(deal.id), sales, refunds_move)]
    kinds = await creditable.measures(tx)
    due = await creditable.due(tx, rows, kinds.values()) if rows else []
    if due:
        await crediting.require_room(tx, [each.dated for each in due], due)
    made = await _told(tx, due, {row["transaction_id"]: row for row in rows})
    live = await tx.rows(LIVE, {"ids": ids}) if ids else []
    of = {row["transaction_id"]: row["opportunity_id"] for row in [*sales, *rows]} | owned
    come, go = defaultdict(list), defaultdict(list)
    for row in made:
        come[of[row["transaction_id"]]].append(row)
    for row in live:
        go[of.get(row["transaction_id"])].append(row)
    return {deal.id: _instead(go[deal.id], come[deal.id]) for deal in deals}


def together(suppositions: Iterable[Supposition]) -> Supposition:
    """Several suppositions as one."""
    each = list(suppositions)
    return Supposition(
        frozenset().union(*(one.gone for one in each)),
        tuple(row for one in each for row in one.made),
        frozenset().union(*(one.dates for one in each)),
    )


def _instead(gone: Sequence[Row], made: Sequence[Row]) -> Supposition:
    keys = frozenset((row["rep_id"], row["measure_id"], row["transaction_id"]) for row in gone)
    return Supposition(keys, tuple(made), frozenset(row["dated"] for row in [*gone, *made]))


def _sales(deal: Deal, order_id: int | None, sales: Sequence[Row], refunds_move: bool) -> list[Row]:
    """What there is to credit of a deal: its order as supposed, and what else is recorded on it."""
    won = deal.outcome is Outcome.WON
    found: list[Row] = []
    if won:
        key = order_id or (-2 * deal.id if deal.id > 0 else 2 * deal.id + 1)  # below zero, and each deal has its own
        found.append(
            {
                "transaction_id": key,
                "origin_id": key,
                "kind": TransactionKind.ORDER,
                "opportunity_id": deal.id,
                "deal_dated": deal.closed_on,
                "dated": deal.closed_on,
                "amount": deal.amount,
                "margin": None,
                "quantity": Decimal(1),
                "currency": deal.currency,
                "account_id": deal.account_id,
                "product_id": deal.product_id,
                "owner_id": deal.owner_id,
                "corrects_id": None,
            }
        )
    for row in (row for row in sales if row["opportunity_id"] == deal.id):
        if order_id is None or row["origin_id"] != order_id:
            found.append(row)
        elif won and row["transaction_id"] != order_id:
            moves = refunds_move and row["kind"] == TransactionKind.REFUND
            found.append({**row, "deal_dated": deal.closed_on, "dated": deal.closed_on if moves else row["dated"]})
    return found


async def _told(tx: Transaction, made: Sequence[Credited], sales: Mapping[int, Row]) -> list[Row]:
    """Credits as rows of the facts."""
    keys = sorted({each.transaction_id for each in made})
    columns = (("deals", "opportunity_id"), ("products", "product_id"), ("accounts", "account_id"))
    said = await tx.rows(SAID, {"ids": keys, **{name: [sales[key][column] for key in keys] for name, column in columns}}) if keys else []
    words = {row["id"]: row for row in said}
    named = await tx.rows(NAMED, {"reps": sorted({each.source_rep_id for each in made if each.source_rep_id})})
    names = {(row["noun"], row["id"]): row["name"] for row in named}
    return [
        {
            **words[each.transaction_id],
            "rep_id": each.rep_id,
            "source_rep_id": each.source_rep_id,
            "measure_id": each.measure_id,
            "transaction_id": each.transaction_id,
            "role": each.role,
            "dated": each.dated,
            "amount": each.amount,
            "units": each.units,
            "share": each.share,
            "currency": each.currency,
            "measure": names["measure", each.measure_id],
            "kind": sales[each.transaction_id]["kind"],
            "source_rep": names.get(("rep", each.source_rep_id)),
        }
        for each in made
    ]
