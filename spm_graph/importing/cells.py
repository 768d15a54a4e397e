"""What a cell says: dates and amounts in the forms that a mapping names, and nothing that only looks like them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

FIRST_YEAR, LAST_YEAR = 1950, 2199
EXAMPLE = {"YYYY": "2017", "MM": "03", "M": "3", "DD": "28", "D": "28", "hh": "09", "mm": "30", "ss": "00"}

_TOKEN = re.compile("YYYY|MM|M|DD|D|hh|mm|ss")
_DIGITS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
    "hh": "[0-9]{2}",
    "mm": "[0-9]{2}",
    "ss": "[0-9]{2}",
}


class Unfit(Exception):
    """A cell is not what was expected: `"…" is no {what}; expected {expected}`."""

    def __init__(self, what: str, expected: str) -> None:
        super().__init__(f"is no {what}; expected {expected}")
        self.what = what
        self.expected = expected


def dates(forms: Sequence[str]) -> Callable[[str], date]:
    """A reader of dates in any of these forms, the first that fits; it raises Unfit.

    A form is written with `YYYY`, `MM` or `M`, `DD` or `D`, and `hh`, `mm`, `ss` for a time of day, which is left out.
    A form that lacks year, month or day, or has one twice, is a ValueError.
    """
    patterns = [_pattern(form) for form in forms]
    expected = " or ".join(forms) + f", as in {_TOKEN.sub(lambda token: EXAMPLE[token[0]], forms[0])}"

    @lru_cache(maxsize=4096)  # an export has few different dates
    def read(text: str) -> date:
        for pattern in patterns:
            if match := pattern.fullmatch(text):
                try:
                    found = date(int(match["year"]), int(match["month"]), int(match["day"]))
                except ValueError:
                    continue
                if not FIRST_YEAR <= found.year <= LAST_YEAR:
                    raise Unfit("date", f"a year from {FIRST_YEAR} to {LAST_YEAR}")
                return found
        raise Unfit("date", expected)

    return read


def _pattern(form: str) -> re.Pattern[str]:
    tokens = _TOKEN.findall(form)
    if sorted(token[0] for token in tokens if token[0] in "YMD") != ["D", "M", "Y"]:
        raise ValueError("expected YYYY, MM or M, and DD or D, each once, as in YYYY-MM-DD")
    first, *between = (re.escape(part) for part in _TOKEN.split(form))
    return re.compile(first + "".join(_DIGITS[token] + rest for token, rest in zip(tokens, between, strict=True)))


def amounts(decimal: str, thousands: str, symbol: str, unit: Decimal) -> Callable[[str], Decimal]:
    """A reader of amounts with this decimal mark, thousands mark ("" for none) and currency symbol ("" for none); it raises Unfit.

    Amounts are not below zero, have at most 15 digits before the mark, and are multiples of the currency's minor unit. A
    thousands mark may be missing, but not misplaced.
    """
    plain = "[0-9]{1,15}"
    whole = f"(?:[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}}){{1,4}}|{plain})" if thousands else plain
    pattern = re.compile(f"{whole}(?:{re.escape(decimal)}[0-9]{{1,12}})?")
    mark = {".": "point", ",": "comma"}.get(decimal, f'"{decimal}"')
    expected = f"digits with an optional {mark}, as in 1{thousands}240{decimal}50"

    def read(text: str) -> Decimal:
        digits = text.replace(symbol, "", 1).strip() if symbol else text
        if not pattern.fullmatch(digits):
            raise Unfit("amount", expected)
        found = Decimal((digits.replace(thousands, "") if thousands else digits).replace(decimal, "."))
        if found % unit:
            raise Unfit("amount", f"steps of {unit}")
        return found

    return read


def revision(text: str) -> int:
    """A source's revision number, or Unfit."""
    if not re.fullmatch("[0-9]{1,18}", text):
        raise Unfit("revision", "a whole number that grows with each change, as in 7")
    return int(text)
