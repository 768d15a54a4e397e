"""Every bad cell is reported with file, line, column, value and what was expected; the good rows around it are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from spm_graph.importing import ExportUnreadable, Mapping
from spm_graph.importing.rows import BadRow, Row, batches

from .conftest import FILES, Export

HEADER = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"


def read(export: Export, file: str) -> list[Row | BadRow]:
    """All that is read from a file."""
    return [row for batch in batches(export.mapping, export.folder) if batch.file == file for row in batch.rows]


def bad(export: Export, file: str) -> list[str]:
    """What is wrong with a file, as it is printed."""
    return [str(cell) for row in read(export, file) if isinstance(row, BadRow) for cell in row.cells]


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        (
            "O1,Ana,MG,Acme,Won,2017-01-01,2017-03-01,12.4x",
            ['sales_pipeline.csv:2 column close_value: "12.4x" is no amount; expected digits with an optional point, as in 1240.50'],
        ),
        (
            "O1,Ana,MG,Acme,Won,2017-01-01,2017-03-01,-5",
            ['sales_pipeline.csv:2 column close_value: "-5" is no amount; expected digits with an optional point, as in 1240.50'],
        ),
        (
            "O1,Ana,MG,Acme,Won,2017-01-01,2017-03-01,12.345",
            ['sales_pipeline.csv:2 column close_value: "12.345" is no amount; expected steps of 0.01'],
        ),
        (
            "O1,Ana,MG,Acme,Won,01/02/2017,2017-02-30,5",
            [
                'sales_pipeline.csv:2 column engage_date: "01/02/2017" is no date; expected YYYY-MM-DD, as in 2017-03-28',
                'sales_pipeline.csv:2 column close_date: "2017-02-30" is no date; expected YYYY-MM-DD, as in 2017-03-28',
            ],
        ),
        (
            "O1,Ana,MG,Acme,won,2017-01-01,2017-03-01,5",
            ['sales_pipeline.csv:2 column deal_stage: "won" is no stage; expected one of Prospecting, Engaging, Won, Lost'],
        ),
        (
            "O1,Ana,MG,Acme,Won,2017-01-01,,",
            [
                'sales_pipeline.csv:2 column close_date: "" is no date; expected the day of closing, because the stage is "Won"',
                'sales_pipeline.csv:2 column close_value: "" is no amount; expected what was won, because the stage is "Won"',
            ],
        ),
        (
            "O1,Ana,MG,Acme,Lost,2017-01-01,,",
            ['sales_pipeline.csv:2 column close_date: "" is no date; expected the day of closing, because the stage is "Lost"'],
        ),
        (
            ",,MG,Acme,,2017-01-01,,",
            [
                'sales_pipeline.csv:2 column opportunity_id: "" is no external id; expected a value',
                'sales_pipeline.csv:2 column sales_agent: "" is no owner; expected a value',
                'sales_pipeline.csv:2 column deal_stage: "" is no stage; expected a value',
            ],
        ),
        ("O1,Ana,MG", ["sales_pipeline.csv:2: a row of 3 cells is no whole row; expected 8, as in the header"]),
        (
            'O1,"Ana"x,MG,Acme,Lost,2017-01-01,2017-03-01,0',
            ["sales_pipeline.csv:2: what begins here (',' expected after '\"') is no row; expected each quote closed"],
        ),
        (
            "O1,Ana\x00,MG,Acme,Prospecting,,,",
            ['sales_pipeline.csv:2 column sales_agent: "Ana\\x00" is no text; expected no character of code 0'],
        ),
        (
            f"{'O' * 256},Ana,MG,Acme,Prospecting,,,",
            [f'sales_pipeline.csv:2 column opportunity_id: "{"O" * 80}…" is no key; expected at most 255 characters'],
        ),
    ],
)
def test_a_bad_cell_is_reported_exactly(export: Export, row: str, faults: list[str]) -> None:
    export.write("sales_pipeline.csv", f"{HEADER}{row}\nO2,Ana,MG,,Prospecting,,,\n")
    assert bad(export, "sales_pipeline.csv") == faults
    assert [found.line for found in read(export, "sales_pipeline.csv") if isinstance(found, Row)] == [3]


def test_a_row_says_what_its_cells_and_its_stage_say(export: Export) -> None:
    won, *_, prospect = read(export, "sales_pipeline.csv")
    opened, closed = date(2016, 12, 20), date(2017, 3, 1)
    assert won == Row(
        2, ("O1", "Ana", "Acme", "GTX Pro", "Won", Decimal(1054), opened, closed, "Acme: GTX Pro", "CLOSED", Decimal(1), "WON")
    )
    assert prospect == Row(5, ("O4", "Cleo", None, "GTX Pro", "Prospecting", None, None, None, "GTX Pro", "PIPELINE", Decimal("0.1"), None))


def test_an_open_deal_is_not_closed_whatever_its_close_date_says(export: Export) -> None:
    export.change("sales_pipeline.csv", "Engaging,2017-02-01,,", "Engaging,2017-02-01,2017-06-30,")
    _, _, engaging, _ = read(export, "sales_pipeline.csv")
    assert isinstance(engaging, Row)
    assert date(2017, 6, 30) not in engaging.values


def test_managers_without_a_row_are_added_in_the_office_of_their_team(export: Export) -> None:
    export.write(
        "sales_teams.csv",
        "sales_agent,manager,regional_office\nAna,Mia,East\nMax,Mia,East\nBen,Max,West\nCleo,Eve,West\nDan,Eve,East\n",
    )
    assert read(export, "sales_teams.csv")[5:] == [
        Row(2, ("Mia", "Mia", "Sales Manager", "East")),
        Row(5, ("Eve", "Eve", "Sales Manager", None)),
    ]


def test_a_mark_crlf_quotes_and_spaces_are_read_as_spreadsheets_write_them(export: Export) -> None:
    export.write(
        "accounts.csv",
        '\ufeffaccount, sector ,office_location,subsidiary_of\r\n"Acme\r\nand ""Sons""",retail, Kenya ,\r\n\r\n,,,\r\nBeta,"a,b",,\r\n',
    )
    assert read(export, "accounts.csv") == [
        Row(2, ('Acme\r\nand "Sons"', 'Acme\r\nand "Sons"', "retail", "Kenya", None)),
        Row(6, ("Beta", "Beta", "a,b", None, None)),
    ]


