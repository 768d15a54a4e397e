"""A mapping says everything that is wrong with it, with the path of the setting inside the file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from spm_graph.domain.terms import ForecastCategory, Outcome
from spm_graph.importing import Mapping, MappingError
from spm_graph.importing.mapping import Form, Stage, example

OTHER_CRM = """
currency = "EUR"
effective_from = 2020-07-01

[format]
encoding = "cp1252"
delimiter = ";"
dates = ["DD.MM.YYYY"]
decimal = ","
thousands = "."
symbol = "€"
empty = ["-", "n/a"]

[opportunities]
file = "Deals.csv"
format = { dates = ["MM/DD/YYYY"] }
external_id = "Id"
name = "Name"
owner = "OwnerId"
stage = { column = "Phase", values = { "Gewonnen" = "Won" } }
amount = "Wert"
closed_on = "CloseDate"
expected_close_on = "CloseDate"
revision = "SystemModstamp"

[opportunities.stages]
New = { probability = 0 }
Commit = { probability = 0.9, forecast_category = "COMMIT" }
Won = { outcome = "WON" }
"""


def faults(text: str) -> list[str]:
    """What is wrong with a mapping called `my.toml`."""
    with pytest.raises(MappingError) as caught:
        Mapping.parse(text, "my.toml")
    return list(caught.value.faults)


def changed(before: str, after: str) -> str:
    """The other CRM's mapping with one piece replaced."""
    assert OTHER_CRM.count(before) == 1
    return OTHER_CRM.replace(before, after)


def test_the_example_is_a_mapping() -> None:
    mapping = Mapping.parse(example(), "example.toml")
    assert [sheet.noun.name for sheet in mapping.sheets] == ["reps", "accounts", "products", "opportunities"]
    assert mapping.currency == "USD"
    assert mapping.stages == {
        "Prospecting": Stage(None, ForecastCategory.PIPELINE, Decimal("0.1")),
        "Engaging": Stage(None, ForecastCategory.BEST_CASE, Decimal("0.3")),
        "Won": Stage(Outcome.WON, ForecastCategory.CLOSED, Decimal(1)),
        "Lost": Stage(Outcome.LOST, ForecastCategory.OMITTED, Decimal(0)),
    }


