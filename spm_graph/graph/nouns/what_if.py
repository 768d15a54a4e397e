"""What-if: what a rep would earn with deals as somebody supposes them, and which open deal adds most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from spm_graph.actions.refs import PeriodRef
from spm_graph.calculation.best_deals import best_deals
from spm_graph.calculation.scenario import WhatIf as Scenario
from spm_graph.calculation.what_if import answer, what_if
from spm_graph.domain.problem import Refused
from spm_graph.incentive_types import IncentiveTypes, decode
from spm_graph.reading.declarations import Arg
from spm_graph.reading.fields import described, one, reckoned
from spm_graph.reading.reckoning import Reckon
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from ..inputs import input_type
from ..scalars import Position
from . import pages
from .earnings import Step
from .pages import DateRange, Money, Quantity
from .problems import Problem

if TYPE_CHECKING:
    from .opportunities import Opportunity

LazyOpportunity = Annotated["Opportunity", strawberry.lazy("spm_graph.graph.nouns.opportunities")]

MOST_FIRST = 200


@described
class WhatIfLine:
    """One line as it would be."""

    key: str = strawberry.field(description="Its name within the component and the window.")
    amount: Money = strawberry.field(description="What it would come to.")
    steps: list[Step] = strawberry.field(description="The calculation: the amount is the sum of the steps.")


@described
class WhatIfAttainment:
    """How far a rep is in a component's measure and window, and would be."""

    measure: str = strawberry.field(description="The name of the measure.")
    before: Quantity = strawberry.field(description="What is credited.")
    after: Quantity = strawberry.field(description="What would be credited.")
    difference: Quantity = strawberry.field(description="After less before.")
    quota: Quantity | None = strawberry.field(
        description="What is expected, of the dates that the component looks at. Null: nothing was set."
    )
    ratio_before: Decimal | None = strawberry.field(description="Credited divided by quota: 1 is on quota. Null without a quota.")
    ratio_after: Decimal | None = strawberry.field(description="The same as it would be.")


@described
class WhatIfComponent:
    """What one component pays for one window, and would pay."""

    component: strawberry.ID = strawberry.field(description="The component's id.")
    name: str | None = strawberry.field(description="What it is called. Null: it is not in force in the window any more.")
    window: DateRange = strawberry.field(description="The whole span of the window that is measured.")
    before: Money = strawberry.field(description="What the window comes to, all that is recorded counted, booked or not.")
    after: Money = strawberry.field(description="What it would come to.")
    difference: Money = strawberry.field(description="After less before.")
    lines: list[WhatIfLine] = strawberry.field(description="How `after` comes about, line by line.")
    attainment: WhatIfAttainment | None = strawberry.field(description="How far the rep is. Null: the component is not in force any more.")
    gap_to_quota: Quantity | None = strawberry.field(
        description="What is missing to the quota after the scenario, zero once it is reached. Null without a quota."
    )
    gap_to_next_tier: Quantity | None = strawberry.field(
        description="How much more must be credited, by one more deal today, until the component pays at another rate: the next tier, a"
        " threshold, a cap. Found by asking the incentive type itself, exact to the smallest unit, or, for a component that builds on what"
        " others paid, as far as their rounding lets it be seen. Null: the rate stays for four quotas, or ten times what is credited;"
        " or it depends on a contest with more than 10 others in it, which takes too long to be judged so often."
    )


@described
class WhatIf:
    """What a rep earns as things are, and would earn. Nothing of it is recorded or booked."""

    before: Money | None = strawberry.field(
        description="What the windows below come to as things are. Null: it can't be calculated, and the problems say why."
    )
    after: Money | None = strawberry.field(description="What they would come to.")
    difference: Money | None = strawberry.field(description="After less before: what the scenario adds to the rep's pay.")
    by_component: list[WhatIfComponent] = strawberry.field(
        description="Every component and window that the scenario's days are in, or whose pay would change; all current ones without deals."
        " Contests are judged anew, the others in them credited as they are, or as the same deals would credit them."
    )
    problems: list[Problem] = strawberry.field(description="What can't be supposed, or not be calculated. Then there are no amounts.")
    position: Position = strawberry.field(description="The position of the facts that it was calculated from.")


@described
class LeftOut:
    """A component that is taken to pay what is booked of it."""

    component: strawberry.ID = strawberry.field(description="The component's id.")
    name: str = strawberry.field(description="What it is called.")


@described
class DealValue:
    """What an open deal would add to a rep's pay, won alone."""

    opportunity: LazyOpportunity | None = one(None, "The deal.", where="{id} = {parent.opportunityId}::bigint")
    closed_on: date = strawberry.field(description="The day on which it is taken to be won.")
    probability: Decimal = strawberry.field(description="How likely it is to be won.")
    adds: Money | None = strawberry.field(
        description="What it would add to the rep's pay, in all windows that it changes. Null: it can't be calculated."
    )
    adds_weighted: Money | None = strawberry.field(description="The same times the probability.")
    problem: str | None = strawberry.field(description="Why it can't be calculated. Null: it can.")
    left_out: list[LeftOut] = strawberry.field(
        description="Contests that `adds` leaves out, and takes to pay what is booked: those with more than 10 others in them, and those"
        " that look at what these earn besides, take too long to be judged for each deal. Ask `whatIf` of one deal: there they count."
    )


WHAT_IF: Any = reckoned(
    "whatIf",
    "What they earn and would earn, with deals as supposed: won, lost, at another amount, or made up. It is calculated as it would be"
    " if the deals were recorded, and nothing is. For one rep of a document.",
    scenario=Arg(input_type(Scenario), "What is supposed."),
)

BEST_DEALS: Any = reckoned(
    "bestDeals",
    "The open deals expected in a period or before, by what each would add to their pay if it were won alone, most first. Looked at are the"
    " 200 that are worth most by probability, of those that the asker may see; those that would not be credited to them are left out."
    " For one rep of a document.",
    period=Arg(pages.PeriodRef, "The period."),
    first=Arg(int, f"How many deals: {MOST_FIRST} at most.", 20),
)


def reckoning(incentive_types: IncentiveTypes) -> Mapping[str, Reckon]:
    """What Python says of a rep, by the names above."""

    async def supposed(database: Database, actor: Actor, rep_id: int, arguments: Mapping[str, Any], selected: frozenset[str]) -> Any:
        try:
            scenario: Scenario = decode(Scenario, arguments["scenario"])
        except Refused as refused:
            return answer(await database.pool.fetchval("select position from clock"), {}, refused.problems)
        return await what_if(database, incentive_types, actor, rep_id, scenario, tiers="gapToNextTier" in selected)

    async def ranked(database: Database, actor: Actor, rep_id: int, arguments: Mapping[str, Any], selected: frozenset[str]) -> Any:
        period: PeriodRef = decode(PeriodRef, arguments["period"])
        return await best_deals(database, incentive_types, actor, rep_id, period, max(0, min(arguments["first"], MOST_FIRST)))

    return {"whatIf": supposed, "bestDeals": ranked}
