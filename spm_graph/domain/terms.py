"""The field's closed vocabularies. Each word carries the sentence that the schema shows for it."""

from __future__ import annotations

from enum import StrEnum

from spm_graph.plugin import Window

WindowKind = Window
"""What the schema and the store call the windows of the plugin API."""


class Term(StrEnum):
    """A word with a description; its value, its name and its spelling in GraphQL and SQL are the same."""

    description: str

    def __new__(cls, value: str, description: str) -> Term:
        term = str.__new__(cls, value)
        term._value_ = value
        term.description = description
        return term


class TransactionKind(Term):
    """What a transaction is."""

    ORDER = "ORDER", "A sale was agreed. Winning an opportunity makes one."
    INVOICE = "INVOICE", "The customer was billed."
    PAYMENT = "PAYMENT", "The customer paid."
    REFUND = "REFUND", "Something sold was given back; its amount and quantity are negative."


class Role(Term):
    """Why a rep is credited on a transaction."""

    DIRECT = "DIRECT", "The owner of the deal, with all of it."
    SPLIT = "SPLIT", "One of several who share the deal; their shares sum to 100 %."
    OVERLAY = "OVERLAY", "A specialist credited on top of the owner or the split, with any share."
    TERRITORY = "TERRITORY", "A rep of the account's territory on the deal's date, where a crediting rule says so."
    ROLLUP = "ROLLUP", "A manager, for a deal of somebody who reported to them, directly or not, on the deal's date."


class MeasureKind(Term):
    """What a measure is counted in."""

    MONEY = "MONEY", "An amount in a currency."
    UNITS = "UNITS", "A number of units sold."


class MeasureBasis(Term):
    """Which number of a transaction a measure counts."""

    AMOUNT = "AMOUNT", "What the customer agreed to pay."
    MARGIN = "MARGIN", "The amount less its cost."
    QUANTITY = "QUANTITY", "The number of units."


class PeriodKind(Term):
    """The length of a period."""

    MONTH = "MONTH", "A calendar month: the pay period, the only kind that carries money and closes."
    QUARTER = "QUARTER", "Three months of a calendar year."
    YEAR = "YEAR", "A calendar year."


class PeriodState(Term):
    """Whether earnings can still be booked in a period."""

    OPEN = "OPEN", "Earnings can be booked."
    CLOSED = "CLOSED", "Closed for good: later corrections are booked in the earliest open pay period."


class QuotaBasis(Term):
    """Which quota attainment is measured against inside a window that is not over yet."""

    FULL_WINDOW = "FULL_WINDOW", "The quota of the whole window: in February, that of the quarter or the year."
    TO_DATE = "TO_DATE", "The quota of the window's pay periods so far."


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


class EarningKind(Term):
    """Why an earning was booked."""

    EARNED = "EARNED", "A component paid for the first time under this key."
    CORRECTION = "CORRECTION", "What a component pays under this key changed: the difference was booked."


class PaymentKind(Term):
    """What a line of the payment ledger does."""

    HELD = "HELD", "Something earned is kept back. Negative: what was kept back is no longer earned."
    RELEASED = "RELEASED", "What was kept back becomes payable."
    DRAWN = "DRAWN", "A draw topped up what the month brought."
    RECOVERED = "RECOVERED", "What was drawn before is taken back."
    PAID = "PAID", "The statement's payable amount became due when its period closed."
    WRITTEN_OFF = "WRITTEN_OFF", "A debt is forgiven."


class Debt(Term):
    """What a rep can owe."""

    CARRIED = "CARRIED", "What was paid and is no longer earned; it comes off everything that becomes payable."
    DRAW = "DRAW", "What was drawn and is not recovered yet."


class DrawKind(Term):
    """Whether a draw is paid back."""

    RECOVERABLE = "RECOVERABLE", "An advance: it is recovered from what later months bring above the draw."
    NON_RECOVERABLE = "NON_RECOVERABLE", "A guarantee: it is never paid back, so that it is written off as it is drawn."
    RECOVERABLE_THEN_FORGIVEN = (
        "RECOVERABLE_THEN_FORGIVEN",
        "An advance until a day. From the month of that day on what is still owed is written off.",
    )


class Release(Term):
    """What ends a hold."""

    BY_EVENT = "BY_EVENT", "Somebody releases it, or its day comes."
    BY_CASH = "BY_CASH", "The customer's payments: as much is released as has been paid of what was sold."


class PayoutState(Term):
    """Where a payout batch is in its life."""

    PREPARED = "PREPARED", "Made when its period closed, and waiting for approval."
    APPROVED = "APPROVED", "It may go to payroll."
    EXPORTED = "EXPORTED", "Payroll has it. It can be exported again, and is the same to the byte."


class AdjustmentReason(Term):
    """Why an amount is paid or taken back by hand."""

    CORRECTION = "CORRECTION", "What a plan paid was not what was agreed."
    GUARANTEE = "GUARANTEE", "Pay was promised whatever is sold."
    GOODWILL = "GOODWILL", "Somebody decided so."
    DATA_ERROR = "DATA_ERROR", "The source systems were wrong, and can't be put right in time."
    OTHER = "OTHER", "Something else: the note says what."


