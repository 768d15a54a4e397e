"""Everything that can be asked."""

from __future__ import annotations

from datetime import date

import strawberry

from spm_graph.domain.terms import PeriodKind
from spm_graph.reading import fields
from spm_graph.reading.declarations import IN_ORDER, NEWEST_FIRST, Arg
from spm_graph.reading.fields import embedded, identified, inline, many, one, value

from .nouns.accounts import PRODUCT_ORDERS, Account, Product, ProductWhere, account_page
from .nouns.adjustments import ADJUSTMENT_ORDERS, Adjustment, AdjustmentWhere
from .nouns.administration import API_KEY_ORDERS, FX_RATE_ORDERS, ApiKey, ApiKeyWhere, Company, FxRate, FxRateWhere
from .nouns.attainment import ATTAINMENT_ORDERS, BY_RANK, LEADERBOARD, Attainment, AttainmentWhere
from .nouns.audit import AUDIT_ORDERS, LATEST_CHANGE, AuditEntry, AuditWhere
from .nouns.directory import Viewer, rep_page
from .nouns.disputes import DISPUTE_ORDERS, Dispute, DisputeWhere
from .nouns.earnings import Earning, earning_page
from .nouns.events import EventPage
from .nouns.measures import MEASURE, Measure
from .nouns.opportunities import Opportunity, opportunity_page
from .nouns.orders import LATEST
from .nouns.pages import AS_OF, BY_NAME, DAY, Connection, Node, Ref, page
from .nouns.payments import HOLD_ORDERS, Hold, HoldWhere, Payout, PayoutWhere
from .nouns.periods import BY_START, PERIOD, Period, PeriodWhere
from .nouns.pipeline import NOBODY_BELOW, Pipeline, pipeline_of
from .nouns.plans import PLAN_ORDERS, IncentiveTypeInfo, Plan, PlanWhere
from .nouns.quotas import Quota, quota_page
from .nouns.reps import Rep
from .nouns.runs import RUN_ORDERS, Run, RunWhere
from .nouns.territories import CreditingRule, Territory, TerritoryCoverage, territory_page
from .nouns.transactions import TRANSACTION_ORDERS, Transaction, TransactionWhere
from .nouns.webhooks import Webhook, WebhookWhere
from .scalars import Cursor

REFERENCE = {"ref": Arg(Ref, "Which one.")}
ID = {"id": Arg(strawberry.ID, "Its id.")}
BY_REFERENCE = "{id} = {$ref}"
BY_IDENTITY = "{id} = {$id}"
PERIOD_BY_ID_OR_DAY = (
    "({?id} or {?on}) and (not {?id} or {id} = {$id})"
    " and (not {?on} or ({kind} = coalesce({$kind}, 'MONTH') and lower({effective}) <= {$on} and upper({effective}) > {$on}))"
)
CARD = {"rep_id": "{actor.rep_id}", "name": "{actor.name}", "grants": "{actor.grants}"}


