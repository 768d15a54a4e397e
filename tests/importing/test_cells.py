"""Dates and amounts: what is written in the form named is read exactly, and nothing else is read at all."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from spm_graph.importing.cells import FIRST_YEAR, LAST_YEAR, Unfit, amounts, dates, revision

CENT = Decimal("0.01")
DAYS = some.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
CENTS = some.integers(0, 10**17 - 1).map(lambda number: Decimal(number) * CENT)


@given(DAYS)
def test_a_date_is_read_in_the_form_that_it_was_written_in(day: date) -> None:
    assert dates(["YYYY-MM-DD"])(day.isoformat()) == day
    assert dates(["DD.MM.YYYY"])(f"{day:%d.%m.%Y}") == day
    assert dates(["M/D/YYYY"])(f"{day.month}/{day.day}/{day.year}") == day
    assert dates(["YYYYMMDDThh:mm:ss"])(f"{day:%Y%m%d}T23:59:59") == day
    assert dates(["DD.MM.YYYY", "YYYY-MM-DD"])(day.isoformat()) == day


NO_DATES = ["2017-13-01", "2017-02-29", "2017-3-1", "17-03-01", " 2017-03-01", "2017-03-01x", "२०१७-03-01", "2017-03"]
NO_AMOUNTS = ["12,4x", "1e5", "NaN", "Infinity", "1_000", "-5", "+5", "٣", ".5", "5.", "1,054", "1" * 16, "0x10", "1 000"]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_only_looks_like_a_date_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match=re.escape("is no date; expected YYYY-MM-DD, as in 2017-03-28")):
        dates(["YYYY-MM-DD"])(text)


@pytest.mark.parametrize("text", ["0217-03-01", "2717-03-01"])
def test_a_date_of_another_age_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="is no date; expected a year from 1950 to 2199"):
        dates(["YYYY-MM-DD"])(text)


def test_all_the_forms_of_dates_are_expected() -> None:
    with pytest.raises(Unfit, match=re.escape("expected M/D/YYYY hh:mm or DD.MM.YYYY, as in 3/28/2017 09:30")):
        dates(["M/D/YYYY hh:mm", "DD.MM.YYYY"])("yesterday")


@pytest.mark.parametrize("form", ["YYYY-MM", "%Y-%m-%d", "MM-DD-MM-YYYY", "YY-MM-DD", ""])
def test_a_form_without_year_month_and_day_is_no_form(form: str) -> None:
    with pytest.raises(ValueError, match="each once, as in YYYY-MM-DD"):
        dates([form])


@given(CENTS)
def test_an_amount_is_read_exactly_in_the_form_that_it_was_written_in(amount: Decimal) -> None:
    plain = f"{amount:.2f}"
    assert amounts(".", "", "", CENT)(plain) == amount
    assert amounts(",", "", "", CENT)(plain.replace(".", ",")) == amount
    assert amounts(".", ",", "$", CENT)(f"${amount:,.2f}") == amount
    assert amounts(",", ".", "€", CENT)(f"{amount:,.2f} €".translate(str.maketrans(".,", ",."))) == amount


@given(some.text(max_size=20))
def test_a_text_is_digits_or_no_amount(text: str) -> None:
    read = amounts(".", "", "", CENT)
    try:
        found = read(text)
    except Unfit:
        return
    assert text.isascii()
    assert found == Decimal(text)
    assert 0 <= found < 10**15


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_only_looks_like_an_amount_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match=re.escape("is no amount; expected digits with an optional point, as in 1240.50")):
        amounts(".", "", "", CENT)(text)


@pytest.mark.parametrize("text", ["1,05", "10,54.00", ",054", "1,0544", "1054,000"])
def test_a_misplaced_thousands_mark_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match=re.escape("is no amount; expected digits with an optional point, as in 1,240.50")):
        amounts(".", ",", "", CENT)(text)


def test_an_amount_finer_than_the_minor_unit_is_refused() -> None:
    assert amounts(".", "", "", CENT)("12.3400") == Decimal("12.34")
    with pytest.raises(Unfit, match=re.escape("is no amount; expected steps of 0.01")):
        amounts(".", "", "", CENT)("12.345")
    with pytest.raises(Unfit, match="is no amount; expected steps of 1"):
        amounts(".", "", "", Decimal(1))("12.5")


def test_a_revision_is_a_whole_number() -> None:
    assert revision("17") == 17
    with pytest.raises(Unfit, match="is no revision; expected a whole number that grows with each change, as in 7"):
        revision("v17")
