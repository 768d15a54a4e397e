"""What ariadne-codegen generates from the schema is a typed client that works. It has an environment of its own: it wants
another graphql-core than the server."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Serving, roomy, serve
from tests.company import Company

from .conftest import HERE

__all__ = ["serve"]

ENVIRONMENT = HERE / ".venv"
WANTED = "ariadne-codegen>=0.14"
SETTINGS = """
[tool.ariadne-codegen]
schema_path = "schema.graphql"
queries_path = "queries.graphql"
target_package_name = "made"
"""


@pytest.fixture(scope="session")
def ariadne() -> Path:
    """The programs of an environment with ariadne-codegen; skips where it can't be installed."""
    stamp = ENVIRONMENT / "installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != WANTED:
        venv.EnvBuilder(clear=True, symlinks=True).create(ENVIRONMENT)
        command = [sys.executable, "-m", "pip", "--python", ENVIRONMENT / "bin" / "python", "install", "--quiet", WANTED]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"ariadne-codegen can't be installed: {done.stderr.strip().splitlines()[-1:]}")
        stamp.write_text(WANTED, encoding="utf-8")
    return ENVIRONMENT / "bin"


async def test_ariadne_codegen_s_client_asks_and_acts(
    ariadne: Path, serve: Callable[[Settings], str], database: Database, tmp_path: Path
) -> None:
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana")
    administrator = await Serving(serve(roomy("2026-03-15")), database).administrator()
    shutil.copytree(HERE / "ariadne", tmp_path, dirs_exist_ok=True)
    shutil.copyfile(HERE.parents[1] / "schema.graphql", tmp_path / "schema.graphql")
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")

    def output(*command: object) -> str:
        done = subprocess.run([str(part) for part in command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    await asyncio.to_thread(output, ariadne / "ariadne-codegen", "client")
    said = await asyncio.to_thread(output, ariadne / "python", "asks.py", administrator.url, administrator.token)
    assert json.loads(said) == ["Ana", "0.00", "2027"]
