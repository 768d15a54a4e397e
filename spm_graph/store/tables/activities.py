"""What reps do to sell, and how much of it is expected of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import DATERANGE

from spm_graph.domain.terms import ActivityKind, names

from .metadata import begun, key, metadata, never_overlapping, one_of, reference

KIND_NUMBER = f"strpos('{' '.join(names(ActivityKind))}', kind)"
"""The kind as a number: dates are kept apart by numbers, so that no extension is needed. No kind is a part of another."""

activity = Table(
    "activity",
    metadata,
    key(),
    Column("external_id", Text, unique=True),
    reference("rep"),
    reference("opportunity", nullable=True),
    reference("account", nullable=True, index=True),
    Column("kind", Text, nullable=False),
    Column("dated", Date, nullable=False),
    Column("note", Text),
    Column("revision", BigInteger),
    one_of("kind", ActivityKind),
    Index(None, "rep_id", "dated", "id"),
    Index(None, "opportunity_id", "dated", "id"),
)

activity_target = Table(
    "activity_target",
    metadata,
    key(),
    reference("rep"),
    Column("kind", Text, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    Column("monthly", Integer, nullable=False),
    one_of("kind", ActivityKind),
    CheckConstraint("monthly > 0", name="monthly"),
    begun(),
    never_overlapping("activity_target", "rep_id", KIND_NUMBER),
    Index(None, "rep_id"),
)
