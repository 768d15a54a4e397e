"""Whatever becomes of reporting lines, the database says who oversees whom on each day, and has no managers in a circle."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from spm_graph.store import clock, history
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import oversight, reporting_line

REPS = 7
CHANGES = 80
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(10)]
BEGIN_OR_END = DAYS[1:-1]

Pairs = Counter[tuple[int, int]]


def overseen(lines: Iterable[tuple[int, int]]) -> Pairs:
    """Each rep with everybody above it, by the lines of one day, each once; in a circle, reps are above themselves."""
    lines = set(lines)
    pairs = set(lines)
    while further := {(rep, manager) for rep, above in pairs for below, manager in lines if below == above} - pairs:
        pairs |= further
    return Counter(pairs)


async def by_day(tx: Transaction, table: Table) -> dict[date, list[tuple[int, int]]]:
    """Rep and manager of the rows that hold on each day."""
    rows = await tx.rows(select(table.c.rep_id, table.c.manager_id, table.c.effective))
    return {day: [(row["rep_id"], row["manager_id"]) for row in rows if row["effective"].contains(day)] for day in DAYS}


async def change(tx: Transaction, dice: random.Random, reps: Sequence[int]) -> None:
    """Lines begin, also several at once and beside others of their rep; get another rep, manager or dates; are superseded; end."""
    starts, ends = sorted(dice.sample(BEGIN_OR_END, 2))
    until = dice.choice([None, ends])
    some = reporting_line.c.id % dice.choice([1, 2, 3]) == 0
    given = dice.sample(reps, dice.randint(2, 4))
    rep, manager = given[:2]
    match dice.choice(["begin", "begin", "supersede", "supersede", "supersede", "end", "manager", "rep", "dates", "delete"]):
        case "begin":
            lines = [
                {"rep_id": each, "manager_id": manager, "effective": history.effective(starts, until)} for each in given[:1] + given[2:]
            ]
            await tx.execute(insert(reporting_line).values(lines))
        case "supersede":
            values = dice.choice([None, {"manager_id": manager}, {"manager_id": manager}])
            await history.supersede(tx, reporting_line, {"rep_id": rep}, starts, until, values)
        case "end":
            await history.end(tx, reporting_line, "rep_id", {rep: starts, manager: ends})
        case "manager":
            await tx.execute(update(reporting_line).where(reporting_line.c.rep_id == rep).values(manager_id=manager))
        case "rep":
            await tx.execute(update(reporting_line).where(reporting_line.c.manager_id != rep, some).values(rep_id=rep))
        case "dates":
            await tx.execute(update(reporting_line).where(some).values(effective=history.effective(starts, until)))
        case "delete":
            await tx.execute(delete(reporting_line).where(some))


@pytest.mark.parametrize("attempt", range(4))
async def test_after_each_change_they_are_those_whom_the_lines_of_each_day_lead_to(database: Database, attempt: int) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    refused = 0
    async with database.engine.connect() as connection, connection.begin() as undone:
        tx = Transaction(connection, DAYS[0])
        await clock.tick(tx, "test", "company")
        made = f"insert into rep (external_id, name, currency) select n, n, 'USD' from generate_series(1, {REPS}) as n returning id"
        reps = [row["id"] for row in await tx.rows(made)]
        for _ in range(CHANGES):
            await tx.execute("savepoint before")
            try:
                await change(tx, dice, reps)
            except IntegrityError as error:
                assert "oversight_not_of_oneself_check" in str(error)
                refused += 1
                await tx.execute("rollback to savepoint before")
            lines, kept = await by_day(tx, reporting_line), await by_day(tx, oversight)
            assert {day: Counter(pairs) for day, pairs in kept.items()} == {day: overseen(pairs) for day, pairs in lines.items()}
        await undone.rollback()  # before overlapping lines are looked for
    assert refused


async def test_a_circle_is_refused_and_nothing_else_is(database: Database) -> None:
    """Of all sets of three lines between three reps on one day, those that lead back to somebody."""
    reps = [1, 2, 3]
    lines = [(rep, manager) for rep in reps for manager in reps if rep != manager]
    given = [{one, other, third} for one in lines for other in lines for third in lines]
    async with database.transaction() as tx:
        await clock.tick(tx, "test", "company")
        await tx.execute("insert into rep (external_id, name, currency) select n, n, 'USD' from generate_series(1, 3) as n")
        for pairs in {frozenset(each) for each in given}:
            values = [{"rep_id": rep, "manager_id": manager, "effective": history.effective(DAYS[0], None)} for rep, manager in pairs]
            await tx.execute("savepoint before")
            refused = False
            try:
                await tx.execute(insert(reporting_line).values(values))
            except IntegrityError:
                refused = True
            assert refused is any(rep == manager for rep, manager in overseen(pairs))
            await tx.execute("rollback to savepoint before")
