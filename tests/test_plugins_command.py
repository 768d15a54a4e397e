"""`spm plugins` lists what is installed."""

from __future__ import annotations

from argparse import Namespace

import pytest

from spm_graph.cli import main, plugins
from spm_graph.incentive_types import IncentiveTypes, PluginError
from spm_graph.settings import Settings


def test_it_lists_name_distribution_version_and_file(capsys: pytest.CaptureFixture[str]):
    assert plugins.run(Namespace(), Settings()) == 0
    headings, *listed = [line.split(maxsplit=3) for line in capsys.readouterr().out.splitlines()]
    assert headings == ["NAME", "DISTRIBUTION", "VERSION", "FILE"]
    (found,) = [line for line in listed if line[0] == "TieredCommission"]
    assert found[1] == "spm-tiered-commission"
    assert found[3].endswith("__init__.py")


def test_without_any_it_says_what_to_do(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(IncentiveTypes, "discover", lambda: IncentiveTypes.of([]))
    assert plugins.run(Namespace(), Settings()) == 0
    assert "No incentive type is installed" in capsys.readouterr().out


def test_an_unfit_package_is_an_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def unfit() -> IncentiveTypes:
        raise PluginError("spm-unfit: can't be loaded")

    monkeypatch.setattr(IncentiveTypes, "discover", unfit)
    assert plugins.run(Namespace(), Settings()) == 1
    assert capsys.readouterr().err == "spm-unfit: can't be loaded\n"


def test_its_help_has_an_example(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["plugins", "--help"])
    assert "example:\n  spm plugins" in capsys.readouterr().out
