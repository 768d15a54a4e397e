"""Who is told of an event is decided in memory as the statements decide it."""

from __future__ import annotations

import random
from datetime import date

import pytest

from spm_graph.domain.terms import Grant
from spm_graph.store.database import Database
from spm_graph.store.predicates import VISIBLE_REP
from spm_graph.store.seeing import Audience, Lines, tells
from spm_graph.store.visibility import Actor, visible

TODAY = date(2026, 3, 15)
KINDS = ("OpportunityMoved", "RunProgress", "WebhookDisabled")
GRANTS = [frozenset(held) for held in ((), (Grant.SEE_ALL,), (Grant.RUN,), (Grant.PLAN,), (Grant.ADMIN,), (Grant.RUN, Grant.SEE_ALL))]
LINES = (["[2020-01-01,)"], ["[2020-01-01,2026-03-15)"], ["[2026-03-16,)"], ["[2020-01-01,2026-01-01)", "[2026-01-01,)"], [])


async def company(database: Database, dice: random.Random, size: int) -> list[int]:
    """A random forest of reps; some of the reporting lines are over, or yet to come."""
    async with database.transaction() as tx:
        await tx.execute("select spm_tick('test', 'company')")
        made = f"insert into rep (external_id, name, currency) select n, n, 'USD' from generate_series(1, {size}) as n returning id"
        ids = sorted(row["id"] for row in await tx.rows(made))
        for index, rep in enumerate(ids[1:], 1):
            for dates in dice.choice(LINES):
                line = f"({rep}, {dice.choice(ids[:index])}, '{dates}')"
                await tx.execute(f"insert into reporting_line (rep_id, manager_id, effective) values {line}")
        for kind in KINDS:
            for rep in [None, *ids]:
                row = f"1, count(*), '{kind}', {rep or 'null'}, '{{}}'"
                await tx.execute(f"insert into event (position, ordinal, kind, rep_id, payload) select {row} from event")
    return ids


async def by_statement(database: Database, actor: Actor) -> set[tuple[str, int | None]]:
    """What a read tells this actor."""
    seen = VISIBLE_REP.format(rep=f"{actor.rep_id or 'null'}::bigint", today=f"'{TODAY}'::date")
    predicate = (visible("event", actor.grants) or "true").replace("{row}", "told")
    rows = await database.pool.fetch(f"with {seen} select kind, rep_id from event as told where {predicate}")
    return {(row["kind"], row["rep_id"]) for row in rows}


@pytest.mark.parametrize("attempt", range(4))
async def test_an_event_is_told_in_memory_to_whom_a_statement_shows_it(database: Database, attempt: int) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    database.today = lambda: TODAY
    ids = await company(database, dice, dice.randint(1, 14))
    lines = await Lines.read(database)
    actors = [Actor(f"{rep} {grants}", rep, grants) for rep in [None, *ids] for grants in GRANTS]
    audience: Audience[str] = Audience()
    for actor in [*actors, *dice.sample(actors, 3)]:
        audience.join(actor.name, actor)
    for gone in dice.sample(actors, 5):
        audience.leave(gone.name)
        audience.leave(gone.name)
    shown = {actor.name: await by_statement(database, actor) for actor in actors}
    for kind in KINDS:
        for rep_id in [None, *ids]:
            told = {actor.name for actor in actors if tells(actor, kind, rep_id, lines)}
            assert told == {name for name, events in shown.items() if (kind, rep_id) in events}
            found = audience.of(kind, rep_id, lines)
            assert sorted(found) == sorted(told & audience.members.keys())


async def test_a_circle_of_managers_ends() -> None:
    lines = Lines(TODAY, {1: 2, 2: 3, 3: 1, 4: 1})
    assert lines.above(4) == (4, 1, 2, 3)
