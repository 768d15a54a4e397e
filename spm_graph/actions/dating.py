"""The dates of a change: they are in order, and one that reaches into the past says what becomes of the credits made since then."""

from __future__ import annotations

from datetime import date

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Backdating


def require_later(starts: date, ends: date | None) -> None:
    """Refuse dates of which the first day no longer is not behind the first one."""
    if ends is not None and ends <= starts:
        raise refuse(ProblemCode.INVALID, f"ends on {ends}, but starts on {starts}: expected a later day", ["ends"])


def require_decided(starts: date, today: date, backdating: Backdating | None) -> None:
    """Refuse a change from a day in the past on that doesn't say whether credits are made again."""
    if starts < today and backdating is None:
        message = f"{starts} is in the past: RESTATE makes the credits since then again, FROM_NOW leaves them"
        raise refuse(ProblemCode.BACKDATING_UNDECIDED, message, ["backdating"])


def takes_effect(starts: date, today: date, backdating: Backdating | None) -> date:
    """From when on a change holds: what is not to reach into the past begins today."""
    return max(starts, today) if backdating is Backdating.FROM_NOW else starts
