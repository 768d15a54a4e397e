"""What one currency is worth in another."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import DATERANGE

from .metadata import key, metadata, never_overlapping

PAIR = " + ".join(f"ascii(substr(base || quote, {place}, 1))::bigint * {256 ** (6 - place)}" for place in range(1, 7))
"""The six letters of two currencies as one number, for the exclusion constraint."""

fx_rate = Table(
    "fx_rate",
    metadata,
    key(),
    Column("base", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("pair", BigInteger, Computed(PAIR, persisted=True)),
    Column("effective", DATERANGE, nullable=False),
    Column("rate", Numeric, nullable=False),
    CheckConstraint("base ~ '^[A-Z]{3}$' and quote ~ '^[A-Z]{3}$' and base <> quote", name="currencies"),
    CheckConstraint("rate > 0", name="rate"),
    CheckConstraint("not isempty(effective) and not lower_inf(effective)", name="effective"),
    never_overlapping("fx_rate", "pair"),
)
