"""The line of those who come to follow: of a crowd, a few are let in at each turn of the event loop.

To let somebody in takes longer than to answer a small query. Whatever is ready at a turn of the loop is done in it, so of a
thousand who come at once all would be let in before the next query is looked at, at every step of the way.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

AT_A_TURN = 2
"""How many are let in before others have their turn."""


class Arrivals:
    """One line, first come, first served."""

    def __init__(self) -> None:
        self.waiting: deque[Callable[[], None]] = deque()
        self._open = False

    def come(self, enter: Callable[[], None]) -> None:
        """Have `enter` called when it is its turn."""
        self.waiting.append(enter)
        if not self._open:
            self._open = True
            asyncio.get_running_loop().call_soon(self._let_in)

    async def turn(self) -> None:
        """Wait until it is one's turn."""
        let_in = asyncio.get_running_loop().create_future()
        self.come(partial(_let, let_in))
        await let_in

    def _let_in(self) -> None:
        let_in = [self.waiting.popleft() for _ in range(min(AT_A_TURN, len(self.waiting)))]
        self._open = bool(self.waiting)
        if self._open:  # first of all: whoever can't enter stops nobody
            asyncio.get_running_loop().call_soon(self._let_in)
        for enter in let_in:
            asyncio.get_running_loop().call_soon(enter)


def _let(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():  # who has left meanwhile is passed over
        waiting.set_result(None)
