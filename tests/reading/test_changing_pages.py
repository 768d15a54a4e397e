"""Pages of a list that changes under way: what comes next is what lies behind the cursor, though its row is gone and others are equal."""

from __future__ import annotations

import pytest

from spm_graph.store.database import Database

from .conftest import READS, Asking
from .fixture import DEE, filled

DEALS = f"""insert into opportunity (name, owner_id, stage, forecast_category, probability, currency, opened_on, amount) values
    ('a', {DEE}, 'Open', 'PIPELINE', 0.1, 'EUR', '2026-01-01', 5), ('b', {DEE}, 'Open', 'PIPELINE', 0.1, 'EUR', '2026-01-01', 5),
    ('c', {DEE}, 'Open', 'PIPELINE', 0.1, 'EUR', null, null), ('d', {DEE}, 'Open', 'PIPELINE', 0.1, 'EUR', null, null),
    ('e', {DEE}, 'Open', 'PIPELINE', 0.1, 'EUR', '2026-02-01', 5), ('f', {DEE}, 'Open', 'PIPELINE', 0.1, 'EUR', '2026-02-01', 7)"""
AGAIN = """insert into opportunity (name, owner_id, stage, forecast_category, probability, currency, opened_on, amount)
    select name || {}, owner_id, stage, forecast_category, probability, currency, {}, {} from opportunity where name = '{}'"""
PAGE = """query ($size: Int!, $last: Int, $after: Cursor, $before: Cursor, $order: OpportunityOrder) {
  opportunities(where: {owner: {id: "rep_7"}}, first: $size, last: $last, after: $after, before: $before, orderBy: $order) {
    edges { cursor node { name } }
  }
}"""
SIZE = 2


async def changed(database: Database, *statements: str) -> None:
    """Write, as an act does."""
    async with database.transaction() as tx:
        await tx.scalar("select spm_tick('administrator', 'opportunityUpsert')")
        for statement in statements:
            await tx.execute(statement)


@pytest.mark.parametrize("order", ["NEWEST", "OLDEST", "LARGEST", "CREATED"])
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
async def test_what_comes_next_lies_behind_the_cursor(database: Database, order: str, backwards: bool) -> None:
    ask = Asking(await filled(database), READS)
    await changed(database, DEALS)

    async def page(size: int, cursor: str | None = None) -> list[tuple[str, str]]:
        way = {"last": size, "before": cursor} if backwards else {"after": cursor}
        found = await ask(PAGE, size=size, order=order, **way)
        return [(edge["node"]["name"], edge["cursor"]) for edge in found["opportunities"]["edges"]]

    shown = await page(SIZE)
    pages = 0
    while shown:
        pages += 1
        name, cursor = shown[0] if backwards else shown[-1]
        if pages <= 3:  # one that is equal, one that is first or last of all, one that has no values
            await changed(
                database,
                AGAIN.format("'='", "opened_on", "amount", name),
                AGAIN.format("'+'", "date '2026-12-01'", "100", name),
                AGAIN.format("'0'", "null", "null", name),
            )
        whole = [each for each, _ in await page(100)]
        place = whole.index(name)
        await changed(database, f"delete from opportunity where name = '{name}'")
        shown = await page(SIZE, cursor)
        rest = whole[:place][-SIZE:] if backwards else whole[place + 1 :][:SIZE]
        assert [each for each, _ in shown] == rest
    assert pages >= 3
