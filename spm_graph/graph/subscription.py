"""Everything that can be followed."""

from __future__ import annotations

import strawberry

from spm_graph.reading.declarations import Arg, Narrowed
from spm_graph.reading.fields import followed

from .nouns.events import AttainmentChange, EarningsPosted, EstimateChange, OpportunityMoved, RunProgress
from .scalars import Cursor

AFTER = {"after": Arg(Cursor | None, "The cursor of the last event handled: all behind it are told. From now on, unless given.", None)}
REPS = {"reps": Arg(list[strawberry.ID] | None, "Only those about these reps.", None)}
MEASURE = {"measure": Arg(str | None, "Only those of the measure with this name.", None)}
OF_REPS = {"reps": Narrowed("{rep_id}", "rep")}
OF_MEASURE = {"measure": Narrowed("({payload} ->> 'measure')")}
OF_RUN = {"run": Narrowed("substr({payload} ->> 'run', 5)::bigint", "run")}


@strawberry.type(description="Everything that can be followed, in order. Resume with the last cursor handled, and nothing is missed.")
class Subscription:
    """The root of all subscriptions."""

    attainment_changed: AttainmentChange = followed(
        "Attainment of the reps that the asker may see, as it changes.", OF_REPS | OF_MEASURE, **AFTER, **REPS, **MEASURE
    )
    earnings_posted: EarningsPosted = followed("Earnings of the reps that the asker may see, as they are booked.", OF_REPS, **AFTER, **REPS)
    estimate_changed: EstimateChange = followed(
        "What the reps that the asker may see would be paid if an open pay period ended now, as it changes. Nothing of it is paid"
        " before a run is posted.",
        OF_REPS,
        **AFTER,
        **REPS,
    )
    opportunity_moved: OpportunityMoved = followed(
        "Opportunities of the reps that the asker may see, as they come up, move or are decided.", OF_REPS, **AFTER, **REPS
    )
    run_progressed: RunProgress = followed(
        "A run as it goes on, for those who may see runs.", OF_RUN, run=Arg(strawberry.ID, "The run's id."), **AFTER
    )