def test_another_crm_is_mapped_without_code() -> None:
    mapping = Mapping.parse(OTHER_CRM, "my.toml")
    (deals,) = mapping.sheets
    assert deals.form == Form("cp1252", ";", ("MM/DD/YYYY",), ",", ".", "€", frozenset({"", "-", "n/a"}))
    assert deals.sources["stage"].values == {"Gewonnen": "Won"}
    assert mapping.effective_from == date(2020, 7, 1)
    assert mapping.stages["Commit"] == Stage(None, ForecastCategory.COMMIT, Decimal("0.9"))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('currency = "EUR"', "", "my.toml: currency: is missing; expected three capital letters, as in USD"),
        ('"EUR"', '"Euro"', 'my.toml: currency: "Euro" is no currency; expected three capital letters, as in USD'),
        ('"EUR"', "978", "my.toml: currency: 978 is no text"),
        ("2020-07-01", '"July"', 'my.toml: effective_from: "July" is no date, as in 2017-01-01'),
        ('"cp1252"', '"cp99999"', 'my.toml: format.encoding: "cp99999" is no encoding; expected one as in utf-8 or cp1252'),
        ('"cp1252"', '"hex"', 'my.toml: format.encoding: "hex" is no encoding; expected one as in utf-8 or cp1252'),
        ('";"', '";;"', 'my.toml: format.delimiter: ";;" is no delimiter; expected one character, as in , or ;'),
        (
            '"DD.MM.YYYY"',
            '"%d.%m.%Y"',
            'my.toml: format.dates[0]: "%d.%m.%Y" is no form of dates; expected YYYY, MM or M, and DD or D, each once, as in YYYY-MM-DD',
        ),
        ('["DD.MM.YYYY"]', "[]", "my.toml: format.dates: is empty; expected at least one form, as in YYYY-MM-DD"),
        ('["-", "n/a"]', '"-"', 'my.toml: format.empty: "-" is no list of texts, as in ["", "n/a"]'),
        ('["-", "n/a"]', "[1]", 'my.toml: format.empty: [1] is no list of texts, as in ["", "n/a"]'),
        (
            'thousands = "."',
            'thousands = ","',
            'my.toml: format.thousands: "," is no thousands mark; expected one other than the decimal mark, or none',
        ),
        ("symbol =", "sybol =", "my.toml: format.sybol: is not known here; did you mean symbol?"),
        ('file = "Deals.csv"', "", "my.toml: opportunities.file: is missing; expected the name of a file, as in accounts.csv"),
        ('owner = "OwnerId"', "", "my.toml: opportunities.owner: is missing; expected the name of a column"),
        (
            '"OwnerId"',
            "7",
            'my.toml: opportunities.owner: 7 is no column; expected its name, or a table as in { column = "…", values = { … } }',
        ),
        ('"OwnerId"', "{ values = {} }", "my.toml: opportunities.owner: expected either column or value"),
        ('"OwnerId"', '{ colum = "x", value = "y" }', "my.toml: opportunities.owner.colum: is not known here; did you mean column?"),
        ('"Won" }', "1 }", "my.toml: opportunities.stage.values.Gewonnen: 1 is no text"),
        (
            'closed_on = "CloseDate"\n',
            "",
            'my.toml: opportunities.closed_on: is missing; expected the name of a column, because the stage "Won" is WON',
        ),
        (
            'amount = "Wert"',
            "",
            'my.toml: opportunities.amount: is missing; expected the name of a column, because the stage "Won" is WON',
        ),
        ('"WON"', '"WIN"', 'my.toml: opportunities.stages.Won.outcome: "WIN" is not known here; expected WON or LOST'),
        (
            'outcome = "WON" }',
            'outcome = "WON", probability = 0.9 }',
            "my.toml: opportunities.stages.Won: expected no probability and no forecast_category: WON decides them",
        ),
        (
            "probability = 0 }",
            "}",
            "my.toml: opportunities.stages.New.probability: is missing; expected a number from 0 to 1, or an outcome, WON or LOST",
        ),
        (
            "= 0.9,",
            "= 90,",
            "my.toml: opportunities.stages.Commit.probability: 90 is no probability; expected a number from 0 to 1, as in 0.3",
        ),
        (
            "= 0.9,",
            '= "0.9",',
            'my.toml: opportunities.stages.Commit.probability: "0.9" is no probability; expected a number from 0 to 1, as in 0.3',
        ),
        (
            '"COMMIT"',
            '"CLOSED"',
            "my.toml: opportunities.stages.Commit.forecast_category: "
            "CLOSED is for what is won; expected an outcome, or another forecast_category",
        ),
        (
            '"COMMIT"',
            '"SURE"',
            'my.toml: opportunities.stages.Commit.forecast_category: "SURE" is not known here; '
            "expected PIPELINE, BEST_CASE, COMMIT, CLOSED or OMITTED",
        ),
    ],
)
def test_a_fault_is_named_with_its_path(before: str, after: str, fault: str) -> None:
    assert faults(changed(before, after)) == [fault]


def test_all_faults_are_named_at_once() -> None:
    assert faults('[reps]\nfile = "a.csv"\nmanager = { column = "m", title = "Boss" }\nmanger = "m"') == [
        "my.toml: currency: is missing; expected three capital letters, as in USD",
        "my.toml: reps.manager.title: is the title of managers who are added; expected add_missing = true beside it",
        "my.toml: reps.external_id: is missing; expected the name of a column",
        "my.toml: reps.name: is missing; expected the name of a column",
        "my.toml: reps.manger: is not known here; did you mean manager?",
    ]


def test_a_mapping_of_nothing_is_refused() -> None:
    assert faults('currency = "USD"') == ["my.toml: no file is mapped; expected a table [reps], [accounts], [products] or [opportunities]"]


def test_a_text_that_is_no_toml_is_refused_with_its_line() -> None:
    assert faults('currency = "USD"\nfile') == ["my.toml: Expected '=' after a key in a key/value pair (at end of document)"]


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"none\.toml: can't be read: No such file or directory"):
        Mapping.read(tmp_path / "none.toml")
