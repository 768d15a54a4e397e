"""Cursors of events: a position of the clock, and the number of the event there, as in `4711.0`."""

from __future__ import annotations

import re

LAST = 2**31 - 1
"""Behind every event of a position."""

WRITTEN = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,9}))?", re.ASCII)


def read(text: str) -> tuple[int, int]:
    """The position and number that a cursor says; a position alone lies behind all that happened there. ValueError for any other text."""
    match = WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]), LAST if match[2] is None else int(match[2])
