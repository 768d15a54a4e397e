"""Goals: what is expected of a rep besides sales."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, node, one
from spm_graph.store.tables import goal

from .pages import Node
from .periods import Period

if TYPE_CHECKING:
    from .reps import Rep

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]

BY_DATE = Order((("(select lower(effective) from period where period.id = {period_id})", "date"), ("{id}", "bigint")))
INSIDE = """(not {?period} or {period_id} in (
    select inside.id from period as whole, period as inside where whole.id = {$period} and inside.effective <@ whole.effective
))"""


@node(goal, "goal")
class Goal(Node):
    """Something besides sales that a rep is to do in a period (management by objectives)."""

    rep: LazyRep = one(goal.c.rep_id, "Whose goal it is.", inherited=True)
    period: Period = one(goal.c.period_id, "When it is to be reached.")
    name: str = column(goal.c.name, "What it is called.")
    description: str | None = column(goal.c.description, "What is to be done, and how it will be judged.")
    weight: Decimal = column(goal.c.weight, "How much it counts beside the rep's other goals.")
    achieved: Decimal | None = column(goal.c.achieved, "How much of it was reached: 1 is all of it. Null: not judged yet.")
