"""What is calculated and paid: runs and what they change, postings, earnings with their steps, and statements."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import AdjustmentReason, AdjustmentState, EarningKind, Role, RunState
from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, dates, embedded, many, money, node, one, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import adjustment, adjustment_decision, earning, earning_credit, posting, run, run_problem

from .measuring import Period, months_of
from .pages import Connection, DateRange, Money, Node, PeriodRef, Ref, page
from .plans import Component
from .scalars import Position
from .selling import Opportunity, Transaction

if TYPE_CHECKING:
    from .people import Rep, RepCard

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.people")]
LazyRepCard = Annotated["RepCard", strawberry.lazy("spm_graph.graph.people")]


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
    at: datetime = value("(select tick.at from tick where tick.position = {position})", "When they were booked.")
    actor: str = value("(select tick.actor from tick where tick.position = {position})", "Who booked them.")
    period: Period = one(posting.c.period_id, "The pay period that they are paid in.")
    note: str | None = column(posting.c.note, "Why, in the words of who did it.")
    run: Run | None = one(posting.c.run_id, "The run that calculated them.")


@record(run_problem.name, run_problem)
class RunProblem:
    """Why a rep could not be calculated."""

    code: ProblemCode = column(run_problem.c.code, "What is wrong.")
    message: str = column(run_problem.c.message, "The same for a person, with the names of plugin and component.")
    rep: LazyRepCard = one(None, "Whom it is about.", where="{id} = {parent.rep_id}")
    component: Component | None = one(
        None, "The component that failed.", where="{component_id} = {parent.component_id}", order=COMPONENT_THEN, inherited=True
    )
    window: DateRange = dates("{span}", "The window that was measured.")


CHANGE_ORDER = Order(
    (
        ("{rep_id}", "bigint"),
        ("{component_id}", "bigint"),
        ("lower({span})", "date"),
        ("upper({span})", "date"),
        ("{key}", "text"),
        ("{currency}", "text"),
    )
)


@record("run_change", tables.run_line)
class Change:
    """What posting a run would book, or has booked: a line's amount now, against what was booked before."""

    rep: LazyRepCard = one(None, "Whose pay changes.", where="{id} = {parent.rep_id}")
    component: Component | None = one(
        None, "The component that pays.", where="{component_id} = {parent.component_id}", order=COMPONENT_THEN, inherited=True
    )
    window: DateRange = dates("{span}", "The whole span of the window that was measured.")
    key: str = column("key", "The line's name within the component and the window.")
    is_new: bool = column("is_new", "Whether nothing was booked under this name before.")
    before: Money = money("{before}", "{currency}", "What was booked before.")
    after: Money = money("{after}", "{currency}", "What the line comes to now.")
    difference: Money = money("{difference}", "{currency}", "What is booked by posting: after less before.")
    steps: list[Step] | None = embedded("{steps}", "How it comes about. Null: the line is gone.")


TOTAL = (
    "(select case when count(distinct change.currency) <= 1 then coalesce(sum(change.difference), 0) end"
    " from run_change as change where change.run_id = {id})"
)
CURRENCY = "coalesce((select change.currency from run_change as change where change.run_id = {id} limit 1), (select currency from company))"


UPDATED = """(
    select incentive_type, package, version_before, version_now, currency, sum(difference) as difference, count(distinct rep_id) as reps
    from plugin_change where run_id = {parent.id} group by incentive_type, package, version_before, version_now, currency
)"""


@record(UPDATED, tables.run_plugin)
class PluginChange:
    """What a run changes in windows that were last posted under another version of an incentive type's package."""

    incentive_type: str = column("incentive_type", "The name of the incentive type.")
    package: str = column("package", "The package that brings it.")
    version_before: str = column("version_before", "The package's version when the windows were last posted.")
    version_now: str = column("version_now", "The package's version that the run calculated with.")
    reps: int = column("reps", "How many reps it concerns.")
    difference: Money = money("{difference}", "{currency}", "What the run books in these windows, facts that changed since among it.")


@node(run, "run")
class Run(Node):
    """A calculation of one pay period: everything earned so far, compared with what is booked."""

    period: Period = one(run.c.period_id, "The pay period that it is for.")
    state: RunState = column(run.c.state, "Where it is in its life.")
    position: Position = column(run.c.position, "The position whose facts it has seen.")
    started_by: str = column(run.c.started_by, "Who started it.")
    approved_by: str | None = column(run.c.approved_by, "Who approved it. Null: nobody, or what they approved was changed since.")
    shards: int = column(run.c.shards, "How many parts it is calculated in.")
    shards_done: int = column(run.c.shards_done, "How many of them are done.")
    excluded: list[LazyRepCard] = many(
        None, "The reps who were left out.", where="{id} = any(select unnest(run.excluded) from run where run.id = {parent.id})"
    )
    changes: Connection[Change] = page(
        None,
        "What posting it books. Nothing: the ledger is right as it is.",
        where="{run_id} = {parent.id}",
        order=CHANGE_ORDER,
        inherited=True,
    )
    problems: list[RunProblem] = many(
        None, "Why reps could not be calculated. It can't be posted until there are none.", where="{run_id} = {parent.id}", inherited=True
    )
    plugin_changes: list[PluginChange] = many(
        None,
        "Changes behind which there is a new version of a package, in sum. A run that has any is posted only when it is approved.",
        order="{incentive_type}, {version_before}, {currency}",
        inherited=True,
    )
    total: Money | None = money(TOTAL, CURRENCY, "The sum of its changes. Null: they are in several currencies.")
    posting: Posting | None = one(None, "The posting that booked it.", where="{run_id} = {parent.id}")


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
    at: datetime = value("(select tick.at from tick where tick.position = {position})", "When it was entered.")
    actor: str = value("(select tick.actor from tick where tick.position = {position})", "Who entered it.")
    state: AdjustmentState = value(
        "case when not {pending} then 'BOOKED' else coalesce((select case when decision.approved then 'BOOKED' else 'DECLINED' end"
        " from adjustment_decision as decision where decision.adjustment_id = {id}), 'PENDING') end",
        "Whether it counts.",
    )
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
    at: datetime = value("(select tick.at from tick where tick.position = {position})", "When it was decided.")
    actor: str = value("(select tick.actor from tick where tick.position = {position})", "Who decided it.")


@narrowing("Which adjustments are wanted.")
class AdjustmentWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    pending: bool | None = matches(
        "({pending} and not exists (select from adjustment_decision as decision where decision.adjustment_id = {id})) = {value}",
        "True: those that wait for somebody's approval. False: all others.",
    )


@narrowing("Which earnings are wanted.")
class EarningWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    period: PeriodRef | None = matches(
        f"{{period_id}} in {months_of('{value}')}",
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
