"""Filling a database with a demonstration, once: whole, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum, auto

from spm_graph.incentive_types import IncentiveTypes
from spm_graph.settings import Settings
from spm_graph.store import clock, migrate
from spm_graph.store.database import Database
from spm_graph.store.opening import opened

from .story import ACTOR, Say

Fill = Callable[[Database, IncentiveTypes, Say], Awaitable[None]]

FINISHED = "demonstrationFinished"


class Condition(Enum):
    """What is in a database, as far as a demonstration needs to know."""

    EMPTY = auto()
    BROKEN_OFF = auto()
    TAKEN = auto()


async def condition(database: Database) -> Condition:
    """Whether a database is empty, has a demonstration that was broken off and nothing else, or is not to be filled."""
    row = await database.pool.fetchrow(
        "select count(*) as ticks, count(*) filter (where actor <> $1) as others, count(*) filter (where action = $2) as finished"
        " from tick",
        ACTOR.name,
        FINISHED,
    )
    assert row is not None, "a count is always a row"
    if not row["ticks"]:
        return Condition.EMPTY
    return Condition.TAKEN if row["others"] or row["finished"] else Condition.BROKEN_OFF


async def filled(settings: Settings, fill: Fill, say: Say) -> None:
    """See to it that the database has a demonstration, or whatever else is in it. One that was broken off begins anew."""
    async with opened(settings) as database:
        found = await condition(database)
    if found is Condition.BROKEN_OFF:
        assert settings.database_url is not None, "the server is running by now"
        say("the demonstration was broken off: beginning again")
        await migrate.start_over(settings.database_url)
    if found is not Condition.TAKEN:
        async with opened(settings) as database:
            await fill(database, IncentiveTypes.discover(), say)
            async with database.transaction() as tx:
                await clock.tick(tx, ACTOR.name, FINISHED)
