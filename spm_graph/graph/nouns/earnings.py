"""Earnings: the lines of the entitlement ledger with their steps, and the postings that booked them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import EarningKind, Role
from spm_graph.reading.fields import column, dates, embedded, many, money, node, one, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import earning, earning_credit, posting

from ..scalars import Position
from .directory import of_rep_named, of_team
from .orders import AMOUNTS, RECORDED, begun, orders
from .pages import DateRange, Money, Node, PeriodRef, Ref, page, ticked
from .periods import Period, months_of
from .plans import Component
from .transactions import Transaction

if TYPE_CHECKING:
    from .reps import Rep
    from .runs import Run

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]
LazyRun = Annotated["Run", strawberry.lazy("spm_graph.graph.nouns.runs")]

COMPONENT_THEN = (
    "coalesce((select version.state <> 'DRAFT' and version.effective && {parent.span} from plan_version as version"
    " where version.id = {plan_version_id}), false) desc, {plan_version_id} desc"
)
"""Of a component's versions, first the latest that was in force in the window."""


@strawberry.type(description="One step of a calculation: base times rate.")
class Step:
    """Its fields are the stored ones."""

    says: str = strawberry.field(description="The step in words.")
    base: Decimal = strawberry.field(description="What is multiplied.")
    rate: Decimal = strawberry.field(description="By what: 0.05 is 5 %. At most eight places are shown.")
    amount: Decimal = strawberry.field(description="Base times rate, exactly.")


@record(earning_credit.name, earning_credit)
class EarningCredit:
    """The part of an earning that a transaction brought."""

    transaction: Transaction = one(earning_credit.c.transaction_id, "The transaction.", inherited=True)
    role: Role = column(earning_credit.c.role, "The role in which the rep was credited on it.")
    amount: Money = money(
        earning_credit.c.amount, "(select currency from earning where earning.id = {earning_id})", "The part of the earning's amount."
    )


@node(earning, "earning")
class Earning(Node):
    """One line of the ledger. It never changes: a correction is another line with the difference."""

    rep: LazyRep = one(earning.c.rep_id, "Who earned it.", inherited=True)
    component: Component | None = one(
        None,
        "What it was earned by, as it was in the window.",
        where="{component_id} = {parent.component_id}",
        order=COMPONENT_THEN,
        inherited=True,
    )
    kind: EarningKind = column(earning.c.kind, "Why it was booked.")
    key: str = column(earning.c.key, "Its name within the component and the window.")
    amount: Money = money(earning.c.amount, earning.c.currency, "What was earned. Negative: taken back.")
    window: DateRange = dates(earning.c.span, "The whole span of the window that was measured.")
    booked_in: Period = one(earning.c.period_id, "The pay period that it is paid in.")
    steps: list[Step] = embedded(earning.c.steps, "The calculation: the amount is the sum of the steps.")
    credits: list[EarningCredit] = many(
        earning_credit.c.earning_id, "The transactions that brought it.", order="{transaction_id}, {role}", inherited=True
    )
    posting: Posting = one(earning.c.posting_id, "The posting that booked it.", inherited=True)


@node(posting, "posting")
class Posting(Node):
    """Earnings that were booked together, at one position."""

    position: Position = column(posting.c.position, "The position that they took.")
    at: datetime = value(ticked("at"), "When they were booked.")
    actor: str = value(ticked("actor"), "Who booked them.")
    period: Period = one(posting.c.period_id, "The pay period that they are paid in.")
    note: str | None = column(posting.c.note, "Why, in the words of who did it.")
    run: LazyRun | None = one(posting.c.run_id, "The run that calculated them.")


@narrowing("Which earnings are wanted.")
class EarningWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    team: Ref | None = of_team("{rep_id}")
    search: str | None = of_rep_named()
    period: PeriodRef | None = matches(
        f"{{period_id}} = {months_of('{value}')}",
        "Those booked in this period, or in the pay periods inside it.",
        tables.period,
    )
    component: strawberry.ID | None = matches("{component_id} = {value}", "Those of this component.", tables.component)
    kind: EarningKind | None = matches("{kind} = {value}", "Those booked for this reason.")
    amount_from: Decimal | None = matches("{amount} >= {value}", "Those of at least this much.")
    amount_below: Decimal | None = matches("{amount} < {value}", "Those of less than this: below 0 are those taken back.")
    window_from: date | None = matches("lower({span}) >= {value}", "Those of windows that begin on this day or later.")
    window_before: date | None = matches("lower({span}) < {value}", "Those of windows that begin before this day.")
    posting: strawberry.ID | None = matches("{posting_id} = {value}", "Those of this posting.", posting)
    opportunity: Ref | None = matches(
        "{id} = any(array(select brought.earning_id from transaction as sold"
        " join earning_credit as brought on brought.transaction_id = sold.id where sold.opportunity_id = {value}))",
        "Those that this deal brought.",
        tables.opportunity,
    )
    currency: str | None = matches("{currency} = {value}", "Those in this currency.")


earning_page = partial(
    page,
    filters=EarningWhere,
    orders=orders(
        "EarningOrder", "How earnings can be ordered.", **RECORDED, **begun("lower({span})", "By the first day of the window"), **AMOUNTS
    ),
)
"""A page of earnings, in the order in which they were booked unless told otherwise."""
