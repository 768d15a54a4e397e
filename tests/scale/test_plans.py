"""How PostgreSQL answers the golden operations of a large company: by index, whoever asks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reads.company import MANAGER, VICE_PRESIDENT
from spm_graph.domain.terms import Grant
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.reading.conftest import READS
from tests.reading.test_golden import GOLDEN, variables

ADMINISTRATOR = Actor("administrator", None, frozenset(Grant))
PRESIDENT = Actor("vice president", VICE_PRESIDENT, frozenset())
ACTORS = (
    ADMINISTRATOR,
    PRESIDENT,
    Actor("manager", MANAGER, frozenset()),
    Actor("rep", 500, frozenset()),
    Actor("planner", None, frozenset({Grant.PLAN})),
    Actor("runner", None, frozenset({Grant.RUN})),
)
LARGE = 50_000
"""From how many rows on a table is large. The 20,000 accounts are fewer pages than an index would have PostgreSQL jump about in."""

WHOLE: Mapping[tuple[str, str], str] = {
    ("filters", "earning"): "by amount and by the beginning of the window",
    ("filters", "opportunity"): "by amount, probability and date at once, for more rows than there are",
    ("backwards", "opportunity"): "totalCount of all deals, and of those whose names start with something",
    ("opportunities", "opportunity"): "by amount and name, neither of which is rare enough for an index of its own",
    ("pipeline", "opportunity"): "sums over the deals of all time",
}
"""The operations that read a large table whole for those who see all of it, the table, and what for."""


def scanned(plan: Mapping[str, Any]) -> Iterator[str]:
    """The tables that are read from end to end; where the plan was carried out, those of which that much was read indeed."""
    read = plan.get("Actual Rows", LARGE) + plan.get("Rows Removed by Filter", 0)
    if plan["Node Type"] == "Seq Scan" and read * plan.get("Actual Loops", 1) >= LARGE:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scanned(part)


async def read_whole(large: Database, path: Path, actor: Actor, many: Set[str]) -> Set[str]:
    """Those of the large tables that PostgreSQL reads from end to end to answer an operation.

    Only a plan that has such a part is carried out, to see whether that part is.
    """
    request = READS.request(path.read_text(), None, variables(path))
    plan = READS.query_plan(actor, request)
    values = READS.values_of(large, actor, request, plan, dict.fromkeys(plan.executed, "null"))
    found: Set[str] = set()
    for way in ("", "analyze, timing off, "):
        explained = json.loads(await large.pool.fetchval(f"explain ({way}format json) {plan.sql}", *values))
        found = many & set(scanned(explained[0]["Plan"]))
        if not found:
            break
    return found


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
async def test_no_golden_operation_reads_a_large_table_whole(large: Database, actor: Actor) -> None:
    rows = await large.pool.fetch("select relname from pg_class where relkind = 'r' and reltuples >= $1", LARGE)
    many = {row["relname"] for row in rows}
    assert {"opportunity", "transaction", "credit", "earning", "activity", "event", "audit", "tick"} <= many
    found = {(path.stem, table) for path in GOLDEN for table in await read_whole(large, path, actor, many)}
    assert found <= (WHOLE.keys() if actor in (ADMINISTRATOR, PRESIDENT) else set())


async def test_the_walk_finds_a_table_that_is_read_whole(large: Database) -> None:
    explained = json.loads(
        await large.pool.fetchval("explain (analyze, format json) select (select count(*) from opportunity where name like '%7%')")
    )
    assert set(scanned(explained[0]["Plan"])) == {"opportunity"}
