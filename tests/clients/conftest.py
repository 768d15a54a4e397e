"""JavaScript clients from npm: `python3 run.py clients` installs them, beside `package.json` and out of git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
STAMP = PACKAGES / "installed.json"
PROGRAMS = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ.get("PATH", "")])
SECONDS = 120


@dataclass(frozen=True)
class Node:
    """Node.js with the clients."""

    folder: Path

    def run(self, *command: object, folder: Path | None = None) -> str:
        """What a program prints; all that it said is in the error if it fails."""
        path = os.pathsep.join([str(PACKAGES / ".bin"), PROGRAMS])
        environment = {**os.environ, "PATH": path, "NODE_NO_WARNINGS": "1", "NO_COLOR": "1"}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
        return done.stdout

    def told(self, script: str, *arguments: str) -> Any:
        """The JSON that one of the scripts here prints."""
        return json.loads(self.run("node", HERE / script, *arguments))


@pytest.fixture(scope="session")
def node() -> Node:
    """Node.js with the clients installed; skips where they aren't."""
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != (HERE / "package.json").read_text(encoding="utf-8"):
        pytest.skip("the JavaScript clients are not installed: python3 run.py clients does that")
    return Node(HERE)
