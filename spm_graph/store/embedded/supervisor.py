"""Who lives, and who stops the embedded server: three locked files, which the kernel unlocks however a process dies.

- `clients`: shared by every client. Who gets it alone knows that there is no client left, and stops the server.
- `server`: inherited by every process of the server. Who gets it knows that none is left, and may clean up and start one.
- `supervisor`: held by the one process that waits for `clients`, in case that the last client is killed.

The supervisor runs this file as a script, so that it imports the standard library only.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

try:
    import fcntl
except ModuleNotFoundError:  # Windows, where `embedded` refuses
    fcntl = None  # type: ignore[assignment]

GENTLE_SECONDS = 10.0
SOCKET = ".s.PGSQL.5432"


def opened(path: Path, flags: int = 0) -> int:
    """A file of ours, made where it is missing. A link is refused: root's files lie in a folder of the server's account."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | flags, 0o600)


def locked(file: int) -> bool:
    """Whether the file is ours alone now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def shared(file: int) -> None:
    """Wait until nobody holds the file alone, and hold it together with others."""
    fcntl.flock(file, fcntl.LOCK_SH)


def status(place: Path, sockets: Path) -> list[str]:
    """The lines of the running server's postmaster.pid; none where no server listens, so that a stale file can't mislead."""
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(str(sockets / SOCKET)) != 0:
            return []
    try:
        return (place / "data" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def stop(place: Path, sockets: Path, server: int) -> None:
    """Stop the server, gently and then firmly, and return when all its processes are gone. Only for who holds `clients` alone."""
    began = time.monotonic()
    sent = None
    while not locked(server):
        wanted = signal.SIGINT if time.monotonic() - began < GENTLE_SECONDS else signal.SIGQUIT
        if sent != wanted and (lines := status(place, sockets)):
            os.kill(int(lines[0]), wanted)
            sent = wanted
        time.sleep(0.005)


def supervise(place: Path, sockets: Path) -> None:
    """See to it that a supervisor waits for the last client, unless one does."""
    files = [opened(place / name) for name in ("clients", "server", "supervisor")]
    try:
        if locked(files[-1]):
            command: list[str | Path] = [sys.executable, "-I", "-S", Path(__file__).resolve(), place, sockets, *map(str, files)]
            detach(command, files, subprocess.DEVNULL, {"cwd": "/", "stdin": subprocess.DEVNULL})
    finally:
        for file in files:
            os.close(file)


def detach(command: Iterable[str | Path], files: Sequence[int], output: int, options: Mapping[str, Any]) -> None:
    """Run a command in a session of its own, as nobody's child, with these files open."""
    shell = ["/bin/sh", "-c", '"$@" &', "sh", *command]
    subprocess.run(shell, stdout=output, stderr=output, pass_fds=files, start_new_session=True, check=True, **options)


def wait_and_stop(place: Path, sockets: Path, clients: int, server: int, supervisor: int) -> None:
    """The supervisor's life. At its end it makes way for the next supervisor first, and then for the next client."""
    fcntl.flock(clients, fcntl.LOCK_EX)
    stop(place, sockets, server)
    os.close(supervisor)
    os.close(clients)


if __name__ == "__main__":
    wait_and_stop(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
