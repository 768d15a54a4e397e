"""A change inside a window that changes nothing about the pay changes nothing of the pay: caps, floors and limits hold for all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Credit, Line, Performance, Step
from spm_graph.testing import Example, read_example

PLUGINS = Path(__file__).parents[2] / "plugins"
CENT = Decimal("0.01")


def cuttable() -> list[Example]:
    """The worked examples of one rep whose window was not cut already, and who is credited with anything."""
    types = IncentiveTypes.discover()
    found = [read_example(path, types) for path in sorted(PLUGINS.glob("*/tests/examples/*.toml"))]
    return [each for each in found if not each.is_contest and each.performance.credits and not before(each.performance)]


def before(performance: Performance) -> bool:
    return bool(performance.earned_before or performance.credited_after)


def parts(performance: Performance, cuts: tuple[int, ...]) -> Iterator[Performance]:
    """The parts of a window that is cut before some of its credits."""
    places = (0, *cuts, len(performance.credits))
    for starts, ends in pairwise(places):
        sooner, own, later = performance.credits[:starts], performance.credits[starts:ends], performance.credits[ends:]
        yield replace(
            performance,
            credits=own,
            credits_before=sooner,
            credits_after=later,
            credited_before=performance.credited_before + counted(performance, sooner),
            credited_after=counted(performance, later),
            is_last=not later,
            earned={name: (Line("part", (Step("part", portion(performance, name, own)),)),) for name in performance.earned},
            earned_earlier={name: portion(performance, name, sooner) for name in performance.earned},
        )


def counted(performance: Performance, credits_: tuple[Credit, ...]) -> Decimal:
    return sum((performance.counted(credit) for credit in credits_), Decimal(0))


def portion(performance: Performance, name: str, credits_: tuple[Credit, ...]) -> Decimal:
    """What these credits earned of a component, in proportion."""
    whole = sum((line.amount for line in performance.earned[name]), Decimal(0))
    return whole * counted(performance, credits_) / performance.credited if performance.credited else whole * (credits_ == ())


def total(example: Example, performance: Performance) -> Decimal:
    return sum((line.amount for line in example.incentive_type.earn(performance)), Decimal(0))  # type: ignore[union-attr]


def refunded(performance: Performance) -> Performance:
    """The same, and at the end half of the largest sale is given back."""
    sale = max(performance.credits, key=performance.counted)
    half = replace(sale, id=f"{sale.id} back", amount=-sale.amount / 2, units=-sale.units / 2, corrects=sale.id)
    return replace(performance, credits=(*performance.credits, half))


@pytest.mark.parametrize("change", [lambda performance: performance, refunded], ids=["sold", "refunded"])
@pytest.mark.parametrize("example", [pytest.param(each, id=each.name) for each in cuttable()])
def test_a_window_that_is_cut_pays_what_it_pays_in_one_piece(example: Example, change: Callable[[Performance], Performance]) -> None:
    performance = change(example.performance)
    whole, number = total(example, performance), len(performance.credits)
    for cuts in [(place,) for place in range(1, number)] + [tuple(range(1, number))]:
        paid = Decimal(0)
        for part in parts(performance, cuts):
            paid += total(example, replace(part, earned_before=paid))
        assert abs(paid - whole) < CENT, cuts
