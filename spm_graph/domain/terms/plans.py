"""The vocabularies of plans: how a component measures and rounds, how plans and runs live, and why something pays what it pays."""

from __future__ import annotations

from spm_graph.plugin import Window

from .term import Term

WindowKind = Window
"""What the schema and the store call the windows of the plugin API."""


class Carry(Term):
    """What becomes of a window in which a change takes effect: a new version of the plan, or another assignment."""

    CONTINUE = (
        "CONTINUE",
        "It goes on: what was credited and earned before the change counts, against the quota of the whole window.",
    )
    RESTART = (
        "RESTART",
        "It begins anew: what comes before the change and what comes after are measured apart, each against the quota of its own dates.",
    )


class Rounding(Term):
    """How a line is rounded to its currency's minor unit, once. Below zero all are mirrored."""

    HALF_UP = "HALF_UP", "To the nearest, and half a unit away from zero: 1.935 is 1.94, and 1.945 is 1.95."
    HALF_EVEN = "HALF_EVEN", "To the nearest, and half a unit to the even digit (bankers' rounding): 1.935 is 1.94, and so is 1.945."
    HALF_DOWN = "HALF_DOWN", "To the nearest, and half a unit towards zero: 1.935 is 1.93, and 1.936 is 1.94."
    UP = "UP", "Away from zero, whatever is left over: 1.931 is 1.94."
    DOWN = "DOWN", "Towards zero, whatever is left over: 1.939 is 1.93."


class PlanState(Term):
    """Where a plan version is in its life."""

    DRAFT = "DRAFT", "Being written: it can change and pays nobody."
    PUBLISHED = "PUBLISHED", "In force over its effective dates, and never changed again."
    SUPERSEDED = "SUPERSEDED", "Published once, and wholly replaced by a later version."


class RunState(Term):
    """Where a run is in its life."""

    CALCULATING = "CALCULATING", "Shards are being calculated."
    CALCULATED = "CALCULATED", "All lines are staged: look through the changes and the problems, then post."
    APPROVED = "APPROVED", "Somebody looked through it and let it be posted. Recalculating it, or leaving a rep out, withdraws that."
    POSTED = "POSTED", "Its changes are in the ledger."
    CANCELLED = "CANCELLED", "Given up without posting."


class Explains(Term):
    """Why a deal, or a component, pays a rep what it pays."""

    PAID = "PAID", "It pays: the amount says how much."
    NOT_WON = "NOT_WON", "The deal is open, or was lost."
    NOT_CREDITED = "NOT_CREDITED", "The rep has no credit on the deal, and never had."
    NOT_COUNTED = "NOT_COUNTED", "The rep takes part in the deal, and no measure counts that role, or what the deal came to."
    PRODUCT_NOT_COUNTED = "PRODUCT_NOT_COUNTED", "A measure that counts the rep's role leaves out the product that was sold."
    LEVEL_NOT_COUNTED = "LEVEL_NOT_COUNTED", "The rep is further above who sold the deal than a measure counts managers."
    SUPERSEDED = "SUPERSEDED", "The rep had a credit on the deal, which another took the place of."
    REFUNDED = "REFUNDED", "What was sold was given back."
    NO_PLAN = "NO_PLAN", "The rep is on no plan on that day."
    PLAN_IS_DRAFT = "PLAN_IS_DRAFT", "The version of the plan that would be in force is not published."
    PLAN_NOT_IN_FORCE = "PLAN_NOT_IN_FORCE", "No version of the plan is in force on that day."
    NOT_MEASURED = "NOT_MEASURED", "No component of the rep's plans pays for the measures that count the deal."
    NOT_CALCULATED = "NOT_CALCULATED", "No run that was posted has calculated it yet."
    RUN_HAS_PROBLEM = "RUN_HAS_PROBLEM", "The last run could not calculate it."
    EXCLUDED = "EXCLUDED", "The rep was left out of the last run."
    CHANGED_SINCE = "CHANGED_SINCE", "Something changed since it was posted: the next run looks at it again."
    NOTHING_EARNED = "NOTHING_EARNED", "The component comes to nothing, and its steps say why: below a threshold, or without a quota."
    CAPPED = "CAPPED", "A cap left nothing of it."
    BOOKED_LATER = "BOOKED_LATER", "Its period was closed: what changed was booked in a later one."
    HELD = "HELD", "It is earned, and held back until it is released."
