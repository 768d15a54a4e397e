"""How people are paid: plans, their versions, components, and who is on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry

from spm_graph.domain.terms import Carry, PlanState, Proration, QuotaBasis, Rounding, WindowKind
from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, dates, embedded, inline, many, money, node, one, record, value
from spm_graph.reading.filters import matches, narrowing, with_words
from spm_graph.store import tables
from spm_graph.store.tables import component_version, plan, plan_assignment, plan_title, plan_version, target_variable

from ..scalars import JSON
from .acceptance import ACCEPTANCE_ORDERS, BY_MEMBER, AcceptanceSummary, AcceptanceWhere, FeedbackSummary, PlanAcceptance
from .directory import RepCard, of_rep_named
from .orders import NAMES, RECORDED, Keys, begun, falling, named, orders
from .pages import AS_OF, DAY, Connection, DateRange, Money, Node, Ref, page

OF_PLAN: Keys = (("{rep_id}", "bigint"), ("lower({effective})", "date"))


@narrowing("Which assignments to a plan are wanted.")
class PlanAssignmentWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    search: str | None = of_rep_named()
    as_of: date | None = matches("{effective} @> {value}", "Those in force on this day.")


PLAN_ASSIGNMENT_ORDERS = orders(
    "PlanAssignmentOrder",
    "How who is on a plan can be ordered.",
    **named("{rep_id}", OF_PLAN),
    **begun("lower({effective})", "By the first day", OF_PLAN),
)


@node(component_version, "component", key="component_id", order="{plan_version_id} desc")
class Component(Node):
    """One way in which a plan pays: an incentive type with its settings. Its id stays the same over the plan's versions."""

    ordinal: int = column(component_version.c.ordinal, "Its place among the plan's components, which are calculated in this order.")
    name: str = column(component_version.c.name, "Its name within the plan.")
    incentive_type: str = column(component_version.c.incentive_type, "The name of its incentive type.")
    measure: str = value("(select name from measure where measure.id = {measure_id})", "The name of the measure that it pays for.")
    window: WindowKind = column(component_version.c.window_kind, "The dates that it measures.")
    quota_basis: QuotaBasis = column(component_version.c.quota_basis, "Which quota attainment is measured against.")
    carry: Carry = column(component_version.c.carry, "What becomes of a window in which a new version or another assignment takes effect.")
    rounding: Rounding = column(component_version.c.rounding, "How each line is rounded to its currency's minor unit, once.")


def with_configs(union: Any) -> None:
    """Give components the field `config`, a union with a member for each incentive type of this deployment."""
    said = "Its settings."
    shown = embedded(
        component_version.c.config, said, kind="{incentive_type}", otherwise={"name": "{incentive_type}", "settings": "{config}"}
    )
    definition = Component.__strawberry_definition__  # type: ignore[attr-defined]
    definition.fields[:] = [each for each in definition.fields if each.python_name != "config"]
    shown.python_name = shown.name = "config"
    shown.type_annotation = strawberry.annotation.StrawberryAnnotation(union)
    definition.fields.append(shown)


@node(plan_version, "version")
class PlanVersion(Node):
    """A plan as it is over some dates. Published, it never changes."""

    version: int = column(plan_version.c.version, "Its number within the plan: 1, 2, 3.")
    state: PlanState = column(plan_version.c.state, "Where it is in its life.")
    effective: DateRange = dates(plan_version.c.effective, "The dates for which it pays.")
    document: str | None = column(plan_version.c.document, "The plan in words, for those who are on it.")
    document_hash: str | None = value(
        "encode(sha256(convert_to({document}, 'UTF8')), 'hex')",
        "The SHA-256 of the text in UTF-8, to accept it by. Null: there is no text.",
    )
    acceptance: AcceptanceSummary = inline({"version_id": "{id}"}, "How many are asked to accept its text, and have.")
    acceptances: Connection[PlanAcceptance] = page(
        None,
        "Who is asked to accept its text, and has or has not.",
        order=BY_MEMBER,
        filters=AcceptanceWhere,
        orders=ACCEPTANCE_ORDERS,
    )
    feedback: FeedbackSummary = inline({"version_id": "{id}"}, "What the reps who are on it think of it.")
    plan: Plan = one(plan_version.c.plan_id, "The plan.", inherited=True)
    components: list[Component] = many(
        component_version.c.plan_version_id,
        "The ways in which it pays, in the order of their calculation.",
        order="{ordinal}",
        inherited=True,
    )


