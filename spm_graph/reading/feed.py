"""What is followed, at the live edge: each event is read once for all who follow the same, and handed to those it concerns.

Whoever can't take more, or comes with an older cursor, reads pages of their own from the database until they are at the edge
again. So a slow follower costs no memory and delays nobody: the database is the buffer, and the feed keeps a few events only
to let followers on.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from spm_graph.domain.cursor import LAST
from spm_graph.store.following import AWAY, LOOK_SECONDS
from spm_graph.store.seeing import Audience, Lines, Standing, tells

from .stream import PAGE, Cursor, Stream, Told

KEPT = 100
"""How many events a feed keeps for those who are about to reach the edge."""

STAYS_SECONDS = 3
"""How long a page may be sent before it is read again: who may see what changes."""

Asker = Callable[[], Awaitable[Standing]]
"""Who asks, now: raises when the token stands for nobody any more."""


class Listener(Protocol):
    """Where a subscription's answers go, over which transport."""

    @property
    def transport(self) -> str:
        """Over which transport."""
        ...

    def tell(self, told: Told) -> bool:
        """Take one answer; whether there is room for more. It is never called again before `room` where there isn't."""
        ...

    async def room(self) -> None:
        """Wait until there is room."""
        ...

    def end(self, error: Exception) -> None:
        """Nothing more comes, because of this."""
        ...


class Live(Protocol):
    """What a feed knows of the process that it is in."""

    position: int
    lines: Lines
    told: Counter[str]
    """How many answers of each kind were handed to listeners."""
    ended: Counter[str]
    """How many followers were ended, and by which error."""

    def arrived(self, follower: Follower) -> None:
        """A follower is at the edge, and is called upon when its standing changes."""
        ...

    def left(self, follower: Follower) -> None:
        """A follower is behind, or gone."""
        ...


class Feed:
    """The events of one document, at the edge."""

    def __init__(self, live: Live, stream: Stream) -> None:
        self.live = live
        self.stream = stream
        self.edge: Cursor = (live.position, LAST)
        """Everything up to here was handed out."""
        self.floor = self.edge
        self.kept: deque[Told] = deque()
        """The last events, all behind `floor`."""
        self._too_far: Cursor = (-1, 0)
        """Behind this cursor more came than is kept, and behind those before it."""
        self._reaching = asyncio.Lock()
        self.audience: Audience[Follower] = Audience()
        self.followers: set[Follower] = set()

    async def advance(self, to: int) -> None:
        """Read what came up to a position, and hand it out."""
        while True:
            page = await self.stream.everything(self.edge, to)
            for told in page:
                self._tell(told)
            if len(page) < PAGE:
                break
        self.edge = (to, LAST)

    def _tell(self, told: Told) -> None:
        self.kept.append(told)
        if len(self.kept) > KEPT:
            self.floor = self.kept.popleft().cursor
        count = 0
        for follower in self.audience.of(self.stream.kind, told.rep_id, self.live.lines):
            if told.cursor > follower.cursor and follower.stream.lets(told):
                count += 1
                follower.cursor = told.cursor
                if not follower.listener.tell(told):
                    follower.fall_behind()
        self.live.told[self.stream.kind] += count
        self.edge = told.cursor

    def reached(self, follower: Follower) -> int:
        """The position up to which a follower was told everything."""
        position, ordinal = self.edge if follower in self.audience.members else follower.cursor
        return position if ordinal == LAST else position - 1

    def lets_on(self, follower: Follower) -> bool:
        """Hand over what is kept, and have the follower at the edge from now on; or else it is too far behind, or full."""
        if follower.cursor < self.floor:
            return False
        for told in self.kept:
            if told.cursor > follower.cursor:
                seen = tells(follower.standing.actor, self.stream.kind, told.rep_id, self.live.lines)
                follower.cursor = told.cursor
                if seen and follower.stream.lets(told) and not self.hand(follower, told):
                    return False
        self.audience.join(follower, follower.standing.actor)
        return True

    async def reaches_back(self, cursor: Cursor) -> bool:
        """Keep what came behind a cursor, if it is little: of a crowd that comes back at once, the first one reads for all.

        Raises Invalid where some of it is gone.
        """
        async with self._reaching:
            if self._too_far < cursor < self.floor:
                floor = self.floor
                page = await self.stream.everything(cursor, floor[0])
                await self.stream.require(cursor)  # only now: it was all there when it was read
                earlier = [told for told in page if told.cursor <= floor]
                if len(page) == PAGE or len(earlier) + len(self.kept) > KEPT:
                    self._too_far = cursor
                elif floor == self.floor:  # else what was let go of meanwhile is missing in between
                    self.kept.extendleft(reversed(earlier))
                    self.floor = cursor
            return cursor >= self.floor

    def hand(self, follower: Follower, told: Told) -> bool:
        """Tell one follower something; whether there is room for more."""
        self.live.told[self.stream.kind] += 1
        return follower.listener.tell(told)


class Follower:
    """One subscription under way. At the edge it is an entry in its feed, and no task of its own."""

    __slots__ = ("ask", "cursor", "feed", "listener", "standing", "stream", "task")

    def __init__(self, feed: Feed, stream: Stream, ask: Asker, standing: Standing, listener: Listener) -> None:
        self.feed = feed
        self.stream = stream
        self.cursor = stream.start
        self.ask = ask
        self.standing = standing
        self.listener = listener
        self.task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Go to the edge, or set out for it."""
        if self.feed.lets_on(self):
            self.feed.live.arrived(self)
        else:
            self._set_out()

    def fall_behind(self) -> None:
        """Leave the edge, and go back to it as soon as there is room and the token still stands for somebody."""
        if self.task is None:
            self.cursor = max(self.cursor, self.feed.edge)
            self.feed.audience.leave(self)
            self.feed.live.left(self)
            self._set_out()

    def stop(self) -> None:
        """End it: the client has gone, or wants no more."""
        if self.task is not None:
            self.task.cancel()
        self.feed.audience.leave(self)
        self.feed.live.left(self)
        self.feed.followers.discard(self)

    def fail(self, error: Exception) -> None:
        """End it, and say why."""
        self.stop()
        self.feed.live.ended[type(error).__name__] += 1
        self.listener.end(error)

    def _set_out(self) -> None:
        self.task = asyncio.get_running_loop().create_task(self._catch_up())

    async def _catch_up(self) -> None:
        near = True
        try:
            while True:
                try:
                    await self.listener.room()
                    async with self.stream.database.pool.turns:
                        self.standing = await self.ask()
                    if self.feed.lets_on(self):
                        break
                    near = near and await self.feed.reaches_back(self.cursor)
                    if not near:
                        await self._page()
                except AWAY:
                    await asyncio.sleep(LOOK_SECONDS)
        except Exception as error:
            self.task = None
            self.fail(error)
        else:
            self.task = None
            self.feed.live.arrived(self)

    async def _page(self) -> None:
        """Read a page from the database and send it, or the part of it that is not too old when there is room for it."""
        known, until = self.feed.live.position, time.monotonic() + STAYS_SECONDS
        page = await self.stream.page(self.standing.actor, self.cursor)
        for told in page:
            self.cursor = told.cursor
            if not self.feed.hand(self, told):
                await self.listener.room()
                if time.monotonic() > until or await self.ask() != self.standing:
                    return
        if len(page) < PAGE:
            self.cursor = max(self.cursor, (known, LAST))