def test_a_newline_in_a_bad_cell_keeps_its_report_on_one_line(export: Export) -> None:
    export.write("products.csv", 'product,series,sales_price\nMG,MG,"5\n5"\nGTX Pro,GTX,x\n')
    assert bad(export, "products.csv") == [
        'products.csv:2 column sales_price: "5\\n5" is no amount; expected digits with an optional point, as in 1240.50',
        'products.csv:4 column sales_price: "x" is no amount; expected digits with an optional point, as in 1240.50',
    ]


def test_a_quote_that_never_closes_is_reported_where_it_begins(export: Export) -> None:
    export.write("products.csv", 'product,series,sales_price\nMG,MG,5\nGTX,"GTX,5\nLG,LG,5\n')
    assert bad(export, "products.csv") == [
        "products.csv:3: what begins here (unexpected end of data) is no row; expected each quote closed"
    ]


def test_bytes_of_another_encoding_are_a_bad_cell_and_not_a_bad_file(export: Export) -> None:
    export.write("products.csv", "product,series,sales_price\nCafé,MG,5\nMG,MG,5\n".encode("cp1252"))
    expected = 'the encoding that the mapping names, as in encoding = "cp1252"'
    assert bad(export, "products.csv") == [f'products.csv:2 column product: "Caf�" is no text in utf-8; expected {expected}']
    export.mapping = Mapping.parse(
        """
        currency = "USD"
        [products]
        file = "products.csv"
        external_id = "product"
        name = "series"
        format = { encoding = "cp1252" }
        """
    )
    assert read(export, "products.csv") == [Row(2, ("Café", "MG")), Row(3, ("MG", "MG"))]


def test_a_text_that_breaks_off_is_reported_where_it_does(export: Export) -> None:
    export.write("products.csv", "id\nA\nB\n".encode("utf-16-le") + b"C")
    sheet = '[products]\nfile = "products.csv"\nexternal_id = "id"\nname = "id"\nformat = { encoding = "utf-16-le" }'
    export.mapping = Mapping.parse(f'currency = "USD"\n{sheet}')
    assert bad(export, "products.csv") == ["products.csv:4: what begins here is no row; expected text in utf-16-le"]


