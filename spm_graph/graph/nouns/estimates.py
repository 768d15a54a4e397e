"""Live estimates: what reps would be paid if an open pay period ended now."""

from __future__ import annotations

import strawberry

from spm_graph.reading.fields import column, embedded, many, money, one, record, value
from spm_graph.store.tables import estimate, estimate_part

from ..scalars import Position
from .directory import RepCard
from .earnings import COMPONENT_THEN, Step
from .pages import DateRange, Money
from .periods import Period
from .plans import Component

PARTS = """(
    select part.*, whole.currency, period.effective as span
    from estimate_part as part
    join estimate as whole on whole.rep_id = part.rep_id and whole.period_id = part.period_id
    join period on period.id = part.period_id
)"""

UP_TO_DATE = """not exists (
    select from touch join period on period.id = {period_id}
    where touch.rep_id = {rep_id} and touch.position > {position}
      and (lower(touch.span) < upper(period.effective)
           or exists (select from evaluation as posted where posted.rep_id = {rep_id} and lower(posted.span) < upper(period.effective)
                      and posted.through > lower(touch.span)))
) and not exists (select from estimate_due as due where due.rep_id = {rep_id} and due.period_id = {period_id})"""

OF_OPEN_MONTH = (
    "{rep_id} = {parent.id} and {period_id} = {$period}"
    " and exists (select from period where period.id = {$period} and period.state = 'OPEN')"
)


@strawberry.type(description="One line that would be booked.")
class EstimateLine:
    """Its fields are the stored ones."""

    window: DateRange = strawberry.field(description="The whole span of the window that was measured.")
    key: str = strawberry.field(description="Its name within the component and the window.")
    amount: Money = strawberry.field(description="What would be booked in the pay period under this name.")
    steps: list[Step] = strawberry.field(description="The calculation: the amount is the sum of the steps.")


@record(PARTS, estimate_part)
class EstimatePart:
    """What one component would pay a rep for a pay period."""

    component: Component | None = one(
        None, "The component.", where="{component_id} = {parent.component_id}", order=COMPONENT_THEN, inherited=True
    )
    amount: Money = money("{amount}", "{currency}", "What would be booked in the pay period.")
    lines: list[EstimateLine] = embedded("{lines}", "How it comes about, line by line.")


@record(estimate.name, estimate)
class Estimate:
    """What a rep would be paid if an open pay period ended now. It is never paid: only posting a run books anything."""

    rep: RepCard = one(None, "Whose pay it is.", where="{id} = {parent.rep_id}")
    period: Period = one(estimate.c.period_id, "The pay period.")
    total: Money = money(estimate.c.amount, estimate.c.currency, "What would be booked in the pay period, with what is booked already.")
    by_component: list[EstimatePart] = many(
        None,
        "The same by component.",
        where="{rep_id} = {parent.rep_id} and {period_id} = {parent.period_id}",
        order="{component_id}",
        inherited=True,
    )
    position: Position = column(estimate.c.position, "The position of the facts that it was calculated from.")
    up_to_date: bool = value(UP_TO_DATE, "Whether nothing has happened since that changes it. False: another one is on its way.")
    problem: str | None = column(
        estimate.c.problem, "Why it could not be calculated from what happened since: it is the last one that could. Null: it could."
    )
