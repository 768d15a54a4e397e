"""Who is told of an event, decided in memory: the rule of the table `event`, for everybody who is connected at once.

The reporting lines of a day are held once for each process, so that an actor costs nothing but its place in an index, and
an event is handed to those above its rep without a look at anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from spm_graph.domain.terms import Grant

from .database import Database
from .visibility import TOLD_TO, Actor

M = TypeVar("M")

LINES = "select rep_id, manager_id from reporting_line where effective @> $1::date"


class Standing(NamedTuple):
    """Who a token stands for, until when by the wall clock, and the row that says so: where it changes, ask again."""

    actor: Actor
    expires: float
    row: tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Lines:
    """Who reports to whom on a day."""

    day: date
    manager_of: Mapping[int, int]
    _above: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    async def read(cls, database: Database) -> Lines:
        """The reporting lines of today."""
        day = database.today()
        rows = await database.pool.fetch(LINES, day)
        return cls(day, dict(map(tuple, rows)))

    def above(self, rep_id: int) -> tuple[int, ...]:
        """A rep and everybody whom it reports to, directly or not: those who see it."""
        found = self._above.get(rep_id)
        if found is None:
            chain: dict[int, None] = {}
            at: int | None = rep_id
            while at is not None and at not in chain:
                chain[at] = None
                at = self.manager_of.get(at)
            found = self._above[rep_id] = tuple(chain)
        return found


def tells(actor: Actor, kind: str, rep_id: int | None, lines: Lines) -> bool:
    """Whether an actor is told of an event of this kind about this rep, or about nobody."""
    needed = TOLD_TO.get(kind)
    if actor.sees_all or (needed is not None and actor.may(needed)):
        return True
    return needed is None if rep_id is None else actor.rep_id in lines.above(rep_id)


class Audience(Generic[M]):
    """Members by what they see, so that those who are told of an event are found without asking the others."""

    def __init__(self) -> None:
        self.members: dict[M, Actor] = {}
        self._widely: dict[Grant, dict[M, None]] = {grant: {} for grant in (Grant.SEE_ALL, *TOLD_TO.values())}
        self._of_rep: dict[int, dict[M, None]] = {}

    def join(self, member: M, actor: Actor) -> None:
        """Count somebody in, as what they see now."""
        self.members[member] = actor
        for grant, holders in self._widely.items():
            if actor.may(grant):
                holders[member] = None
        if actor.rep_id is not None:
            self._of_rep.setdefault(actor.rep_id, {})[member] = None

    def leave(self, member: M) -> None:
        """Count somebody out, if they are in."""
        actor = self.members.pop(member, None)
        if actor is None:
            return
        for holders in self._widely.values():
            holders.pop(member, None)
        if actor.rep_id is not None:
            del self._of_rep[actor.rep_id][member]
            if not self._of_rep[actor.rep_id]:
                del self._of_rep[actor.rep_id]

    def of(self, kind: str, rep_id: int | None, lines: Lines) -> list[M]:
        """The members who are told of an event, each once: those for whom `tells` holds."""
        needed = TOLD_TO.get(kind)
        if rep_id is None and needed is None:
            return list(self.members)
        found = dict(self._widely[Grant.SEE_ALL])
        if needed is not None:
            found |= self._widely[needed]
        for seen_by in lines.above(rep_id) if rep_id is not None else ():
            found |= self._of_rep.get(seen_by, {})
        return list(found)
