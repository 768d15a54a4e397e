"""How people are paid: plans, runs, the entitlement ledger and the payment ledger."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, JSONB

from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import AdjustmentReason, Carry, EarningKind, PlanState, Proration, QuotaBasis, Rounding, RunState, WindowKind

from .metadata import key, metadata, never_overlapping, one_of, reference

plan = Table("plan", metadata, key(), Column("name", Text, nullable=False, unique=True))

plan_version = Table(
    "plan_version",
    metadata,
    key(),
    reference("plan"),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    Column("document", Text),
    Column("published_position", BigInteger),
    one_of("state", PlanState),
    CheckConstraint("not isempty(effective) and not lower_inf(effective)", name="effective"),
    CheckConstraint("(state = 'DRAFT') = (published_position is null)", name="published_position"),
    UniqueConstraint("plan_id", "version"),
    never_overlapping("plan_version", "plan_id", where="state = 'PUBLISHED'"),
)

component = Table("component", metadata, key(), reference("plan", index=True))

component_version = Table(
    "component_version",
    metadata,
    key(),
    reference("component"),
    reference("plan_version"),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("incentive_type", Text, nullable=False),
    reference("measure"),
    Column("window_kind", Text, nullable=False),
    Column("quota_basis", Text, nullable=False),
    Column("carry", Text, nullable=False, server_default="CONTINUE"),
    Column("rounding", Text, nullable=False, server_default="HALF_UP"),
    Column("config", JSONB, nullable=False),
    Column("distribution", Text, nullable=False, server_default=""),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("reads_window", Text, nullable=False, server_default="PERIOD"),
    Column("reads_ago", Integer, nullable=False, server_default="0"),
    one_of("window_kind", WindowKind),
    one_of("quota_basis", QuotaBasis),
    one_of("carry", Carry),
    one_of("rounding", Rounding),
    one_of("reads_window", WindowKind),
    UniqueConstraint("plan_version_id", "ordinal"),
    UniqueConstraint("plan_version_id", "name"),
    UniqueConstraint("plan_version_id", "component_id"),
    Index(None, "component_id"),
)

plan_assignment = Table(
    "plan_assignment",
    metadata,
    key(),
    reference("plan"),
    reference("rep"),
    Column("effective", DATERANGE, nullable=False),
    CheckConstraint("not isempty(effective) and not lower_inf(effective)", name="effective"),
    never_overlapping("plan_assignment", "plan_id", "rep_id"),
    Index(None, "rep_id"),
    Index(None, "plan_id"),
)

# Titles are compared as numbers, by a hash of 64 bits that leaves room for a range's end.
plan_title = Table(
    "plan_title",
    metadata,
    key(),
    reference("plan"),
    Column("title", Text, nullable=False),
    Column("effective", DATERANGE, nullable=False),
    CheckConstraint("not isempty(effective) and not lower_inf(effective)", name="effective"),
    never_overlapping("plan_title", "plan_id", "hashtextextended(title, 0) >> 1"),
    Index(None, "plan_id"),
    Index(None, "title"),
)

run = Table(
    "run",
    metadata,
    key(),
    reference("period"),
    Column("state", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("shards", Integer, nullable=False),
    Column("shards_done", Integer, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("approved_by", Text),
    Column("excluded", ARRAY(BigInteger), nullable=False),
    one_of("state", RunState),
    CheckConstraint("shards_done between 0 and shards", name="shards_done"),
    CheckConstraint("state <> 'APPROVED' or approved_by is not null", name="approved_by"),
)

RUN_WINDOW = ("run_id", "rep_id", "component_id", "span")

run_evaluation = Table(
    "run_evaluation",
    metadata,
    reference("run", primary_key=True),
    reference("rep", primary_key=True),
    reference("component", primary_key=True),
    Column("span", DATERANGE, primary_key=True),
    Column("shard", Integer, nullable=False),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("reads_from", Date, nullable=False),
    Column("through", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("evaluated", Text, nullable=False),
    CheckConstraint("evaluated in ('PENDING', 'DONE', 'FAILED')", name="evaluated"),
    Index("run_evaluation_rep_idx", "rep_id", "component_id", "span"),
)

run_line = Table(
    "run_line",
    metadata,
    Column("run_id", BigInteger, primary_key=True),
    Column("rep_id", BigInteger, primary_key=True),
    Column("component_id", BigInteger, primary_key=True),
    Column("span", DATERANGE, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("amount", Numeric, nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("credits", JSONB, nullable=False),
    ForeignKeyConstraint(RUN_WINDOW, [f"run_evaluation.{column}" for column in RUN_WINDOW], ondelete="CASCADE"),
)

run_problem = Table(
    "run_problem",
    metadata,
    key(),
    Column("run_id", BigInteger, nullable=False),
    Column("rep_id", BigInteger, nullable=False),
    Column("component_id", BigInteger, nullable=False),
    Column("span", DATERANGE, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    ForeignKeyConstraint(RUN_WINDOW, [f"run_evaluation.{column}" for column in RUN_WINDOW], ondelete="CASCADE"),
    one_of("code", ProblemCode),
    Index("run_problem_run_idx", "run_id", "rep_id"),
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
    CheckConstraint("not isempty(effective) and not lower_inf(effective)", name="effective"),
    never_overlapping("target_variable", "rep_id"),
    Index(None, "rep_id"),
)

adjustment = Table(
    "adjustment",
    metadata,
    key(),
    reference("rep"),
    reference("period"),
    reference("opportunity", nullable=True, index=True),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("pending", Boolean, nullable=False, server_default="false"),
    one_of("reason", AdjustmentReason),
    CheckConstraint("amount <> 0", name="amount"),
    Index(None, "rep_id", "period_id"),
)

evaluation = Table(
    "evaluation",
    metadata,
    reference("rep", primary_key=True),
    reference("component", primary_key=True),
    Column("span", DATERANGE, primary_key=True),
    Column("through", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("posted_position", BigInteger, nullable=False),
)

posting = Table(
    "posting",
    metadata,
    key(),
    Column("position", BigInteger, nullable=False, unique=True),
    reference("run", unique=True),
    reference("period"),
    Column("note", Text),
)

earning = Table(
    "earning",
    metadata,
    key(),
    reference("posting", index=True),
    reference("rep"),
    reference("component", index=True),
    Column("kind", Text, nullable=False),
    Column("span", DATERANGE, nullable=False),
    Column("key", Text, nullable=False),
    reference("period"),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("position", BigInteger, nullable=False),
    one_of("kind", EarningKind),
    Index("earning_window_idx", "rep_id", "component_id", "span"),
    Index("earning_period_idx", "period_id", "rep_id"),
    Index("earning_rep_idx", "rep_id", "id"),
)

earning_credit = Table(
    "earning_credit",
    metadata,
    reference("earning", primary_key=True),
    reference("transaction", primary_key=True),
    Column("role", Text, primary_key=True),
    Column("amount", Numeric, nullable=False),
    Index(None, "transaction_id"),
)

earned = Table(
    "earned",
    metadata,
    reference("rep", primary_key=True),
    reference("period", primary_key=True),
    reference("component", primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("amount", Numeric, nullable=False),
    Column("position", BigInteger, nullable=False),
    Index(None, "period_id"),
)
