"""How people are paid: plans with their versions and components, who is on them, and what they say to them."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB

from spm_graph.domain.terms import Carry, PlanState, QuotaBasis, Rounding, WindowKind

from .metadata import begun, key, metadata, never_overlapping, one_of, reference

plan = Table("plan", metadata, key(), Column("name", Text, nullable=False, unique=True))

plan_version = Table(
    "plan_version",
    metadata,
    key(),
    reference("plan"),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    Column("document", Text),
    Column("published_position", BigInteger),
    one_of("state", PlanState),
    begun(),
    CheckConstraint("(state = 'DRAFT') = (published_position is null)", name="published_position"),
    UniqueConstraint("plan_id", "version"),
    never_overlapping("plan_version", "plan_id", where="state = 'PUBLISHED'"),
)

component = Table("component", metadata, key(), reference("plan", index=True))

component_version = Table(
    "component_version",
    metadata,
    key(),
    reference("component"),
    reference("plan_version"),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("incentive_type", Text, nullable=False),
    reference("measure"),
    Column("window_kind", Text, nullable=False),
    Column("quota_basis", Text, nullable=False),
    Column("carry", Text, nullable=False, server_default="CONTINUE"),
    Column("rounding", Text, nullable=False, server_default="HALF_UP"),
    Column("config", JSONB, nullable=False),
    Column("distribution", Text, nullable=False, server_default=""),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("reads_window", Text, nullable=False, server_default="PERIOD"),
    Column("reads_ago", Integer, nullable=False, server_default="0"),
    one_of("window_kind", WindowKind),
    one_of("quota_basis", QuotaBasis),
    one_of("carry", Carry),
    one_of("rounding", Rounding),
    one_of("reads_window", WindowKind),
    UniqueConstraint("plan_version_id", "ordinal"),
    UniqueConstraint("plan_version_id", "name"),
    UniqueConstraint("plan_version_id", "component_id"),
    Index(None, "component_id"),
)

plan_assignment = Table(
    "plan_assignment",
    metadata,
    key(),
    reference("plan"),
    reference("rep"),
    Column("effective", DATERANGE, nullable=False),
    begun(),
    never_overlapping("plan_assignment", "plan_id", "rep_id"),
    Index(None, "rep_id"),
    Index(None, "plan_id"),
)


# Titles are compared as numbers, by a hash of 64 bits that leaves room for a range's end.
plan_title = Table(
    "plan_title",
    metadata,
    key(),
    reference("plan"),
    Column("title", Text, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    begun(),
    never_overlapping("plan_title", "plan_id", "hashtextextended(title, 0) >> 1"),
    Index(None, "plan_id"),
    Index(None, "title"),
)


plan_acceptance = Table(
    "plan_acceptance",
    metadata,
    key(),
    reference("plan_version"),
    reference("rep", index=True),
    Column("document_hash", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    UniqueConstraint("plan_version_id", "rep_id"),
    CheckConstraint("document_hash ~ '^[0-9a-f]{64}$'", name="document_hash"),
)

plan_feedback = Table(
    "plan_feedback",
    metadata,
    key(),
    reference("plan_version"),
    reference("rep", index=True),
    Column("score", Integer, nullable=False),
    Column("comment", Text),
    Column("position", BigInteger, nullable=False),
    UniqueConstraint("plan_version_id", "rep_id"),
    CheckConstraint("score between 0 and 10", name="score"),
)
