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

from .explained import explained, pages

ADMINISTRATOR = Actor("administrator", None, frozenset(Grant))
PRESIDENT = Actor("vice president", VICE_PRESIDENT, frozenset())
MANAGER_OF_TEN = Actor("manager", MANAGER, frozenset())
SELLER = Actor("rep", 500, frozenset())
ACTORS = (
    ADMINISTRATOR,
    PRESIDENT,
    MANAGER_OF_TEN,
    SELLER,
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
    ("filters", "credited_deal"): "to find that of all that somebody is credited on, nobody owns anything whom they do not see",
    ("pipeline", "opportunity"): "sums over the deals of all time",
    ("pipeline", "credited_deal"): "the same",
}
"""The operations that read a large table whole for those who see all of it, the table, and what for."""
STRANGERS: Mapping[tuple[str, str], str] = {
    ("events", "event"): "all that happened behind a cursor, to find what of it somebody is told of",
    ("record", "event"): "the same from the beginning",
    ("walking", "opportunity"): "whoever sees no deal at all looks for one beside another's cursor",
    ("walking", "transaction"): "the same",
    ("walking", "credit"): "to find the sales that are credited to them",
    ("walking", "credited_deal"): "to find the deals",
    ("orders", "earning"): "what a run changes is what it calculated, compared with all that is booked",
}
"""Those that read one for somebody who sees little."""
COSTLY = 10_000
"""From which estimated cost on an index is perhaps walked through in vain."""


def scanned(plan: Mapping[str, Any]) -> Iterator[str]:
    """The tables of which much is read: from end to end, or by an index to find that it is not wanted.

    Of a plan that was not carried out, those of which that is possible.
    """
    unwanted = plan.get("Rows Removed by Filter", 0)
    if "Actual Rows" not in plan:
        much = plan["Node Type"] == "Seq Scan" or ("Filter" in plan and plan["Total Cost"] >= COSTLY)
    elif plan["Node Type"] == "Seq Scan":
        much = (plan["Actual Rows"] + unwanted) * plan["Actual Loops"] >= LARGE
    else:
        much = unwanted * plan["Actual Loops"] >= LARGE
    if much and "Relation Name" in plan:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scanned(part)


async def read_whole(large: Database, path: Path, actor: Actor, many: Set[str]) -> Set[str]:
    """Those of the large tables that PostgreSQL reads, or nearly, to answer an operation.

    Only a plan that has such a part is carried out, to see whether that part is.
    """
    found: Set[str] = set()
    for how in ("", "analyze, timing off, "):
        found = many & set(scanned(await explained(large, path.read_text(), variables(path), actor, how)))
        if not found:
            break
    return found


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
async def test_no_golden_operation_reads_a_large_table_whole(large: Database, actor: Actor) -> None:
    rows = await large.pool.fetch("select relname from pg_class where relkind = 'r' and reltuples >= $1", LARGE)
    many = {row["relname"] for row in rows}
    assert {"opportunity", "transaction", "credit", "earning", "activity", "event", "audit", "tick"} <= many
    found = {(path.stem, table) for path in GOLDEN for table in await read_whole(large, path, actor, many)}
    assert found <= (WHOLE.keys() if actor in (ADMINISTRATOR, PRESIDENT) else STRANGERS.keys())


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from opportunity where name like '%7%'",
        "select id from opportunity where name like '%?' order by id limit 1",
    ],
    ids=["from end to end", "by an index, in vain"],
)
async def test_the_walk_finds_a_table_that_is_read_whole(large: Database, sql: str) -> None:
    async with large.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_sort = off")
        (plan,) = json.loads(await connection.fetchval(f"explain (analyze, format json) select ({sql})"))
    assert set(scanned(plan["Plan"])) == {"opportunity"}


@pytest.mark.parametrize(("words", "most"), [("zzz", 100), ("deal 77777", 200), ("account", 3_000)])
async def test_neither_a_rare_word_nor_one_of_every_name_reads_all_deals(large: Database, words: str, most: int) -> None:
    text = "query ($words: String) { opportunities(first: 50, where: {search: $words}) { nodes { id } } }"
    assert await pages(large, text, ADMINISTRATOR, words=words) <= most


@pytest.mark.parametrize("order", ["NEWEST", "OLDEST", "LATEST", "EARLIEST", "LARGEST", "SMALLEST"])
async def test_the_first_earnings_of_a_few_reps_are_found_rep_by_rep(large: Database, order: str) -> None:
    text = "query ($order: EarningOrder) { earnings(first: 3, orderBy: $order) { nodes { id } } }"
    assert await pages(large, text, MANAGER_OF_TEN, order=order) <= 150


@pytest.mark.parametrize(("way", "row"), [("last: 20, before", 0), ("first: 20, after", -1)])
@pytest.mark.parametrize("order", ["NEWEST", "OLDEST", "LARGEST", "CREATED"])
async def test_whether_there_are_more_behind_a_cursor_is_found_beside_it(large: Database, order: str, way: str, row: int) -> None:
    text = f"""query ($cursor: Cursor, $order: OpportunityOrder) {{
        opportunities({way}: $cursor, where: {{open: true}}, orderBy: $order) {{
            edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage }}
        }} }}"""
    first = json.loads(await READS.query(large, SELLER, READS.request(text, None, {"order": order})))["data"]["opportunities"]
    assert await pages(large, text, SELLER, cursor=first["edges"][row]["cursor"], order=order) <= 250


@pytest.mark.parametrize("which", ["uncovered", "coveredTwice", "vacant"])
async def test_gaps_and_overlaps_of_territories_are_found_without_a_look_at_each_account(large: Database, which: str) -> None:
    assert await pages(large, f"{{ territoryCoverage {{ {which}(first: 50) {{ nodes {{ id }} }} }} }}", ADMINISTRATOR) <= 2_000
