"""Everything that can be asked."""

from __future__ import annotations

from datetime import date

import strawberry

from spm_graph.domain.terms import PeriodKind
from spm_graph.reading import fields
from spm_graph.reading.fields import NEWEST_FIRST, Arg, embedded, identified, inline, many, one, value

from .measuring import BY_START, Measure, Period, PeriodWhere, Quota, QuotaWhere
from .pages import Connection, Node, Ref, page
from .paying import Earning, EarningWhere, Run
from .people import REP_ORDERS, Rep, RepOrder, RepWhere, Viewer
from .plans import PLANS_BY_NAME, IncentiveTypeInfo, Plan
from .record import IN_ORDER, LATEST_CHANGE, AuditEntry, AuditWhere, EventPage
from .scalars import Cursor
from .selling import BY_NAME, LATEST, Account, AccountWhere, Opportunity, Product, Transaction, TransactionWhere, opportunity_page

REFERENCE = {"ref": Arg(Ref, "Which one.")}
ID = {"id": Arg(strawberry.ID, "Its id.")}
BY_REFERENCE = "{id} = {$ref}"
BY_IDENTITY = "{id} = {$id}"
PERIOD = (
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
    rep: Rep | None = one(None, "One rep.", where=BY_REFERENCE, arguments=REFERENCE)
    reps: Connection[Rep] = page(None, "All reps that the asker may see.", order=BY_NAME, filters=RepWhere, orders=(RepOrder, REP_ORDERS))
    account: Account | None = one(None, "One account.", where=BY_REFERENCE, arguments=REFERENCE)
    accounts: Connection[Account] = page(None, "All accounts.", order=BY_NAME, filters=AccountWhere)
    products: Connection[Product] = page(None, "All products.", order=BY_NAME)
    quotas: Connection[Quota] = page(None, "All quotas that the asker may see.", order=NEWEST_FIRST, filters=QuotaWhere)
    opportunity: Opportunity | None = one(None, "One opportunity.", where=BY_REFERENCE, arguments=REFERENCE)
    opportunities: Connection[Opportunity] = opportunity_page(None, "All opportunities that the asker may see.")
    transactions: Connection[Transaction] = page(
        None, "All transactions that the asker may see, the latest first.", order=LATEST, filters=TransactionWhere
    )
    measures: list[Measure] = many(None, "All measures, in the order in which they were set.")
    position: Cursor = value("(select position from clock)", "The position of this answer: subscribe from here, and nothing is missed.")
    period: Period | None = one(
        None,
        "A period by its id, or by a day in it.",
        where=PERIOD,
        arguments={
            "id": Arg(strawberry.ID | None, "Its id.", None),
            "on": Arg(date | None, "A day in it.", None),
            "kind": Arg(PeriodKind | None, "Its length, for `on`: a month unless given.", None),
        },
    )
    periods: Connection[Period] = page(None, "All periods, the earliest first.", order=BY_START, filters=PeriodWhere)
    earnings: Connection[Earning] = page(
        None, "All earnings that the asker may see, the latest first.", order=NEWEST_FIRST, filters=EarningWhere
    )
    plan: Plan | None = one(None, "One plan.", where=BY_IDENTITY, arguments=ID)
    plans: Connection[Plan] = page(None, "All plans that the asker may see.", order=PLANS_BY_NAME)
    incentive_types: list[IncentiveTypeInfo] = embedded("{schema.incentiveTypes}", "The incentive types that are installed here.")
    run: Run | None = one(None, "One run.", where=BY_IDENTITY, arguments=ID)
    runs: Connection[Run] = page(None, "All runs, the latest first.", order=NEWEST_FIRST)
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
    audit: Connection[AuditEntry] = page(None, "Every change, the latest first.", order=LATEST_CHANGE, filters=AuditWhere)