@strawberry.type(description="Everything that can be asked.")
class Query:
    """The root of all reads."""

    node: Node | None = identified("Whatever has this id. Null: nothing has, or the asker may not see it.", **ID)
    nodes: list[Node | None] = identified(
        "Whatever has these ids, in their order; null where nothing has, or the asker may not see it.",
        ids=Arg(list[strawberry.ID], "The ids: 1,000 at most."),
    )
    viewer: Viewer = inline(CARD, "Who is asking.")
    company: Company = one(None, "The company that this server is for.")
    api_keys: Connection[ApiKey] = page(
        None,
        "The keys to this API, the latest first: administrators see them.",
        order=NEWEST_FIRST,
        filters=ApiKeyWhere,
        orders=API_KEY_ORDERS,
    )
    webhooks: Connection[Webhook] = page(
        None, "Where events are sent, the latest first: administrators see it.", order=NEWEST_FIRST, filters=WebhookWhere
    )
    rep: Rep | None = one(None, "One rep.", where=BY_REFERENCE, arguments=REFERENCE)
    reps: Connection[Rep] = rep_page(None, "All reps that the asker may see.")
    territory: Territory | None = one(None, "One territory.", where=BY_REFERENCE, arguments=REFERENCE)
    territories: Connection[Territory] = territory_page(None, "All territories.")
    territory_coverage: TerritoryCoverage = inline({"as_of": DAY}, "The gaps and overlaps of the territories on a day.", asOf=AS_OF["asOf"])
    account: Account | None = one(None, "One account.", where=BY_REFERENCE, arguments=REFERENCE)
    accounts: Connection[Account] = account_page(None, "All accounts.")
    product: Product | None = one(None, "One product.", where=BY_REFERENCE, arguments=REFERENCE)
    products: Connection[Product] = page(None, "All products.", order=BY_NAME, filters=ProductWhere, orders=PRODUCT_ORDERS)
    quotas: Connection[Quota] = quota_page(None, "All quotas that the asker may see.")
    opportunity: Opportunity | None = one(None, "One opportunity.", where=BY_REFERENCE, arguments=REFERENCE)
    opportunities: Connection[Opportunity] = opportunity_page(None, "All opportunities that the asker may see.")
    pipeline: Pipeline = pipeline_of(None, f"{{seen.rep}} and {NOBODY_BELOW}", "All opportunities that the asker may see, in sum.")
    transactions: Connection[Transaction] = page(
        None,
        "All transactions that the asker may see, the latest first.",
        order=LATEST,
        filters=TransactionWhere,
        orders=TRANSACTION_ORDERS,
    )
    crediting_rules: list[CreditingRule] = many(None, "Who is credited on top of deals' own people.", order="{name}")
    fx_rates: Connection[FxRate] = page(None, "All rates of exchange.", order=NEWEST_FIRST, filters=FxRateWhere, orders=FX_RATE_ORDERS)
    measures: list[Measure] = many(None, "All measures, in the order in which they were set.")
    position: Cursor = value("(select position from clock)", "The position of this answer: subscribe from here, and nothing is missed.")
    period: Period | None = one(
        None,
        "A period by its id, or by a day in it.",
        where=PERIOD_BY_ID_OR_DAY,
        arguments={
            "id": Arg(strawberry.ID | None, "Its id.", None),
            "on": Arg(date | None, "A day in it.", None),
            "kind": Arg(PeriodKind | None, "Its length, for `on`: a month unless given.", None),
        },
    )
    periods: Connection[Period] = page(None, "All periods, the earliest first.", order=BY_START, filters=PeriodWhere)
    attainments: Connection[Attainment] = page(
        None,
        "The ranking of the reps with a quota in a period: all of them, or those that the asker may see, as the company has it.",
        order=BY_RANK,
        filters=AttainmentWhere,
        orders=ATTAINMENT_ORDERS,
        relation=LEADERBOARD,
        arguments={**PERIOD, **MEASURE},
    )
    earnings: Connection[Earning] = earning_page(None, "All earnings that the asker may see, the latest first.", order=NEWEST_FIRST)
    adjustments: Connection[Adjustment] = page(
        None,
        "All adjustments that the asker may see, the latest first.",
        order=NEWEST_FIRST,
        filters=AdjustmentWhere,
        orders=ADJUSTMENT_ORDERS,
    )
    disputes: Connection[Dispute] = page(
        None, "All disputes that the asker may see, the latest first.", order=NEWEST_FIRST, filters=DisputeWhere, orders=DISPUTE_ORDERS
    )
    holds: Connection[Hold] = page(
        None, "All holds that the asker may see, the latest first.", order=NEWEST_FIRST, filters=HoldWhere, orders=HOLD_ORDERS
    )
    payout: Payout | None = one(
        None,
        "The payout batch of a closed month. Null: there is none, or the asker may not see it.",
        where="{period_id} = {$period}",
        arguments=PERIOD,
    )
    payouts: Connection[Payout] = page(None, "All payout batches, the latest first.", order=NEWEST_FIRST, filters=PayoutWhere)
    plan: Plan | None = one(None, "One plan.", where=BY_IDENTITY, arguments=ID)
    plans: Connection[Plan] = page(None, "All plans that the asker may see.", order=BY_NAME, filters=PlanWhere, orders=PLAN_ORDERS)
    incentive_types: list[IncentiveTypeInfo] = embedded("{schema.incentiveTypes}", "The incentive types that are installed here.")
    run: Run | None = one(None, "One run.", where=BY_IDENTITY, arguments=ID)
    runs: Connection[Run] = page(None, "All runs, the latest first.", order=NEWEST_FIRST, filters=RunWhere, orders=RUN_ORDERS)
    events: EventPage = fields.page(
        None,
        "The events behind a cursor that the asker may see, for catching up by polling.",
        order=IN_ORDER,
        kind="{kind}",
        arguments={
            "after": Arg(Cursor, "The cursor of the last event that is known; `0` for all of them."),
            "first": Arg(int, "How many events: 1,000 at most.", 100),
        },
    )
    audit: Connection[AuditEntry] = page(
        None, "Every change, the latest first.", order=LATEST_CHANGE, filters=AuditWhere, orders=AUDIT_ORDERS
    )
