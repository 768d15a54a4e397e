"""The embedded PostgreSQL: it starts with its first client and stops after its last. No port, no password, no administrator."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from .binaries import EmbeddedServerError
from .home import Home, home_in
from .launch import failure, is_dead, start
from .supervisor import locked, opened, shared, stop, supervise

__all__ = ["EmbeddedServerError", "address", "server"]

log = logging.getLogger(__name__)

WATCH_SECONDS = 0.25
SETTINGS = {"listen_addresses": "", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}


@contextmanager
def address(database_url: str | None, folder: Path) -> Iterator[str]:
    """Yield the database's address: the one given, or else the embedded server's in `folder`."""
    if database_url:
        yield database_url
    else:
        with server(folder) as url:
            yield url


@contextmanager
def server(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the address of the server that keeps its data in `folder`, and start it where it doesn't run yet.

    Several processes may share it; the last one to leave stops it. Where it dies before that, it is started again.
    `settings` are PostgreSQL's, for a server that this call starts. Raises EmbeddedServerError.
    """
    home = home_in(folder.absolute())
    chosen = {**SETTINGS, **(settings or {})}
    clients, alive = opened(home.place / "clients"), opened(home.place / "server")
    try:
        shared(clients)
        try:
            start(home, chosen)
            supervise(home.place, home.sockets)
        except OSError as error:
            raise failure("PostgreSQL could not be started", str(error)) from error
        with _kept_alive(home, chosen):
            yield f"postgresql://spm@/postgres?host={quote(str(home.sockets))}"
    finally:
        if locked(clients):
            stop(home.place, home.sockets, alive)
        else:
            shared(clients)  # at once where there are other clients; where the supervisor stops the server, after that
        os.close(alive)
        os.close(clients)


@contextmanager
def _kept_alive(home: Home, settings: Mapping[str, str]) -> Iterator[None]:
    """Look all the time whether any process of the server lives, and start it again where none does."""
    leaving = threading.Event()

    def watch() -> None:
        while not leaving.wait(WATCH_SECONDS):
            try:
                if is_dead(home):
                    log.warning("PostgreSQL died and is started again")
                    start(home, settings)
            except (OSError, EmbeddedServerError) as error:
                log.error("PostgreSQL could not be started again: %s", error)

    watcher = threading.Thread(target=watch, name="embedded PostgreSQL", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        leaving.set()
        watcher.join()
