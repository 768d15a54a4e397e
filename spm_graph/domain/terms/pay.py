"""The vocabularies of pay: the two ledgers, draws, holds and payouts, and what people say to them."""

from __future__ import annotations

from .term import Term


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
