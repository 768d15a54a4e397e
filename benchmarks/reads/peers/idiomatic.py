"""The usual way in Python: strawberry types with resolvers over SQLAlchemy's ORM, a DataLoader for each relation.

`python -m benchmarks.reads.peers.idiomatic ADDRESS PORT`
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
import uvicorn
from sqlalchemy import Select, func, make_url, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from .idiomatic_loaders import Loaders
from .idiomatic_rows import (
    LATEST,
    AccountRow,
    AssignmentRow,
    EarnedRow,
    EarningRow,
    OpportunityRow,
    PartRow,
    PeriodRow,
    RepRow,
    TerritoryRow,
)

Info = strawberry.Info[Loaders, None]


@strawberry.type
class Named:
    """Something with an id and a name."""

    id: strawberry.ID
    name: str


@strawberry.type
class Opportunity:
    """A deal."""

    row: strawberry.Private[OpportunityRow]
    id: strawberry.ID
    name: str
    stage: str
    probability: Decimal
    amount: Decimal | None
    currency: str
    opened_on: date | None
    closed_on: date | None
    outcome: str | None

    @strawberry.field
    async def account(self, info: Info) -> Named | None:
        """Who may buy."""
        if self.row.account_id is None:
            return None
        loader = info.context.of(AccountRow, lambda ids: select(AccountRow.id, AccountRow).where(AccountRow.id.in_(ids)), many=False)
        found = await loader.load(self.row.account_id)
        return Named(id=found.id, name=found.name)


def opportunity(row: OpportunityRow) -> Opportunity:
    """The deal of a row."""
    return Opportunity(
        row=row,
        id=strawberry.ID(str(row.id)),
        name=row.name,
        stage=row.stage,
        probability=row.probability,
        amount=row.amount,
        currency=row.currency,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        outcome=row.outcome,
    )


@strawberry.type
class Earning:
    """A line of the ledger."""

    row: strawberry.Private[EarningRow]
    key: str
    amount: Decimal

    @strawberry.field
    async def period(self, info: Info) -> Named:
        """The period that it is booked in."""
        loader = info.context.of(PeriodRow, lambda ids: select(PeriodRow.id, PeriodRow).where(PeriodRow.id.in_(ids)), many=False)
        found = await loader.load(self.row.period_id)
        return Named(id=found.id, name=found.name)


def numbered(row: Any, owner: Any, order: Sequence[Any], condition: Any, first: int) -> Select[Any]:
    """The first rows of each owner."""
    number = func.row_number().over(partition_by=owner, order_by=order).label("number")
    ranked = select(row.id.label("id"), owner.label("owner"), number).where(condition).subquery()
    return select(ranked.c.owner, row).join(ranked, ranked.c.id == row.id).where(ranked.c.number <= first).order_by(ranked.c.number)


First = Annotated[int, strawberry.argument(description="How many.")]


@strawberry.type
class Rep:
    """A rep."""

    key: strawberry.Private[int]
    id: strawberry.ID
    name: str
    title: str | None

    @strawberry.field
    async def territories(self, info: Info) -> list[Named]:
        """The territories that they work."""

        def statement(ids: list[int]) -> Select[Any]:
            joined = select(AssignmentRow.rep_id, TerritoryRow).join(TerritoryRow, TerritoryRow.id == AssignmentRow.territory_id)
            return joined.where(AssignmentRow.rep_id.in_(ids)).order_by(AssignmentRow.territory_id)

        found = await info.context.of("territories", statement, many=True).load(self.key)
        return [Named(id=each.id, name=each.name) for each in found]

    @strawberry.field
    async def quota(self, info: Info, period: str) -> Decimal | None:
        """What is expected of them in a period."""

        def statement(ids: list[int]) -> Select[Any]:
            whole = select(PeriodRow.effective).where(PeriodRow.name == period).scalar_subquery()
            months = select(PeriodRow.id).where(PeriodRow.kind == "MONTH", PeriodRow.effective.contained_by(whole))
            summed = select(PartRow.rep_id, func.sum(PartRow.value)).where(PartRow.measure_id == 1, PartRow.period_id.in_(months))
            return summed.where(PartRow.rep_id.in_(ids)).group_by(PartRow.rep_id)

        found: Decimal | None = await info.context.of(("quota", period), statement, many=False).load(self.key)
        return found

    @strawberry.field
    async def earnings_total(self, info: Info) -> Decimal:
        """The sum of what they earned."""

        def statement(ids: list[int]) -> Select[Any]:
            summed = select(EarnedRow.rep_id, func.sum(EarnedRow.amount)).where(EarnedRow.rep_id.in_(ids))
            return summed.group_by(EarnedRow.rep_id)

        return await info.context.of("total", statement, many=False).load(self.key) or Decimal(0)

    @strawberry.field
    async def opportunities(self, info: Info, first: First) -> list[Opportunity]:
        """Their latest deals."""
        order = (LATEST.desc(), OpportunityRow.id.desc())
        loader = info.context.of(
            ("latest", first),
            lambda ids: numbered(OpportunityRow, OpportunityRow.owner_id, order, OpportunityRow.owner_id.in_(ids), first),
            many=True,
        )
        return [opportunity(row) for row in await loader.load(self.key)]

    @strawberry.field
    async def open_opportunities(self, info: Info, first: First) -> list[Opportunity]:
        """Their open deals, in the order in which they were recorded."""
        loader = info.context.of(
            ("open", first),
            lambda ids: numbered(
                OpportunityRow,
                OpportunityRow.owner_id,
                (OpportunityRow.id,),
                OpportunityRow.owner_id.in_(ids) & OpportunityRow.outcome.is_(None),
                first,
            ),
            many=True,
        )
        return [opportunity(row) for row in await loader.load(self.key)]

    @strawberry.field
    async def earnings(self, info: Info, first: First) -> list[Earning]:
        """What they earned, the latest first."""
        loader = info.context.of(
            ("earnings", first),
            lambda ids: numbered(EarningRow, EarningRow.rep_id, (EarningRow.id.desc(),), EarningRow.rep_id.in_(ids), first),
            many=True,
        )
        return [Earning(row=row, key=row.key, amount=row.amount) for row in await loader.load(self.key)]


def rep_of(row: RepRow) -> Rep:
    """The rep of a row."""
    return Rep(key=row.id, id=strawberry.ID(str(row.id)), name=row.name, title=row.title)


@strawberry.type
class Query:
    """The questions."""

    @strawberry.field
    async def reps(self, info: Info, first: First) -> list[Rep]:
        """Reps in the order in which they were recorded."""
        return [rep_of(row) for (row,) in await info.context.rows(select(RepRow).order_by(RepRow.name, RepRow.id).limit(first))]

    @strawberry.field
    async def rep(self, info: Info, id: int) -> Rep | None:  # noqa: A002
        """One rep."""
        found = await info.context.rows(select(RepRow).where(RepRow.id == id))
        return rep_of(found[0][0]) if found else None

    @strawberry.field
    async def opportunities(self, info: Info, first: First) -> list[Opportunity]:
        """Deals in the order in which they were recorded."""
        return [opportunity(row) for (row,) in await info.context.rows(select(OpportunityRow).order_by(OpportunityRow.id).limit(first))]


def application(address: str) -> Any:
    """The ASGI application on a database."""
    engine = create_async_engine(make_url(address).set(drivername="postgresql+asyncpg"), pool_size=10)
    sessions = async_sessionmaker(engine)

    class Endpoint(GraphQL):  # type: ignore[type-arg]
        async def get_context(self, request: Any, response: Any) -> Any:
            return Loaders(sessions)

    return Endpoint(strawberry.Schema(Query, extensions=[ParserCache, ValidationCache]))


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="warning")
