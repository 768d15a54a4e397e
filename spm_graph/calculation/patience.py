"""How long code of others may take: a watch that interrupts the thread in which it runs."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from threading import Event, Lock, Thread, get_ident
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

CHECKS = 20
"""How often the watch looks within the time allowed: so late may it be, as a part of that."""


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
        self._over = Event()

    def __enter__(self) -> Watch:
        Thread(target=self._keep, name="patience", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._over.set()

    def over(self, work: Callable[[], T]) -> T:
        """What the work returns. Raises TimeUp inside it once its time is up."""
        with self._lock:
            self._thread, self._interrupted = get_ident(), False
            self._deadline = time.monotonic() + self.seconds
        try:
            return work()
        finally:
            with self._lock:
                if self._interrupted:
                    _interrupt(self._thread, None)  # it may not have come up yet, and nobody expects it any more
                self._thread = None

    def _keep(self) -> None:
        while not self._over.wait(self.seconds / CHECKS):
            with self._lock:
                if self._thread is not None and not self._interrupted and time.monotonic() > self._deadline:
                    self._interrupted = True
                    _interrupt(self._thread, TimeUp)


def _interrupt(thread: int | None, error: type[BaseException] | None) -> None:
    raised = ctypes.py_object(error) if error is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread or 0), raised)
