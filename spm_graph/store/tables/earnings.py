"""The entitlement ledger: postings, earnings with what brought them, and their balances."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Numeric, PrimaryKeyConstraint, Table, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB

from spm_graph.domain.terms import EarningKind

from .metadata import key, metadata, one_of, reference

evaluation = Table(
    "evaluation",
    metadata,
    reference("rep", primary_key=True),
    reference("component", primary_key=True),
    Column("span", DATERANGE, primary_key=True),
    Column("through", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("posted_position", BigInteger, nullable=False),
)

posting = Table(
    "posting",
    metadata,
    key(),
    Column("position", BigInteger, nullable=False, unique=True),
    reference("run", unique=True),
    reference("period"),
    Column("note", Text),
)

earning = Table(
    "earning",
    metadata,
    key(),
    reference("posting", index=True),
    reference("rep"),
    reference("component", index=True),
    Column("kind", Text, nullable=False),
    Column("span", DATERANGE, nullable=False),
    Column("key", Text, nullable=False),
    reference("period"),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("position", BigInteger, nullable=False),
    one_of("kind", EarningKind),
    Index("earning_window_idx", "rep_id", "component_id", "span"),
    Index("earning_period_idx", "period_id", "rep_id"),
    Index("earning_rep_idx", "rep_id", "id"),
    Index(None, "amount", "id"),
    Index("earning_latest_idx", text("lower(span)"), "id"),
    Index("earning_rep_amount_idx", "rep_id", "amount", "id"),
    Index("earning_rep_latest_idx", "rep_id", text("lower(span)"), "id"),
)

earning_credit = Table(
    "earning_credit",
    metadata,
    reference("earning", primary_key=True),
    reference("transaction", primary_key=True),
    Column("role", Text, primary_key=True),
    Column("amount", Numeric, nullable=False),
    Index(None, "transaction_id"),
)

# The key in the order in which totals are asked for, and with their amounts: what somebody earned is added up from the index alone.
earned = Table(
    "earned",
    metadata,
    reference("rep"),
    Column("currency", Text, nullable=False),
    reference("period"),
    reference("component"),
    Column("amount", Numeric, nullable=False),
    Column("position", BigInteger, nullable=False),
    PrimaryKeyConstraint("rep_id", "currency", "period_id", "component_id", postgresql_include=["amount"]),
    Index(None, "period_id"),
)
