"""The command `spm import`: the report on standard output, progress and faults on standard error, and an exit status."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from spm_graph.cli import main
from spm_graph.importing.mapping import example

from .conftest import Export

Spm = Callable[..., int]


@pytest.fixture
def spm(database_url: str, export: Export, monkeypatch: pytest.MonkeyPatch) -> Spm:
    """Run `spm import` on the small export, with further arguments."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SPM_TODAY", "2018-01-15")
    mapping = export.folder / "mapping.toml"
    mapping.write_text(example(), encoding="utf-8")
    return lambda *arguments: main(["import", "--mapping", str(mapping), str(export.folder), *arguments])


def test_an_export_is_loaded_and_the_report_printed(spm: Spm, capsys: pytest.CaptureFixture[str]) -> None:
    assert spm() == 0
    printed = capsys.readouterr()
    assert printed.out == (
        "                      read        new    changed  unchanged      stale        bad\n"
        "reps                     5          5          0          0          0          0\n"
        "accounts                 2          2          0          0          0          0\n"
        "products                 2          2          0          0          0          0\n"
        "opportunities            4          4          0          0          0          0\n"
        "\n"
        "Won, of what was read: 1 deal, 1,054.00 USD.\n"
        "Written at position 1: 1 order made, 5 titles set, 3 reporting lines set, 17 periods created.\n"
    )
    assert printed.err.splitlines() == [
        *(f"{file} …" for file in ("sales_teams.csv", "accounts.csv", "products.csv", "sales_pipeline.csv")),
        "comparing …",
        *(f"writing {noun} …" for noun in ("reps", "accounts", "products", "opportunities")),
        "crediting …",
    ]


def test_strict_ends_with_1_and_names_every_bad_row(spm: Spm, export: Export, capsys: pytest.CaptureFixture[str]) -> None:
    export.change("sales_pipeline.csv", ",1054\n", ",12.4x\n")
    assert spm("--strict") == 1
    assert capsys.readouterr().out.endswith(
        "\nNothing was loaded, because there are bad rows.\n\n1 cell is not what was expected:\n"
        '  sales_pipeline.csv:2 column close_value: "12.4x" is no amount; expected digits with an optional point, as in 1240.50\n'
    )
    assert spm() == 0


def test_the_help_says_what_bad_rows_do_to_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "alone they don't change the exit status unless --strict is given: then nothing is loaded, and it is 1." in said


def test_a_dry_run_as_json(spm: Spm, capsys: pytest.CaptureFixture[str]) -> None:
    assert spm("--dry-run", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["dry_run"], data["position"], data["counts"]["opportunities"]["new"], data["won_amount"]) == (True, None, 4, "1054.00")


def test_what_is_wrong_with_the_mapping_or_the_files_is_said(spm: Spm, export: Export, capsys: pytest.CaptureFixture[str]) -> None:
    export.change("products.csv", "series", "serie")
    assert spm() == 1
    assert "products.csv:1 column series: is missing; did you mean serie?" in capsys.readouterr().err
    export.change("mapping.toml", 'currency = "USD"', 'currency = "EUR"')
    export.change("products.csv", "serie", "series")
    assert spm() == 1
    assert "the records are in EUR, the company's currency is USD, and there are no rates to convert by" in capsys.readouterr().err
    export.change("mapping.toml", 'currency = "EUR"', "")
    assert spm() == 1
    assert "mapping.toml: currency: is missing; expected three capital letters, as in USD" in capsys.readouterr().err


def test_the_example_is_printed_to_be_copied(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--example"]) == 0
    assert capsys.readouterr().out == example()


def test_without_a_folder_or_a_mapping_the_usage_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["import", str(tmp_path)])
    assert ended.value.code == 2
    assert re.search("FOLDER and --mapping FILE are needed, or --example", capsys.readouterr().err)
