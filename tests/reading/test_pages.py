"""Pages: walked forwards and backwards, right when rows come and go, and clear about what can't be a page."""

from __future__ import annotations

import base64
import json

import pytest

from spm_graph.reading.document import Invalid
from spm_graph.store.database import Database

from .conftest import READS, Asking
from .fixture import MANAGER, filled

FORWARDS = """query Walk($first: Int!, $after: Cursor, $order: OpportunityOrder) {
  opportunities(first: $first, after: $after, orderBy: $order) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
BACKWARDS = """query Walk($last: Int!, $before: Cursor, $order: OpportunityOrder) {
  opportunities(last: $last, before: $before, orderBy: $order) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
ORDERS = ["NEWEST", "OLDEST", "LARGEST", "SMALLEST", "CREATED", None]


def found(page: dict[str, list[dict[str, str]]]) -> list[str]:
    """The numbers of a page's rows."""
    return [node["id"].removeprefix("opportunity_") for node in page["nodes"]]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 4, 6, 7])
async def test_pages_forwards_are_the_whole_list(ask: Asking, order: str | None, size: int) -> None:
    whole = found((await ask(FORWARDS, first=100, order=order))["opportunities"])
    walked: list[str] = []
    after = None
    while True:
        page = (await ask.same(FORWARDS, first=size, after=after, order=order))["opportunities"]
        assert page["pageInfo"]["hasPreviousPage"] is bool(walked)
        walked += found(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert walked == whole
    assert len(set(walked)) == 6


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 6])
async def test_pages_backwards_are_the_whole_list(ask: Asking, order: str | None, size: int) -> None:
    whole = found((await ask(FORWARDS, first=100, order=order))["opportunities"])
    walked: list[str] = []
    before = None
    while True:
        page = (await ask.same(BACKWARDS, last=size, before=before, order=order))["opportunities"]
        assert page["pageInfo"]["hasNextPage"] is bool(walked)
        walked = found(page) + walked
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert walked == whole


async def test_the_newest_come_first_and_the_undated_last(ask: Asking) -> None:
    assert found((await ask(FORWARDS, first=10, order="NEWEST"))["opportunities"]) == ["3", "4", "6", "2", "1", "5"]


async def test_a_page_between_two_cursors(ask: Asking) -> None:
    text = (
        "query Between($after: Cursor, $before: Cursor) { opportunities(after: $after, before: $before) { edges { cursor node { id } } } }"
    )
    edges = (await ask(text))["opportunities"]["edges"]
    between = await ask.same(text, after=edges[0]["cursor"], before=edges[4]["cursor"])
    assert between["opportunities"]["edges"] == edges[1:4]


async def test_a_cursor_stays_right_when_its_row_goes_and_others_come(database: Database) -> None:
    ask = Asking(await filled(database), READS)
    page = (await ask(FORWARDS, first=2))["opportunities"]
    assert found(page) == ["3", "4"]
    async with database.transaction() as tx:
        await tx.scalar("select spm_tick('administrator', 'opportunityUpsert')")
        await tx.execute("delete from opportunity where id = 4")
        await tx.execute(
            "insert into opportunity (name, owner_id, stage, forecast_category, probability, currency, opened_on)"
            " values ('before', 4, 'Open', 'PIPELINE', 0.1, 'EUR', '2026-12-01'),"
            " ('behind', 4, 'Open', 'PIPELINE', 0.1, 'EUR', '2026-02-20')"
        )
    page = (await ask(FORWARDS, first=2, after=page["pageInfo"]["endCursor"]))["opportunities"]
    assert found(page) == ["8", "6"]
    assert page["pageInfo"]["hasPreviousPage"] is True


