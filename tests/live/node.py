"""The clients that JavaScript programs follow with, installed once into the user's cache."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

WANTED = ("graphql@16", "graphql-ws@6", "graphql-sse@2", "ws@8")
OPTIONS = ("--no-package-lock", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000")


def node_modules() -> Path | None:
    """The folder that has them; none where Node.js, npm or the network is missing."""
    npm, node = shutil.which("npm"), shutil.which("node")
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "spm_graph" / "live-clients"
    if node and all((folder / "node_modules" / name.split("@")[0]).exists() for name in WANTED):
        return folder
    if not (npm and node):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "install", *OPTIONS, *WANTED], cwd=folder, capture_output=True, check=False)
    return folder if done.returncode == 0 else None
