"""What happened, in order: the clock, its ticks, events, the audit, and what each change touched."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, DateTime, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB

from .metadata import metadata, reference

clock = Table(
    "clock",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("position", BigInteger, nullable=False),
    CheckConstraint('"only"', name="one_clock"),
)

tick = Table(
    "tick",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Index(None, "actor", "position"),
    Index(None, "at", "position"),
)

event = Table(
    "event",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    reference("rep", nullable=True),
    Column("payload", JSONB, nullable=False),
    Index(None, "rep_id", "position"),
)

event_horizon = Table(
    "event_horizon",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("position", BigInteger, nullable=False),
    CheckConstraint('"only"', name="one_event_horizon"),
)
"""Events at this position and before are no longer kept."""

audit = Table(
    "audit",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("noun", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Index(None, "noun", "row_id"),
)

touch = Table(
    "touch",
    metadata,
    reference("rep", primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("span", DATERANGE, primary_key=True),
    Index(None, "position"),
)

once = Table(
    "once",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("input_hash", Text, nullable=False),
    Column("answer", JSONB),
)
