"""The field's closed vocabularies. Each word carries the sentence that the schema shows for it."""

from __future__ import annotations

from enum import StrEnum


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


class WindowKind(Term):
    """The dates that a component measures."""

    PERIOD = "PERIOD", "The pay period alone."
    QUARTER_TO_DATE = "QUARTER_TO_DATE", "From the start of the quarter to the end of the pay period."
    YEAR_TO_DATE = "YEAR_TO_DATE", "From the start of the year to the end of the pay period."


class QuotaBasis(Term):
    """Which quota attainment is measured against inside a window that is not over yet."""

    FULL_WINDOW = "FULL_WINDOW", "The quota of the whole window: in February, that of the quarter or the year."
    TO_DATE = "TO_DATE", "The quota of the window's pay periods so far."


class PlanState(Term):
    """Where a plan version is in its life."""

    DRAFT = "DRAFT", "Being written: it can change and pays nobody."
    PUBLISHED = "PUBLISHED", "In force over its effective dates, and never changed again."
    SUPERSEDED = "SUPERSEDED", "Published once, and wholly replaced by a later version."


class RunState(Term):
    """Where a run is in its life."""

    CALCULATING = "CALCULATING", "Shards are being calculated."
    CALCULATED = "CALCULATED", "All lines are staged: look through the changes and the problems, then post."
    POSTED = "POSTED", "Its changes are in the ledger."
    CANCELLED = "CANCELLED", "Given up without posting."


class EarningKind(Term):
    """Why an earning was booked."""

    EARNED = "EARNED", "A component paid for the first time under this key."
    CORRECTION = "CORRECTION", "What a component pays under this key changed: the difference was booked."


class PaymentKind(Term):
    """What a line of the payment ledger does."""

    PAID = "PAID", "The statement's payable amount became due when its period closed."


class AdjustmentReason(Term):
    """Why an amount is paid or taken back by hand."""

    CORRECTION = "CORRECTION", "What a plan paid was not what was agreed."
    GUARANTEE = "GUARANTEE", "Pay was promised whatever is sold."
    GOODWILL = "GOODWILL", "Somebody decided so."
    DATA_ERROR = "DATA_ERROR", "The source systems were wrong, and can't be put right in time."
    OTHER = "OTHER", "Something else: the note says what."


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


class Backdating(Term):
    """What a change that takes effect in the past does to credits already made."""

    RESTATE = "RESTATE", "Make the credits since that date again as if the change had been known."
    FROM_NOW = "FROM_NOW", "Let the change begin today: what was before stays as it is."


class Grant(Term):
    """A right beyond seeing oneself and one's reports."""

    SEE_ALL = "SEE_ALL", "See every rep's data."
    PLAN = "PLAN", "Write reps, reporting lines, titles, territories, quotas, measures and plans."
    RUN = "RUN", "Start, recalculate, post and cancel runs, and so see what they change of everybody's pay."
    ADJUST = "ADJUST", "Enter adjustments and opening balances."
    CLOSE = "CLOSE", "Create and close periods."
    IMPORT = "IMPORT", "Record accounts, products, and opportunities and transactions of anybody."
    ADMIN = "ADMIN", "Manage API keys and read the audit."


def names(vocabulary: type[Term]) -> list[str]:
    """The words of a vocabulary, in order."""
    return [term.value for term in vocabulary]
