"""A filled company for the reading tests, the schema of a deployment with two incentive types, and one way to ask."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import pytest

from spm_graph.graph.schema import brought, build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance
from spm_graph.reading.answer import Reads
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.conftest import copied, execute, named

from .fixture import ADMINISTRATOR, TODAY, filled
from .oracle import Oracle
from .parsed import parsed


class Basis(Enum):
    """What is paid on."""

    GROSS = "GROSS"
    NET = "NET"


@dataclass(frozen=True)
class Rung:
    """One rung."""

    above: Annotated[Decimal, "From here."]
    rate: Annotated[Decimal, "At this rate."]


@dataclass(frozen=True)
class Flat:
    """Pay one rate on everything."""

    rate: Annotated[Decimal, "The rate."]

    def earn(self, performance: Performance) -> list[Line]:
        """Nothing."""
        return []


@dataclass(frozen=True)
class Steps:
    """Pay by rungs."""

    steps: Annotated[tuple[Rung, ...], "The rungs."]
    basis: Annotated[Basis, "What is paid on."]
    cap: Annotated[Decimal | None, "The most."] = None

    def earn(self, performance: Performance) -> list[Line]:
        """Nothing."""
        return []


TYPES = IncentiveTypes.of([Flat, Steps])
SCHEMA = build(TYPES)


async def fill(url: str) -> None:
    """Write the company into a database."""
    async with Database.connected(url, pool_size=1) as database:
        await filled(database)


@pytest.fixture(scope="session")
def company_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a database with the company in it, for all tests: they only read."""
    name = f"spm_reading_{os.getpid()}"
    asyncio.run(execute(server_url, copied(template, name)))
    asyncio.run(fill(named(server_url, name)))
    yield named(server_url, name)
    asyncio.run(execute(server_url, f"drop database {name} with (force)"))


@pytest.fixture
async def company(company_url: str) -> AsyncIterator[Database]:
    """The company on 10 May 2026."""
    async with Database.connected(company_url, today=lambda: TODAY, pool_size=2) as database:
        yield database


@dataclass
class Asking:
    """Asks the compiled way, and the oracle's."""

    database: Database
    reads: Reads

    async def __call__(self, text: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> Any:
        """The data of the compiled answer."""
        return json.loads(await self.text(text, actor, **variables))["data"]

    async def text(self, text: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> bytes:
        """The response."""
        return await self.reads.query(self.database, actor, self.reads.request(text, None, variables))

    async def oracle(self, text: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> Any:
        """The data of the oracle's answer."""
        return await Oracle(core(SCHEMA), self.database, actor, brought(TYPES)).answer(text, variables)

    async def same(self, text: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> Any:
        """The data, after both ways have given the same."""
        found = await self(text, actor, **variables)
        assert found == await self.oracle(text, actor, **variables)
        return found

    def statement(self, text: str, actor: Actor = ADMINISTRATOR, **variables: Any) -> str:
        """The statement that a document became."""
        request = self.reads.request(text, None, variables)
        plans = request.prepared.plans.items()
        return [plan.sql for (_, grants, shape), plan in plans if grants <= actor.grants and shape == request.shape][-1]


READS = Reads(core(SCHEMA), read=parsed, values=brought(TYPES))


@pytest.fixture
def ask(company: Database) -> Asking:
    """A way to ask the company. What one test has compiled, the next one finds."""
    return Asking(company, READS)


@pytest.fixture
def anew(company: Database) -> Asking:
    """A way to ask that has seen nothing yet."""
    return Asking(company, Reads(core(SCHEMA), values=brought(TYPES)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--regenerate` writes the golden files anew."""
    parser.addoption("--regenerate", action="store_true", help="write tests/reading/golden anew")


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be written anew."""
    return bool(request.config.getoption("--regenerate", default=False))
