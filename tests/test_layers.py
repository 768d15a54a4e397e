"""The house rules that a machine can check: who imports whom, how long a module is, what a file may be called and may contain."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "spm_graph"
LONGEST = 250
LONGEST_BESIDE = 400
"""The most lines of a module that ships, and of one beside it: tests, benchmarks, tools."""

SHIPPED = ("spm_graph/", "plugins/")
LEVELS = (
    {"plugin", "settings"},
    {"domain"},
    {"incentive_types"},
    {"testing"},
    {"store"},
    {"actions"},
    {"importing", "calculation", "reading", "webhooks"},
    {"graph", "auth"},
    {"web", "demonstration"},
    {"cli"},
)
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
VAGUE_NAMES = {"utils", "util", "helpers", "common", "manager", "managers", "base", "misc"}
NOT_OURS = {".git", ".venv", "node_modules", "__pycache__", "build", "dist"}


def part(module: str) -> str:
    """The part of the package that a module belongs to: `store` of `spm_graph.store.clock`."""
    return module.split(".")[1] if "." in module else ""


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        names = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(names[:-1] if names[-1] == "__init__" else names), path


def imported(module: str, path: Path) -> Iterator[str]:
    """The modules of ours that a module imports, by their full names, wherever in it the import stands."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "spm_graph")
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            source = ".".join(filter(None, (above, node.module)))
            if source == "spm_graph":
                yield from (f"{source}.{alias.name}" for alias in node.names)
            elif source.startswith("spm_graph."):
                yield source


def test_every_part_of_the_package_has_a_level():
    assert {part(module) for module, _ in modules()} - {""} <= LEVEL.keys()


def test_a_module_imports_from_lower_levels_and_its_own_package_only():
    wrong = [
        f"{module} imports {target}"
        for module, path in modules()
        for target in imported(module, path)
        if part(module) != part(target) and LEVEL.get(part(target), 99) >= LEVEL.get(part(module), -1)
    ]
    assert wrong == []


@pytest.mark.parametrize("public", ["spm_graph.plugin", "spm_graph.domain", "spm_graph.testing"])
def test_the_inner_house_imports_without_a_database_or_graphql_library(public):
    program = f"""
import importlib, pkgutil, sys
for library in ("sqlalchemy", "asyncpg", "strawberry", "graphql", "starlette"):
    sys.modules[library] = None
module = importlib.import_module("{public}")
for inner in pkgutil.walk_packages(getattr(module, "__path__", []), "{public}."):
    importlib.import_module(inner.name)
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_plugins_import_nothing_of_ours_but_the_public_modules():
    wrong = [
        f"{path.relative_to(ROOT)} imports {target}"
        for path in sorted((ROOT / "plugins").rglob("*.py"))
        for target in imported(path.stem, path)
        if part(target) not in {"plugin", "testing"}
    ]
    assert wrong == []


def ours() -> list[Path]:
    """The files of the project: what git knows or would add, or, without git, all but what tools make."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts)]


def test_no_module_is_too_long():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in ours() if path.suffix == ".py"}
    long = {name: length for name, length in lengths.items() if length > (LONGEST if name.startswith(SHIPPED) else LONGEST_BESIDE)}
    assert long == {}


def test_the_architecture_names_what_there_is():
    """Every file and folder in docs/architecture.md, whose paths begin in the package or in the project, and every part has its row."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+(?:/|\.py|\.md))`", text))
    assert [name for name in sorted(named) if not any((base / name).exists() for base in (PACKAGE, ROOT))] == []
    firsts = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    rows = {name.removesuffix(".py") for first in firsts for name in re.findall(r"`([\w.]+)/?`", first)}
    assert rows == LEVEL.keys()


def test_no_file_has_a_name_that_says_nothing():
    assert [str(path.relative_to(ROOT)) for path in ours() if path.stem.lower() in VAGUE_NAMES] == []


def test_no_file_names_a_machine_or_a_package_registry():
    sought = re.compile(
        rb"(?:^|[\s\"'=(`])(/work/|/tmp/venv|/root/|/home/[a-z])|index-url\s*=|https?://[^\s\"']*/simple\b|pypi\.org/simple"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.decode(errors='replace')}"
        for path in ours()
        if path != Path(__file__)
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if len(line) < 10_000 and sought.search(line)
    ]
    assert found == []
