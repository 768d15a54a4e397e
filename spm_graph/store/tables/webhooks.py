"""Where events are sent, how far, and how that went. Secrets stand apart, so that the audit never shows one."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from spm_graph.domain.terms import EventKind, WebhookState

from .metadata import key, metadata, one_of, reference, some_of

webhook = Table(
    "webhook",
    metadata,
    key(),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    reference("rep", nullable=True),
    Column("state", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    one_of("state", WebhookState),
    some_of("kinds", EventKind),
)

webhook_secret = Table(
    "webhook_secret",
    metadata,
    reference("webhook", primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("former", LargeBinary),
    Column("former_until", DateTime(timezone=True)),
    CheckConstraint("(former is null) = (former_until is null)", name="former"),
)

webhook_progress = Table(
    "webhook_progress",
    metadata,
    reference("webhook", primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(failures = 0) = (failing_since is null)", name="failing_since"),
)

webhook_attempt = Table(
    "webhook_attempt",
    metadata,
    key(),
    reference("webhook"),
    Column("position", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("status", Integer),
    Column("problem", Text),
    Index(None, "webhook_id", "id"),
    Index(None, "at"),
)
