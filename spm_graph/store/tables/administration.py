"""What holds for all of the company, the keys to its API, and what currencies are worth."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Computed, DateTime, LargeBinary, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from spm_graph.domain.terms import Grant, LeaderboardAudience, Proration, RefundDating

from .metadata import begun, currency_code, key, metadata, never_overlapping, one_of, reference, some_of

company = Table(
    "company",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("refund_dating", Text, nullable=False),
    Column("leaderboard", Text, nullable=False, server_default="VISIBLE"),
    Column("proration", Text, nullable=False, server_default="NONE"),
    Column("maker_checker", Boolean, nullable=False, server_default="false"),
    CheckConstraint('"only"', name="one_company"),
    currency_code(),
    one_of("refund_dating", RefundDating),
    one_of("leaderboard", LeaderboardAudience),
    one_of("proration", Proration),
)

api_key = Table(
    "api_key",
    metadata,
    key(),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    reference("rep", nullable=True),
    Column("person", Text),
    Column("grants", ARRAY(Text), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    CheckConstraint("rep_id is null or person is null", name="one_person"),
    some_of("grants", Grant),
)

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
    begun(),
    never_overlapping("fx_rate", "pair"),
)
