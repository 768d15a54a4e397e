"""The benchmark's company in a database that all tests of the session share: they only read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest

from benchmarks.reads.company import TODAY, build
from spm_graph.store.database import Database
from tests.conftest import copied, execute, named


@pytest.fixture(scope="session")
def large_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a company with 200,000 deals."""
    name = f"spm_scale_{os.getpid()}"
    asyncio.run(execute(server_url, copied(template, name)))
    asyncio.run(build(named(server_url, name)))
    yield named(server_url, name)
    asyncio.run(execute(server_url, f"drop database {name} with (force)"))


@pytest.fixture
async def large(large_url: str) -> AsyncIterator[Database]:
    """The large company."""
    async with Database.connected(large_url, today=lambda: TODAY, pool_size=2) as database:
        yield database
