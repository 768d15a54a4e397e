"""Pay by hand, and pay that is doubted: adjustments, what somebody else said to them, and disputes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Numeric, Table, Text

from spm_graph.domain.terms import AdjustmentReason, DisputeState

from .metadata import key, metadata, one_of, reference

adjustment = Table(
    "adjustment",
    metadata,
    key(),
    reference("rep"),
    reference("period"),
    reference("opportunity", nullable=True, index=True),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("pending", Boolean, nullable=False, server_default="false"),
    one_of("reason", AdjustmentReason),
    CheckConstraint("amount <> 0", name="amount"),
    Index(None, "rep_id", "period_id"),
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
