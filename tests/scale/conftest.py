"""The benchmark's company in a database that all tests of the session share: they only read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest

from benchmarks.reads.company import TODAY, build
from spm_graph.store.database import Database
from tests.conftest import copied, execute, named

# Those whom the golden operations ask for: a rep in a manager's team, the manager, and others in other teams.
KNOWN = """
set session_replication_role = replica;
update rep set external_id = case id when 1 then 'olga' when 12 then 'mia' when 61 then 'max' when 500 then 'ana' when 123 then 'bo'
    else 'cy' end where id in (1, 12, 61, 500, 123, 501);
update account set external_id = 'a' || id where id <= 2;
update product set external_id = 'p' || id where id <= 2;
update opportunity set external_id = 'o' || id where id <= 6;
update territory set external_id = case id when 1 then 'eu' else 'south' end where id in (1, 20);
"""


@pytest.fixture(scope="session")
def large_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a company with 200,000 deals."""
    name = f"spm_scale_{os.getpid()}"
    asyncio.run(execute(server_url, copied(template, name)))
    asyncio.run(build(named(server_url, name)))
    asyncio.run(execute(named(server_url, name), KNOWN))
    yield named(server_url, name)
    asyncio.run(execute(server_url, f"drop database {name} with (force)"))


@pytest.fixture
async def large(large_url: str) -> AsyncIterator[Database]:
    """The large company."""
    async with Database.connected(large_url, today=lambda: TODAY, pool_size=2) as database:
        yield database
