"""Goals: what is expected of a rep besides sales."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.reading.fields import column, node, one
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store.tables import goal

from .orders import begun, falling, orders
from .pages import Node
from .periods import Period

if TYPE_CHECKING:
    from .reps import Rep

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]

IN_PERIODS = begun("(select lower(effective) from period where period.id = {period_id})", "By the first day of their period")
BY_DATE = IN_PERIODS["EARLIEST"][1]
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


@narrowing("Which goals are wanted.")
class GoalWhere:
    """A filter: each field narrows it further."""

    judged: bool | None = matches("({achieved} is not null) = {value}", "True: those that were judged. False: those that are still to be.")
    achieved_below: Decimal | None = matches("{achieved} < {value}", "Those of which less was reached: 1 is all of it.")
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")


GOAL_ORDERS = orders(
    "GoalOrder",
    "How goals can be ordered.",
    **IN_PERIODS,
    HEAVIEST=("By weight, the heaviest first.", falling("{weight}", "numeric")),
)
