"""Live estimates: what reps would be paid if an open pay period ended now, and what has to be estimated again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKeyConstraint, Index, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from .metadata import metadata, reference

estimate = Table(
    "estimate",
    metadata,
    reference("rep", primary_key=True),
    reference("period", primary_key=True),
    Column("currency", Text, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("problem", Text),
    Index(None, "period_id"),
)

estimate_part = Table(
    "estimate_part",
    metadata,
    Column("rep_id", BigInteger, primary_key=True),
    Column("period_id", BigInteger, primary_key=True),
    reference("component", primary_key=True),
    Column("amount", Numeric, nullable=False),
    Column("lines", JSONB, nullable=False),
    ForeignKeyConstraint(["rep_id", "period_id"], ["estimate.rep_id", "estimate.period_id"], ondelete="CASCADE"),
)

# Who is to be estimated again, because of what happened up to a position; zero: because a month began.
estimate_due = Table(
    "estimate_due",
    metadata,
    reference("rep", primary_key=True),
    reference("period", primary_key=True),
    Column("position", BigInteger, nullable=False),
    Index(None, "period_id"),
    Index(None, "position"),
)

# How far what happened has been looked through, and the first day of the latest month that was begun.
estimate_progress = Table(
    "estimate_progress",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("position", BigInteger, nullable=False),
    Column("begun", Date),
    CheckConstraint('"only"', name="one_progress"),
)
