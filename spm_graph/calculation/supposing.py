"""Deals as somebody supposes them, credited as recorded ones are: by the same crediting, which here writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.actions import creditable, crediting
from spm_graph.domain.crediting import Credited
from spm_graph.domain.terms import Outcome, RefundDating, TransactionKind
from spm_graph.store.database import Transaction

from .facts import Facts, Row

ORDERS = """
select opportunity_id, id from transaction where opportunity_id = any(:ids) and kind = 'ORDER' and external_id is null
"""

OF_DEALS = "select id, opportunity_id from transaction where opportunity_id = any(:ids)"

LIVE = "select transaction_id, dated from credit where transaction_id = any(:ids) and rep_id = :rep and superseded_position is null"

# What a credit says beside its numbers, as the facts have it.
SAID = """
select opportunity.id, product.name as product, opportunity.external_id as opportunity, opportunity.name as opportunity_name,
       account.name as account, nullif(opportunity.attributes, '[]') as attributes
from opportunity left join product on product.id = opportunity.product_id left join account on account.id = opportunity.account_id
where opportunity.id = any(:ids)
"""

NAMED = """
select 'measure' as noun, id, name from measure
union all select 'rep', id, external_id from rep where id = any(:reps)
union all select 'product', id, name from product where id = any(:products)
union all select 'account', id, name from account where id = any(:accounts)
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
    """What a rep would be credited with instead of what they are: the transactions whose credits go, and the credits that come."""

    gone: frozenset[int]
    made: tuple[Row, ...]
    dates: frozenset[date]
    """The days of the credits that go and of those that come."""

    def among(self, known: Facts) -> Facts:
        """The facts with it, each credit in its place."""
        kept = [row for row in known.credit_rows if row["transaction_id"] not in self.gone]
        held = {_identity(row): row for row in known.credit_rows}
        made = [{**row, **_said(held[_identity(row)])} if _identity(row) in held else row for row in self.made]
        return known.with_credits(sorted([*kept, *made], key=_place))


async def supposed(tx: Transaction, rep_id: int, deals: Sequence[Deal]) -> dict[int, Supposition]:
    """By deal, what the rep would be credited with if that one were as supposed.

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
    mine = [each for each in due if each.rep_id == rep_id]
    if mine:
        await crediting.require_room(tx, [each.dated for each in mine], mine)
    said = await _words(tx, rep_id, deals, mine, {row["transaction_id"]: row for row in rows})
    live = await tx.rows(LIVE, {"ids": ids, "rep": rep_id}) if ids else []
    of = {row["transaction_id"]: row["opportunity_id"] for row in [*sales, *rows]} | owned
    found: dict[int, Supposition] = {}
    for deal in deals:
        made = tuple(said[each.identity] for each in mine if of[each.transaction_id] == deal.id)
        held = [row for row in live if of.get(row["transaction_id"]) == deal.id]
        gone = frozenset(key for key in ids if of.get(key) == deal.id)
        found[deal.id] = Supposition(gone, made, frozenset([*(row["dated"] for row in [*made, *held])]))
    return found


def together(suppositions: Iterable[Supposition]) -> Supposition:
    """Several suppositions as one."""
    each = list(suppositions)
    return Supposition(
        frozenset().union(*(one.gone for one in each)),
        tuple(row for one in each for row in one.made),
        frozenset().union(*(one.dates for one in each)),
    )


def _sales(deal: Deal, order_id: int | None, sales: Sequence[Row], refunds_move: bool) -> list[Row]:
    """What there is to credit of a deal: its order as supposed, and what else is recorded on it."""
    won = deal.outcome is Outcome.WON
    found: list[Row] = []
    if won:
        key = order_id or -abs(deal.id)
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


async def _words(
    tx: Transaction, rep_id: int, deals: Sequence[Deal], made: Sequence[Credited], sales: Mapping[int, Row]
) -> dict[tuple[Any, ...], Row]:
    """The credits as rows of the facts, by identity."""
    reps = sorted({each.source_rep_id for each in made if each.source_rep_id})
    columns = {"reps": reps, **{f"{noun}s": [getattr(deal, f"{noun}_id") for deal in deals] for noun in ("product", "account")}}
    names = {(row["noun"], row["id"]): row["name"] for row in await tx.rows(NAMED, columns)}
    said = {row["id"]: row for row in await tx.rows(SAID, {"ids": [deal.id for deal in deals]})}
    imagined = {deal.id: deal for deal in deals if deal.id < 0}
    found: dict[tuple[Any, ...], Row] = {}
    for each in made:
        sale = sales[each.transaction_id]
        words = dict(said.get(sale["opportunity_id"], {}))
        if (deal := imagined.get(sale["opportunity_id"])) is not None:
            words = {"product": names.get(("product", deal.product_id)), "account": names.get(("account", deal.account_id))}
        found[each.identity] = {
            "rep_id": rep_id,
            "measure_id": each.measure_id,
            "transaction_id": each.transaction_id,
            "role": each.role,
            "dated": each.dated,
            "amount": each.amount,
            "units": each.units,
            "share": each.share,
            "currency": each.currency,
            "corrects_id": None,
            "measure": names["measure", each.measure_id],
            "product": words.get("product"),
            "opportunity": words.get("opportunity"),
            "opportunity_name": words.get("opportunity_name"),
            "account": words.get("account"),
            "kind": sale["kind"],
            "source_rep": names.get(("rep", each.source_rep_id)),
            "attributes": words.get("attributes"),
            "source": words.get("opportunity"),
        }
    return found


def _identity(row: Row) -> tuple[Any, ...]:
    return row["rep_id"], row["measure_id"], row["transaction_id"], row["role"]


def _said(row: Row) -> dict[str, Any]:
    """What a credit that is recorded already says, and a supposed one of the same transaction keeps."""
    return {name: row[name] for name in ("corrects_id", "product", "account", "source_rep", "attributes", "source")}


def _place(row: Row) -> tuple[Any, ...]:
    """The order in which the facts have credits."""
    return (
        row["rep_id"],
        row["measure_id"],
        row["dated"],
        row["source"] is None,
        row["source"] or "",
        row["kind"],
        row["role"],
        row["transaction_id"],
    )
