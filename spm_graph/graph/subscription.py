"""Everything that can be followed."""

from __future__ import annotations

import strawberry

from spm_graph.reading.fields import Arg, followed

from .record import AttainmentChange, EarningsPosted, OpportunityMoved, RunProgress
from .scalars import Cursor

AFTER = {"after": Arg(Cursor | None, "The cursor of the last event handled: all behind it are told. From now on, unless given.", None)}
REPS = {"reps": Arg(list[strawberry.ID] | None, "Only those about these reps.", None)}
MEASURE = {"measure": Arg(str | None, "Only those of the measure with this name.", None)}
OF_REPS = "(not {?reps} or {rep_id} = any({$reps}))"
OF_MEASURE = "(not {?measure} or {payload} ->> 'measure' = {$measure})"
OF_RUN = "{payload} ->> 'run' = 'run_' || {$run}"


@strawberry.type(description="Everything that can be followed, in order. Resume with the last cursor handled, and nothing is missed.")
class Subscription:
    """The root of all subscriptions."""

    attainment_changed: AttainmentChange = followed(
        f"{OF_REPS} and {OF_MEASURE}", "Attainment of the reps that the asker may see, as it changes.", "rep", **AFTER, **REPS, **MEASURE
    )
    earnings_posted: EarningsPosted = followed(
        OF_REPS, "Earnings of the reps that the asker may see, as they are booked.", "rep", **AFTER, **REPS
    )
    opportunity_moved: OpportunityMoved = followed(
        OF_REPS, "Opportunities of the reps that the asker may see, as they come up, move or are decided.", "rep", **AFTER, **REPS
    )
    run_progressed: RunProgress = followed(
        OF_RUN, "A run as it goes on, for those who may see runs.", "run", run=Arg(strawberry.ID, "The run's id.")
    )
