"""Numbers and dates as text: the one form that clients may write, and the one form that is stored."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

DECIMAL = r"-?[0-9]{1,20}(\.[0-9]{1,12})?"
"""A regular expression of a decimal: ASCII digits with an optional point, at most 20 before it and 12 after it."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""The days within reach: what lies beyond them is a slip of the pen, and calculating with it would leave what dates can say."""

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL can't store, though JSON can say it: NUL, and half of a surrogate pair."""

_DECIMAL = re.compile(DECIMAL + r"\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def decimal(text: object) -> Decimal:
    """The number that a text says, exactly; a ValueError for NaN, exponents, underscores, foreign digits, and numbers too long."""
    if isinstance(text, str) and _DECIMAL.match(text):
        return Decimal(text)
    raise ValueError(f'{_shown(text)} is no decimal; expected a string of digits with an optional point, as in "1240.50"')


def day(text: object) -> date:
    """The date that an ISO text says; a ValueError for anything else, and for a day that is out of reach."""
    if isinstance(text, str) and _DATE.match(text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is not None:
            return _within_reach(found, text)
    raise ValueError(f'{_shown(text)} is no date; expected year, month and day, as in "2017-03-31"')


def moment(text: object) -> datetime:
    """The time that an ISO text with a time zone says; a ValueError for anything else, and for a day that is out of reach."""
    if isinstance(text, str) and text.isascii():
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is not None:
            _within_reach(found.date(), text)
            return found
    raise ValueError(f'{_shown(text)} is no time; expected date, time and zone, as in "2017-03-31T16:00:00Z"')


def _within_reach(found: date, text: str) -> date:
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(f"{_shown(text)} is out of reach; expected a day from {FIRST_DAY} to {LAST_DAY}")
    return found


def plain(number: Decimal) -> str:
    """A decimal in full, without an exponent and without zeros at the end: 0.05, 10000, -3."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 80 else f"{text[:77]}..."
