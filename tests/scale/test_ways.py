"""Whoever sees much and whoever sees little have their rows found in different ways, and find the same."""

from __future__ import annotations

import json

import pytest

from benchmarks.reads.company import MANAGER, VICE_PRESIDENT
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.reading.conftest import READS

DEALS = "{ opportunities(first: %s, orderBy: CREATED) { nodes { id } totalCount } transactions(first: 1) { totalCount } }"
SEEN = """
with recursive seen(rep_id) as (
    select $1::bigint union select line.rep_id from seen join reporting_line as line on line.manager_id = seen.rep_id
), deal as (
    select id from opportunity where owner_id in (select rep_id from seen)
    union
    select opportunity_id from credit where rep_id in (select rep_id from seen)
)
select array(select id from deal order by id) as deals,
       (select count(*) from transaction where opportunity_id in (select id from deal)) as transactions
"""
DIRECTOR = 2


@pytest.mark.parametrize("first", [1, 1000])
@pytest.mark.parametrize("rep", [VICE_PRESIDENT, DIRECTOR, MANAGER, 500])
async def test_everybody_finds_what_is_theirs_however_it_is_looked_for(large: Database, rep: int, first: int) -> None:
    expected = await large.pool.fetchrow(SEEN, rep)
    asker = Actor("asker", rep, frozenset())
    found = json.loads(await READS.query(large, asker, READS.request(DEALS % first)))["data"]
    assert [node["id"] for node in found["opportunities"]["nodes"]] == [f"opportunity_{key}" for key in expected["deals"][:first]]
    assert found["opportunities"]["totalCount"] == len(expected["deals"])
    assert found["transactions"]["totalCount"] == expected["transactions"]
