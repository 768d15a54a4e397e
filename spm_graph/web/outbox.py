"""Messages on their way through a `send` that has to be awaited: a few of them, and no more."""

from __future__ import annotations

import asyncio
from collections import deque

MOST = 50
"""How many messages wait for a client that does not take them."""


class Outbox:
    """A short queue. Whoever fills it goes on without waiting, and stops where it is full."""

    def __init__(self) -> None:
        self.waiting: deque[bytes] = deque()
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def write_text(self, text: bytes) -> bool:
        """Queue a message; whether there is room for more."""
        self.waiting.append(text)
        self._filled.set()
        if len(self.waiting) >= MOST:
            self._room.clear()
        return self._room.is_set()

    async def room(self) -> None:
        """Wait until half of the queue is free."""
        await self._room.wait()

    async def next(self) -> bytes:
        """The next message to send, as soon as there is one."""
        while not self.waiting:
            self._filled.clear()
            await self._filled.wait()
        text = self.waiting.popleft()
        if len(self.waiting) <= MOST // 2:
            self._room.set()
        return text
