"""Seals: code that runs inside them can't reach for the clock, chance, files, processes or the network."""

from __future__ import annotations

import _random
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from threading import local
from types import FrameType
from typing import Any

CLOCK = frozenset(
    [
        *("clock_gettime", "clock_gettime_ns", "ctime", "gmtime", "localtime", "monotonic", "monotonic_ns", "perf_counter"),
        *("perf_counter_ns", "process_time", "process_time_ns", "sleep", "thread_time", "thread_time_ns", "time", "time_ns"),
    ]
)
CHANCE = frozenset(("getrandom", "urandom"))
OUTSIDE = ("open", "os.", "socket.", "subprocess.", "shutil.", "sqlite3.", "ctypes.", "pty.", "urllib.", "http.", "ftplib.", "smtplib.")

_here = local()


class ImpureError(Exception):
    """An incentive type reached for something besides its settings and its performance."""


@contextmanager
def sealed() -> Iterator[None]:
    """Raise ImpureError if the block asks for the time, chance, a file, a process or the network, even if it hides the error.

    Import what the block needs before: importing reads files.
    """
    reached: list[str] = []
    collects = gc.isenabled()
    gc.disable()  # or what others left behind may be closed inside the block, and be taken for its doing
    outer = sys.getprofile()
    _here.reached = reached
    sys.setprofile(_watch_calls)
    try:
        yield
    finally:
        sys.setprofile(outer)
        _here.reached = None
        if collects:
            gc.enable()
        if reached:
            raise ImpureError(f"reached for {reached[0]}")


def _refuse(what: str) -> None:
    reached = getattr(_here, "reached", None)
    if reached is not None:
        reached.append(what)
        raise ImpureError(f"reached for {what}")


def _watch_calls(frame: FrameType, event: str, function: Any) -> None:
    if event != "c_call":
        return
    name, owner = getattr(function, "__name__", ""), getattr(function, "__self__", None)
    if isinstance(owner, type) and issubclass(owner, date) and name in ("now", "today", "utcnow"):
        _refuse(f"the clock: {'datetime' if issubclass(owner, datetime) else 'date'}.{name}")
    elif getattr(function, "__module__", None) == "time" and name in CLOCK:
        _refuse(f"the clock: time.{name}")
    elif isinstance(owner, _random.Random) or (getattr(function, "__module__", None) in ("posix", "nt") and name in CHANCE):
        _refuse(f"chance: {name}")


def _watch_audit(event: str, arguments: tuple[Any, ...]) -> None:
    if getattr(_here, "reached", None) is not None and event.startswith(OUTSIDE):
        _refuse(f"the outside: {event}")


sys.addaudithook(_watch_audit)
