"""Who buys, and what: accounts and products."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Numeric, Table, Text

from .metadata import currency_code, key, metadata, reference, searched

account = Table(
    "account",
    metadata,
    key(),
    Column("external_id", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("industry", Text),
    Column("country", Text),
    reference("account", "parent_id", nullable=True, index=True),
    CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    searched("account"),
    Index(None, "name", "id"),
)

product = Table(
    "product",
    metadata,
    key(),
    Column("external_id", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("family", Text),
    Column("list_price", Numeric),
    Column("currency", Text, nullable=False),
    currency_code(),
    CheckConstraint("list_price >= 0", name="list_price"),
)
