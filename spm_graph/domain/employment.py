"""Employment: the dates that count for somebody who joins or leaves, under each way of prorating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .period import Span, month
from .terms import Proration

THIRTY = 30
WORKING_DAYS_A_WEEK = 5


@dataclass(frozen=True, slots=True)
class Employment:
    """The first day of somebody's employment, and the first one no longer employed; none: not known, or not yet."""

    hired_on: date | None = None
    left_on: date | None = None

    def counted(self, proration: Proration) -> Span:
        """The dates of employment that count; without proration, all dates do. It may be empty, and then overlaps nothing."""
        if proration is Proration.NONE:
            return Span(date.min, date.max)
        return Span(self.started(proration) or date.min, _moved(self.left_on, proration) or date.max)

    def started(self, proration: Proration) -> date | None:
        """The day that counts as the first one, if it is known."""
        return _moved(self.hired_on, proration)


def prorated(during: Span, proration: Proration, employment: Employment) -> Span | None:
    """What counts of the dates of a promise: those of employment, in whole months if that is asked. None: nothing does."""
    starts = _moved(during.starts, proration) or during.starts
    ends = during.ends if during.ends == date.max else _moved(during.ends, proration) or during.ends
    return Span(starts, ends).overlap(employment.counted(proration)) if starts < ends else None


def counted_days(held: Span, month: Span, proration: Proration) -> tuple[int, int]:
    """How many days of a month some of its dates are, and of how many, as a proration counts them.

    Where every month has 30 days, its 31st is one with the 30th, and what its last day holds is all that is left of the 30.
    """
    if proration is Proration.WORKING_DAYS:
        return _working(held), _working(month)
    if proration is Proration.THIRTY_DAYS:
        ends = THIRTY if held.ends == month.ends else _passed(held.ends)
        return ends - _passed(held.starts), THIRTY
    return (held.ends - held.starts).days, (month.ends - month.starts).days


def _working(during: Span) -> int:
    weeks, rest = divmod((during.ends - during.starts).days, 7)
    return weeks * WORKING_DAYS_A_WEEK + sum((during.starts.weekday() + day) % 7 < WORKING_DAYS_A_WEEK for day in range(rest))


def _passed(day: date) -> int:
    """How many of its month's 30 days are over when a day begins."""
    return min(day.day, THIRTY) - 1


def nearest_month(day: date) -> date:
    """The first of the month nearest to a day: its own if at least half of the month lies from that day on, else the next."""
    its = month(day.year, day.month)
    return its.starts if 2 * (its.ends - day).days >= (its.ends - its.starts).days else its.ends


def _moved(day: date | None, proration: Proration) -> date | None:
    return nearest_month(day) if day is not None and proration is Proration.WHOLE_MONTHS else day
