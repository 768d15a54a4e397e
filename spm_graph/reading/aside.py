"""What keeps Python busy for long is done by one thread beside the event loop, so that nobody else waits for it.

There is one such thread: large requests wait for each other in a line of their own, and the loop never has to share with more
than one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

LONG_DOCUMENT = 2_000
"""From how many characters on a document that was never seen is read aside: validation takes up to 100 ms for that many."""

MANY_VALUES = 1_000
"""From how many values on variables are looked at aside: they take about 8 µs each until they are a command."""

beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")


async def aside(work: Callable[[], T]) -> T:
    """What a function returns, which the thread calls; an exception comes up here."""
    return await asyncio.get_running_loop().run_in_executor(beside, work)


def many(value: Any) -> bool:
    """Whether a JSON value is made of many values. It looks at no more of them than that takes."""
    waiting, seen = [value], 0
    while waiting:
        each = waiting.pop()
        seen += 1
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        if seen + len(waiting) >= MANY_VALUES:
            return True
    return False
