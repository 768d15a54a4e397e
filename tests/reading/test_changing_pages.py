"""Pages of a list that changes under way: what comes next is what lies behind the cursor, though its row is gone and others are equal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from spm_graph.store.database import Database

from .conftest import READS, Asking
from .fixture import DEE, MAX, filled


class Changing(NamedTuple):
    """Rows of a table, told apart by a text, that stand at places of their own in a list's orders, or at the same ones."""

    name: str
    order: str
    where: str
    """What leaves all others out."""
    table: str
    told_by: str
    kept: str
    """The columns that are the same of all, with their values."""
    kept_values: str
    placed: str
    """The columns that orders look at."""
    rows: str
    foremost: str
    """The place of one that is first or last of all."""
    without: str
    """That of one that has no values, or the least ones."""


DEALS = Changing(
    name="opportunities",
    order="OpportunityOrder",
    where='owner: {id: "rep_7"}',
    table="opportunity",
    told_by="name",
    kept="owner_id, stage, forecast_category, probability, currency",
    kept_values=f"{DEE}, 'Open', 'PIPELINE', 0.1, 'EUR'",
    placed="opened_on, amount",
    rows="('a', date '2026-01-01', 5), ('b', '2026-01-01', 5), ('c', null, null), ('d', null, null), ('e', '2026-02-01', 5),"
    " ('f', '2026-02-01', 7)",
    foremost="date '2026-12-01', 100",
    without="null, null",
)
SALES = Changing(
    name="transactions",
    order="TransactionOrder",
    where='rep: {id: "rep_3"}',
    table="transaction",
    told_by="external_id",
    kept="kind, rep_id, quantity, currency",
    kept_values=f"'INVOICE', {MAX}, 1, 'EUR'",
    placed="dated, amount",
    rows="('a', date '2026-01-01', 5), ('b', '2026-01-01', 5), ('c', '2026-01-01', -1), ('d', '2026-03-01', -1), ('e', '2026-02-01', 5),"
    " ('f', '2026-02-01', 7)",
    foremost="date '2026-12-01', 100",
    without="date '1990-01-01', -100",
)
PRODUCTS = Changing(
    name="products",
    order="ProductOrder",
    where='not: {or: [{search: "basic"}, {search: "special"}]}',
    table="product",
    told_by="external_id",
    kept="currency",
    kept_values="'EUR'",
    placed="name, family",
    rows="('a', 'N', 'F'), ('b', 'N', 'F'), ('c', 'N', null), ('d', 'M', null), ('e', 'M', 'G'), ('f', 'M', 'F')",
    foremost="'A', 'A'",
    without="'Z', null",
)
REPS = Changing(
    name="reps",
    order="RepOrder",
    where='office: ["Nowhere"]',
    table="rep",
    told_by="external_id",
    kept="name, office, currency",
    kept_values="'Eve', 'Nowhere', 'EUR'",
    placed="hired_on",
    rows="('a', date '2026-01-01'), ('b', '2026-01-01'), ('c', null), ('d', null), ('e', '2026-02-01'), ('f', '2026-02-01')",
    foremost="date '2026-12-01'",
    without="null",
)
ORDERS = [
    *((DEALS, order) for order in ("NEWEST", "OLDEST", "LARGEST", "SMALLEST", "CREATED")),
    (SALES, "SMALLEST"),
    (PRODUCTS, "FAMILY"),
    (REPS, "HIRED"),
]
SIZE = 2


def again(rows: Changing, told: str) -> Iterator[str]:
    """More rows beside one: one that is equal, one that is first or last of all, one that has no values."""
    for mark, place in (("=", rows.placed), ("+", rows.foremost), ("0", rows.without)):
        yield (
            f"insert into {rows.table} ({rows.told_by}, {rows.kept}, {rows.placed})"
            f" select {rows.told_by} || '{mark}', {rows.kept}, {place} from {rows.table} where {rows.told_by} = '{told}'"
        )


async def changed(database: Database, *statements: str) -> None:
    """Write, as an act does."""
    async with database.transaction() as tx:
        await tx.scalar("select spm_tick('administrator', 'opportunityUpsert')")
        for statement in statements:
            await tx.execute(statement)


@pytest.mark.parametrize(("rows", "order"), ORDERS, ids=lambda each: getattr(each, "name", each))
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
async def test_what_comes_next_lies_behind_the_cursor(database: Database, rows: Changing, order: str, backwards: bool) -> None:
    ask = Asking(await filled(database), READS)
    made = f"select told, {rows.kept_values}, {rows.placed} from (values {rows.rows}) as given (told, {rows.placed})"
    await changed(database, f"insert into {rows.table} ({rows.told_by}, {rows.kept}, {rows.placed}) {made}")
    told = "name" if rows.told_by == "name" else "name: externalId"
    text = f"""query ($size: Int!, $last: Int, $after: Cursor, $before: Cursor, $order: {rows.order}) {{
      page: {rows.name}(where: {{{rows.where}}}, first: $size, last: $last, after: $after, before: $before, orderBy: $order) {{
        edges {{ cursor node {{ {told} }} }}
      }}
    }}"""

    async def page(size: int, cursor: str | None = None) -> list[tuple[str, str]]:
        way = {"last": size, "before": cursor} if backwards else {"after": cursor}
        found = await ask(text, size=size, order=order, **way)
        return [(edge["node"]["name"], edge["cursor"]) for edge in found["page"]["edges"]]

    shown = await page(SIZE)
    pages = 0
    while shown:
        pages += 1
        name, cursor = shown[0] if backwards else shown[-1]
        if pages <= 3:
            await changed(database, *again(rows, name))
        whole = [each for each, _ in await page(100)]
        place = whole.index(name)
        await changed(database, f"delete from {rows.table} where {rows.told_by} = '{name}'")
        shown = await page(SIZE, cursor)
        rest = whole[:place][-SIZE:] if backwards else whole[place + 1 :][:SIZE]
        assert [each for each, _ in shown] == rest
    assert pages >= 3
