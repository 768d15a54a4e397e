"""How long code of others may take: a watch that interrupts the thread in which it runs."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from threading import TIMEOUT_MAX, Condition, Lock, Thread, get_ident
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

CHECKS = 20
"""How often the watch looks within the time allowed: so late may it be, as a part of that."""

STEPS = 100
"""Within how many steps of Python code an interruption comes up that is under way: it takes one."""


class TimeUp(BaseException):
    """The time is up. It is no Exception, so that code of others which catches those does not go on."""


class Watch:
    """Interrupts work that takes too long, in whichever thread it is done.

    The interruption is an exception that comes up between two steps of Python code. So it can't interrupt one call into C
    that does not return, such as a sleep of a year or a regular expression that backtracks for ever, nor code that catches
    BaseException and goes on: those hold up their thread, and only the end of the process ends them.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = Lock()
        self._thread: int | None = None
        self._deadline = 0.0
        self._interrupted = False

    def __enter__(self) -> Watch:
        KEEPER.keep(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        KEEPER.leave(self)

    def over(self, work: Callable[[], T]) -> T:
        """What the work returns. Raises TimeUp inside it once its time is up."""
        with self._lock:
            self._thread, self._interrupted = get_ident(), False
            self._deadline = time.monotonic() + self.seconds
        try:
            return work()
        finally:
            with self._lock:
                self._thread = None
            if self._interrupted:
                _settle()

    def look(self) -> None:
        """Interrupt the work if its time is up."""
        with self._lock:
            if self._thread is not None and not self._interrupted and time.monotonic() > self._deadline:
                self._interrupted = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(TimeUp))


class _Keeper:
    """The one thread that looks at all watches of the process: a thread for each would cost more than what it watches.

    It goes on looking for a moment after the last one is gone, so that many short ones in a row don't wake it each time.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._watches: set[Watch] = set()
        self._pause = 0.0
        self._thread: Thread | None = None

    def keep(self, watch: Watch) -> None:
        """Look at a watch from now on."""
        with self._changed:
            self._watches.add(watch)
            if self._thread is None:
                self._thread = Thread(target=self._look, name="patience", daemon=True)
                self._thread.start()
            elif watch.seconds / CHECKS < self._pause:
                self._changed.notify()

    def leave(self, watch: Watch) -> None:
        """Look at it no more."""
        with self._changed:
            self._watches.discard(watch)

    def _look(self) -> None:
        while True:
            with self._changed:
                self._pause = min((watch.seconds / CHECKS for watch in self._watches), default=TIMEOUT_MAX)
                self._changed.wait(self._pause)
                watches = list(self._watches)
            for watch in watches:
                watch.look()


KEEPER = _Keeper()


def _settle() -> None:
    """Let an interruption come up that is under way still, since nobody expects it any more.

    It is not taken back: CPython would go on looking for it at every step, and, where calls are profiled, for ever
    (3.11: clearing an asynchronous exception leaves its signal set).
    """
    try:
        for _ in range(STEPS):
            pass
    except TimeUp:
        pass
