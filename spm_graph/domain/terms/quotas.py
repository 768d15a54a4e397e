"""The vocabularies of what is expected: the calendar, quotas, and sharing them out."""

from __future__ import annotations

from .term import Term


class PeriodKind(Term):
    """The length of a period."""

    MONTH = "MONTH", "A calendar month: the pay period, the only kind that carries money and closes."
    QUARTER = "QUARTER", "Three months of a calendar year."
    YEAR = "YEAR", "A calendar year."


class PeriodState(Term):
    """Whether earnings can still be booked in a period."""

    OPEN = "OPEN", "Earnings can be booked."
    CLOSED = "CLOSED", "Closed for good: later corrections are booked in the earliest open pay period."


class QuotaBasis(Term):
    """Which quota attainment is measured against inside a window that is not over yet."""

    FULL_WINDOW = "FULL_WINDOW", "The quota of the whole window: in February, that of the quarter or the year."
    TO_DATE = "TO_DATE", "The quota of the window's pay periods so far."


class Proration(Term):
    """What a quota or a target variable loses for the days on which somebody is not employed."""

    NONE = "NONE", "Nothing: the days of hiring and of leaving don't matter."
    DAYS = "DAYS", "A month that is not wholly employed counts by its days: 10 of April's 30 are a third of April."
    THIRTY_DAYS = "THIRTY_DAYS", "The same, and every month has 30 days (30/360): hired on the 10th counts 21 of 30, in February too."
    WORKING_DAYS = "WORKING_DAYS", "The same by the days from Monday to Friday: hired on Tuesday, 10 March 2026, counts 16 of 22."
    WHOLE_MONTHS = (
        "WHOLE_MONTHS",
        "A month counts wholly or not at all: the days of hiring and leaving are moved to the nearest first of a month, the middle of"
        " a month to the earlier one. Hired on the 16th of December counts from the 1st, on the 17th from the 1st of January.",
    )


class AllocationBase(Term):
    """What is allocated as quotas, before growth, attrition relief and over-assignment."""

    TOTAL = "TOTAL", "The target that is given."
    QUOTA = "QUOTA", "The manager's own quota in the period."
    CREDITED = "CREDITED", "What was credited to all of the reps together in an earlier period: bottom up."


class AllocationWeights(Term):
    """By what an allocation is shared."""

    EQUAL = "EQUAL", "Everybody gets the same."
    CREDITED = "CREDITED", "In proportion to what was credited to each in an earlier period."
    GIVEN = "GIVEN", "By the weights that are given."
