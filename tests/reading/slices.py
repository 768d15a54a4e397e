"""What of a whole list a page shows: rows, cursors, and what is known of the rest."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spm_graph.reading.declarations import Order


@dataclass(frozen=True)
class Page:
    """The part of a list that was asked for, and what is known of the rest."""

    rows: list[Any]
    cursors: list[str]
    before: bool
    behind: bool
    total: int
    after: str | None


@dataclass(frozen=True)
class Row:
    """A row of a page with its cursor."""

    cursor: str
    node: Any


def part_of(page: Page | Row, name: str) -> Any:
    """A field of a connection, an edge or a page info."""
    if isinstance(page, Row):
        return getattr(page, name)
    first, last = (page.cursors[0], page.cursors[-1]) if page.cursors else (None, None)
    return {
        "nodes": page.rows,
        "edges": [Row(*each) for each in zip(page.cursors, page.rows, strict=True)],
        "pageInfo": page,
        "totalCount": page.total,
        "hasNextPage": page.behind,
        "hasMore": page.behind,
        "hasPreviousPage": page.before,
        "startCursor": first,
        "endCursor": last,
        "cursor": last or page.after,
    }[name]


def cursor(order: Order, label: str, keys: list[str]) -> str:
    """A cursor, made in Python."""
    if order.plain:
        return ".".join(keys)
    position = json.dumps([label, *keys], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def place(order: Order, written: str) -> list[tuple[Any, str]]:
    """What a cursor says: the keys of a row, which may be gone, with their types. A position alone is behind all of its events."""
    if order.plain:
        keys: list[Any] = [*map(int, written.split(".")), 2**31 - 1][:2]
    else:
        keys = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))[1:]
    return [(key, type_) for key, (_, type_) in zip(keys, order.keys, strict=True)]


def sliced(things: list[Any], cursors: list[str], given: Mapping[str, Any], start: int, end: int) -> Page:
    """What of the whole list lies between the cursors, from `start` to `end`, and of that the first or the last ones."""
    if (last := given.get("last")) is not None:
        low = max(start, end - last)
        return Page(things[low:end], cursors[low:end], low > start or end - start > last, end < len(things), len(things), None)
    high = max(start, min(end, start + given["first"]))
    return Page(things[start:high], cursors[start:high], start > 0, high < end, len(things), given.get("after"))
