"""The company of the stories about estimates, and how its estimates are looked at."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.calculation.estimating import caught_up
from spm_graph.graph.commands import Deployment
from spm_graph.graph.exchange import Asked
from spm_graph.graph.limits import Limits
from spm_graph.graph.mutations import MUTATIONS
from spm_graph.graph.operation import Operations
from spm_graph.graph.schema import build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Company, Flat

SCHEMA = core(build(IncentiveTypes.of([Flat])))

TOTALS = """
select rep.external_id as rep, period.name as period, component_version.name as component, part.amount
from estimate_part as part join rep on rep.id = part.rep_id join period on period.id = part.period_id
join (select distinct on (component_id) component_id, name from component_version order by component_id, plan_version_id desc)
     as component_version on component_version.component_id = part.component_id
order by 1, 2, 3
"""


@pytest.fixture
async def company(database: Database) -> Company:
    """A company on 15 March 2026 with nobody in it yet."""
    return await Company.founded(database, today="2026-03-15")


async def estimates(company: Company) -> dict[tuple[str, str, str], Decimal]:
    """By rep, month and component, what would be paid, once everything due is estimated; zeros are left out."""
    await caught_up(company.database, company.incentive_types)
    return {(row["rep"], row["period"], row["component"]): row["amount"] for row in await company.rows(TOTALS) if row["amount"]}


async def told(company: Company) -> list[dict[str, Any]]:
    """The events that told estimates, in order."""
    return [
        row["payload"] for row in await company.rows("select payload from event where kind = 'EstimateChange' order by position, ordinal")
    ]


async def ask(company: Company, document: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> Any:
    """The whole answer to a document, as a server gives it."""
    deployment = Deployment(company.database, company.incentive_types)
    operations = Operations(deployment, SCHEMA, MUTATIONS, Limits())
    answer = await operations.answer(Asked(document, None, variables), actor)
    return json.loads(answer.body)
