"""The vocabularies of selling: deals, what is sold, who is credited with it, and what counts."""

from __future__ import annotations

from .term import Term


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


class AccountAttribute(Term):
    """What a territory's rule looks at."""

    INDUSTRY = "INDUSTRY", "What the account does for a living."
    COUNTRY = "COUNTRY", "Where the account is."


class TransactionKind(Term):
    """What a transaction is."""

    ORDER = "ORDER", "A sale was agreed. Winning an opportunity makes one."
    INVOICE = "INVOICE", "The customer was billed."
    PAYMENT = "PAYMENT", "The customer paid."
    REFUND = "REFUND", "Something sold was given back; its amount and quantity are negative."


class RefundDating(Term):
    """Which date a refund is credited on."""

    ORIGINAL = "ORIGINAL", "The date of the sale that it corrects, so that the tiers of that window unwind."
    REFUND = "REFUND", "The date of the refund itself."


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


class Backdating(Term):
    """What a change that takes effect in the past does to credits already made."""

    RESTATE = "RESTATE", "Make the credits since that date again as if the change had been known."
    FROM_NOW = "FROM_NOW", "Let the change begin today: what was before stays as it is."
