"""What counts for whom: measures, credits with the rules that make them, and their balances."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, Numeric, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from spm_graph.domain.terms import MeasureBasis, MeasureKind, Role, TransactionKind

from .metadata import begun, bounded, key, metadata, never_overlapping, one_of, reference, some_of

measure = Table(
    "measure",
    metadata,
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("transaction_kinds", ARRAY(Text), nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("product_ids", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Column("product_families", ARRAY(Text), nullable=False, server_default="{}"),
    Column("rollup_levels", Integer),
    one_of("kind", MeasureKind),
    one_of("basis", MeasureBasis),
    some_of("transaction_kinds", TransactionKind),
    some_of("roles", Role),
    CheckConstraint("(kind = 'UNITS') = (basis = 'QUANTITY')", name="basis_of_kind"),
    CheckConstraint("cardinality(transaction_kinds) > 0 and cardinality(roles) > 0", name="counts_something"),
    CheckConstraint("rollup_levels > 0", name="rollup_levels"),
)

crediting_rule = Table(
    "crediting_rule",
    metadata,
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    reference("rep", nullable=True),
    reference("territory", nullable=True),
    reference("product", nullable=True),
    Column("product_family", Text),
    Column("share", Numeric, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    CheckConstraint("role in ('OVERLAY', 'TERRITORY')", name="role"),
    CheckConstraint("(role = 'OVERLAY') = (rep_id is not null)", name="somebody_to_credit"),
    CheckConstraint("share > 0 and share <= 10", name="share"),
    begun(),
)

credit = Table(
    "credit",
    metadata,
    key(),
    reference("transaction"),
    reference("opportunity", nullable=True),
    reference("rep"),
    Column("role", Text, nullable=False),
    reference("measure"),
    reference("rep", "source_rep_id", nullable=True),
    Column("dated", Date, nullable=False),
    Column("share", Numeric, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("units", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("sold_amount", Numeric, nullable=False),
    Column("sold_currency", Text, nullable=False),
    Column("fx_rate", Numeric, nullable=False),
    Column("made_position", BigInteger, nullable=False),
    Column("superseded_position", BigInteger),
    one_of("role", Role),
    CheckConstraint("superseded_position > made_position", name="superseded_later"),
    Index(
        "credit_identity_key",
        "transaction_id",
        "rep_id",
        "role",
        "measure_id",
        unique=True,
        postgresql_where=text("superseded_position is null"),
    ),
    Index("credit_window_idx", "rep_id", "measure_id", "dated", "id", postgresql_where=text("superseded_position is null")),
    Index("credit_opportunity_idx", "opportunity_id"),
    Index("credit_rep_idx", "rep_id", "opportunity_id", "transaction_id", postgresql_where=text("superseded_position is null")),
)

credited = Table(
    "credited",
    metadata,
    reference("rep", primary_key=True),
    reference("measure", primary_key=True),
    reference("period", primary_key=True),
    Column("value", Numeric, nullable=False),
    Column("position", BigInteger, nullable=False),
    Index(None, "period_id", "measure_id"),
)

opening_balance = Table(
    "opening_balance",
    metadata,
    key(),
    reference("rep"),
    reference("measure"),
    Column("effective", DATERANGE, nullable=False),
    Column("credited", Numeric, nullable=False),
    Column("earned", Numeric, nullable=False),
    Column("carry", Numeric, nullable=False, server_default="1"),
    bounded(),
    never_overlapping("opening_balance", "rep_id", "measure_id"),
    Index(None, "rep_id", "measure_id"),
)
