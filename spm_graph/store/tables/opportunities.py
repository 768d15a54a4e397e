"""Deals: opportunities, who shares them, who else is credited on them, and the stages that they went through."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Numeric, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from spm_graph.domain.terms import ForecastCategory, Outcome

from .metadata import currency_code, key, metadata, one_of, reference, searched

LATEST_DAY = "coalesce(closed_on, expected_close_on, opened_on, '1900-01-01'::date)"
"""The day by which opportunities are listed: it is never null, so that a page has a place for each."""


def listed(table: str, whose: str, key: str, *besides: str) -> Iterator[Index]:
    """The indexes that have the deals of each rep in order, and all that it takes to say what the order is."""
    for name, order, columns in [
        ("latest", LATEST_DAY, ["closed_on", "expected_close_on", "opened_on"]),
        ("largest", "coalesce(amount, 0)", ["amount"]),
    ]:
        parts = [text(f"{order} desc"), text(f"{key} desc")]
        yield Index(f"{table}_{whose.removesuffix('_id')}_{name}_idx", whose, *parts, postgresql_include=[*columns, *besides])


opportunity = Table(
    "opportunity",
    metadata,
    key(),
    Column("external_id", Text, unique=True),
    Column("name", Text, nullable=False),
    reference("account", nullable=True, index=True),
    reference("product", nullable=True, index=True),
    reference("rep", "owner_id"),
    Column("stage", Text, nullable=False),
    Column("forecast_category", Text, nullable=False),
    Column("probability", Numeric, nullable=False),
    Column("amount", Numeric),
    Column("list_amount", Numeric),
    Column("currency", Text, nullable=False),
    Column("opened_on", Date),
    Column("expected_close_on", Date),
    Column("first_expected_on", Date),
    Column("closed_on", Date),
    Column("outcome", Text),
    Column("attributes", JSONB, nullable=False, server_default=text("'[]'")),
    Column("revision", BigInteger),
    one_of("forecast_category", ForecastCategory),
    one_of("outcome", Outcome),
    CheckConstraint("probability between 0 and 1", name="probability"),
    CheckConstraint("jsonb_typeof(attributes) = 'array'", name="attributes"),
    currency_code(),
    CheckConstraint("list_amount >= 0", name="list_amount"),
    CheckConstraint("(outcome is null) = (closed_on is null)", name="closed_with_outcome"),
    CheckConstraint("outcome <> 'WON' or amount is not null", name="won_with_amount"),
    searched("opportunity"),
    Index(None, "closed_on"),
    Index("opportunity_open_idx", "owner_id", "id", postgresql_where=text("outcome is null")),
    Index(None, "owner_id", "id"),
    Index("opportunity_latest_idx", text(f"{LATEST_DAY} desc"), text("id desc")),
    Index("opportunity_largest_idx", text("coalesce(amount, 0) desc"), text("id desc")),
    *listed("opportunity", "owner_id", "id"),
)

# Which deals of others somebody is credited on, with the columns that deals are listed by. The database keeps it with credits and
# deals, and nobody writes it: what it refers to is there.
credited_deal = Table(
    "credited_deal",
    metadata,
    Column("opportunity_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rep_id", BigInteger, primary_key=True, autoincrement=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("amount", Numeric),
    Column("opened_on", Date),
    Column("expected_close_on", Date),
    Column("closed_on", Date),
    Index("credited_deal_rep_idx", "rep_id", "opportunity_id", postgresql_include=["owner_id"]),
    *listed("credited_deal", "rep_id", "opportunity_id", "owner_id"),
)

split = Table(
    "split",
    metadata,
    key(),
    reference("opportunity", index=True),
    reference("rep", index=True),
    Column("role", Text, nullable=False),
    Column("share", Numeric, nullable=False),
    CheckConstraint("role in ('SPLIT', 'OVERLAY')", name="role"),
    CheckConstraint("share > 0 and share <= 10", name="share"),
    Index("split_once_key", "opportunity_id", "rep_id", "role", unique=True),
)

stage_change = Table(
    "stage_change",
    metadata,
    reference("opportunity", primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("from_stage", Text),
    Column("to_stage", Text, nullable=False),
    Column("outcome", Text),
    Column("dated", Date, nullable=False),
    one_of("outcome", Outcome),
    Index(None, "from_stage", "dated"),
)
