"""Opportunities: deals with their stages and splits, and how they are found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import Column

from spm_graph.domain.terms import ForecastCategory, Outcome, Role
from spm_graph.reading.declarations import BY_ID, Arg
from spm_graph.reading.fields import column, embedded, many, money, node, one, rate, record, value
from spm_graph.reading.filters import matches, narrowing, with_words
from spm_graph.store import tables
from spm_graph.store.tables import account, activity, opportunity, product, split, stage_change, transaction

from ..scalars import Position
from .accounts import Account, Product
from .activities import Activity, activity_page
from .directory import RepCard, of_team
from .orders import falling, orders, rising
from .pages import Connection, Money, Node, Ref, page

if TYPE_CHECKING:
    from .credits import Credit
    from .explanations import Explanation
    from .transactions import Transaction

LazyCredit = Annotated["Credit", strawberry.lazy("spm_graph.graph.nouns.credits")]
LazyExplanation = Annotated["Explanation", strawberry.lazy("spm_graph.graph.nouns.explanations")]
LazyTransaction = Annotated["Transaction", strawberry.lazy("spm_graph.graph.nouns.transactions")]


@node(opportunity, "opportunity")
class Opportunity(Node):
    """A deal: something that an account may buy, until it is won or lost. Winning one makes an order transaction."""

    external_id: str | None = column(opportunity.c.external_id, "Its key in the CRM.")
    name: str = column(opportunity.c.name, "Its name.")
    account: Account | None = one(opportunity.c.account_id, "Who may buy.")
    product: Product | None = one(opportunity.c.product_id, "What may be bought.")
    owner: RepCard = one(opportunity.c.owner_id, "The rep whose deal it is.")
    stage: str = column(opportunity.c.stage, "Where it is in the company's sales process.")
    forecast_category: ForecastCategory = column(opportunity.c.forecast_category, "How sure the owner is of it.")
    probability: Decimal = rate(opportunity.c.probability, "The chance of winning it, from 0 to 1.")
    amount: Money | None = money(opportunity.c.amount, opportunity.c.currency, "What it is worth. Null: nobody knows yet.")
    list_amount: Money | None = money(
        opportunity.c.list_amount, opportunity.c.currency, "What it would cost without a discount. Null: nobody said."
    )
    discount: Decimal | None = value(
        "trim_scale(round(1 - {amount} / nullif({list_amount}, 0), 8))",
        "The part of the list amount that the customer need not pay: 0.1 is 10 %. Null without an amount or a list amount.",
    )
    opened_on: date | None = column(opportunity.c.opened_on, "When it came up.")
    expected_close_on: date | None = column(opportunity.c.expected_close_on, "When the owner thinks that it will be decided.")
    closed_on: date | None = column(opportunity.c.closed_on, "When it was won or lost. Null: it is open.")
    outcome: Outcome | None = column(opportunity.c.outcome, "How it ended. Null: it is open.")
    days_open: int | None = value(
        "coalesce({closed_on}, {today}) - {opened_on}", "The days from when it came up until it was decided, or until today."
    )
    attributes: list[Attribute] = embedded(opportunity.c.attributes, "What else is known of it, in the company's own words.")
    splits: list[Split] = many(split.c.opportunity_id, "Who shares it. None: all of it is the owner's.", inherited=True)
    history: list[StageChange] = many(
        stage_change.c.opportunity_id, "The stages that it was in, the first one first.", order="{position}", inherited=True
    )
    activities: Connection[Activity] = activity_page(
        activity.c.opportunity_id, "What reps did to sell it, the latest first.", inherited=True
    )
    transactions: list[LazyTransaction] = many(transaction.c.opportunity_id, "What was ordered, invoiced, paid or refunded.")
    explanations: list[LazyExplanation] = many(
        None,
        "What it pays a rep, and why it pays no more, or nothing. Empty: there is no such rep, or the asker may not see them.",
        order="{ordinal}, {component_id}, lower({span}), {says}",
        arguments={"rep": Arg(Ref, "Whose pay it is.")},
    )
    credits: list[LazyCredit] = many(
        tables.credit.c.opportunity_id, "Who is credited with it, as far as the asker may see them.", where="{superseded_position} is null"
    )


@strawberry.type(description="Something that is known of a deal or a transaction; incentive types can ask for it.")
class Attribute:
    """Its fields are the stored ones."""

    name: str = strawberry.field(description="What it is, such as newBusiness.")
    value: str = strawberry.field(description="What is known of it, such as true.")


@record(stage_change.name, stage_change)
class StageChange:
    """A deal came into a stage."""

    from_stage: str | None = column(stage_change.c.from_stage, "The stage that it was in before. Null: none, it is the first one known.")
    to_stage: str = column(stage_change.c.to_stage, "The stage that it came into.")
    outcome: Outcome | None = column(stage_change.c.outcome, "How the deal ended with that. Null: it was open.")
    dated: date = column(stage_change.c.dated, "The day on which it came into the stage.")
    days: int | None = value(
        "coalesce((select later.dated from stage_change as later where later.opportunity_id = {opportunity_id}"
        " and later.position > {position} order by later.position limit 1), case when {outcome} is null then {today} end) - {dated}",
        "The days that it was in the stage, until today if it still is. Null: it ended there.",
    )
    position: Position = column(stage_change.c.position, "The position at which it was recorded.")


@record(split.name, split)
class Split:
    """One rep's share of a deal."""

    rep: RepCard = one(split.c.rep_id, "Who has the share.")
    role: Role = column(split.c.role, "SPLIT, one of several whose shares sum to 1, or OVERLAY, on top of them.")
    share: Decimal = rate(split.c.share, "The share: 0.5 is half of the deal.")


