"""Dates: half-open spans, the calendar of pay periods, and the window that a component measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .terms import PeriodKind, WindowKind


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open dates: `starts` is inside, `ends` is not."""

    starts: date
    ends: date

    def __contains__(self, day: date) -> bool:
        return self.starts <= day < self.ends

    def overlap(self, other: Span) -> Span | None:
        """The dates in both, or none."""
        starts, ends = max(self.starts, other.starts), min(self.ends, other.ends)
        return Span(starts, ends) if starts < ends else None


def month(year: int, number: int) -> Span:
    """A calendar month; `number` is 1 to 12."""
    return Span(date(year, number, 1), date(year + number // 12, number % 12 + 1, 1))


def months(span: Span) -> Iterator[Span]:
    """The calendar months that a span has days in, whole."""
    found = month(span.starts.year, span.starts.month)
    while found.starts < span.ends:
        yield found
        found = month(found.ends.year, found.ends.month)


def quarter(year: int, number: int) -> Span:
    """A calendar quarter; `number` is 1 to 4."""
    return Span(month(year, 3 * number - 2).starts, month(year, 3 * number).ends)


def calendar(year: int) -> Iterator[tuple[str, PeriodKind, Span]]:
    """The periods of a year with their names: `2026-01` …, `2026-Q1` …, `2026`."""
    for number in range(1, 13):
        yield f"{year}-{number:02}", PeriodKind.MONTH, month(year, number)
    for number in range(1, 5):
        yield f"{year}-Q{number}", PeriodKind.QUARTER, quarter(year, number)
    yield str(year), PeriodKind.YEAR, Span(date(year, 1, 1), date(year + 1, 1, 1))


def later(day: date, number: int) -> date:
    """The first of the month that is some months after a first of a month; before it, if the number is negative."""
    years, place = divmod(day.month - 1 + number, 12)
    return date(day.year + years, place + 1, 1)


def ago(span: Span, evaluated: Span, windows: int) -> Span:
    """The dates that are as far into an earlier window as `evaluated` is into a window that fills `span`."""
    starts = later(span.starts, -windows * len(list(months(span))))
    return Span(starts, later(starts, len(list(months(evaluated)))))


def window(kind: WindowKind, day: date) -> Span:
    """The full span of the window that a day lies in: it is the window's identity, however far it has been evaluated."""
    if kind is WindowKind.YEAR_TO_DATE:
        return Span(date(day.year, 1, 1), date(day.year + 1, 1, 1))
    if kind is WindowKind.QUARTER_TO_DATE:
        return quarter(day.year, (day.month + 2) // 3)
    return month(day.year, day.month)
