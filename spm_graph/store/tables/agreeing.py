"""Who agrees to what: plans accepted and judged, adjustments approved, pay disputed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint

from spm_graph.domain.terms import DisputeState

from .metadata import key, metadata, one_of, reference

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

# The period is the adjustment's: a decision is refused, like an adjustment, once it is closed.
adjustment_decision = Table(
    "adjustment_decision",
    metadata,
    reference("adjustment", primary_key=True),
    reference("period"),
    Column("approved", Boolean, nullable=False),
    Column("note", Text),
    Column("position", BigInteger, nullable=False),
)

dispute = Table(
    "dispute",
    metadata,
    key(),
    reference("rep", index=True),
    reference("earning", nullable=True, index=True),
    reference("opportunity", nullable=True, index=True),
    Column("says", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text),
    Column("opened_position", BigInteger, nullable=False),
    Column("resolved_position", BigInteger),
    one_of("state", DisputeState),
    CheckConstraint("num_nonnulls(earning_id, opportunity_id) = 1", name="about_one_thing"),
    CheckConstraint("(state = 'OPEN') = (resolved_position is null) and (state = 'OPEN') = (answer is null)", name="resolved"),
)

# Which version of each incentive type's package a run calculated with.
run_plugin = Table(
    "run_plugin",
    metadata,
    reference("run", primary_key=True),
    Column("incentive_type", Text, primary_key=True),
    Column("package", Text, nullable=False),
    Column("version", Text, nullable=False),
    Index(None, "incentive_type"),
)
