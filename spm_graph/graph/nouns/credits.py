"""Credits: what counts for whom, here and before calculation began here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import Role
from spm_graph.reading.fields import column, dates, money, node, one, quantity, rate, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import credit, opening_balance

from ..scalars import Position
from .directory import RepCard
from .measures import UNIT_OF, Measure
from .orders import AMOUNTS, DATED, orders
from .pages import DateRange, Money, Node, Quantity, Ref

if TYPE_CHECKING:
    from .opportunities import Opportunity
    from .reps import Rep
    from .transactions import Transaction

LazyOpportunity = Annotated["Opportunity", strawberry.lazy("spm_graph.graph.nouns.opportunities")]
LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]
LazyTransaction = Annotated["Transaction", strawberry.lazy("spm_graph.graph.nouns.transactions")]

SOLD = "exists (select from transaction as sold where sold.id = {{transaction_id}} and sold.{} = {{value}})"


@node(credit, "credit")
class Credit(Node):
    """One rep's share of one transaction, as one measure counts it."""

    rep: RepCard = one(credit.c.rep_id, "Who is credited.")
    role: Role = column(credit.c.role, "Why.")
    measure: Measure = one(credit.c.measure_id, "The measure that counts it.")
    transaction: LazyTransaction = one(credit.c.transaction_id, "What was sold.", inherited=True)
    opportunity: LazyOpportunity | None = one(credit.c.opportunity_id, "The deal.")
    source_rep: RepCard | None = one(credit.c.source_rep_id, "The rep whose deal it is, where the credit rolled up to a manager.")
    dated: date = column(credit.c.dated, "The day that it counts on.")
    share: Decimal = rate(credit.c.share, "The share of the transaction: 0.5 is half.")
    amount: Money = money(credit.c.amount, credit.c.currency, "The share in money.")
    sold: Money = money(credit.c.sold_amount, credit.c.sold_currency, "The share in the currency that it was sold in.")
    fx_rate: Decimal = rate(credit.c.fx_rate, "What that was converted by, into the currency that the rep is paid in.")
    units: Decimal = value("trim_scale({units})", "The share in units.")
    made_position: Position = column(credit.c.made_position, "The position at which it was made.")
    superseded_position: Position | None = column(
        credit.c.superseded_position, "The position at which another took its place. Null: it counts."
    )


@narrowing("Which credits are wanted.")
class CreditWhere:
    """A filter: each field narrows it further."""

    role: list[Role] | None = matches("{role} = any({value})", "Those with one of these reasons.")
    transaction: Ref | None = matches("{transaction_id} = {value}", "Those of this transaction.", tables.transaction)
    opportunity: Ref | None = matches("{opportunity_id} = {value}", "Those of this deal.", tables.opportunity)
    account: Ref | None = matches(SOLD.format("account_id"), "Those of what this customer bought.", tables.account)
    product: Ref | None = matches(SOLD.format("product_id"), "Those of sales of this product.", tables.product)
    source_rep: Ref | None = matches("{source_rep_id} = {value}", "Those that rolled up from this rep.", tables.rep)
    dated_from: date | None = matches("{dated} >= {value}", "Those that count on this day or later.")
    dated_before: date | None = matches("{dated} < {value}", "Those that count before this day.")
    amount_from: Decimal | None = matches("{amount} >= {value}", "Those of at least this much.")
    amount_below: Decimal | None = matches("{amount} < {value}", "Those of less than this: below 0 are those given back.")


CREDIT_ORDERS = orders("CreditOrder", "How credits can be ordered.", **DATED, **AMOUNTS)


@node(opening_balance, "opening")
class OpeningBalance(Node):
    """What was credited and earned elsewhere, before calculation began here: it counts as attained, and is not paid again."""

    rep: LazyRep = one(opening_balance.c.rep_id, "Whose it is.", inherited=True)
    measure: Measure = one(opening_balance.c.measure_id, "The measure that it was credited in.")
    effective: DateRange = dates(opening_balance.c.effective, "The dates that it covers.")
    credited: Quantity = quantity("{credited}", UNIT_OF, "What was credited.")
    earned: Money = money(opening_balance.c.earned, "paid_in({rep_id}, lower({effective}))", "What was earned and paid.")
