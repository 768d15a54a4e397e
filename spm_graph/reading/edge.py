"""The live edge of a process: behind each position, what happened is read once, and every feed hands out its part.

Who is told is at least as new as the position: reporting lines, keys and reps that changed up to it are looked at first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import asynccontextmanager
from math import inf

from spm_graph.domain.cursor import LAST
from spm_graph.store.database import Database
from spm_graph.store.following import AWAY, LOOK_SECONDS, Following, Since
from spm_graph.store.seeing import Lines, Standing

from .feed import Asker, Feed, Follower, Listener
from .stream import Stream
from .tally import Durations

log = logging.getLogger(__name__)


class Edge:
    """Everything that is followed in this process. `async with Edge.started(database, following) as edge`."""

    def __init__(self, database: Database, position: int, lines: Lines, changed: Callable[[], None]) -> None:
        self.database = database
        self.position = position
        self.lines = lines
        self.changed = changed
        self.feeds: dict[Hashable, Feed] = {}
        self.told: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.handed_out = Durations()
        """How long it took from when something happened until everybody at the edge had been told of it."""
        self._resting: dict[tuple[str, int | None], set[Follower]] = {}
        self._expires = inf
        """Before then no token does on which a follower at the edge rests."""

    @classmethod
    @asynccontextmanager
    async def started(cls, database: Database, following: Following, changed: Callable[[], None]) -> AsyncIterator[Edge]:
        """Follow a database until the end of the block; `changed` is called where keys or reps did, before tokens are asked about."""
        position: int = await database.pool.fetchval("select position from clock")
        edge = cls(database, position, await Lines.read(database), changed)
        task = asyncio.create_task(edge._run(following))
        try:
            yield edge
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def follow(self, stream: Stream, ask: Asker, standing: Standing, listener: Listener) -> Follower:
        """Tell a listener the events of a stream, from its start on, until it is stopped or ends."""
        name = stream.feed()
        feed = self.feeds.get(name)
        if feed is None:
            feed = self.feeds[name] = Feed(self, stream)
        follower = Follower(feed, stream, ask, standing, listener)
        feed.followers.add(follower)
        follower.begin()
        return follower

    def reached(self) -> Iterator[tuple[Follower, int]]:
        """Everybody who follows, and the position up to which they were told everything."""
        for feed in self.feeds.values():
            for follower in feed.followers:
                yield follower, feed.reached(follower)

    def arrived(self, follower: Follower) -> None:
        """Remember on which row a follower's token rests, to ask again when that changes."""
        self._resting.setdefault(follower.standing.row, set()).add(follower)
        self._expires = min(self._expires, follower.standing.expires)

    def left(self, follower: Follower) -> None:
        """Forget that again."""
        resting = self._resting.get(follower.standing.row)
        if resting is not None:
            resting.discard(follower)
            if not resting:
                del self._resting[follower.standing.row]

    async def _run(self, following: Following) -> None:
        while True:
            try:
                moved = await following.beyond(self.position, LOOK_SECONDS)
                self._expire()
                if moved:
                    await self._advance()
            except AWAY:
                await asyncio.sleep(LOOK_SECONDS)
            except Exception:
                log.exception("what happened behind position %s can't be told, and is tried again", self.position)
                await asyncio.sleep(LOOK_SECONDS)

    async def _advance(self) -> None:
        began = time.monotonic()
        since = await Since.read(self.database, self.position)
        if since.lines or self.lines.day != self.database.today():
            self.lines = await Lines.read(self.database)
        if since.rows:
            self.changed()
            for row in since.rows & self._resting.keys():
                for follower in list(self._resting[row]):
                    follower.fall_behind()
        before, feeds = (self.position, LAST), []
        for name, feed in list(self.feeds.items()):
            if not feed.followers:
                del self.feeds[name]
            elif feed.stream.kind in since.kinds or feed.edge < before:
                feeds.append(feed)
            else:
                feed.edge = max(feed.edge, (since.position, LAST))
        results = await asyncio.gather(*(self._hand_out(feed, since.position) for feed in feeds), return_exceptions=True)
        for error in filter(None, results):
            raise error  # only now: none of them may be under way when all are tried again
        self.position = since.position
        self.handed_out.add((), since.seconds + time.monotonic() - began)

    async def _hand_out(self, feed: Feed, to: int) -> None:
        """Let one feed go on; one that can't be read ends, and holds up no other."""
        try:
            await feed.advance(to)
        except AWAY:
            raise
        except Exception as error:
            for follower in list(feed.followers):
                follower.fail(error)

    def _expire(self) -> None:
        """Ask again about tokens that have expired by now, before anything more is told."""
        now = time.time()
        if now < self._expires:
            return
        for resting in list(self._resting.values()):
            for follower in list(resting):
                if follower.standing.expires <= now:
                    follower.fall_behind()
        left = (follower.standing.expires for resting in self._resting.values() for follower in resting)
        self._expires = min(left, default=inf)
