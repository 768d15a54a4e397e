"""The audit: every change of every row, with who made it."""

from __future__ import annotations

from datetime import datetime

from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store.tables import audit

from ..scalars import JSON, Position
from .pages import ticked


@record(audit.name, audit)
class AuditEntry:
    """One change of one row: who did it when, and the row before and after."""

    position: Position = column(audit.c.position, "The position of the transaction that made it.")
    at: datetime = value(ticked("at"), "When it was made.")
    actor: str = value(ticked("actor"), "Who made it.")
    action: str = value(ticked("action"), "The act that it was a part of.")
    noun: str = column(audit.c.noun, "What kind of row it was.")
    row_id: str = column(audit.c.row_id, "The row's number.")
    before: JSON | None = column(audit.c.before, "The row before. Null: it was new.")
    after: JSON | None = column(audit.c.after, "The row after. Null: it was removed.")


@narrowing("Which changes are wanted.")
class AuditWhere:
    """A filter: each field narrows it further."""

    noun: str | None = matches("{noun} = {value}", "Those of this kind of row.")
    row_id: str | None = matches("{row_id} = {value}", "Those of the row with this number.")
    actor: str | None = matches(
        "exists (select from tick where tick.position = {position} and tick.actor = {value})", "Those made by this one."
    )
    action: str | None = matches(
        "exists (select from tick where tick.position = {position} and tick.action = {value})", "Those that were a part of this act."
    )
    at_from: datetime | None = matches(
        "{position} >= (select tick.position from tick where tick.at >= {value} order by tick.at, tick.position limit 1)",
        "Those made at this moment or later.",
    )
    at_before: datetime | None = matches(
        "{position} <= (select tick.position from tick where tick.at < {value} order by tick.at desc, tick.position desc limit 1)",
        "Those made before this moment.",
    )


LATEST_CHANGE = Order((("{position}", "bigint"), ("{ordinal}", "bigint")), descending=True)
