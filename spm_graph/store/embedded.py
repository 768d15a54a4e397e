"""The embedded PostgreSQL: it starts with its first client and stops after its last. No port, no password, no administrator."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .binaries import Account, EmbeddedServerError, binaries, root_place, run_as
from .supervisor import SOCKET, detach, locked, opened, shared, status, stop, supervise

try:
    import pwd
except ModuleNotFoundError:  # Windows
    pwd = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

START_SECONDS = 120.0
WATCH_SECONDS = 0.25
SOCKET_PATH_BYTES = 103  # what every system's sockaddr_un holds: 104 on macOS, 108 on Linux, with the closing zero
SETTINGS = {"listen_addresses": "", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}
ADVICE = {
    "No space left on device": "The disk is full: free some space, or choose another folder with SPM_FOLDER.",
    "could not create shared memory": "The system grants too little shared memory: raise its limits, or set DATABASE_URL.",
    "Operation not permitted": "The file system can't hold a database: choose another folder with SPM_FOLDER, or set DATABASE_URL.",
}


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
    if pwd is None:
        raise EmbeddedServerError("There is no embedded server on Windows: install PostgreSQL and set DATABASE_URL.")
    home = _home(folder.absolute())
    chosen = {**SETTINGS, **(settings or {})}
    clients, alive = opened(home.place / "clients"), opened(home.place / "server")
    try:
        shared(clients)
        try:
            _start(home, chosen)
            supervise(home.place, home.sockets)
        except OSError as error:
            raise _failure("PostgreSQL could not be started", str(error)) from error
        with _kept_alive(home, chosen):
            yield f"postgresql://spm@/postgres?host={quote(str(home.sockets))}"
    finally:
        if locked(clients):
            stop(home.place, home.sockets, alive)
        else:
            shared(clients)  # at once where there are other clients; where the supervisor stops the server, after that
        os.close(alive)
        os.close(clients)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a server lives: the folder of its files, the one of its socket, and the account it runs as (None: ours)."""

    place: Path
    sockets: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.place / "data"

    @property
    def log(self) -> Path:
        """The file of what PostgreSQL said since its last start."""
        return self.place / "log"


def _home(folder: Path) -> Home:
    """The server's folders, made where they are missing."""
    place = folder / "postgres"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        account = _account(place)
        if account and not place.exists() and not _reaches(account, folder):
            with suppress(FileExistsError):
                place.symlink_to(root_place() / hashlib.sha256(bytes(folder)).hexdigest()[:12])
        if account and place.is_symlink() and root_place() not in place.resolve().parents:
            raise PermissionError("it is a link to elsewhere, and root would give that away")
        place = place.resolve()
        place.mkdir(mode=0o700, exist_ok=True)
        owner = account.uid if account else os.geteuid()
        if account:
            os.chown(place, *account)
        elif place.stat().st_uid != owner:
            raise PermissionError(f"it belongs to user {place.stat().st_uid}, and we are {owner}")
        sockets = _sockets(place)
        with suppress(FileExistsError):
            sockets.mkdir(mode=0o700)
        if account and sockets.stat().st_uid == 0:
            os.chown(sockets, *account, follow_symlinks=False)
        if sockets.is_symlink() or sockets.stat().st_uid != owner:
            raise PermissionError(f"{sockets} belongs to somebody else")
        return Home(place, sockets, account)
    except OSError as error:
        raise EmbeddedServerError(
            f"The database can't be kept in {place}: {error}. Choose a folder of your own with SPM_FOLDER, or set DATABASE_URL."
        ) from error


def _account(place: Path) -> Account | None:
    """Ourselves; for root the owner of what is there already, `postgres`, or `nobody`."""
    try:
        if os.geteuid() != 0:
            pwd.getpwuid(os.geteuid())
            return None
        if place.exists() and place.stat().st_uid != 0:
            entry = pwd.getpwuid(place.stat().st_uid)
        else:
            entry = _named("postgres") or pwd.getpwnam("nobody")
        return Account(entry.pw_uid, entry.pw_gid)
    except KeyError:
        raise EmbeddedServerError(
            f"PostgreSQL needs an account with a name, and user {os.geteuid()} has none in /etc/passwd: add one, or set DATABASE_URL."
        ) from None


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _reaches(account: Account, folder: Path) -> bool:
    """Whether the account may enter the folder: it may not where one above it is somebody's own."""
    entered = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder], stderr=subprocess.DEVNULL, check=False, **run_as(account))
    return entered.returncode == 0


def _sockets(place: Path) -> Path:
    """The folder of the server's socket: beside the data, unless that makes a path too long for a socket."""
    beside = place / "socket"
    if len(bytes(beside / f"{SOCKET}.lock")) <= SOCKET_PATH_BYTES:
        return beside
    return Path("/tmp") / f"spm-{hashlib.sha256(bytes(place)).hexdigest()[:16]}"


def _start(home: Home, settings: Mapping[str, str]) -> None:
    """Return when the server is ready: started by us, or by another client at the same time."""
    launched = False
    deadline = time.monotonic() + START_SECONDS
    while [line.strip() for line in status(home.place, home.sockets)[7:]] != ["ready"]:
        alive = opened(home.place / "server")
        try:
            if locked(alive):
                if launched:
                    raise _failure("PostgreSQL did not start", home.log.read_text(errors="replace"))
                _launch(home, settings, alive)
                launched = True
            elif time.monotonic() > deadline:
                raise EmbeddedServerError(f"PostgreSQL was not ready after {START_SECONDS:.0f} seconds; its own words are in {home.log}.")
        finally:
            os.close(alive)
        time.sleep(0.01)


@contextmanager
def _kept_alive(home: Home, settings: Mapping[str, str]) -> Iterator[None]:
    """Look all the time whether any process of the server lives, and start it again where none does."""
    leaving = threading.Event()

    def watch() -> None:
        while not leaving.wait(WATCH_SECONDS):
            try:
                if _is_dead(home):
                    log.warning("PostgreSQL died and is started again")
                    _start(home, settings)
            except (OSError, EmbeddedServerError) as error:
                log.error("PostgreSQL could not be started again: %s", error)

    watcher = threading.Thread(target=watch, name="embedded PostgreSQL", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        leaving.set()
        watcher.join()


def _is_dead(home: Home) -> bool:
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
        raise _failure("PostgreSQL could not create its data folder", said.stdout)
    fresh.rename(home.data)


def _failure(what: str, output: str) -> EmbeddedServerError:
    advice = next((advice for sign, advice in ADVICE.items() if sign in output), "")
    return EmbeddedServerError("\n".join([f"{what}. {advice}".strip(), *output.strip().splitlines()[-8:]]))
