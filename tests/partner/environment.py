"""A virtual environment of a partner's own: wheels of ours, and nothing that is importable from this checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OURS = (ROOT, *(found.parent for found in sorted(ROOT.glob("plugins/*/pyproject.toml"))))

ANSWERING = """
import asyncio, json, sys
from datetime import date

from spm_graph.domain.terms import Grant
from spm_graph.graph.exchange import Asked
from spm_graph.graph.limits import Limits
from spm_graph.graph.operation import serving
from spm_graph.settings import Settings
from spm_graph.store.opening import opened
from spm_graph.store.visibility import Actor

async def answer():
    async with opened(Settings(database_url=sys.argv[1], today=date(2027, 1, 15))) as database:
        execute = serving().on(database, Limits())
        for line in sys.stdin:
            answer = await execute.answer(Asked(**json.loads(line)), Actor("administrator", None, frozenset(Grant)))
            print(answer.body.decode(), flush=True)

asyncio.run(answer())
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own, with the third-party packages of this one."""

    folder: Path

    @classmethod
    def fresh(cls, folder: Path) -> Environment:
        """An environment without anything of ours, nor of any package that is installed as editable here."""
        venv.EnvBuilder(symlinks=True).create(folder)
        made = cls(folder)
        for packages in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            for found in Path(packages).iterdir():
                if "spm_" not in found.name and found.suffix != ".pth" and not (made.packages / found.name).exists():
                    (made.packages / found.name).symlink_to(found)
        return made

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return next(self.folder.glob("lib/python3*/site-packages"))

    def run(self, program: str, *arguments: object) -> str:
        """What one of its programs prints."""
        return output(str(self.folder / "bin" / program), *arguments, folder=self.folder)

    def shell(self, command: str, folder: Path) -> str:
        """What a command line prints in a folder, with this environment's programs at hand."""
        path = os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"]])
        environment = {**clean(), "PATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(
            command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=folder, check=False
        )
        return done.stdout

    def pip(self, *arguments: object) -> None:
        """Install or uninstall with this environment's pip."""
        output(sys.executable, "-m", "pip", "--python", self.folder / "bin" / "python", *arguments, folder=self.folder)

    @contextmanager
    def answering(self, database_url: str) -> Iterator[Answering]:
        """Somebody who answers GraphQL on a database, with what is installed there."""
        command = [self.folder / "bin" / "python", "-c", ANSWERING, database_url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean(), cwd=self.folder) as process:
            yield Answering(process)


@dataclass(frozen=True)
class Answering:
    """A process that answers a line of JSON with another."""

    process: subprocess.Popen[str]

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps({"query": query, "variables": variables}), file=self.process.stdin, flush=True)
        body = json.loads(self.process.stdout.readline())
        assert "errors" not in body, body["errors"]
        return body["data"]


def clean() -> dict[str, str]:
    """The variables of this process, without those that let Python import from elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "VIRTUAL_ENV"))}


def output(*command: object, folder: Path) -> str:
    """What a program prints; all that it said is in the error if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=clean(), cwd=folder, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def wheels(folder: Path, *sources: Path) -> list[Path]:
    """The wheels of these sources, built without asking a package index for anything."""
    quietly = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--no-cache-dir", "--disable-pip-version-check")
    output(sys.executable, "-m", "pip", "wheel", *quietly, "--wheel-dir", folder, *sources, folder=folder.parent)
    return sorted(folder.glob("*.whl"))
