"""The audit: every change of every row, with who made it."""

from __future__ import annotations

from datetime import datetime

from spm_graph.reading.fields import column, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store.tables import audit

from ..scalars import JSON, Position
from .orders import falling, orders, rising
from .pages import since, ticked, until


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
    at_from: datetime | None = matches(since("{position}"), "Those made at this moment or later.")
    at_before: datetime | None = matches(until("{position}"), "Those made before this moment.")


ORDINAL = (("{ordinal}", "bigint"),)
LATEST_CHANGE = falling("{position}", "bigint", ORDINAL)
AUDIT_ORDERS = orders(
    "AuditOrder",
    "How changes can be ordered.",
    LATEST=("By when they were made, the latest first.", LATEST_CHANGE),
    OLDEST=("LATEST, the other way round.", rising("{position}", "bigint", ORDINAL)),
)
