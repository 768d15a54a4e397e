"""Where an embedded server lives, and as whom it runs: folders that belong to nobody else, wherever it is started."""

from __future__ import annotations

import hashlib
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .binaries import Account, EmbeddedServerError, root_place, run_as
from .supervisor import SOCKET

try:
    import pwd
except ModuleNotFoundError:  # Windows
    pwd = None  # type: ignore[assignment]

SOCKET_PATH_BYTES = 103  # what every system's sockaddr_un holds: 104 on macOS, 108 on Linux, with the closing zero


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


def home_in(folder: Path) -> Home:
    """The home of the server of a folder, made where it is missing. Raises EmbeddedServerError where it can't be."""
    if pwd is None:
        raise EmbeddedServerError("There is no embedded server on Windows: install PostgreSQL and set DATABASE_URL.")
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
