"""The currencies that a rep is paid in, one after another, and what an amount of one day is worth on another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .money import exactly, rounded
from .period import Span


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on a rep is paid in another currency; `rate` is what one unit of the one before was worth in it on that day."""

    starts: date
    currency: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class PayCurrencies:
    """What a rep is paid in: one currency, and the changes since, in order of date."""

    first: str
    changes: tuple[Change, ...] = ()

    def on(self, day: date) -> str:
        """The currency in force on a day."""
        return next((change.currency for change in reversed(self.changes) if change.starts <= day), self.first)

    def cut(self, during: Span) -> list[Span]:
        """The dates in parts with one currency each."""
        days = [during.starts, *(change.starts for change in self.changes if during.starts < change.starts < during.ends), during.ends]
        return [Span(starts, ends) for starts, ends in pairwise(days)]

    def carried(self, amount: Decimal, since: date, day: date) -> Decimal:
        """An amount in the currency of one day as one in that of another, exactly: each change between them by its rate."""
        with exactly():
            for change in self.changes:
                if since < change.starts <= day:
                    amount *= change.rate
                elif day < change.starts <= since:
                    amount /= change.rate
        return amount

    def total(self, amounts: Iterable[tuple[date, Decimal]], day: date) -> Decimal:
        """The sum of amounts of different days in the currency of one day.

        If the currency ever changed, the sum is rounded once, half-up, to its minor unit.
        """
        with exactly():
            total = sum((self.carried(amount, since, day) for since, amount in amounts), Decimal(0))
        return rounded(total, self.on(day)) if self.changes else total
