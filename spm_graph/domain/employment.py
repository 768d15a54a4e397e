"""Employment: the dates that count for somebody who joins or leaves, under each way of prorating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .period import Span, month
from .terms import Proration


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


def nearest_month(day: date) -> date:
    """The first of the month nearest to a day: its own if at least half of the month lies from that day on, else the next."""
    its = month(day.year, day.month)
    return its.starts if 2 * (its.ends - day).days >= (its.ends - its.starts).days else its.ends


def _moved(day: date | None, proration: Proration) -> date | None:
    return nearest_month(day) if day is not None and proration is Proration.WHOLE_MONTHS else day
