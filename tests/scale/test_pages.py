"""Whoever sees few reps finds the same pages of deals as a look at everything does, for what the page costs and not for what is there."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from benchmarks.reads.company import MANAGER
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.reading.conftest import READS

from .explained import pages

DIRECTOR = 2
ASKER = Actor("asker", MANAGER, frozenset())
DAY = "coalesce(closed_on, expected_close_on, opened_on)"
ORDERS: Mapping[str, str] = {
    "NEWEST": f"{DAY} desc, id desc",
    "OLDEST": f"{DAY}, id",
    "LARGEST": "amount desc, id desc",
    "CREATED": "id",
}
FILTERS: Mapping[str, str] = {
    "": "true",
    '{stage: ["Engaging"]}': "stage = 'Engaging'",
    '{amountFrom: "2000", amountBelow: "2010", not: {open: true}}': "amount >= 2000 and amount < 2010 and outcome is not null",
    '{search: "account 7920"}': "name ~ '\\maccount\\M' and name ~ '\\m7920'",
    '{owner: {id: "rep_500"}}': "owner_id = 500",
    '{account: {id: "account_7920"}}': "account_id = 7920",
    "{open: true, and: [{open: false}]}": "false",
}
THEIRS = """
with recursive seen(rep_id) as (
    select $1::bigint union select line.rep_id from seen join reporting_line as line on line.manager_id = seen.rep_id
)
select 'opportunity_' || id from opportunity
where (owner_id in (select rep_id from seen) or id in (select opportunity_id from credit where rep_id in (select rep_id from seen)))
  and {condition}
order by {order}
"""
PAGE = "{{ opportunities({arguments}, orderBy: {order}{where}) {{ nodes {{ id }} totalCount pageInfo {{ {more} cursor: {cursor} }} }} }}"


async def page(large: Database, rep: int, arguments: str, order: str, where: str, *, forward: bool) -> tuple[list[str], int, bool, str]:
    """The ids of a page, how many there are in all, whether there are more of them, and the cursor of the next page."""
    more, cursor = ("hasNextPage", "endCursor") if forward else ("hasPreviousPage", "startCursor")
    given = f", where: {where}" if where else ""
    text = PAGE.format(arguments=arguments, order=order, where=given, more=f"more: {more}", cursor=cursor)
    found = json.loads(await READS.query(large, Actor("asker", rep, frozenset()), READS.request(text)))["data"]["opportunities"]
    ids = [node["id"] for node in found["nodes"]]
    return ids, found["totalCount"], found["pageInfo"]["more"], found["pageInfo"]["cursor"]


ASKED = [(MANAGER, order, where) for order in ORDERS for where in FILTERS] + [
    (rep, order, where) for rep in (DIRECTOR, 500) for order, where in zip(ORDERS, FILTERS, strict=False)
]


@pytest.mark.parametrize(("rep", "order", "where"), ASKED)
async def test_pages_of_few_are_those_of_all_that_is_theirs(large: Database, rep: int, order: str, where: str) -> None:
    rows = await large.pool.fetch(THEIRS.format(condition=FILTERS[where], order=ORDERS[order]), rep)
    expected = [row[0] for row in rows]
    first, total, more, after = await page(large, rep, "first: 30", order, where, forward=True)
    assert (first, total, more) == (expected[:30], len(expected), len(expected) > 30)
    if after:
        second, _, more, _ = await page(large, rep, f'first: 300, after: "{after}"', order, where, forward=True)
        assert (second, more) == (expected[30:330], len(expected) > 330)
    last, _, more, before = await page(large, rep, "last: 30", order, where, forward=False)
    assert (last, more) == (expected[-30:], len(expected) > 30)
    if more:
        earlier, _, more, _ = await page(large, rep, f'last: 30, before: "{before}", after: "{after}"', order, where, forward=False)
        assert (earlier, more) == (expected[30:-30][-30:], True)


@pytest.mark.parametrize("order", ORDERS)
async def test_a_page_costs_what_it_holds_wherever_it_lies(large: Database, order: str) -> None:
    """In pages of the database: eight for each row are its own, its account's, and those of the indexes that lead there."""
    after = ""
    for _ in range(3):
        text = f"{{ opportunities(first: 50, orderBy: {order}{after}) {{ nodes {{ name account {{ name }} }} }} }}"
        assert await pages(large, text, ASKER) < 50 * 8 + 200
        cursor = (await page(large, MANAGER, f"first: 500{after}", order, "", forward=True))[3]
        after = f', after: "{cursor}"'


async def test_deals_are_counted_in_indexes(large: Database) -> None:
    """Of more than two thousand, few are looked up: those of others that somebody is credited on."""
    assert await pages(large, "{ opportunities(first: 1) { totalCount } }", ASKER) < 500
