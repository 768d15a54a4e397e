"""Money: minor units, rounding, and splitting without losing a cent."""

from __future__ import annotations

from decimal import Decimal, getcontext, localcontext
from itertools import product
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spm_graph.domain.money import at, exponent, quantum, rounded, shares, text
from spm_graph.store.database import Database

CENT = Decimal("0.01")
amounts = st.decimals(-(10**12), 10**12, places=2)
weights = st.lists(st.decimals(-(10**6), 10**6, places=3), min_size=1, max_size=8)
EVERY_CODE = ["".join(letters) for letters in product(ascii_uppercase, repeat=3)]


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.005", "USD", "0.01"),
        ("-0.005", "USD", "-0.01"),
        ("2.675", "EUR", "2.68"),
        ("0.004999", "USD", "0.00"),
        ("-0.004", "USD", "0.00"),
        ("1234.5", "JPY", "1235"),
        ("1.0005", "BHD", "1.001"),
        ("1E+3", "USD", "1000.00"),
        ("123456789012345678901234567890.125", "USD", "123456789012345678901234567890.13"),
    ],
)
def test_money_is_written_at_its_minor_unit_with_halves_away_from_zero(amount, currency, expected):
    assert text(Decimal(amount), currency) == expected


def test_the_callers_decimal_context_does_not_matter():
    with localcontext() as context:
        context.prec = 3
        assert rounded(Decimal("123456.785"), "USD") == Decimal("123456.79")
        assert shares(Decimal("100000.00"), [Decimal(1)] * 3, CENT) == [Decimal("33333.34"), Decimal("33333.33"), Decimal("33333.33")]
    assert getcontext().prec == 28


async def test_sql_knows_the_same_exponents(database: Database):
    async with database.transaction() as tx:
        asked = "select code, currency_exponent(code) as places from unnest(cast(:codes as text[])) as code"
        rows = await tx.rows(asked, {"codes": EVERY_CODE})
    assert {row["code"]: row["places"] for row in rows} == {code: exponent(code) for code in EVERY_CODE}


async def test_sql_writes_money_the_same_way(database: Database):
    async with database.transaction() as tx:
        for amount in ("0.005", "-0.005", "2.675", "-1.5", "1E+3"):
            for currency in ("USD", "JPY", "BHD"):
                assert await tx.scalar(f"select money_text({amount}, '{currency}')") == text(Decimal(amount), currency), (amount, currency)


def test_what_does_not_divide_evenly_goes_to_the_largest_remainders_and_then_to_the_earlier():
    assert shares(Decimal("0.05"), [Decimal(1), Decimal(1), Decimal(2)], CENT) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.03")]
    assert shares(Decimal("100.00"), [Decimal(1)] * 3, CENT) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert shares(Decimal(10), [Decimal("0.6"), Decimal("0.4")], Decimal(1)) == [Decimal(6), Decimal(4)]


def test_a_refund_takes_a_part_of_the_other_sign():
    assert shares(Decimal("200.00"), [Decimal(15000), Decimal(-5000)], CENT) == [Decimal("300.00"), Decimal("-100.00")]


def test_weights_that_cancel_out_count_by_their_size_and_zeros_equally():
    assert shares(Decimal("1.00"), [Decimal(3), Decimal(-3)], CENT) == [Decimal("0.50"), Decimal("0.50")]
    assert shares(Decimal("1.00"), [Decimal(0), Decimal(0)], CENT) == [Decimal("0.50"), Decimal("0.50")]


def test_nobody_takes_nothing_and_nothing_else():
    assert shares(Decimal(0), [], CENT) == []
    with pytest.raises(ValueError, match="nobody to share"):
        shares(CENT, [], CENT)


@given(amounts, weights)
def test_the_parts_sum_to_the_whole(total, given_weights):
    parts = shares(total, given_weights, CENT)
    assert len(parts) == len(given_weights)
    assert sum(parts, Decimal(0)) == total
    assert all(part == at(part, CENT) for part in parts)


@given(amounts, weights)
def test_a_negative_total_splits_as_the_positive_one_negated(total, given_weights):
    assert shares(-total, given_weights, CENT) == [-part for part in shares(total, given_weights, CENT)]


@given(amounts, st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=8).filter(any))
def test_no_part_is_a_unit_or_more_away_from_its_proportion(total, given_weights):
    whole = sum(given_weights)
    for part, weight in zip(shares(total, given_weights, CENT), given_weights, strict=True):
        assert abs(part * whole - total * weight) < CENT * whole


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(["USD", "JPY", "BHD", "CLF"]))
def test_rounding_moves_by_half_a_unit_at_most_and_only_once(amount, currency):
    once = rounded(amount, currency)
    assert abs(once - amount) * 2 <= quantum(currency)
    assert rounded(once, currency) == once
    assert rounded(-amount, currency) == -once
