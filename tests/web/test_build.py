"""`run.py` builds the page once for each state of its sources, and where it can't the demonstration starts all the same."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`run.py`, with folders of the test's own."""
    specification = spec_from_file_location("run", ROOT / "run.py")
    assert specification is not None and specification.loader is not None
    module = module_from_spec(specification)
    specification.loader.exec_module(module)
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "main.jsx").write_text("first")
    for name, path in {"PAGE": "page", "BUNDLE": "bundle", "BUNDLE_STAMP": "stamp"}.items():
        monkeypatch.setattr(module, name, tmp_path / path)
    monkeypatch.setattr(module, "node_package_manager", lambda: (0, [], "npm"))
    return module


def test_the_page_is_built_once_for_each_state_of_its_sources(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def watch(npm: str, step: str, *options: str, folder: Path) -> tuple[int, list[str]]:
        steps.append(step)
        run.BUNDLE.mkdir(exist_ok=True)
        (run.BUNDLE / "index.html").touch()
        return 0, []

    monkeypatch.setattr(run, "watch", watch)
    assert run.build_page() and run.build_page()
    assert steps == ["install", "run"]
    (run.PAGE / "main.jsx").write_text("second")
    assert run.build_page()
    assert steps == ["install", "run", "install", "run"]


def test_what_can_not_be_built_is_said_in_a_line_and_leaves_no_older_page(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run.BUNDLE.mkdir()
    (run.BUNDLE / "index.html").touch()
    monkeypatch.setattr(
        run, "watch", lambda *command, folder: (1, ["npm warn old lockfile", "npm error code ENOTFOUND", "npm error network"])
    )
    assert not run.build_page()
    assert capsys.readouterr().out.splitlines()[1:] == [
        "The page can't be built here, so a small one is served instead (npm error code ENOTFOUND)."
    ]
    assert not run.BUNDLE.exists()
