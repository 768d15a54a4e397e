"""Packages are found by their entry point, and one that can't be an incentive type is named at the start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from spm_graph.incentive_types import IncentiveTypes, PluginError


class Packages:
    """Writes distributions into a folder that Python imports from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, source: str) -> None:
        module = name.replace("-", "_")
        sys.modules.pop(module, None)
        (self.folder / f"{module}.py").write_text(source, encoding="utf-8")
        info = self.folder / f"{module}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[spm_graph.v1]\n{module} = {module}\n", encoding="utf-8")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    monkeypatch.syspath_prepend(str(tmp_path))
    return Packages(tmp_path)


PLUGIN = """
from dataclasses import dataclass
from spm_graph.plugin import hookimpl

@dataclass(frozen=True)
class {name}:
    "Pays nothing."
    {field}
    def earn(self, performance):
        return []

@hookimpl
def {hook}():
    return [{name}]
"""


def plugin(name: str, *, hook: str = "spm_incentive_types", field: str = "rate: int = 0") -> str:
    return PLUGIN.format(name=name, hook=hook, field=field)


def test_a_package_is_found_by_its_entry_point(packages: Packages):
    packages.add("spm-found", plugin("Found"))
    found = IncentiveTypes.discover().find("Found")
    assert found is not None
    assert (found.name, found.api_name, found.distribution, found.version) == ("Found", "found", "spm-found", "1.2")
    assert (found.file, found.description) == (str(packages.folder / "spm_found.py"), "Pays nothing.")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nothing_of_that_name", "spm-unfit: spm_unfit can't be loaded: ModuleNotFoundError"),
        (plugin("Unfit", hook="spm_incentive_tpyes"), "spm-unfit: .*: PluginValidationError: unknown hook 'spm_incentive_tpyes'"),
        (plugin("Unfit").replace("@hookimpl", ""), "spm-unfit: spm_unfit has no function marked @hookimpl"),
        (plugin("Unfit", field="rate: float = 0"), r"spm-unfit: Unfit.rate: float is not supported"),
        (plugin("Unfit").replace("(frozen=True)", ""), "spm-unfit: Unfit is not a frozen dataclass"),
        (plugin("Unfit").replace("def earn", "def pay"), "spm-unfit: Unfit has no method earn"),
        (plugin("Unfit").replace("return [Unfit]", "return Unfit"), "spm-unfit: spm_incentive_types failed: TypeError"),
    ],
)
def test_an_unfit_package_is_named_at_the_start(packages: Packages, source: str, said: str):
    packages.add("spm-unfit", source)
    with pytest.raises(PluginError, match="^" + said):
        IncentiveTypes.discover()


def test_two_packages_with_one_name_are_both_named(packages: Packages):
    packages.add("spm-one", plugin("Twice"))
    packages.add("spm-two", plugin("Twice"))
    with pytest.raises(PluginError, match="spm-two and spm-one both bring a type named Twice"):
        IncentiveTypes.discover()
