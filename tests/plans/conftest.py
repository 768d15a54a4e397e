"""The company of the stories about plans, and a way to ask about it as anybody."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Grant
from spm_graph.graph.schema import brought, build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.reading.answer import Reads
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Company

TYPES = IncentiveTypes.of([])
READS = Reads(core(build(TYPES)), values=brought(TYPES))


@pytest.fixture
async def company(database: Database) -> Company:
    """A company in March 2026 with nobody in it yet."""
    return await Company.founded(database, today="2026-03-15")


@dataclass
class Asking:
    """Asks the company."""

    database: Database

    async def __call__(self, text: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> Any:
        """The data of an answer."""
        return json.loads(await READS.query(self.database, actor, READS.request(text, None, variables)))["data"]


@pytest.fixture
def ask(database: Database) -> Asking:
    """A way to ask the company."""
    return Asking(database)


async def somebody(company: Company, name: str, *grants: Grant) -> Actor:
    """A rep as an asker, with grants or without."""
    rows = await company.rows("select id from rep where external_id = :name", name=name)
    return Actor(name, rows[0]["id"], frozenset(grants))


async def version_of(company: Company, plan: int, number: int = 1) -> str:
    """The global id of a plan's version."""
    rows = await company.rows("select id from plan_version where plan_id = :plan and version = :number", plan=plan, number=number)
    return global_id("version", rows[0]["id"])


async def refusal(refused: object) -> tuple[ProblemCode, str]:
    """The code and the sentence of the single problem that an act is refused with."""
    with pytest.raises(Refused) as caught:
        await refused  # type: ignore[misc]
    (problem,) = caught.value.problems
    return problem.code, problem.message
