"""The tables as the usual strawberry server has them: classes of SQLAlchemy's ORM."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, func
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What all tables share."""


class RepRow(Base):
    """A rep."""

    __tablename__ = "rep"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    title: Mapped[str | None]


class AccountRow(Base):
    """An account."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class OpportunityRow(Base):
    """A deal."""

    __tablename__ = "opportunity"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("rep.id"))
    stage: Mapped[str]
    probability: Mapped[Decimal]
    amount: Mapped[Decimal | None]
    currency: Mapped[str]
    opened_on: Mapped[date | None] = mapped_column(Date)
    expected_close_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None]


class TerritoryRow(Base):
    """A territory."""

    __tablename__ = "territory"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class AssignmentRow(Base):
    """Who works a territory."""

    __tablename__ = "territory_assignment"
    id: Mapped[int] = mapped_column(primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id"))


class PeriodRow(Base):
    """A period."""

    __tablename__ = "period"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    effective: Mapped[Any] = mapped_column(DATERANGE)


class PartRow(Base):
    """The part of a quota that falls into a month."""

    __tablename__ = "quota_part"
    rep_id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    value: Mapped[Decimal]


class EarningRow(Base):
    """A line of the ledger."""

    __tablename__ = "earning"
    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    key: Mapped[str]
    amount: Mapped[Decimal]


class EarnedRow(Base):
    """What a rep earned in a month with a component."""

    __tablename__ = "earned"
    rep_id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[Decimal]


LATEST = func.coalesce(OpportunityRow.closed_on, OpportunityRow.expected_close_on, OpportunityRow.opened_on, date(1900, 1, 1))
