"""Whether those who wait for an answer are still there: what is done for a client who has left is given up."""

from __future__ import annotations

import asyncio
from types import TracebackType

from starlette.types import Receive

LOOK_SECONDS = 0.05
"""How often is looked who still waits. Whoever does at two looks is watched: most answers are there before anybody could leave."""


class Attendance:
    """The requests under way. One timer looks after them all: one for each would cost a small read a twentieth of its CPU."""

    def __init__(self) -> None:
        self.new: set[Attended] = set()
        """Whose requests have begun since the last look."""
        self.waiting: set[Attended] = set()
        """Who waited at the last look already."""
        self.timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begin to look."""
        self.timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        for attended in self.waiting:
            attended.watch()
        self.waiting, self.new = self.new, set()
        self.timer = None
        if self.waiting:
            self.begin()


class Attended:
    """`with Attended(attendance, receive) as attended` cancels what is done within when the client leaves.

    That cancels the statement in PostgreSQL, too. The cancellation ends here: `gone` says that there is nobody to answer.
    """

    __slots__ = ("attendance", "gone", "receive", "watcher", "work")

    def __init__(self, attendance: Attendance, receive: Receive) -> None:
        self.attendance = attendance
        self.receive = receive
        self.gone = False
        self.watcher: asyncio.Task[None] | None = None

    def __enter__(self) -> Attended:
        self.work = asyncio.current_task()
        attendance = self.attendance
        attendance.new.add(self)
        if attendance.timer is None:
            attendance.begin()
        return self

    def watch(self) -> None:
        """Begin to wait for the client to leave."""
        self.watcher = asyncio.get_running_loop().create_task(self.wait())

    async def wait(self) -> None:
        """Cancel the work once the client has left."""
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self.work is not None:
            self.work.cancel("the client has left")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.attendance.new.discard(self)
        self.attendance.waiting.discard(self)
        if self.watcher is not None:
            self.watcher.cancel()
        if not self.gone or self.work is None:
            return False
        # Whoever else cancelled this task, as a shutdown does, must still get their way.
        return self.work.uncancel() == 0 and kind is asyncio.CancelledError
