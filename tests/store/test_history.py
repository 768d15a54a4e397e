"""Effective-dated facts: what one change leaves of the others, and what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from spm_graph.store import clock, history
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import rep, reporting_line

NEW_YEAR = date(2026, 1, 1)


async def people(tx: Transaction, number: int) -> list[int]:
    """So many reps; their keys."""
    await clock.tick(tx, "test", "hire")
    return [await tx.scalar(insert(rep).values(name=f"rep {index}", currency="USD").returning(rep.c.id)) for index in range(number)]


async def lines(tx: Transaction) -> list[tuple[int, str, str | None]]:
    """Who is reported to from when until when."""
    rows = await tx.rows("select manager_id, lower(effective) as starts, upper(effective) as ends from reporting_line order by starts")
    return [(row["manager_id"], str(row["starts"]), row["ends"] and str(row["ends"])) for row in rows]


async def test_a_change_cuts_what_held_before_and_replaces_what_would_have_come(database: Database) -> None:
    async with database.transaction() as tx:
        ana, bo, cleo, dan = await people(tx, 4)

        async def report_to(manager: int | None, starts: str, ends: str | None = None) -> None:
            until = date.fromisoformat(ends) if ends else None
            values = {"manager_id": manager} if manager else None
            await history.supersede(tx, reporting_line, {"rep_id": ana}, date.fromisoformat(starts), until, values)

        await report_to(bo, "2026-01-01")
        await report_to(cleo, "2026-06-01")
        assert await lines(tx) == [(bo, "2026-01-01", "2026-06-01"), (cleo, "2026-06-01", None)]
        await report_to(dan, "2026-03-01", "2026-04-01")
        assert await lines(tx) == [
            (bo, "2026-01-01", "2026-03-01"),
            (dan, "2026-03-01", "2026-04-01"),
            (bo, "2026-04-01", "2026-06-01"),
            (cleo, "2026-06-01", None),
        ]
        await report_to(None, "2026-02-01")
        assert await lines(tx) == [(bo, "2026-01-01", "2026-02-01")]


async def test_after_any_changes_each_day_has_what_was_said_of_it_last(database: Database) -> None:
    random = Random(2026)
    async with database.transaction() as tx:
        ana, *managers = await people(tx, 5)
        said: dict[date, int | None] = {}
        for _ in range(60):
            starts = NEW_YEAR + timedelta(days=random.randrange(90))
            ends = starts + timedelta(days=random.randrange(1, 30))
            manager = random.choice([*managers, None])
            values = {"manager_id": manager} if manager else None
            await history.supersede(tx, reporting_line, {"rep_id": ana}, starts, ends, values)
            said |= {starts + timedelta(days=day): manager for day in range((ends - starts).days)}
        found = await tx.rows("select manager_id, lower(effective) as starts, upper(effective) as ends from reporting_line")
        held = {
            row["starts"] + timedelta(days=day): row["manager_id"] for row in found for day in range((row["ends"] - row["starts"]).days)
        }
        assert held == {day: manager for day, manager in said.items() if manager}


async def test_overlapping_dates_are_refused_by_the_database_itself(database: Database) -> None:
    with pytest.raises(IntegrityError, match="reporting_line_never_overlapping"):
        async with database.transaction() as tx:
            ana, bo, cleo = await people(tx, 3)
            for manager, starts in ((bo, NEW_YEAR), (cleo, NEW_YEAR + timedelta(days=10))):
                values = {"rep_id": ana, "manager_id": manager, "effective": history.effective(starts, None)}
                await tx.execute(insert(reporting_line).values(values))


async def test_a_write_before_the_clock_ticked_is_refused(database: Database) -> None:
    with pytest.raises(DBAPIError, match="a write to rep before the clock ticked"):
        async with database.transaction() as tx:
            await tx.execute(insert(rep).values(name="Ana", currency="USD"))


async def test_the_audit_tells_who_changed_what_from_what_to_what(database: Database) -> None:
    async with database.transaction() as tx:
        await clock.tick(tx, "ana", "repUpsert")
        await tx.execute(insert(rep).values(name="Bo", currency="USD"))
        await tx.execute(rep.update().values(title="Seller"))
        await tx.execute(rep.update().values(title="Seller"))
        found = await tx.rows("select actor, action, noun, ordinal, before, after from audit join tick using (position) order by ordinal")
    assert [(row["actor"], row["action"], row["noun"], row["ordinal"]) for row in found] == [("ana", "repUpsert", "rep", n) for n in (0, 1)]
    assert found[0]["before"] is None
    assert (found[1]["before"]["title"], found[1]["after"]["title"]) == (None, "Seller")
