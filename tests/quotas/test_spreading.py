"""How a quota is spread over its months: seasons, joiners, leavers, ramps; by hand, to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spm_graph.domain.employment import Employment, nearest_month, prorated
from spm_graph.domain.period import Span, month
from spm_graph.domain.quota import Part, Terms, parts
from spm_graph.domain.terms import Proration

YEAR = [month(2019, number) for number in range(1, 13)]
QUICKBASE = Terms(Decimal(100_000), "USD", tuple(map(Decimal, (20, 20, 20, 40))), Proration.WHOLE_MONTHS)


def spread(terms: Terms, hired: str | None = None, left: str | None = None, months: Sequence[Span] = YEAR) -> list[Part]:
    days = (date.fromisoformat(day) if day else None for day in (hired, left))
    return parts(terms, months, Employment(*days))


def quarters(made: Sequence[Part]) -> list[str]:
    return [str(sum(part.value for part in made[first : first + 3])) for first in range(0, 12, 3)]


def values(made: Sequence[Part]) -> list[str]:
    return [str(part.value) for part in made]


@pytest.mark.parametrize(
    ("hired", "expected"),
    [
        ("2019-03-01", ["6666.67", "20000.00", "20000.00", "40000.00"]),
        ("2019-12-01", ["0.00", "0.00", "0.00", "13333.33"]),
        ("2019-12-16", ["0.00", "0.00", "0.00", "13333.33"]),
        ("2019-12-17", ["0.00", "0.00", "0.00", "0.00"]),
        ("2018-06-01", ["20000.00", "20000.00", "20000.00", "40000.00"]),
    ],
)
def test_a_joiner_has_the_whole_months_of_every_season(hired: str, expected: list[str]) -> None:
    assert quarters(spread(QUICKBASE, hired)) == expected


def test_without_seasons_ten_whole_months_are_ten_twelfths_to_the_cent() -> None:
    terms = Terms(Decimal(100_000), "USD", proration=Proration.WHOLE_MONTHS)
    made = spread(terms, "2019-03-01")
    assert sum(part.value for part in made) == Decimal("83333.33")
    assert values(made) == ["0.00"] * 2 + ["8333.34"] * 3 + ["8333.33"] * 7


def test_by_days_a_month_that_is_cut_counts_by_its_days() -> None:
    quarter = [month(2019, number) for number in (4, 5, 6)]
    made = spread(Terms(Decimal(3000), "USD", proration=Proration.DAYS), "2019-04-21", "2019-06-16", quarter)
    assert values(made) == ["333.33", "1000.00", "500.00"]
    assert [part.says for part in made] == ["2019-04: employed on 10 of 30 days", "2019-05", "2019-06: employed on 15 of 30 days"]


def test_without_proration_employment_does_not_matter() -> None:
    assert values(spread(Terms(Decimal(1200), "USD"), "2019-06-01", "2019-07-01")) == ["100.00"] * 12


def test_a_ramp_counts_from_the_month_of_hiring_and_expects_nothing_before() -> None:
    ramp = tuple(map(Decimal, ("0.25", "0.5", "0.75")))
    made = spread(Terms(Decimal(120_000), "USD", ramp=ramp), "2019-10-20")
    assert values(made) == ["0.00"] * 9 + ["2500.00", "5000.00", "7500.00"]
    assert made[10].says == "2019-11: 50 % in month 2 of the ramp"
    assert values(spread(Terms(Decimal(120_000), "USD", ramp=ramp), "2018-11-30"))[:3] == ["7500.00", "10000.00", "10000.00"]


def test_a_ramp_and_proration_multiply() -> None:
    terms = Terms(Decimal(9000), "USD", proration=Proration.DAYS, ramp=(Decimal("0.5"),))
    made = spread(terms, "2019-04-16", None, [month(2019, number) for number in (4, 5, 6)])
    assert values(made) == ["750.00", "3000.00", "3000.00"]
    assert made[0].says == "2019-04: employed on 15 of 30 days, 50 % in month 1 of the ramp"
    assert spread(Terms(Decimal(1200), "USD", proration=Proration.WHOLE_MONTHS, ramp=(Decimal(0),)), "2019-01-20")[1].value == 0


def test_monthly_seasons_are_by_largest_remainder_and_weights_need_not_sum_to_anything() -> None:
    made = spread(Terms(Decimal(100), "JPY", tuple(map(Decimal, (1, 1, 5)))), months=YEAR[:3])
    assert values(made) == ["14", "14", "72"]
    assert values(spread(Terms(Decimal(10), None, tuple(map(Decimal, (0, 1, 0)))), months=YEAR[:3])) == ["0.00", "10.00", "0.00"]


def test_the_middle_of_a_month_belongs_to_its_first() -> None:
    moved = [nearest_month(date(2026, 4, day)) for day in (1, 16, 17)] + [nearest_month(date(2026, 2, day)) for day in (15, 16)]
    assert moved == [date(2026, 4, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 2, 1), date(2026, 3, 1)]


def test_a_promise_counts_in_the_dates_of_employment() -> None:
    promise, employment = Span(date(2026, 1, 10), date.max), Employment(date(2026, 3, 20), date(2026, 6, 10))
    assert prorated(promise, Proration.NONE, employment) == promise
    assert prorated(promise, Proration.DAYS, employment) == Span(date(2026, 3, 20), date(2026, 6, 10))
    assert prorated(promise, Proration.WHOLE_MONTHS, employment) == Span(date(2026, 4, 1), date(2026, 6, 1))
    assert prorated(promise, Proration.WHOLE_MONTHS, Employment()) == Span(date(2026, 1, 1), date.max)
    assert prorated(promise, Proration.WHOLE_MONTHS, Employment(date(2026, 3, 18), date(2026, 3, 25))) is None


DAYS = st.none() | st.integers(-40, 420).map(lambda day: date(2019, 1, 1) + timedelta(day))


@given(st.integers(1, 10**9), st.lists(st.integers(0, 50), min_size=4, max_size=4), DAYS, DAYS, st.sampled_from(Proration))
def test_parts_sum_to_what_their_rates_leave_of_the_whole(
    cents: int, weights: list[int], hired: date | None, left: date | None, proration: Proration
) -> None:
    terms = Terms(Decimal(cents).scaleb(-2), "USD", tuple(map(Decimal, weights)) if any(weights) else (), proration)
    made = parts(terms, YEAR, Employment(hired, left))
    assert sum(part.full_value for part in made) == terms.value
    assert all(part.value >= 0 and not part.value % Decimal("0.01") for part in made)
    assert all(part.value == 0 for part in made if not part.rate)
    exact = sum(part.full_value * part.rate for part in made)
    assert abs(sum(part.value for part in made) - exact) < Decimal("0.10")
    if all(part.rate == 1 for part in made):
        assert [part.value for part in made] == [part.full_value for part in made]
