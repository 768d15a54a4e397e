"""What was sold: the lines that count."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Numeric, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from spm_graph.domain.terms import TransactionKind

from .metadata import currency_code, key, metadata, one_of, reference

transaction = Table(
    "transaction",
    metadata,
    key(),
    Column("external_id", Text, unique=True),
    Column("kind", Text, nullable=False),
    reference("opportunity", nullable=True, index=True),
    reference("rep", nullable=True, index=True),
    reference("account", nullable=True, index=True),
    reference("product", nullable=True, index=True),
    Column("dated", Date, nullable=False),
    Column("quantity", Numeric, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("margin", Numeric),
    Column("currency", Text, nullable=False),
    reference("transaction", "corrects_id", nullable=True, index=True),
    Column("attributes", JSONB, nullable=False, server_default=text("'[]'")),
    Column("revision", BigInteger),
    one_of("kind", TransactionKind),
    currency_code(),
    CheckConstraint("kind <> 'REFUND' or (amount <= 0 and quantity <= 0)", name="refund_negative"),
    CheckConstraint("opportunity_id is not null or rep_id is not null or corrects_id is not null", name="credited_to_somebody"),
    CheckConstraint("corrects_id <> id", name="not_its_own_correction"),
    CheckConstraint("jsonb_typeof(attributes) = 'array'", name="attributes"),
    Index("transaction_order_key", "opportunity_id", unique=True, postgresql_where=text("kind = 'ORDER' and external_id is null")),
    Index(None, "dated", "id"),
    Index(None, "amount", "id"),
)
