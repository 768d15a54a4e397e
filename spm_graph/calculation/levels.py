"""What sellers were called, and whom their deals came through: what incentive types are told of rollup credits when they ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from spm_graph.domain.period import Span
from spm_graph.domain.terms import Role
from spm_graph.store.database import Transaction
from spm_graph.store.oversight import MOST_LEVELS

Row = Mapping[Any, Any]

LINES = """
with chain(rep_id) as (
    select unnest(cast(:sellers as bigint[])) union select manager_id from oversight where rep_id = any(:sellers)
)
select line.rep_id, line.manager_id, lower(line.effective) as starts, coalesce(upper(line.effective), 'infinity') as ends
from reporting_line as line join chain using (rep_id)
"""

TITLES = """
select rep_id, title, lower(effective) as starts, coalesce(upper(effective), 'infinity') as ends
from rep_title where rep_id = any(:people)
"""


async def read(snapshot: Transaction, credits: Sequence[Row]) -> tuple[Sequence[Row], Sequence[Row]]:  # noqa: A002 - they are called so
    """The reporting lines and the titles of those who sold what is credited to managers, and of all above them."""
    sellers = sorted({row["source_rep_id"] for row in credits if row["role"] == Role.ROLLUP and row["source_rep_id"]})
    if not sellers:
        return [], []
    lines = await snapshot.rows(LINES, {"sellers": sellers})
    people = sorted({*sellers, *(row["rep_id"] for row in lines)})
    return lines, await snapshot.rows(TITLES, {"people": people})


class Levels:
    """Reporting lines and titles over dates."""

    def __init__(self, lines: Sequence[Row], titles: Sequence[Row]) -> None:
        self._managers: dict[int, list[tuple[Span, int]]] = defaultdict(list)
        for row in lines:
            self._managers[row["rep_id"]].append((Span(row["starts"], row["ends"]), row["manager_id"]))
        self._titles: dict[int, list[tuple[Span, str]]] = defaultdict(list)
        for row in titles:
            self._titles[row["rep_id"]].append((Span(row["starts"], row["ends"]), row["title"]))

    def title(self, rep_id: int, on: date) -> str | None:
        """What somebody was called on a day."""
        return next((title for during, title in self._titles.get(rep_id, ()) if on in during), None)

    def through(self, manager_id: int, seller_id: int, on: date) -> int | None:
        """Who reported to a manager directly on a day, and is the seller or has them below; None if nobody does."""
        below = seller_id
        for _ in range(MOST_LEVELS):
            above = next((each for during, each in self._managers.get(below, ()) if on in during), None)
            if above == manager_id:
                return below
            if above is None:
                return None
            below = above
        return None


class Rolled(Mapping[str, str]):
    """The attributes of a rollup credit; titles are looked up when they are asked for, which most incentive types never do."""

    def __init__(self, known: Mapping[str, str], levels: Levels, manager_id: int, seller_id: int, on: date) -> None:
        self._known, self._levels = known, levels
        self._deal = manager_id, seller_id, on

    def __getitem__(self, name: str) -> str:
        manager_id, seller_id, on = self._deal
        if name == "sourceTitle":
            found = self._levels.title(seller_id, on)
        elif name == "throughTitle":
            below = self._levels.through(manager_id, seller_id, on)
            found = self._levels.title(below, on) if below is not None else None
        else:
            return self._known[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._known
        yield from (name for name in ("sourceTitle", "throughTitle") if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
