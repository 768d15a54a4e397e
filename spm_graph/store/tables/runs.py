"""Calculations: runs, what they evaluated, the lines that they staged, and what went wrong."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKeyConstraint, Index, Integer, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, JSONB

from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import RunState

from .metadata import key, metadata, one_of, reference

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
    Index("run_evaluation_rep_idx", "rep_id", "component_id", "span", "run_id"),
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


# Which version of each incentive type's package a run calculated with.
run_plugin = Table(
    "run_plugin",
    metadata,
    reference("run", primary_key=True),
    Column("incentive_type", Text, primary_key=True),
    Column("package", Text, nullable=False),
    Column("version", Text, nullable=False),
    Index(None, "incentive_type"),
)
