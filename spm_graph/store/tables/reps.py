"""Who sells, who reports to whom, and what they are called and paid in over time."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import DATERANGE

from .metadata import begun, currency_code, key, metadata, never_overlapping, reference, searched

rep = Table(
    "rep",
    metadata,
    key(),
    Column("external_id", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("title", Text),
    Column("office", Text),
    Column("currency", Text, nullable=False),
    Column("hired_on", Date),
    Column("left_on", Date),
    CheckConstraint("left_on > hired_on", name="left_after_hired"),
    currency_code(),
    searched("rep"),
    Index(None, "name", "id"),
)

reporting_line = Table(
    "reporting_line",
    metadata,
    key(),
    reference("rep"),
    reference("rep", "manager_id"),
    Column("effective", DATERANGE, nullable=False),
    CheckConstraint("rep_id <> manager_id", name="not_to_oneself"),
    CheckConstraint("not isempty(effective)", name="effective"),
    never_overlapping("reporting_line", "rep_id"),
    Index(None, "rep_id"),
    Index(None, "manager_id"),
)


# Who is above whom, directly or through others, and when: on the days on which all lines between them hold. The database keeps it
# with the lines, and nobody writes it. Nobody being above themselves, it has no room for managers in a circle. What it refers to
# are reps that lines refer to: foreign keys would look each of them up again.
oversight = Table(
    "oversight",
    metadata,
    Column("manager_id", BigInteger, primary_key=True),
    Column("rep_id", BigInteger, primary_key=True),
    Column("effective", DATERANGE, primary_key=True),
    CheckConstraint("manager_id <> rep_id", name="not_of_oneself"),
    Index(None, "rep_id"),
)


# Only of reps whose currency ever changed; `rep` has the last one. Months, the pay periods, have one currency each.
pay_currency = Table(
    "pay_currency",
    metadata,
    key(),
    reference("rep"),
    Column("currency", Text, nullable=False),
    Column("rate", Numeric, nullable=False, server_default="1"),
    Column("effective", DATERANGE, nullable=False),
    currency_code(),
    CheckConstraint("rate > 0", name="rate"),
    CheckConstraint("not isempty(effective)", name="effective"),
    CheckConstraint("lower_inf(effective) or extract(day from lower(effective)) = 1", name="starts_a_month"),
    never_overlapping("pay_currency", "rep_id"),
    Index(None, "rep_id"),
)


rep_title = Table(
    "rep_title",
    metadata,
    key(),
    reference("rep"),
    Column("title", Text, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    begun(),
    never_overlapping("rep_title", "rep_id"),
    Index(None, "rep_id"),
    Index(None, "title"),
)
