"""A company with deals under way, and one way to ask about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import opportunities
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import ForecastCategory, Outcome
from spm_graph.graph.schema import brought, build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.reading.answer import WIDENING, Reads
from spm_graph.reading.arguments import Inputs
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Company

TYPES = IncentiveTypes.of([])
DATES = {"opened_on", "expected_close_on", "closed_on", "stage_since"}
READS = Reads(core(build(TYPES)), values=brought(TYPES))


@dataclass
class Story:
    """A company in 2026, and what GraphQL answers about it."""

    company: Company

    async def ask(self, text: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> Any:
        """The data of an answer."""
        body = json.loads(await READS.query(self.company.database, actor, READS.request(text, None, variables)))
        assert "errors" not in body, body
        return body["data"]

    async def plan(self, text: str, actor: Actor = ADMINISTRATOR) -> str:
        """How PostgreSQL answers a document."""
        await self.ask(text, actor)
        request: Any = READS.request(text, None, {})
        (plan,) = [plan for (_, grants, _), plan in request.prepared.plans.items() if grants == actor.grants & WIDENING]
        inputs = Inputs(request.variables, request.literals.values, actor, self.company.database.today(), {})
        rows = await self.company.database.pool.fetch(f"explain {plan.sql}", *(read(inputs) for read in plan.reads))
        return "\n".join(row[0] for row in rows)

    async def is_(self, name: str) -> Actor:
        """A rep, as somebody who asks."""
        (row,) = await self.company.rows("select id from rep where external_id = :name", name=name)
        return Actor(name, row["id"], frozenset())

    async def deal(self, key: str, amount: str | None, rep: str = "ana", **more: Any) -> str:
        """A deal, open unless more is said; its external id."""
        values: dict[str, Any] = {
            "stage": "Open",
            "forecast_category": ForecastCategory.PIPELINE,
            "probability": Decimal("0.5"),
            "amount": Decimal(amount) if amount is not None else None,
            **{name: date.fromisoformat(given) if name in DATES else given for name, given in more.items()},
        }
        await self.company.do(opportunities.upsert, opportunities.OpportunityUpsert(key, key, Ref(external_id=rep), **values))
        return key

    async def won(self, key: str, amount: str, opened: str, closed: str, rep: str = "ana") -> str:
        """A won deal."""
        sure: dict[str, Any] = {"stage": "Won", "probability": Decimal(1), "forecast_category": ForecastCategory.CLOSED}
        return await self.deal(key, amount, rep, opened_on=opened, closed_on=closed, outcome=Outcome.WON, **sure)

    async def lost(self, key: str, closed: str, rep: str = "ana") -> str:
        """A lost deal."""
        never: dict[str, Any] = {"stage": "Lost", "probability": Decimal(0), "forecast_category": ForecastCategory.OMITTED}
        return await self.deal(key, None, rep, closed_on=closed, outcome=Outcome.LOST, **never)

    async def move(self, key: str, stage: str, actor: Actor = ADMINISTRATOR, **more: Any) -> None:
        """Move a deal to another stage."""
        values: dict[str, Any] = {name: date.fromisoformat(given) if name in DATES else given for name, given in more.items()}
        await self.company.do(opportunities.move, opportunities.OpportunityMove(Ref(external_id=key), stage, **values), actor)


@pytest.fixture
async def story(database: Database) -> Story:
    """A company on 10 May 2026, in which Ana and Bo report to Mia, and Cy to nobody."""
    company = await Company.founded(database, today="2026-05-10")
    await company.hire("mia", "cy")
    await company.hire("ana", "bo", manager="mia")
    return Story(company)