def test_another_crms_forms_are_read(export: Export) -> None:
    export.write("Deals.csv", "Id;Who;Phase;Wert;Datum;Rev;Geld\n1;Ana;Gewonnen;1.240,50 €;31.12.2019;7;EUR\n2;Ana;Neu;n/a;-;8;USD\n")
    export.mapping = Mapping.parse(
        """
        currency = "EUR"
        format = { delimiter = ";", dates = ["DD.MM.YYYY"], decimal = ",", thousands = ".", symbol = "€", empty = ["-", "n/a"] }
        [opportunities]
        file = "Deals.csv"
        external_id = "Id"
        name = { value = "a deal" }
        owner = "Who"
        stage = { column = "Phase", values = { Gewonnen = "Won" } }
        amount = "Wert"
        currency = "Geld"
        closed_on = "Datum"
        revision = "Rev"
        [opportunities.stages]
        Won = { outcome = "WON" }
        Neu = { probability = 0.25 }
        """,
        "my.toml",
    )
    won, neu = read(export, "Deals.csv")
    assert won == Row(2, ("1", "a deal", "Ana", "Won", Decimal("1240.50"), date(2019, 12, 31), 7, "CLOSED", Decimal(1), "WON"))
    assert isinstance(neu, BadRow)
    assert [str(cell) for cell in neu.cells] == [
        'Deals.csv:3 column Geld: "USD" is no currency that can be loaded; expected EUR: there are no rates to convert others by'
    ]


def test_a_day_of_leaving_comes_after_the_day_of_hiring(export: Export) -> None:
    export.write("people.csv", "id,from,to\n1,2017-01-01,2017-01-01\n")
    export.mapping = Mapping.parse(
        'currency = "USD"\n[reps]\nfile = "people.csv"\nexternal_id = "id"\nname = "id"\nhired_on = "from"\nleft_on = "to"', "my.toml"
    )
    assert bad(export, "people.csv") == [
        'people.csv:2 column to: "2017-01-01" is no day of leaving; expected a day after 2017-01-01, the day of hiring'
    ]


def test_a_header_that_is_no_text_is_shown_with_escapes(export: Export) -> None:
    export.write("products.csv", b"\x1b[2Jproduc\xff,\x1b[2J\x00\xff,series,sales_price\n")
    with pytest.raises(ExportUnreadable) as caught:
        batches(export.mapping, export.folder)
    assert str(caught.value) == "products.csv:1 column product: is missing; did you mean \\x1b[2Jproduc\\udcff?"
    export.write("products.csv", b"\x89PNG,\x1b[2J,series,sales_price\n")
    with pytest.raises(ExportUnreadable) as caught:
        batches(export.mapping, export.folder)
    assert str(caught.value) == "products.csv:1 column product: is missing; the header has \\udc89PNG, \\x1b[2J, series, sales_price"


def test_all_files_and_headers_are_checked_before_anything_is_read(export: Export) -> None:
    (export.folder / "accounts.csv").unlink()
    export.write("products.csv", "")
    export.write("sales_teams.csv", FILES["sales_teams.csv"].replace("manager", "Manager"))
    export.write("sales_pipeline.csv", HEADER.replace("engage_date", "close_date"))
    with pytest.raises(ExportUnreadable) as caught:
        batches(export.mapping, export.folder)
    assert list(caught.value.faults) == [
        "sales_teams.csv:1 column manager: is missing; did you mean Manager?",
        f"{export.folder / 'accounts.csv'}: can't be read: No such file or directory",
        "products.csv:1 column product: is missing; the header has nothing",
        "products.csv:1 column series: is missing; the header has nothing",
        "products.csv:1 column sales_price: is missing; the header has nothing",
        "sales_pipeline.csv:1 column engage_date: is missing; the header has "
        "opportunity_id, sales_agent, product, account, deal_stage, close_date, close_date, close_value",
        "sales_pipeline.csv:1 column close_date: is in the header 2 times; expected once",
    ]
