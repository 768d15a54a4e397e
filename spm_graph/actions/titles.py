"""Titles over time: what reps are called from when on, and so which plans they are on by title."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from spm_graph.domain.terms import Role
from spm_graph.store import clock, history, touches
from spm_graph.store.database import Database, Transaction
from spm_graph.store.tables import rep_title

from .crediting import described_otherwise, sold_below

# Who holds, in the dates from then on, a title that puts them on a plan.
CONCERNED = """
select changed.rep_id, changed.starts
from unnest(cast(:reps as bigint[]), cast(:starts as date[])) as changed(rep_id, starts)
where exists (
    select from rep_title join plan_title on plan_title.title = rep_title.title
    where rep_title.rep_id = changed.rep_id and plan_title.effective && rep_title.effective * daterange(changed.starts, null)
)
"""

# Somebody who left is called what they were on their last day.
HELD = """
from rep as given left join rep_title as held on held.rep_id = given.id and held.effective @> least(cast(:today as date), given.left_on - 1)
where given.title is distinct from held.title
"""
CURRENT = f"""
update rep set title = today.title
from (select given.id, held.title {HELD} and (cast(:reps as bigint[]) is null or given.id = any(cast(:reps as bigint[])))) as today
where rep.id = today.id
"""


@dataclass(frozen=True, slots=True)
class Retitled:
    """A rep who is called so from a day on, until they leave if that is known; without a title, they have none."""

    rep_id: int
    title: str | None
    starts: date
    ends: date | None = None


async def follow(tx: Transaction, position: int, changes: Collection[Retitled]) -> None:
    """Let these titles hold, a change for each rep, and touch those whose plans may change by it. `catch_up` comes next."""
    if not changes:
        return
    columns: dict[str, Any] = {"reps": [change.rep_id for change in changes], "starts": [change.starts for change in changes]}
    concerned = {(row["rep_id"], row["starts"]) for row in await tx.rows(CONCERNED, columns)}
    known = {row["rep_id"] for row in await tx.rows(select(rep_title.c.rep_id).where(rep_title.c.rep_id.in_(columns["reps"])))}
    for change in changes:
        if change.rep_id in known:
            await history.supersede(tx, rep_title, {"rep_id": change.rep_id}, change.starts)
    begun = [
        {"rep_id": change.rep_id, "title": change.title, "effective": history.effective(change.starts, change.ends)}
        for change in changes
        if change.title is not None
    ]
    if begun:
        await tx.execute(insert(rep_title), begun)
    concerned |= {(row["rep_id"], row["starts"]) for row in await tx.rows(CONCERNED, columns)}
    await touches.record(tx, position, [(rep_id, touches.since(starts, None)) for rep_id, starts in concerned])
    # Managers may be paid by what the people below them are called.
    sold = await sold_below(tx, {change.rep_id: change.starts for change in changes})
    await described_otherwise(tx, position, sold, [Role.ROLLUP])


async def catch_up(tx: Transaction, reps: Collection[int] | None = None) -> int:
    """Make the directory's titles those of today, for these reps or for all; how many changed.

    Titles that were set for a later day get there by this. Pay reads the history, never the directory.
    """
    return await tx.execute(CURRENT, {"today": tx.today, "reps": sorted(reps) if reps is not None else None})


async def turn_of_day(database: Database) -> None:
    """Let titles that were set for today, or for a day since this was last done, get into the directory."""
    async with database.transaction() as tx:
        if await tx.scalar(f"select exists (select {HELD})", {"today": tx.today}):
            await clock.tick(tx, "server", "turnOfDay")
            await catch_up(tx)


async def due(
    tx: Transaction, rep_id: int, title: str | None, given: date | None, hired_on: date | None, left_on: date | None
) -> list[Retitled]:
    """What has to change for a rep to be called so: from the day given, or from the first day, or, if they had a title before, today.

    No title is held from the day of leaving on.
    """
    held = await tx.rows(select(rep_title.c.title, rep_title.c.effective).where(rep_title.c.rep_id == rep_id))
    starts = given or (max(tx.today, hired_on or tx.today) if held else hired_on or tx.today)
    after = [row for row in held if row["effective"].upper is None or row["effective"].upper > starts]
    on_the_day = next((row["title"] for row in after if row["effective"].lower <= starts), None)
    # Without a day, a title that is set for later stays; with one, the title holds from then on for good.
    changed = on_the_day != title or (given is not None and len(after) > (title is not None))
    if changed and (left_on is None or starts < left_on):
        return [Retitled(rep_id, title, starts, left_on)]
    if left_on is not None and any(row["effective"].upper is None or row["effective"].upper > left_on for row in held):
        return [Retitled(rep_id, None, left_on)]
    return []
