"""Where is sold: territories, who works them, and the accounts that are in them."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from spm_graph.domain.terms import AccountAttribute

from .metadata import begun, key, metadata, never_overlapping, one_of, reference

territory = Table(
    "territory",
    metadata,
    key(),
    Column("external_id", Text, unique=True),
    Column("name", Text, nullable=False),
    reference("territory", "parent_id", nullable=True, index=True),
    CheckConstraint("parent_id <> id", name="not_its_own_parent"),
)

territory_rule = Table(
    "territory_rule",
    metadata,
    key(),
    reference("territory"),
    Column("attribute", Text, nullable=False),
    Column("accepted", ARRAY(Text), nullable=False),
    one_of("attribute", AccountAttribute),
    CheckConstraint("cardinality(accepted) > 0", name="accepted"),
    UniqueConstraint("territory_id", "attribute"),
)

territory_assignment = Table(
    "territory_assignment",
    metadata,
    key(),
    reference("territory"),
    reference("rep"),
    Column("effective", DATERANGE, nullable=False),
    begun(),
    never_overlapping("territory_assignment", "territory_id", "rep_id"),
    Index(None, "territory_id"),
    Index(None, "rep_id"),
)

account_territory = Table(
    "account_territory",
    metadata,
    key(),
    reference("account"),
    reference("territory"),
    Column("effective", DATERANGE, nullable=False),
    Column("by_rule", Boolean, nullable=False),
    begun(),
    never_overlapping("account_territory", "account_id", "territory_id"),
    Index(None, "account_id"),
    Index(None, "territory_id"),
)
