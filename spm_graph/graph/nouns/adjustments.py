"""Adjustments: amounts paid or taken back by hand, and what somebody else said to them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import AdjustmentReason, AdjustmentState
from spm_graph.reading.fields import column, money, node, one, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import adjustment, adjustment_decision

from ..scalars import Position
from .directory import of_rep_named
from .opportunities import Opportunity
from .orders import AMOUNTS, RECORDED, orders
from .pages import Money, Node, PeriodRef, Ref, since, ticked, until
from .periods import Period, months_of

if TYPE_CHECKING:
    from .reps import Rep

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]


STATE = (
    "case when not {pending} then 'BOOKED' else coalesce((select case when decision.approved then 'BOOKED' else 'DECLINED' end"
    " from adjustment_decision as decision where decision.adjustment_id = {id}), 'PENDING') end"
)


@node(adjustment, "adjustment")
class Adjustment(Node):
    """An amount paid, or taken back, by hand. It never changes: another one of the opposite amount takes it back."""

    rep: LazyRep = one(adjustment.c.rep_id, "Whose pay it is.", inherited=True)
    period: Period = one(adjustment.c.period_id, "The pay period that it is paid in.")
    amount: Money = money(adjustment.c.amount, adjustment.c.currency, "How much. Negative: taken back.")
    opportunity: Opportunity | None = one(adjustment.c.opportunity_id, "The deal that it is about. Null: none.")
    reason: AdjustmentReason = column(adjustment.c.reason, "Why.")
    note: str = column(adjustment.c.note, "Why, in the words of who did it.")
    position: Position = column(adjustment.c.position, "The position at which it was entered.")
    at: datetime = value(ticked("at"), "When it was entered.")
    actor: str = value(ticked("actor"), "Who entered it.")
    state: AdjustmentState = value(STATE, "Whether it counts.")
    decision: AdjustmentDecision | None = one(
        None,
        "What somebody else said to it. Null: nobody had to, or nobody has yet.",
        where="{adjustment_id} = {parent.id}",
        inherited=True,
    )


@record(adjustment_decision.name, adjustment_decision)
class AdjustmentDecision:
    """Somebody approved or declined an adjustment that another had entered."""

    approved: bool = column(adjustment_decision.c.approved, "Whether it counts.")
    note: str | None = column(adjustment_decision.c.note, "Why, in the words of who decided.")
    at: datetime = value(ticked("at"), "When it was decided.")
    actor: str = value(ticked("actor"), "Who decided it.")


@narrowing("Which adjustments are wanted.")
class AdjustmentWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    search: str | None = of_rep_named()
    pending: bool | None = matches(
        "({pending} and not exists (select from adjustment_decision as decision where decision.adjustment_id = {id})) = {value}",
        "True: those that wait for somebody's approval. False: all others.",
    )
    state: list[AdjustmentState] | None = matches(f"{STATE} = any({{value}})", "Those in one of these states.")
    period: PeriodRef | None = matches(
        f"{{period_id}} = {months_of('{value}')}", "Those paid in this period, or in the pay periods inside it.", tables.period
    )
    opportunity: Ref | None = matches("{opportunity_id} = {value}", "Those about this deal.", tables.opportunity)
    reason: list[AdjustmentReason] | None = matches("{reason} = any({value})", "Those for one of these reasons.")
    entered_by: str | None = matches(f"{ticked('actor')} = {{value}}", "Those that this one entered, as the audit names them.")
    entered_from: datetime | None = matches(since("{position}"), "Those entered at this moment or later.")
    entered_before: datetime | None = matches(until("{position}"), "Those entered before this moment.")
    amount_from: Decimal | None = matches("{amount} >= {value}", "Those of at least this much.")
    amount_below: Decimal | None = matches("{amount} < {value}", "Those of less than this: below 0 are those taken back.")
    currency: str | None = matches("{currency} = {value}", "Those in this currency.")


ADJUSTMENT_ORDERS = orders("AdjustmentOrder", "How adjustments can be ordered.", **RECORDED, **AMOUNTS)
