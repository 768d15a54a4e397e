"""Target variable pay: what a rep would earn for being exactly on quota, as a yearly amount spread over its days."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from .employment import counted_days
from .money import exactly, rounded
from .period import Span, months
from .terms import Proration

MONTHS_A_YEAR = 12


def for_window(pieces: Iterable[tuple[Span, Decimal, Proration]], window: Span, currency: str) -> Decimal | None:
    """The target variable of a window, from the yearly amounts that hold over spans of dates; none if none holds in it.

    Every month has a twelfth of the yearly amount, and a month in which it changes, or somebody joins or leaves, the part
    that its days are of the month's, as the amount's proration counts days. The sum is rounded once, half-up, to the currency's minor unit.
    """
    with exactly():
        parts = [
            annual * days / of / MONTHS_A_YEAR
            for month in months(window)
            for during, annual, proration in pieces
            if (held := during.overlap(window)) and (overlap := month.overlap(held))
            for days, of in [counted_days(overlap, month, proration)]
        ]
        return rounded(sum(parts, Decimal(0)), currency) if parts else None
