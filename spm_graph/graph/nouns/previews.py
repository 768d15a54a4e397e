"""What a draft of a plan would have cost: a preview, told once and kept nowhere."""

from __future__ import annotations

import strawberry

from spm_graph.reading.fields import described

from .events import EventRep
from .pages import Money


@described
class PreviewedComponent:
    """What one component would have paid a rep."""

    component: str = strawberry.field(description="Its name in the draft, or, where the draft leaves it out, in the plan as it is.")
    before: Money = strawberry.field(description="What it comes to under the plan as it is.")
    after: Money = strawberry.field(description="What it would come to under the draft.")
    difference: Money = strawberry.field(description="After less before.")


@described
class PreviewedRep:
    """What a plan would have paid a rep, in one currency."""

    rep: EventRep = strawberry.field(description="Who is paid by the plan.")
    before: Money = strawberry.field(description="What they earn under the plan as it is.")
    after: Money = strawberry.field(description="What they would earn under the draft.")
    difference: Money = strawberry.field(description="After less before.")
    components: list[PreviewedComponent] = strawberry.field(description="The same by component, those of the draft first.")


@described
class PreviewedTotal:
    """What a plan would have cost, in one currency."""

    before: Money = strawberry.field(description="What it costs as it is.")
    after: Money = strawberry.field(description="What it would cost under the draft.")
    difference: Money = strawberry.field(description="After less before.")


@described
class Preview:
    """What a draft would have paid over some months, beside what the plan as it is comes to, from today's facts.

    Windows that began before the first month, as the quarter to date, count from their beginning.
    """

    reps: list[PreviewedRep] = strawberry.field(description="Everybody whom the plan or the draft pays in these months, by name.")
    totals: list[PreviewedTotal] = strawberry.field(description="The sums, one for each currency.")
