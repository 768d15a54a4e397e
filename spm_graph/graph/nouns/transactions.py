"""Transactions: the sale lines that count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import TransactionKind
from spm_graph.reading.fields import column, embedded, many, money, node, one, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import account, opportunity, product, transaction

from .accounts import Account, Product
from .directory import RepCard
from .opportunities import Attribute, Opportunity
from .orders import AMOUNTS, DATED, orders
from .pages import Money, Node, Ref

if TYPE_CHECKING:
    from .credits import Credit

LazyCredit = Annotated["Credit", strawberry.lazy("spm_graph.graph.nouns.credits")]


@node(transaction, "transaction")
class Transaction(Node):
    """A sale line that counts: an order, an invoice, a payment or a refund. Credits are made of it."""

    external_id: str | None = column(transaction.c.external_id, "Its key in the CRM or the books.")
    kind: TransactionKind = column(transaction.c.kind, "What it is.")
    opportunity: Opportunity | None = one(transaction.c.opportunity_id, "The deal that it belongs to.")
    account: Account | None = one(transaction.c.account_id, "The customer.")
    product: Product | None = one(transaction.c.product_id, "What was sold.")
    rep: RepCard | None = one(transaction.c.rep_id, "Whom it credits where it belongs to no deal.")
    dated: date = column(transaction.c.dated, "Its date, which decides the periods that it counts in.")
    quantity: Decimal = value("trim_scale({quantity})", "How many units. A refund's are negative.")
    amount: Money = money(transaction.c.amount, transaction.c.currency, "What the customer agreed to pay. A refund's is negative.")
    margin: Money | None = money(transaction.c.margin, transaction.c.currency, "The amount less its cost.")
    attributes: list[Attribute] = embedded(
        transaction.c.attributes, "What else is known of it, beside what is known of its deal: it stands against that."
    )
    corrects: Transaction | None = one(transaction.c.corrects_id, "The transaction that this one gives back or corrects.")
    credits: list[LazyCredit] = many(
        tables.credit.c.transaction_id, "Who is credited with it, as far as the asker may see them.", where="{superseded_position} is null"
    )


@narrowing("Which transactions are wanted.")
class TransactionWhere:
    """A filter: each field narrows it further."""

    external_id: list[str] | None = matches(
        "{external_id} = any({value})", "Those with one of these keys in the CRM or the books, as the number of an invoice."
    )
    kind: list[TransactionKind] | None = matches("{kind} = any({value})", "Those of one of these kinds.")
    opportunity: Ref | None = matches("{opportunity_id} = {value}", "Those of this deal.", opportunity)
    account: Ref | None = matches("{account_id} = {value}", "Those of this customer.", account)
    product: Ref | None = matches("{product_id} = {value}", "Those about this product.", product)
    rep: Ref | None = matches("{rep_id} = {value}", "Those that credit this rep without a deal.", tables.rep)
    dated_from: date | None = matches("{dated} >= {value}", "Those of this day or later.")
    dated_before: date | None = matches("{dated} < {value}", "Those of before this day.")
    amount_from: Decimal | None = matches("{amount} >= {value}", "Those of at least this much.")
    amount_below: Decimal | None = matches("{amount} < {value}", "Those of less than this: below 0 are those given back.")
    currency: str | None = matches("{currency} = {value}", "Those in this currency.")
    has_opportunity: bool | None = matches("({opportunity_id} is not null) = {value}", "True: those of deals. False: those of none.")


TRANSACTION_ORDERS = orders("TransactionOrder", "How transactions can be ordered.", **DATED, **AMOUNTS)
