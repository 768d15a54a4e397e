"""Global ids: a readable prefix and the number of the row, as in `rep_12`."""

from __future__ import annotations

import re

PATTERN = re.compile(r"([a-z]+)_([1-9][0-9]{0,17})", re.ASCII)


def global_id(prefix: str, number: int) -> str:
    """The id that the API shows for a row."""
    return f"{prefix}_{number}"


def number(text: str, prefix: str) -> int | None:
    """The row's number in an id with this prefix, or none if it is no such id."""
    match = PATTERN.fullmatch(text)
    return int(match[2]) if match and match[1] == prefix else None
