"""The vocabularies of rights and of following: who may do and see what, and what integrators are told."""

from __future__ import annotations

from .term import Term


class Grant(Term):
    """A right beyond seeing oneself and one's reports."""

    SEE_ALL = "SEE_ALL", "See every rep's data."
    PLAN = "PLAN", "Write reps, reporting lines, titles, territories, quotas, measures and plans."
    RUN = "RUN", "Start, recalculate, post and cancel runs, and so see what they change of everybody's pay."
    ADJUST = "ADJUST", "Enter adjustments and opening balances, place and release holds, and forgive debts."
    CLOSE = "CLOSE", "Create and close periods, and approve and export what they pay."
    IMPORT = "IMPORT", "Record accounts, products, and opportunities and transactions of anybody."
    ADMIN = "ADMIN", "Manage API keys and webhooks, and read the audit."


class LeaderboardAudience(Term):
    """Who finds whom in the ranking of attainments."""

    VISIBLE = "VISIBLE", "Everybody finds the reps that they may see, ranked among themselves."
    EVERYONE = "EVERYONE", "Everybody finds everybody: names, credits and quotas."


class EventKind(Term):
    """What can happen, each named as the type that tells it."""

    AttainmentChange = "AttainmentChange", "A rep's attainment changed."
    DisputeOpened = "DisputeOpened", "A rep doubts an earning, or what a deal paid."
    DisputeResolved = "DisputeResolved", "A dispute was answered."
    EarningAdjusted = "EarningAdjusted", "A rep's pay was adjusted by hand."
    EarningsPosted = "EarningsPosted", "Earnings of a rep were booked in the ledger."
    EstimateChange = "EstimateChange", "What a rep would be paid if the period ended now changed."
    OpportunityMoved = "OpportunityMoved", "An opportunity came up, changed its stage, or was decided."
    PeriodClosed = "PeriodClosed", "A pay period closed for good."
    PlanAccepted = "PlanAccepted", "A rep accepted the text of a plan."
    RunProgress = "RunProgress", "A run was started, went on, was posted or was cancelled."
    StatementPaid = "StatementPaid", "A rep's statement of a month was paid."
    WebhookDisabled = "WebhookDisabled", "A webhook failed for so long that nothing is sent to it any more."


class WebhookState(Term):
    """Whether events are sent to a webhook."""

    ENABLED = "ENABLED", "Events are sent, each until it is taken."
    DISABLED = "DISABLED", "Nothing is sent: by hand, or because it failed for too long."
