"""Where pay bends or jumps next, found by asking it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from spm_graph.domain.bends import next_bend

D = Decimal
CENT = D("0.01")


def tiers(x: Decimal) -> Decimal:
    """5 % up to 30,000, and 8 % of what is above."""
    return min(x, D(30000)) * D("0.05") + max(D(0), x - 30000) * D("0.08")


CASES: list[tuple[str, Callable[[Decimal], Decimal], Decimal | None]] = [
    ("a marginal tier", tiers, D("30000.00")),
    ("a tier between two cents", lambda x: tiers(x + D("0.005")), D("30000.00")),
    ("a rate on the whole amount", lambda x: x * (D("0.05") if x < D("12345.67") else D("0.07")), D("12345.67")),
    ("a cap", lambda x: min(x * D("0.1"), D(500)), D("5000.00")),
    ("a threshold", lambda x: max(D(0), x - 250) * D("0.1"), D("250.00")),
    ("a bonus for the smallest sale", lambda x: D(5) if x >= CENT else D(0), D("0.01")),
    ("the nearer of two", lambda x: tiers(x * 20), D("1500.00")),
    ("one rate", lambda x: x * D("0.1"), None),
    ("nothing", lambda x: D(0), None),
    ("out of reach", lambda x: max(D(0), x - 2_000_000), None),
]


@pytest.mark.parametrize(("pay", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_next_bend_is_found_to_the_cent(pay: Callable[[Decimal], Decimal], expected: Decimal | None) -> None:
    assert next_bend(pay, D(1_000_000), CENT) == expected


def test_rounded_pay_is_straight_within_its_noise() -> None:
    found = next_bend(lambda x: round(tiers(x), 2), D(1_000_000), CENT, noise=D("0.02"))
    assert found is not None
    assert D(30000) <= found <= D(30002)


def test_whole_units_are_counted_whole() -> None:
    assert next_bend(lambda x: D(0) if x < 100 else D(5), D(10_000), D(1)) == 100


def test_it_asks_some_dozens_of_times() -> None:
    asked: list[Decimal] = []
    next_bend(lambda x: asked.append(x) or tiers(x), D(1_000_000), CENT)  # type: ignore[func-returns-value]
    assert len(asked) < 60
