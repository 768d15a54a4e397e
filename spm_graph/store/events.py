"""Events: what integrators are told, written in the transaction that made the change. Their order is the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from .database import Transaction
from .tables import event

CARD = "jsonb_build_object('id', 'rep_' || rep.id, 'externalId', rep.external_id, 'name', rep.name, 'title', rep.title)"
"""What `card` says, in statements that write events of their own: of the row `rep`."""

PERIOD = """jsonb_build_object('id', 'period_' || period.id, 'name', period.name, 'kind', period.kind,
                              'starts', lower(period.effective), 'ends', upper(period.effective))"""
"""What `period` says, in such statements: of the row `period`."""


@dataclass(frozen=True, slots=True)
class Event:
    """One fact, frozen: `payload` has the field names of the schema's type `kind`, and values in their written form.

    `rep_id` is whom it is about: those who may see that rep are told. None: everybody is.
    """

    kind: str
    payload: Mapping[str, Any]
    rep_id: int | None = None


def card(rep: Mapping[Any, Any]) -> dict[str, Any]:
    """A rep as an event shows them."""
    return {"id": f"rep_{rep['id']}", "externalId": rep["external_id"], "name": rep["name"], "title": rep["title"]}


def period(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A period as an event shows it."""
    span = row["effective"]
    return {"id": f"period_{row['id']}", "name": row["name"], "kind": row["kind"], "starts": span.lower, "ends": span.upper}


async def append(tx: Transaction, position: int, events: Iterable[Event]) -> None:
    """Write events at this position, after those that the transaction has written already."""
    first = await tx.scalar(select(func.coalesce(func.max(event.c.ordinal) + 1, 0)).where(event.c.position == position))
    rows = [
        {"position": position, "ordinal": first + index, "kind": item.kind, "rep_id": item.rep_id, "payload": dict(item.payload)}
        for index, item in enumerate(events)
    ]
    if rows:
        await tx.execute(insert(event), rows)
