"""The calendar: months, which are the pay periods, quarters and years."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE

from spm_graph.domain.terms import PeriodKind, PeriodState

from .metadata import bounded, key, metadata, one_of

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
    bounded(),
    Index("period_kind_starts_key", "kind", text("lower(effective)"), unique=True),
)
