"""Runs: what a calculation changes, what it could not calculate, and what posting it books."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import RunState
from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, dates, embedded, many, money, node, one, record
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import run, run_problem

from ..scalars import Position
from .directory import RepCard, of_rep_named
from .earnings import COMPONENT_THEN, Posting, Step
from .orders import RECORDED, Keys, falling, named, orders, sized
from .pages import Connection, DateRange, Money, Node, PeriodRef, Ref, page
from .periods import Period
from .plans import Component


@record(run_problem.name, run_problem)
class RunProblem:
    """Why a rep could not be calculated."""

    code: ProblemCode = column(run_problem.c.code, "What is wrong.")
    message: str = column(run_problem.c.message, "The same for a person, with the names of plugin and component.")
    rep: RepCard = one(None, "Whom it is about.", where="{id} = {parent.rep_id}")
    component: Component | None = one(
        None, "The component that failed.", where="{component_id} = {parent.component_id}", order=COMPONENT_THEN, inherited=True
    )
    window: DateRange = dates("{span}", "The window that was measured.")


OF_RUN: Keys = (
    ("{rep_id}", "bigint"),
    ("{component_id}", "bigint"),
    ("lower({span})", "date"),
    ("upper({span})", "date"),
    ("{key}", "text"),
    ("{currency}", "text"),
)


@narrowing("Which changes of a run are wanted.")
class ChangeWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep's pay.", tables.rep)
    search: str | None = of_rep_named()
    component: strawberry.ID | None = matches("{component_id} = {value}", "Those of what this component pays.", tables.component)
    is_new: bool | None = matches("{is_new} = {value}", "True: lines that were not booked before. False: corrections of those that were.")
    currency: str | None = matches("{currency} = {value}", "Those in this currency.")
    difference_from: Decimal | None = matches("{difference} >= {value}", "Those that book at least this much.")
    difference_below: Decimal | None = matches("{difference} < {value}", "Those that book less than this: below 0 are those taken back.")


CHANGE_ORDERS = orders(
    "ChangeOrder",
    "How the changes of a run can be ordered.",
    REP=("Rep by rep, those who were recorded first at the top, and by component and window.", Order(OF_RUN)),
    **named("{rep_id}", OF_RUN),
    **sized("{difference}", "By the difference that is booked, whatever its currency", OF_RUN),
)


@record("run_change", tables.run_line)
class Change:
    """What posting a run would book, or has booked: a line's amount now, against what was booked before."""

    rep: RepCard = one(None, "Whose pay changes.", where="{id} = {parent.rep_id}")
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
    excluded: list[RepCard] = many(
        None, "The reps who were left out.", where="{id} = any(select unnest(run.excluded) from run where run.id = {parent.id})"
    )
    changes: Connection[Change] = page(
        None,
        "What posting it books. Nothing: the ledger is right as it is.",
        where="{run_id} = {parent.id}",
        order=Order(OF_RUN),
        filters=ChangeWhere,
        orders=CHANGE_ORDERS,
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


@narrowing("Which runs are wanted.")
class RunWhere:
    """A filter: each field narrows it further."""

    period: PeriodRef | None = matches("{period_id} = {value}", "Those for this pay period.", tables.period)
    state: list[RunState] | None = matches("{state} = any({value})", "Those in one of these states.")
    started_by: str | None = matches("{started_by} = {value}", "Those that this one started, as the audit names them.")
    has_problems: bool | None = matches(
        "exists (select from run_problem as found where found.run_id = {id}) = {value}",
        "True: those that could not calculate somebody. False: all others.",
    )


RUN_ORDERS = orders(
    "RunOrder",
    "How runs can be ordered.",
    **RECORDED,
    PERIOD=(
        "By their pay period, the latest first, and in it the one that was started last.",
        falling("(select lower(effective) from period where period.id = {period_id})", "date"),
    ),
)