@pytest.mark.parametrize("cursor", ["x", "WyJ4Il0", "eyJhIjogMX0", "!!!!", "WyIiLCIyMDI2LTA2LTMwIiwiMyIsIjQiXQ", "WyIiLCJ4IiwiMyJd"])
async def test_a_cursor_of_something_else_is_refused_with_its_path(ask: Asking, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        await ask(FORWARDS, first=2, after=cursor)
    (error,) = refused.value.errors
    assert error.message == "The cursor is not one of this page and order."
    assert error.path == ["opportunities", "after"]


@pytest.mark.parametrize("amount", ['"1E+999999"', '"1E-999999"', '"NaN"', '"sNaN"', '"Infinity"', '"5 "', "5", "[0,[1],5]", "null"])
async def test_a_cursor_with_a_number_that_was_never_written_is_refused(ask: Asking, amount: str) -> None:
    text = "query Deals($after: Cursor) { opportunities(orderBy: LARGEST, after: $after) { nodes { id } } }"
    with pytest.raises(Invalid, match="not one of this page and order"):
        await ask(text, after=base64.urlsafe_b64encode(f'["LARGEST",{amount},"4"]'.encode()).decode())
    assert await ask(text, after=base64.urlsafe_b64encode(b'["LARGEST","-0.0001","0"]').decode()) is not None


async def test_a_cursor_with_a_text_that_can_not_be_stored_is_refused(ask: Asking) -> None:
    made = base64.urlsafe_b64encode(b'["","\\u0000","4"]').decode()
    with pytest.raises(Invalid, match="not one of this page and order"):
        await ask("query Reps($after: Cursor) { reps(after: $after) { nodes { id } } }", after=made)


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        *(("LARGEST", [amount, "3"]) for amount in ("1_0", "\u0661", "1.", ".5", "")),
        *(("NEWEST", [day, "3"]) for day in ("20260101", "2026-W01-1", "2026-1-1", "2026-02-30", "infinity", "\u0662026-01-01", None, 1)),
        *(("CREATED", [key]) for key in ("1e3", "+1", "1_0", "1" * 19, "0x1", "", None, [], {})),
        ("CREATED", ["1", "2"]),
    ],
)
async def test_a_cursor_that_was_written_by_somebody_else_is_refused(ask: Asking, order: str, keys: list[object]) -> None:
    made = base64.urlsafe_b64encode(json.dumps([order, *keys]).encode()).decode()
    with pytest.raises(Invalid, match="not one of this page and order"):
        await ask(FORWARDS, first=2, order=order, after=made)


async def test_a_cursor_of_another_order_is_refused(ask: Asking) -> None:
    page = (await ask(FORWARDS, first=2, order="NEWEST"))["opportunities"]
    with pytest.raises(Invalid, match="not one of this page and order"):
        await ask(FORWARDS, first=2, order="LARGEST", after=page["pageInfo"]["endCursor"])


@pytest.mark.parametrize("cursor", ["x", "1.2.3", "1.", "99999999999999999999", ".", "-1", "1.-1", "1.99999999999"])
async def test_an_event_cursor_of_something_else_is_refused(ask: Asking, cursor: str) -> None:
    with pytest.raises(Invalid, match="none of an event: expected one"):
        await ask("query Events($after: Cursor!) { events(after: $after) { cursor } }", after=cursor)


@pytest.mark.parametrize("size", [-1, 1001])
async def test_a_page_of_an_impossible_size_is_refused_with_its_path(ask: Asking, size: int) -> None:
    with pytest.raises(Invalid, match=f"A page has from 0 to 1000 rows, not {size}.") as refused:
        await ask("query Reps($first: Int!) { all: reps(first: $first) { nodes { id } } }", first=size)
    (error,) = refused.value.errors
    assert (error.path, error.extensions) == (["all", "first"], {"code": "LIMIT_EXCEEDED"})


async def test_the_total_is_counted_only_when_asked_for(ask: Asking) -> None:
    without, counted = "{ reps { nodes { id } } }", "{ reps { totalCount } }"
    assert await ask(counted, MANAGER) == {"reps": {"totalCount": 3}}
    await ask(without, MANAGER)
    assert "count(*) from rep" not in ask.statement(without, MANAGER)
    assert "count(*) from rep" in ask.statement(counted, MANAGER)
    assert "limit" not in ask.statement(counted, MANAGER)


async def test_only_columns_that_were_asked_for_are_read(ask: Asking) -> None:
    text = "{ opportunities(first: 3) { nodes { name } } }"
    await ask(text)
    assert ask.statement(text) == (
        "select concat('{\"opportunities\":',"
        " (select concat('{\"nodes\":[', string_agg(concat('{\"name\":', to_json(t1.name), '}'), ','), ']}')"
        " from (select t1.name from opportunity as t1 where true"
        " order by coalesce(t1.closed_on, t1.expected_close_on, t1.opened_on, date '1900-01-01') desc, t1.id desc limit 3) as t1"
        " having true), '}')"
    )