@node(plan, "plan")
class Plan(Node):
    """A compensation plan: what the reps who are assigned to it are paid for, and how."""

    name: str = column(plan.c.name, "Its name.")
    versions: list[PlanVersion] = many(
        plan_version.c.plan_id, "Its versions, the first one first. Drafts are for those who write plans.", order="{version}"
    )
    current: PlanVersion | None = one(
        None,
        "The version that is in force on a day.",
        where=f"{{plan_id}} = {{parent.id}} and {{state}} <> 'DRAFT' and {{effective}} @> {DAY}",
        order="{version} desc",
        arguments=AS_OF,
        inherited=True,
    )
    assignments: Connection[PlanAssignment] = page(
        None,
        "Who is on it, by name or by title, and when.",
        where="{plan_id} = {parent.id}",
        order=Order(OF_PLAN),
        filters=PlanAssignmentWhere,
        orders=PLAN_ASSIGNMENT_ORDERS,
    )
    titles: list[PlanTitle] = many(
        plan_title.c.plan_id, "The titles whose holders are on it, and when.", order="{title}, lower({effective})", inherited=True
    )


@record("plan_membership", plan_assignment)
class PlanAssignment:
    """A rep is on a plan over some dates, by name or by a title that they hold."""

    plan: Plan = one(None, "The plan.", where="{id} = {parent.plan_id}", inherited=True)
    rep: RepCard = one(None, "Who is on it.", where="{id} = {parent.rep_id}")
    effective: DateRange = dates("{effective}", "The dates.")


@record(plan_title.name, plan_title)
class PlanTitle:
    """Everybody who holds a title is on a plan over some dates."""

    title: str = column(plan_title.c.title, "The title.")
    effective: DateRange = dates(plan_title.c.effective, "The dates.")


@record(target_variable.name, target_variable)
class TargetVariable:
    """What a rep is paid in a year for being exactly on quota: the variable part of on-target earnings."""

    annual: Money = money(
        target_variable.c.annual,
        "paid_in({rep_id}, coalesce({promised_on}, lower({effective})))",
        "For a whole year; its months have even parts.",
    )
    effective: DateRange = dates(target_variable.c.effective, "The dates.")
    proration: Proration = column(target_variable.c.proration, "What of it is lost for days of these on which the rep is not employed.")


@strawberry.type(description="An incentive type that is installed here.")
class IncentiveTypeInfo:
    """A way of paying that a package brings."""

    name: str = strawberry.field(description="Its name, which components refer to.")
    description: str = strawberry.field(description="What it pays for.")
    package: str = strawberry.field(description="The package that brings it.")
    version: str = strawberry.field(description="The package's version.")
    settings: JSON = strawberry.field(description="Its settings as JSON Schema, to make a form of.")


@narrowing("Which plans are wanted.")
class PlanWhere:
    """A filter: each field narrows it further."""

    search: str | None = with_words()
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")
    rep: Ref | None = matches(
        "exists (select from plan_membership as plan_assignment where plan_assignment.plan_id = {id}"
        " and plan_assignment.rep_id = {value} and plan_assignment.effective @> {today} and {seen.plan_assignment})",
        "Those that this rep is on today, by name or by title, if the asker may see that.",
        tables.rep,
    )
    state: PlanState | None = matches(
        "exists (select from plan_version where plan_version.plan_id = {id} and plan_version.state = {value} and {seen.plan_version})",
        "Those with a version in this state. Drafts are for those who write plans.",
    )
    in_force: date | None = matches(
        "exists (select from plan_version as version where version.plan_id = {id} and version.state <> 'DRAFT'"
        " and version.effective @> {value})",
        "Those with a version that is in force on this day.",
    )


PLAN_ORDERS = orders(
    "PlanOrder",
    "How plans can be ordered.",
    **NAMES,
    **RECORDED,
    LATEST=(
        "By the first day of the version that was published for the latest dates, the latest first; those without one come last.",
        falling(
            "(select coalesce(max(lower(version.effective)), date '1900-01-01') from plan_version as version"
            " where version.plan_id = {id} and version.state <> 'DRAFT')",
            "date",
        ),
    ),
)