@narrowing("Which opportunities are wanted.")
class OpportunityWhere:
    """A filter: each field narrows it further."""

    owner: Ref | None = matches("{owner_id} = {value}", "Those of this rep.", tables.rep)
    team: Ref | None = of_team("{owner_id}")
    account: Ref | None = matches("{account_id} = {value}", "Those of this account.", account)
    product: Ref | None = matches("{product_id} = {value}", "Those about this product.", product)
    stage: list[str] | None = matches("{stage} = any({value})", "Those in one of these stages.")
    forecast_category: list[ForecastCategory] | None = matches("{forecast_category} = any({value})", "Those in one of these categories.")
    open: bool | None = matches("({outcome} is null) = {value}", "True: those that are not decided yet. False: those that are.")
    outcome: Outcome | None = matches("{outcome} = {value}", "Those that ended so.")
    closed_from: date | None = matches("{closed_on} >= {value}", "Those decided on this day or later.")
    closed_before: date | None = matches("{closed_on} < {value}", "Those decided before this day.")
    expected_from: date | None = matches("{expected_close_on} >= {value}", "Those expected to be decided on this day or later.")
    expected_before: date | None = matches("{expected_close_on} < {value}", "Those expected to be decided before this day.")
    opened_from: date | None = matches("{opened_on} >= {value}", "Those that came up on this day or later.")
    opened_before: date | None = matches("{opened_on} < {value}", "Those that came up before this day.")
    amount_from: Decimal | None = matches("{amount} >= {value}", "Those worth at least this much.")
    amount_below: Decimal | None = matches("{amount} < {value}", "Those worth less than this.")
    probability_from: Decimal | None = matches("{probability} >= {value}", "Those at least this likely: 0.5 is half.")
    probability_below: Decimal | None = matches("{probability} < {value}", "Those less likely than this.")
    currency: str | None = matches("{currency} = {value}", "Those in this currency.")
    has_amount: bool | None = matches("({amount} is not null) = {value}", "True: those with an amount. False: those without.")
    has_account: bool | None = matches("({account_id} is not null) = {value}", "True: those with a customer. False: those without.")
    has_product: bool | None = matches("({product_id} is not null) = {value}", "True: those about a product. False: those about none.")
    search: str | None = with_words()
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")


DAY = "coalesce({closed_on}, {expected_close_on}, {opened_on}, date '1900-01-01')"
AMOUNT = "coalesce({amount}, 0)"
NEWEST = falling(DAY, "date")
OPPORTUNITY_ORDERS = orders(
    "OpportunityOrder",
    "How opportunities can be ordered.",
    NEWEST=("By the day they were decided, are expected to be, or came up: latest first, undated last.", NEWEST),
    OLDEST=("NEWEST, the other way round.", rising(DAY, "date")),
    LARGEST=("By amount, largest first, those without one last.", falling(AMOUNT, "numeric")),
    SMALLEST=("LARGEST, the other way round: those without an amount first.", rising(AMOUNT, "numeric")),
    CREATED=("In the order in which they were recorded.", BY_ID),
)


def opportunity_page(on: Column[Any] | None, description: str, **options: Any) -> Any:
    """A page of opportunities, with its filter and its orders."""
    return page(on, description, order=NEWEST, filters=OpportunityWhere, orders=OPPORTUNITY_ORDERS, **options)
