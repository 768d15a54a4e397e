"""The field's closed vocabularies, by what they are about. Each word carries the sentence that the schema shows for it."""

from .access import EventKind, Grant, LeaderboardAudience, WebhookState
from .pay import AdjustmentReason, AdjustmentState, Debt, DisputeState, DrawKind, EarningKind, PaymentKind, PayoutState, Release
from .plans import Carry, Explains, PlanState, Rounding, RunState, WindowKind
from .quotas import AllocationBase, AllocationWeights, PeriodKind, PeriodState, Proration, QuotaBasis
from .sales import (
    AccountAttribute,
    ActivityKind,
    Backdating,
    ForecastCategory,
    MeasureBasis,
    MeasureKind,
    Outcome,
    RefundDating,
    Role,
    TransactionKind,
)
from .term import Term, names

__all__ = [
    "AccountAttribute",
    "ActivityKind",
    "AdjustmentReason",
    "AdjustmentState",
    "AllocationBase",
    "AllocationWeights",
    "Backdating",
    "Carry",
    "Debt",
    "DisputeState",
    "DrawKind",
    "EarningKind",
    "EventKind",
    "Explains",
    "ForecastCategory",
    "Grant",
    "LeaderboardAudience",
    "MeasureBasis",
    "MeasureKind",
    "Outcome",
    "PaymentKind",
    "PayoutState",
    "PeriodKind",
    "PeriodState",
    "PlanState",
    "Proration",
    "QuotaBasis",
    "RefundDating",
    "Release",
    "Role",
    "Rounding",
    "RunState",
    "Term",
    "TransactionKind",
    "WebhookState",
    "WindowKind",
    "names",
]
