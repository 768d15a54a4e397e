"""Titles over time: what reps are called from when on, and so which plans they are on by title."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from spm_graph.store import history, touches
from spm_graph.store.database import Transaction
from spm_graph.store.tables import rep_title

# The dates from then on in which a rep holds, or held, a title that puts them on a plan.
TOUCHED = """
select changed.rep_id, changed.starts
from unnest(cast(:reps as bigint[]), cast(:starts as date[])) as changed(rep_id, starts)
where exists (
    select from rep_title join plan_title using (title)
    where rep_title.rep_id = changed.rep_id and rep_title.effective && daterange(changed.starts, null)
      and plan_title.effective && rep_title.effective * daterange(changed.starts, null)
)
"""

CURRENT = """
update rep set title = held.title
from rep as given left join rep_title as held on held.rep_id = given.id and held.effective @> cast(:today as date)
where rep.id = given.id and (cast(:reps as bigint[]) is null or rep.id = any(cast(:reps as bigint[])))
  and rep.title is distinct from held.title
"""


@dataclass(frozen=True, slots=True)
class Retitled:
    """A rep who is called so, or nothing, from a day on."""

    rep_id: int
    title: str | None
    starts: date


async def follow(tx: Transaction, position: int, changes: Collection[Retitled]) -> None:
    """Let these titles hold, and touch whose plans change by it. The directory's titles follow, as of today."""
    columns = {"reps": [change.rep_id for change in changes], "starts": [change.starts for change in changes]}
    touched = {(row["rep_id"], row["starts"]) for row in await tx.rows(TOUCHED, columns)}
    for change in changes:
        values = {"title": change.title} if change.title is not None else None
        await history.supersede(tx, rep_title, {"rep_id": change.rep_id}, change.starts, None, values)
    touched |= {(row["rep_id"], row["starts"]) for row in await tx.rows(TOUCHED, columns)}
    await touches.record(tx, position, [(rep_id, touches.since(starts, None)) for rep_id, starts in touched])
    await catch_up(tx, columns["reps"])


async def catch_up(tx: Transaction, reps: Collection[int] | None = None) -> int:
    """Make the directory's titles those of today, of these reps or of all; how many changed.

    A title that was set for a later day gets there by this. Pay never reads the directory, but the history.
    """
    return await tx.execute(CURRENT, {"today": tx.today, "reps": sorted(reps) if reps is not None else None})


async def since(tx: Transaction, rep_id: int, title: str | None, starts: date) -> bool:
    """Whether a rep has that title, or none, from a day on for ever."""
    held = await tx.rows(select(rep_title).where(rep_title.c.rep_id == rep_id, rep_title.c.effective.op("&&")(history.effective(starts, None))))
    if title is None or len(held) != 1:
        return title is None and not held
    dates = held[0]["effective"]
    return bool(held[0]["title"] == title and dates.lower <= starts and dates.upper is None)
