"""The calendar, what counts for whom, and what is expected of whom."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, Numeric, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from spm_graph.domain.terms import MeasureBasis, MeasureKind, PeriodKind, PeriodState, Proration, Role, TransactionKind

from .metadata import key, metadata, never_overlapping, one_of, reference, some_of

period = Table(
    "period",
    metadata,
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    Column("state", Text, nullable=False, server_default="OPEN"),
    Column("closed_position", BigInteger),
    one_of("kind", PeriodKind),
    one_of("state", PeriodState),
    CheckConstraint("state = 'OPEN' or kind = 'MONTH'", name="only_pay_periods_close"),
    CheckConstraint("(state = 'CLOSED') = (closed_position is not null)", name="closed_position"),
    CheckConstraint("not isempty(effective) and not lower_inf(effective) and not upper_inf(effective)", name="effective"),
    Index("period_kind_starts_key", "kind", text("lower(effective)"), unique=True),
)

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
    CheckConstraint("not isempty(effective) and not lower_inf(effective)", name="effective"),
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
    CheckConstraint("not isempty(effective) and not lower_inf(effective) and not upper_inf(effective)", name="effective"),
    never_overlapping("opening_balance", "rep_id", "measure_id"),
    Index(None, "rep_id", "measure_id"),
)

quota = Table(
    "quota",
    metadata,
    key(),
    reference("rep"),
    reference("measure"),
    Column("effective", DATERANGE, nullable=False),
    Column("value", Numeric, nullable=False),
    Column("full_value", Numeric, nullable=False),
    Column("seasonality", ARRAY(Numeric), nullable=False, server_default="{}"),
    Column("proration", Text, nullable=False, server_default="NONE"),
    Column("ramp", ARRAY(Numeric), nullable=False, server_default="{}"),
    one_of("proration", Proration),
    CheckConstraint("value >= 0 and full_value > 0", name="value"),
    CheckConstraint("0 <= all (seasonality) and 0 <= all (ramp) and 1 >= all (ramp)", name="weights"),
    CheckConstraint("not isempty(effective) and not lower_inf(effective) and not upper_inf(effective)", name="effective"),
    never_overlapping("quota", "rep_id", "measure_id"),
    Index("quota_rep_idx", "rep_id", "measure_id", text("lower(effective)")),
)

quota_part = Table(
    "quota_part",
    metadata,
    reference("rep", primary_key=True),
    reference("measure", primary_key=True),
    reference("period", primary_key=True),
    reference("quota", index=True),
    Column("value", Numeric, nullable=False),
    Column("full_value", Numeric, nullable=False),
    Column("rate", Numeric, nullable=False, server_default="1"),
    Column("says", Text, nullable=False),
    Column("carry", Numeric, nullable=False, server_default="1"),
    CheckConstraint("value >= 0 and full_value >= 0 and rate >= 0", name="value"),
    Index(None, "period_id", "measure_id"),
)

goal = Table(
    "goal",
    metadata,
    key(),
    reference("rep"),
    reference("period", index=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("weight", Numeric, nullable=False),
    Column("achieved", Numeric),
    CheckConstraint("weight > 0", name="weight"),
    CheckConstraint("achieved >= 0", name="achieved"),
    UniqueConstraint("rep_id", "period_id", "name"),
)
