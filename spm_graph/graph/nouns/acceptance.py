"""What reps say to their plans: whether they accept the text, and what they think of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, described, one, ratio, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store.tables import plan_acceptance, plan_feedback, rep

from ..scalars import Position
from .directory import RepCard, of_rep_named
from .orders import Keys, falling, named, orders, rising
from .pages import Connection, Ref, page, ticked

ASKED = """(
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = {parent.id} and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = {parent.id} and accepted.rep_id = member.rep_id
)"""
"""Everybody who is on a plan while a version of it is in force, with what they accepted of it."""

OF_MEMBER: Keys = (("{rep_id}", "bigint"),)
BY_MEMBER = Order(OF_MEMBER)
WHEN = "coalesce({position}, 0)"


@narrowing("Which acceptances are wanted.")
class AcceptanceWhere:
    """A filter: each field narrows it further."""

    accepted: bool | None = matches("({position} is not null) = {value}", "True: of those who have accepted. False: of those who have not.")
    rep: Ref | None = matches("{rep_id} = {value}", "That of this rep.", rep)
    search: str | None = of_rep_named()


ACCEPTANCE_ORDERS = orders(
    "PlanAcceptanceOrder",
    "How acceptances can be ordered.",
    **named("{rep_id}", OF_MEMBER),
    NEWEST=("By when they were given, the latest first; those that are missing come last.", falling(WHEN, "bigint", OF_MEMBER)),
    OLDEST=("NEWEST, the other way round.", rising(WHEN, "bigint", OF_MEMBER)),
)


@record(ASKED, plan_acceptance)
class PlanAcceptance:
    """Whether somebody who is on a plan has accepted the text of one version of it, and when."""

    rep: RepCard = one(None, "Who is asked to accept it.", where="{id} = {parent.rep_id}")
    accepted: bool = value("({position} is not null)", "Whether they have accepted it.")
    at: datetime | None = value(ticked("at"), "When they did. Null: not yet.")
    document_hash: str | None = column("document_hash", "The SHA-256 of the text that they accepted. Null: none yet.")
    position: Position | None = column("position", "The position at which they did. Null: not yet.")


SEEN_MEMBERS = """(
    select count({counted}) from (
        select rep.id, (select accepted.id from plan_acceptance as accepted
                        where accepted.plan_version_id = {version_id} and accepted.rep_id = rep.id) as acceptance_id
        from rep
        where {seen.rep} and exists (
            select from plan_version as version
            join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
            where version.id = {version_id} and version.state <> 'DRAFT' and membership.rep_id = rep.id)
    ) as member
)"""


@described
class AcceptanceSummary:
    """How far a plan version is accepted, among those whom the asker may see."""

    asked: int = value(SEEN_MEMBERS.replace("{counted}", "*"), "How many are on the plan while the version is in force.")
    accepted: int = value(SEEN_MEMBERS.replace("{counted}", "member.acceptance_id"), "How many of them have accepted its text.")


@record(plan_feedback.name, plan_feedback)
class Feedback:
    """What one rep thinks of a plan version."""

    rep: RepCard = one(plan_feedback.c.rep_id, "Who said it.")
    score: int = column(plan_feedback.c.score, "How likely they are to recommend the plan, from 0 to 10.")
    comment: str | None = column(plan_feedback.c.comment, "Why. Null: they did not say.")
    at: datetime = value(ticked("at"), "When they said it last.")


@narrowing("Which comments on a plan version are wanted.")
class FeedbackWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "That of this rep.", rep)
    score_from: int | None = matches("{score} >= {value}", "Those with at least this score: promoters give 9 or 10.")
    score_below: int | None = matches("{score} < {value}", "Those with less than this score: detractors give less than 7.")
    has_comment: bool | None = matches("({comment} is not null) = {value}", "True: those that say why. False: those that don't.")


FEEDBACK_ORDERS = orders(
    "FeedbackOrder",
    "How comments on a plan version can be ordered.",
    **named("{rep_id}", OF_MEMBER),
    NEWEST=("By when they were said, the latest first.", falling("{position}", "bigint", OF_MEMBER)),
    HIGHEST=("By score, the highest first.", falling("{score}", "bigint", OF_MEMBER)),
    LOWEST=("HIGHEST, the other way round.", rising("{score}", "bigint", OF_MEMBER)),
)


def _scored(sql: str) -> str:
    return f"(select {sql} from plan_feedback as said where said.plan_version_id = {{version_id}})"


PROMOTERS = "count(*) filter (where said.score >= 9)"
PASSIVES = "count(*) filter (where said.score between 7 and 8)"
DETRACTORS = "count(*) filter (where said.score <= 6)"


@described
class FeedbackSummary:
    """What the reps think of a plan version, in sum. The net promoter score is Reichheld's (Harvard Business Review, 2003)."""

    count: int = value(_scored("count(*)"), "How many have said something.")
    promoters: int = value(_scored(PROMOTERS), "How many gave 9 or 10.")
    passives: int = value(_scored(PASSIVES), "How many gave 7 or 8.")
    detractors: int = value(_scored(DETRACTORS), "How many gave 6 or less.")
    net_promoter_score: Decimal | None = ratio(
        _scored(f"100.0 * ({PROMOTERS} - {DETRACTORS}) / nullif(count(*), 0)"),
        "The percentage of promoters less that of detractors: from -100 to 100. Null: nobody has said anything.",
    )
    average: Decimal | None = ratio(_scored("avg(said.score)"), "The average score. Null: nobody has said anything.")
    mine: Feedback | None = one(
        None,
        "What the asker said. Null: nothing yet.",
        where="{plan_version_id} = {parent.version_id} and {rep_id} = {actor.rep_id}",
        inherited=True,
    )
    comments: Connection[Feedback] = page(
        None,
        "What each of them said: only those who write plans see it.",
        where="{plan_version_id} = {parent.version_id}",
        order=BY_MEMBER,
        filters=FeedbackWhere,
        orders=FEEDBACK_ORDERS,
    )
