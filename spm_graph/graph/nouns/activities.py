"""What reps do to sell, and how much of it is expected of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import ActivityKind
from spm_graph.reading import fields
from spm_graph.reading.fields import column, many, node, one, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import activity

from .directory import RepCard
from .orders import DATED, LATEST, orders
from .pages import Node, Ref, page
from .periods import Period

if TYPE_CHECKING:
    from .accounts import Account
    from .opportunities import Opportunity

LazyOpportunity = Annotated["Opportunity", strawberry.lazy("spm_graph.graph.nouns.opportunities")]
LazyAccount = Annotated["Account", strawberry.lazy("spm_graph.graph.nouns.accounts")]


@node(activity, "activity")
class Activity(Node):
    """Something that a rep did to sell."""

    external_id: str | None = column(activity.c.external_id, "Its key in the CRM.")
    kind: ActivityKind = column(activity.c.kind, "What it was.")
    dated: date = column(activity.c.dated, "The day on which it was done.")
    note: str | None = column(activity.c.note, "What there is to remember.")
    rep: RepCard = one(activity.c.rep_id, "Who did it.")
    opportunity: LazyOpportunity | None = one(activity.c.opportunity_id, "The deal that it was done for, if the asker may see it.")
    account: LazyAccount | None = one(activity.c.account_id, "The customer.")


@narrowing("Which activities are wanted.")
class ActivityWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    kind: list[ActivityKind] | None = matches("{kind} = any({value})", "Those of one of these kinds.")
    opportunity: Ref | None = matches("{opportunity_id} = {value}", "Those for this deal.", tables.opportunity)
    account: Ref | None = matches("{account_id} = {value}", "Those for this customer.", tables.account)
    dated_from: date | None = matches("{dated} >= {value}", "Those of this day or later.")
    dated_before: date | None = matches("{dated} < {value}", "Those of before this day.")


activity_page = partial(
    page,
    order=LATEST,
    filters=ActivityWhere,
    orders=orders("ActivityOrder", "How activities can be ordered.", **DATED),
)
"""A page of activities, the latest first."""


def kinds(rep: str, effective: str) -> str:
    """By kind, what a rep did in the dates of a period and what is expected in its months; kinds with neither are left out."""
    return f"""(
        select kind, coalesce(had.number, 0) as done, due.target
        from (select done.kind, count(*) as number from activity as done
              where done.rep_id = {rep} and done.dated >= lower({effective}) and done.dated < upper({effective})
              group by done.kind) as had
        full join (select target.kind, sum(target.monthly) as target
                   from activity_target as target
                   join period as month on month.kind = 'MONTH' and target.effective @> lower(month.effective)
                   where target.rep_id = {rep}
                   and lower(month.effective) >= lower({effective}) and lower(month.effective) < upper({effective})
                   group by target.kind) as due using (kind)
    )"""


ASKED = """(
    select rep.id as rep_id, period.id as period_id, period.effective from rep, period where rep.id = {parent.id} and period.id = {$period}
)"""
ALL_KINDS = kinds("{rep_id}", "{effective}")


@record(kinds("{parent.rep_id}", "{parent.effective}"), None)
class ActivityTotal:
    """What a rep did of one kind in a period."""

    kind: ActivityKind = column("kind", "The kind.")
    count: int = column("done", "How many there were.")
    target: int | None = column("target", "How many are expected: the targets of the period's months. Null: nothing is.")
    ratio: Decimal | None = fields.ratio("{done} / {target}::numeric", "Count divided by target: 1 is on target. Null without a target.")


@record(ASKED, None)
class ActivitySummary:
    """What a rep did in a period, and what was expected."""

    period: Period = one(None, "The period.", where="{id} = {parent.period_id}")
    count: int = value(f"(select coalesce(sum(part.done), 0)::bigint from {ALL_KINDS} as part)", "How many activities there were.")
    target: int | None = value(
        f"(select sum(part.target)::bigint from {ALL_KINDS} as part)", "How many are expected, of all kinds. Null: nothing is."
    )
    by_kind: list[ActivityTotal] = many(None, "The same by kind: those that were done or are expected.", order="{kind}")
