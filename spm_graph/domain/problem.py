"""A problem: an expected "no", as data. What a user can put right is a problem; a bug is an exception."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .terms import Term


class ProblemCode(Term):
    """Why something was refused."""

    NOT_PERMITTED = "NOT_PERMITTED", "The asker lacks the grant that this needs."
    NOT_FOUND = "NOT_FOUND", "There is no such thing, or the asker may not see it."
    INVALID = "INVALID", "A value is not what was expected."
    CURSOR_EXPIRED = "CURSOR_EXPIRED", "Events behind the cursor are no longer kept."
    DUPLICATE = "DUPLICATE", "It exists already, or is named twice."
    OVERLAPS = "OVERLAPS", "Its dates overlap with one that exists."
    STALE_REVISION = "STALE_REVISION", "A later revision of the record was stored before; this one was ignored."
    CYCLE = "CYCLE", "Somebody would report to themselves, or something would belong to itself."
    BACKDATING_UNDECIDED = "BACKDATING_UNDECIDED", "The change reaches into the past: say RESTATE or FROM_NOW."
    NO_PERIOD = "NO_PERIOD", "No period covers the date: create the year's periods first."
    ALREADY_CLOSED = "ALREADY_CLOSED", "The period is closed for good."
    EARLIER_PERIOD_OPEN = "EARLIER_PERIOD_OPEN", "Periods close in order, and an earlier one is still open."
    PERIOD_ENDS_LATER = "PERIOD_ENDS_LATER", "The period is not over yet."
    ALREADY_PUBLISHED = "ALREADY_PUBLISHED", "A published version never changes: create a new version."
    DOCUMENT_CHANGED = "DOCUMENT_CHANGED", "The text that was read is not the plan's text: read it again before accepting it."
    NOT_APPROVED = "NOT_APPROVED", "Somebody has to approve it first."
    OWN_WORK = "OWN_WORK", "Who made it can't be the one who approves it."
    WRONG_STATE = "WRONG_STATE", "That can't be done in the state it is in."
    RUN_STALE = "RUN_STALE", "Facts that the run covers have changed since it was calculated: recalculate the reps named."
    RUN_HAS_PROBLEMS = "RUN_HAS_PROBLEMS", "The run has unresolved problems: resolve them and recalculate, or exclude the reps."
    UNRECONCILED = "UNRECONCILED", "The payout batch and the payment ledger do not agree to the cent."
    KEY_REUSED = "KEY_REUSED", "The idempotency key was used before with another input."
    PLUGIN_FAILED = "PLUGIN_FAILED", "An incentive type raised an error."
    PLUGIN_MISSING = "PLUGIN_MISSING", "The package of the component's incentive type is not installed."
    LINE_INVALID = "LINE_INVALID", "An incentive type returned a line that can't be booked."
    REFUND_EXCEEDS_SALE = "REFUND_EXCEEDS_SALE", "A remark: more is taken back of a sale than was sold, and credited so."
    SECOND_ORDER = "SECOND_ORDER", "A remark: the deal has more than one order, and all of them are credited."
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH", "The amounts are in another currency, and there is no rate to convert them."


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: a stable code, a sentence for a person, and the path to the input at fault."""

    code: ProblemCode
    message: str
    path: tuple[str, ...] = ()


class Refused(Exception):
    """Raised to undo everything and answer with problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


def refuse(code: ProblemCode, message: str, path: Sequence[str] = ()) -> Refused:
    """The exception that answers with a single problem: `raise refuse(CYCLE, "…", ["manager"])`."""
    return Refused([Problem(code, message, tuple(path))])
