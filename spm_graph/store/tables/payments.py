"""The payment ledger and what steers it: draws, holds, payout batches, and reps who said that they read their statement."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Index, Numeric, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from spm_graph.domain.terms import Debt, DrawKind, PaymentKind, PayoutState, Release

from .metadata import begun, key, metadata, never_overlapping, one_of, reference

draw = Table(
    "draw",
    metadata,
    key(),
    reference("rep"),
    Column("effective", DATERANGE, nullable=False),
    Column("kind", Text, nullable=False),
    Column("monthly", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("prorated", Boolean, nullable=False),
    Column("recovery_starts", Date),
    Column("recovery_share", Numeric, nullable=False),
    Column("forgiven_on", Date),
    Column("protected", ARRAY(BigInteger), nullable=False),
    one_of("kind", DrawKind),
    CheckConstraint("monthly > 0", name="monthly"),
    CheckConstraint("recovery_share > 0 and recovery_share <= 1", name="recovery_share"),
    CheckConstraint("(kind = 'RECOVERABLE_THEN_FORGIVEN') = (forgiven_on is not null)", name="forgiven_on"),
    begun(),
    never_overlapping("draw", "rep_id"),
    Index(None, "rep_id"),
)

hold = Table(
    "hold",
    metadata,
    key(),
    reference("rep", nullable=True, index=True),
    reference("component", nullable=True, index=True),
    reference("opportunity", nullable=True, index=True),
    Column("release", Text, nullable=False),
    Column("releases_on", Date),
    Column("reason", Text, nullable=False),
    Column("placed_position", BigInteger, nullable=False),
    Column("released_position", BigInteger),
    Column("release_note", Text),
    one_of("release", Release),
    CheckConstraint("rep_id is not null or component_id is not null or opportunity_id is not null", name="holds_something"),
    CheckConstraint("releases_on is null or release = 'BY_EVENT'", name="releases_on"),
    CheckConstraint("released_position > placed_position", name="released_later"),
)

payment = Table(
    "payment",
    metadata,
    key(),
    reference("rep"),
    reference("period"),
    Column("kind", Text, nullable=False),
    Column("debt", Text),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    reference("component", nullable=True),
    reference("opportunity", nullable=True),
    reference("transaction", nullable=True),
    Column("note", Text),
    Column("position", BigInteger, nullable=False),
    one_of("kind", PaymentKind),
    one_of("debt", Debt),
    CheckConstraint("amount > 0 or (kind = 'HELD' and amount < 0)", name="amount"),
    CheckConstraint("(kind = 'WRITTEN_OFF') = (debt is not null)", name="debt_written_off"),
    Index(None, "rep_id", "period_id"),
    Index(None, "period_id", "kind"),
)

payout = Table(
    "payout",
    metadata,
    key(),
    reference("period", unique=True),
    Column("state", Text, nullable=False),
    Column("prepared_position", BigInteger, nullable=False),
    Column("approved_position", BigInteger),
    Column("exported_position", BigInteger),
    one_of("state", PayoutState),
    CheckConstraint("(state = 'PREPARED') = (approved_position is null)", name="approved_position"),
    CheckConstraint("(state = 'EXPORTED') = (exported_position is not null)", name="exported_position"),
)

payout_line = Table(
    "payout_line",
    metadata,
    reference("payout", primary_key=True),
    reference("payment", primary_key=True),
    UniqueConstraint("payment_id"),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    reference("rep", primary_key=True),
    reference("period", primary_key=True),
    Column("position", BigInteger, nullable=False),
)
