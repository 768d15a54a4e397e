"""`spm plugin new` writes what it is asked for once, or says why not; `spm plugin try` fails where an example does."""

from __future__ import annotations

from pathlib import Path

import pytest

from spm_graph.cli import main

EXAMPLE = """
about = "5 % of 1,000 is 50"
incentiveType = "TieredCommission"
credits = [1000]

[settings]
tiers = [{ starts = 0, rate = 0.05 }]

[pays]
total = 50.00
"""


@pytest.mark.parametrize("name", ["quota-kicker", "quota kicker", "quota_kicker", "QuotaKicker"])
def test_a_package_is_named_after_its_type_however_that_is_written(name: str, tmp_path: Path) -> None:
    assert main(["plugin", "new", name, "--into", str(tmp_path)]) == 0
    folder = tmp_path / "spm-quota-kicker"
    assert "class QuotaKicker:" in (folder / "quota_kicker.py").read_text(encoding="utf-8")
    assert 'quota_kicker = "quota_kicker"' in (folder / "pyproject.toml").read_text(encoding="utf-8")
    assert all("$" not in path.read_text(encoding="utf-8") for path in folder.rglob("*.*"))


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugin", "new", "quota-kicker", "--into", str(tmp_path)]) == 0
    mine = tmp_path / "spm-quota-kicker" / "quota_kicker.py"
    mine.write_text("mine", encoding="utf-8")
    assert main(["plugin", "new", "quota-kicker", "--into", str(tmp_path)]) == 1
    assert "is there already, and nothing is overwritten" in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../kicker", 'spm: "../kicker" is no name; expected words of ASCII letters and digits, as in quota-kicker\n'),
        ("3x", 'spm: "3x" is no name; expected words of ASCII letters and digits, as in quota-kicker\n'),
        ("lambda", 'spm: "lambda" is a word of Python; choose another name\n'),
    ],
)
def test_what_can_be_no_name_is_refused(name: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugin", "new", name, "--into", str(tmp_path)]) == 1
    assert capsys.readouterr().err == why
    assert not list(tmp_path.iterdir())


def test_an_example_is_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text(EXAMPLE, encoding="utf-8")
    wrong.write_text(EXAMPLE.replace("50.00", "60.00"), encoding="utf-8")
    assert main(["plugin", "try", str(right)]) == 0
    assert capsys.readouterr().out.endswith("  total                                     50.00 USD\n\nIt pays what it says.\n")
    assert main(["plugin", "try", str(right), str(wrong)]) == 1
    assert capsys.readouterr().out.endswith("It does not pay what it says:\n  the total is 50.00, not 60.00\n")


def test_an_example_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugin", "try", str(tmp_path / "none.toml")]) == 1
    assert "none.toml" in capsys.readouterr().err


def test_a_contest_is_shown_rep_by_rep(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugin", "try", str(Path(__file__).parents[2] / "plugins" / "spif" / "tests" / "examples" / "contest_tied.toml")]) == 0
    heading, ana, bo, *_, verdict = capsys.readouterr().out.split("\n\n")
    assert heading == "contest_tied: SpifContest from 2026-01-01 until 2026-02-01, 4 entrants"
    assert ana.splitlines()[::3] == ["ana, no quota", "  total                        1000.00 USD"]
    assert bo.splitlines()[2].split("  ")[-1] == "375.00"
    assert verdict == "It pays what it says.\n"
