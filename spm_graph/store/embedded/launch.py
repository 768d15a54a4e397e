"""Starting the embedded server: its data folder made once, one start for all who ask at the same time, and what it said if it failed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from .binaries import EmbeddedServerError, binaries, run_as
from .home import Home
from .supervisor import detach, locked, opened, status

START_SECONDS = 120.0
ADVICE = {
    "No space left on device": "The disk is full: free some space, or choose another folder with SPM_FOLDER.",
    "could not create shared memory": "The system grants too little shared memory: raise its limits, or set DATABASE_URL.",
    "Operation not permitted": "The file system can't hold a database: choose another folder with SPM_FOLDER, or set DATABASE_URL.",
}


def start(home: Home, settings: Mapping[str, str]) -> None:
    """Return when the server is ready: started by us, or by another client at the same time."""
    launched = False
    deadline = time.monotonic() + START_SECONDS
    while [line.strip() for line in status(home.place, home.sockets)[7:]] != ["ready"]:
        alive = opened(home.place / "server")
        try:
            if locked(alive):
                if launched:
                    raise failure("PostgreSQL did not start", home.log.read_text(errors="replace"))
                _launch(home, settings, alive)
                launched = True
            elif time.monotonic() > deadline:
                raise EmbeddedServerError(f"PostgreSQL was not ready after {START_SECONDS:.0f} seconds; its own words are in {home.log}.")
        finally:
            os.close(alive)
        time.sleep(0.01)


def is_dead(home: Home) -> bool:
    """Whether no process of the server lives."""
    alive = opened(home.place / "server")
    try:
        return locked(alive)
    finally:
        os.close(alive)


def _launch(home: Home, settings: Mapping[str, str], alive: int) -> None:
    """Start the server and let it inherit the lock `alive`."""
    version = home.data / "PG_VERSION"
    programs = binaries(home.account, version.read_text().strip() if version.exists() else None)
    if not version.exists():
        _create_data(home, programs, "fsync" not in settings, alive)
    (home.data / "postmaster.pid").unlink(missing_ok=True)  # that process is gone, whoever has its number now
    for stale in home.sockets.iterdir():
        stale.unlink()
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    said = opened(home.log, os.O_TRUNC)
    try:
        detach([programs / "postgres", "-D", home.data, "-p", "5432", "-k", home.sockets, *options], [alive], said, run_as(home.account))
    finally:
        os.close(said)


def _create_data(home: Home, programs: Path, durable: bool, alive: int) -> None:
    """Make the data folder under another name and rename it, so that an interrupted start leaves nothing half-made."""
    fresh = home.place / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    command: list[str | Path] = [programs / "initdb", "-D", fresh, "-U", "spm", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    said = subprocess.run(
        command if durable else [*command, "--no-sync"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=[alive],
        check=False,
        **run_as(home.account),
    )
    if said.returncode:
        raise failure("PostgreSQL could not create its data folder", said.stdout)
    fresh.rename(home.data)


def failure(what: str, output: str) -> EmbeddedServerError:
    """What went wrong, what to do about it where that is known, and the last that PostgreSQL said."""
    advice = next((advice for sign, advice in ADVICE.items() if sign in output), "")
    return EmbeddedServerError("\n".join([f"{what}. {advice}".strip(), *output.strip().splitlines()[-8:]]))
