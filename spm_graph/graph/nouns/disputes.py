"""Disputes: what reps doubt of their pay, and what they are answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import DisputeState
from spm_graph.reading.fields import column, node, one, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import dispute

from .directory import of_rep_named
from .earnings import Earning
from .opportunities import Opportunity
from .orders import RECORDED, orders
from .pages import Node, Ref, since, ticked, until

if TYPE_CHECKING:
    from .reps import Rep

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]


@narrowing("Which disputes are wanted.")
class DisputeWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    search: str | None = of_rep_named()
    state: DisputeState | None = matches("{state} = {value}", "Those in this state.")
    opportunity: Ref | None = matches("{opportunity_id} = {value}", "Those about this deal.", tables.opportunity)
    earning: strawberry.ID | None = matches("{earning_id} = {value}", "Those about this earning.", tables.earning)
    opened_from: datetime | None = matches(since("{opened_position}"), "Those opened at this moment or later.")
    opened_before: datetime | None = matches(until("{opened_position}"), "Those opened before this moment.")


DISPUTE_ORDERS = orders("DisputeOrder", "How disputes can be ordered.", **RECORDED)


@node(dispute, "dispute")
class Dispute(Node):
    """A rep's doubt about an earning, or about what a deal paid, and the answer to it."""

    rep: LazyRep = one(dispute.c.rep_id, "Who doubts it.", inherited=True)
    earning: Earning | None = one(dispute.c.earning_id, "The earning that is doubted. Null: it is about a deal.", inherited=True)
    opportunity: Opportunity | None = one(
        dispute.c.opportunity_id, "The deal. Null: it is about an earning, or the asker may not see the deal."
    )
    says: str = column(dispute.c.says, "What is wrong, in the rep's words.")
    state: DisputeState = column(dispute.c.state, "Whether it was answered, and how.")
    answer: str | None = column(dispute.c.answer, "What is done about it, or why nothing is. Null: nobody has answered yet.")
    opened_at: datetime = value(ticked("at", "{opened_position}"), "When it was opened.")
    resolved_at: datetime | None = value(ticked("at", "{resolved_position}"), "When it was answered. Null: not yet.")
    resolved_by: str | None = value(ticked("actor", "{resolved_position}"), "Who answered it. Null: nobody yet.")
