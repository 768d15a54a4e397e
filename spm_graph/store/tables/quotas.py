"""What is expected of whom, and promised for it: quotas, goals and target variables."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Numeric, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from spm_graph.domain.terms import Proration

from .metadata import begun, bounded, key, metadata, never_overlapping, one_of, reference

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
    bounded(),
    never_overlapping("quota", "rep_id", "measure_id"),
    Index("quota_rep_idx", "rep_id", "measure_id", text("lower(effective)")),
    Index("quota_latest_idx", text("lower(effective)"), "id"),
    Index(None, "value", "id"),
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

target_variable = Table(
    "target_variable",
    metadata,
    key(),
    reference("rep"),
    Column("effective", DATERANGE, nullable=False),
    Column("annual", Numeric, nullable=False),
    Column("promised_on", Date),
    Column("proration", Text, nullable=False, server_default="NONE"),
    one_of("proration", Proration),
    CheckConstraint("annual > 0", name="annual"),
    begun(),
    never_overlapping("target_variable", "rep_id"),
    Index(None, "rep_id"),
)
