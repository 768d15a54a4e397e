"""What a page's cursor says: the values of the keys that its order has, or a position and an ordinal where it is of events."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from spm_graph.domain.cursor import read as read_cursor
from spm_graph.domain.written import UNSTORABLE

from .arguments import refused
from .declarations import Order
from .site import Path

T = TypeVar("T")


def _only(pattern: str, read: Callable[[str], T]) -> Callable[[str], T]:
    """Reads what is written as PostgreSQL writes it, and nothing else that Python would read, too."""
    written = re.compile(pattern)

    def parsed(text: str) -> T:
        if not written.fullmatch(text):
            raise ValueError(text)
        return read(text)

    return parsed


def _text(text: str) -> str:
    if UNSTORABLE.search(text):
        raise ValueError(text)
    return text


PARSED: Mapping[str, Callable[[str], Any]] = {
    "bigint": _only("-?[0-9]{1,18}", int),
    "date": _only("[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
    "numeric": _only(r"-?[0-9]{1,100}(\.[0-9]{1,100})?", Decimal),
    "text": _text,
}
NO_EVENT = "The cursor is none of an event: expected one as in 4711.0, or a position as in 4711."


def decoded(cursor: str, order: Order, label: str, path: Path) -> list[Any]:
    """The keys in a cursor. Raises a request error for a cursor of something else.

    A plain cursor is a position and an ordinal; a position alone lies behind all that happened there.
    """
    try:
        if order.plain:
            return [*read_cursor(cursor)]
        written = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(written, list) or len(written) != len(order.keys) + 1 or written[0] != label:
            raise ValueError(cursor)
        return [PARSED[type_](text) for text, (_, type_) in zip(written[1:], order.keys, strict=True)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise refused(NO_EVENT if order.plain else "The cursor is not one of this page and order.", path) from error
