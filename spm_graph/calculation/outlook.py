"""The windows that a question about a rep's pay looks at, and the facts that they are calculated from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store import paid_in
from spm_graph.store.database import Transaction

from . import rivals, sources
from .facts import Facts, Row, Rows
from .scope import covered, together
from .supposing import Supposition
from .windows import Part, Window

MONTHS = """
select distinct id, lower(effective) as starts from period join unnest(cast(:dates as date[])) as dated on period.effective @> dated
where kind = 'MONTH' order by 2
"""

Place = tuple[int, date]
"""A component, and the first day of its window."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a rep's pay is calculated from."""

    known: Facts | None
    """None where the rep is on no plan."""
    currency: str
    """What they are paid in on the last day looked at."""
    left_out: Sequence[Part] = ()
    """Contests that are not looked at."""


async def read(
    snapshot: Transaction,
    incentive_types: IncentiveTypes,
    rep_id: int,
    supposed: Iterable[Supposition],
    *,
    most_others: int | None = None,
    whole: bool = False,
) -> Outlook:
    """The windows that a run would look at if it were for the last of the supposed days or today, with those that hold one of them.

    Of those who compete with the rep, what contests count is read; or, for contests that look at what they earned besides,
    as a `whole`, all. Contests of more than `most_others` are left out, and stay as they are booked.
    """
    given = list(supposed)
    days = sorted({snapshot.today}.union(*(each.dates for each in given)))
    months = await snapshot.rows(MONTHS, {"dates": days})
    if not months:
        raise refuse(ProblemCode.NO_PERIOD, f"no period covers {days[-1]}: create the periods of {days[-1].year} first")
    reps = await together(snapshot, [rep_id]) if whole else {rep_id}
    windows = await _windows(snapshot, [month["id"] for month in months], reps)
    if not windows:
        return Outlook(None, await paid_in.on(snapshot, rep_id, days[-1]))
    rows = await sources.read_rows(snapshot, windows, [row for each in given for row in each.made])
    known, left_out = Facts(rows), []
    if not whole and (judged := rivals.contests(known)):
        others = await rivals.entrants(snapshot, rep_id, judged)
        small = Counter((row["component_id"], row["starts"]) for row in others)
        large = [each for each in judged if most_others is not None and small[_place(each)] > most_others]
        left_out = [known.parts(each)[-1] for each in large]
        known = await _with_others(snapshot, incentive_types, rows, known, others, {_place(each) for each in large})
    latest = max((window.last for window in known.windows if window.rep_id == rep_id), default=days[-1])
    return Outlook(known, await paid_in.on(snapshot, rep_id, latest), left_out)


async def _with_others(
    snapshot: Transaction, incentive_types: IncentiveTypes, rows: Rows, own: Facts, others: Sequence[Row], left_out: Collection[Place]
) -> Facts:
    """A rep's facts with those of the others in their contests, but for some that are left out."""
    kept = [row for row in rows["windows"] if (row["component_id"], row["starts"]) not in left_out]
    beside = [row for row in others if (row["component_id"], row["starts"]) not in left_out]
    found = {name: [*each] for name, each in rows.items()} | {"windows": kept}
    if beside:
        told = await rivals.read(snapshot, own, beside, incentive_types)
        found = {name: each if name == "measures" else [*each, *told[name]] for name, each in found.items()}
    known = Facts(found)
    known.unread = frozenset(row["rep_id"] for row in beside)
    judged = set(rivals.contests(known))
    known.windows = [window for window in known.windows if window.rep_id not in known.unread or window in judged]
    return known


async def _windows(snapshot: Transaction, months: Iterable[int], reps: Collection[int]) -> list[Row]:
    """What runs of some months would look at, each window once, as far as the last of them evaluates it."""
    through: dict[tuple[int, int, Any], date] = {}
    for month_id in months:
        for rep_id, component_id, span, until, *_ in await covered(snapshot, month_id, reps):
            key = rep_id, component_id, span
            through[key] = max(until, through.get(key, until))
    return [
        {"rep_id": rep_id, "component_id": component_id, "starts": span.lower, "ends": span.upper, "through": until, "round": 0}
        for (rep_id, component_id, span), until in through.items()
    ]


def _place(window: Window) -> Place:
    return window.component_id, window.span.starts