class AdjustmentState(Term):
    """Whether an adjustment counts."""

    BOOKED = "BOOKED", "It counts in what the rep is entitled to."
    PENDING = "PENDING", "It waits for somebody else than who entered it, and does not count yet."
    DECLINED = "DECLINED", "Somebody else declined it: it never counts."


class DisputeState(Term):
    """Where a dispute about pay is."""

    OPEN = "OPEN", "Nobody has answered yet."
    ACCEPTED = "ACCEPTED", "The rep is right: the answer says what is done about it."
    REJECTED = "REJECTED", "The pay is right: the answer says why."


class Explains(Term):
    """Why a deal, or a component, pays a rep what it pays."""

    PAID = "PAID", "It pays: the amount says how much."
    NOT_WON = "NOT_WON", "The deal is open, or was lost."
    NOT_CREDITED = "NOT_CREDITED", "The rep has no credit on the deal, and never had."
    NOT_COUNTED = "NOT_COUNTED", "The rep takes part in the deal in a role that no measure counts."
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


class AccountAttribute(Term):
    """What a territory's rule looks at."""

    INDUSTRY = "INDUSTRY", "What the account does for a living."
    COUNTRY = "COUNTRY", "Where the account is."


class ForecastCategory(Term):
    """How sure the owner is of an opportunity."""

    PIPELINE = "PIPELINE", "Open, with no commitment."
    BEST_CASE = "BEST_CASE", "Open, and could close in the period if all goes well."
    COMMIT = "COMMIT", "Open, and promised for the period."
    CLOSED = "CLOSED", "Won."
    OMITTED = "OMITTED", "Lost, or not to be forecast."


class Outcome(Term):
    """How an opportunity ended."""

    WON = "WON", "The customer bought."
    LOST = "LOST", "The customer did not buy."


class ActivityKind(Term):
    """What a rep did."""

    CALL = "CALL", "Spoke with somebody by telephone."
    EMAIL = "EMAIL", "Wrote to somebody."
    MEETING = "MEETING", "Met somebody, in a room or on a screen."
    DEMO = "DEMO", "Showed what is sold."
    TASK = "TASK", "Did something else for a deal: wrote a proposal, answered a tender."


class LeaderboardAudience(Term):
    """Who finds whom in the ranking of attainments."""

    VISIBLE = "VISIBLE", "Everybody finds the reps that they may see, ranked among themselves."
    EVERYONE = "EVERYONE", "Everybody finds everybody: names, credits and quotas."


class RefundDating(Term):
    """Which date a refund is credited on."""

    ORIGINAL = "ORIGINAL", "The date of the sale that it corrects, so that the tiers of that window unwind."
    REFUND = "REFUND", "The date of the refund itself."


class Proration(Term):
    """What a quota or a target variable loses for the days on which somebody is not employed."""

    NONE = "NONE", "Nothing: the days of hiring and of leaving don't matter."
    DAYS = "DAYS", "A month that is not wholly employed counts by its days: 10 of April's 30 are a third of April."
    WHOLE_MONTHS = (
        "WHOLE_MONTHS",
        "A month counts wholly or not at all: the days of hiring and leaving are moved to the nearest first of a month, the middle of"
        " a month to the earlier one. Hired on the 16th of December counts from the 1st, on the 17th from the 1st of January.",
    )


class AllocationBase(Term):
    """What is allocated as quotas, before growth, attrition relief and over-assignment."""

    TOTAL = "TOTAL", "The target that is given."
    QUOTA = "QUOTA", "The manager's own quota in the period."
    CREDITED = "CREDITED", "What was credited to all of the reps together in an earlier period: bottom up."


class AllocationWeights(Term):
    """By what an allocation is shared."""

    EQUAL = "EQUAL", "Everybody gets the same."
    CREDITED = "CREDITED", "In proportion to what was credited to each in an earlier period."
    GIVEN = "GIVEN", "By the weights that are given."


class Backdating(Term):
    """What a change that takes effect in the past does to credits already made."""

    RESTATE = "RESTATE", "Make the credits since that date again as if the change had been known."
    FROM_NOW = "FROM_NOW", "Let the change begin today: what was before stays as it is."


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


class Grant(Term):
    """A right beyond seeing oneself and one's reports."""

    SEE_ALL = "SEE_ALL", "See every rep's data."
    PLAN = "PLAN", "Write reps, reporting lines, titles, territories, quotas, measures and plans."
    RUN = "RUN", "Start, recalculate, post and cancel runs, and so see what they change of everybody's pay."
    ADJUST = "ADJUST", "Enter adjustments and opening balances, place and release holds, and forgive debts."
    CLOSE = "CLOSE", "Create and close periods, and approve and export what they pay."
    IMPORT = "IMPORT", "Record accounts, products, and opportunities and transactions of anybody."
    ADMIN = "ADMIN", "Manage API keys and webhooks, and read the audit."


def names(vocabulary: type[StrEnum]) -> list[str]:
    """The words of a vocabulary, in order."""
    return [term.value for term in vocabulary]
