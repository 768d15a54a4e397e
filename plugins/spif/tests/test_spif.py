"""Worked examples, and the laws that hold for any settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_spif import Attribute, EarlierSales, Pays, Reaching, Shared, Spif

from spm_graph.plugin import Credit, Line, Performance
from spm_graph.testing import IncentiveTypeSuite

HUNDRED = Decimal(100)

amounts = st.decimals("0.01", 100_000, places=2)
days = st.integers(1, 28)
counts = st.none() | st.integers(1, 4)
ANY_PAYS = st.sampled_from(Pays)


class TestSpif(IncentiveTypeSuite):
    examples = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Sold:
    """A sale on a day of January."""

    amount: Decimal
    day: int = 15
    share: Decimal = Decimal(1)


sold = st.builds(Sold, amounts, days, st.sampled_from([Decimal(1), Decimal("0.5")]))


@st.composite
def spifs(draw: st.DrawFn, pays: st.SearchStrategy[Pays] = ANY_PAYS) -> Spif:
    return Spif(
        draw(pays),
        draw(st.decimals("0.01", 500, places=2)),
        draw(st.sampled_from(Shared)),
        smallest=draw(st.none() | amounts),
        starts=draw(st.none() | st.just(date(2026, 1, 10))),
        first_deals=draw(counts),
        minimum_deals=draw(counts),
        minimum_amount=draw(st.none() | amounts),
        reaching=draw(st.sampled_from(Reaching)),
        maximum=draw(st.none() | amounts),
    )


def credit(id_: str, amount: Decimal, day: int = 15, share: Decimal = Decimal(1), corrects: str | None = None) -> Credit:
    return Credit(
        id=id_,
        on=date(2026, 1, day),
        amount=amount,
        units=Decimal(1).copy_sign(amount),
        measure="bookings",
        role="DIRECT",
        share=share,
        corrects=corrects,
    )


def credited(sales: Sequence[Sold], first: int = 0) -> list[Credit]:
    return [credit(f"sale {number}", each.amount, each.day, each.share) for number, each in enumerate(sales, start=first)]


def refunds(sales: Sequence[Credit]) -> list[Credit]:
    """Refunds of everything. Their ids come before their sales'."""
    return [replace(each, id=f"back {each.id}", amount=-each.amount, units=-each.units, corrects=each.id) for each in sales]


def lines(spif: Spif, credits: Sequence[Credit]) -> list[Line]:  # noqa: A002 - the field is called so
    ordered = tuple(sorted(credits, key=lambda each: (each.on, each.id)))
    dates = {"starts": date(2026, 1, 1), "ends": date(2026, 2, 1)}
    return list(spif.earn(Performance(rep_id="rep_1", currency="USD", credits=ordered, **dates)))


def paid(spif: Spif, credits: Sequence[Credit]) -> Decimal:  # noqa: A002 - the field is called so
    return sum((line.amount for line in lines(spif, credits)), Decimal(0))


@given(spifs(), st.lists(sold, max_size=6))
def test_a_refund_of_everything_leaves_nothing(spif: Spif, sales: list[Sold]) -> None:
    made = credited(sales)
    assert lines(spif, made + refunds(made)) == []


@given(spifs(), st.lists(sold, max_size=6), st.lists(sold, max_size=3))
def test_what_was_given_back_is_as_if_it_had_never_been_sold(spif: Spif, kept: list[Sold], returned: list[Sold]) -> None:
    made, gone = credited(kept), credited(returned, first=len(kept))
    assert lines(spif, made + gone + refunds(gone)) == lines(spif, made)


@given(spifs(), st.lists(sold, max_size=8))
def test_each_line_pays_for_its_own_deal_within_the_limits(spif: Spif, sales: list[Sold]) -> None:
    earned = lines(spif, credited(sales))
    assert all(line.credits == (line.key,) and line.amount > 0 for line in earned)
    assert len(earned) <= (spif.first_deals or len(sales))
    assert spif.maximum is None or sum(line.amount for line in earned) <= spif.maximum


@given(spifs(st.just(Pays.FIXED)), st.lists(sold, max_size=6), sold)
def test_another_deal_never_pays_less(spif: Spif, sales: list[Sold], another: Sold) -> None:
    alone = replace(spif, shared=Shared.WHOLE)
    assert paid(alone, credited([*sales, another])) >= paid(alone, credited(sales))


@given(spifs(st.sampled_from([Pays.PERCENTAGE, Pays.PER_UNIT])), st.lists(sold, max_size=4))
def test_a_later_window_takes_back_what_the_sales_earned(spif: Spif, sales: list[Sold]) -> None:
    unlimited = replace(spif, first_deals=None, minimum_deals=None, minimum_amount=None, maximum=None)
    made = credited(sales)
    assert paid(unlimited, refunds(made)) == -paid(unlimited, made)


def test_a_refund_of_a_refund_belongs_to_the_sale() -> None:
    spif = Spif(Pays.PERCENTAGE, Decimal("0.1"))
    sale, back = credit("z sale", HUNDRED), credit("y back", -HUNDRED, corrects="z sale")
    undone = credit("x undone", HUNDRED, corrects="y back")
    (line,) = lines(spif, [sale, back, undone])
    assert (line.key, line.amount, line.credits) == ("z sale", 10, ("z sale",))
    assert [step.says for step in line.steps] == ["10 % of the deal", "10 % of a correction", "10 % of a correction"]


def test_a_sale_below_zero_that_names_no_other_takes_back() -> None:
    spif = Spif(Pays.FIXED, Decimal(50))
    assert paid(spif, [credit("a", HUNDRED), credit("b", -HUNDRED)]) == 0
    assert paid(replace(spif, earlier_sales=EarlierSales.IGNORE), [credit("a", HUNDRED), credit("b", -HUNDRED)]) == 50


def test_two_parts_of_an_earlier_sale_take_back_its_reward_once() -> None:
    parts = [credit("part", -HUNDRED, corrects="sale"), credit("rest", -HUNDRED, corrects="sale")]
    (line,) = lines(Spif(Pays.FIXED, Decimal(50)), parts)
    assert (line.key, line.amount) == ("part", -50)


def test_units_without_an_amount_are_a_deal() -> None:
    free = replace(credit("free", Decimal(0)), units=Decimal(3))
    assert paid(Spif(Pays.PER_UNIT, Decimal("12.5")), [free]) == Decimal("37.5")


def test_corrections_in_a_circle_end() -> None:
    circle = [credit("a", -HUNDRED, corrects="b"), credit("b", -HUNDRED, corrects="a")]
    assert paid(Spif(Pays.PERCENTAGE, Decimal("0.1")), circle) == -20


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"reward": Decimal(0)}, "above zero"),
        ({"smallest": Decimal(2), "largest": Decimal(1)}, "not be smaller"),
        ({"starts": date(2026, 2, 1), "ends": date(2026, 2, 1)}, "ends must be later than starts"),
        ({"first_deals": 0}, "1 or more"),
        ({"minimum_deals": -1}, "1 or more"),
        ({"maximum": Decimal(-1)}, "must not be negative"),
        ({"attributes": (Attribute("newBusiness", ()),)}, "at least one value"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Spif(**{"pays": Pays.FIXED, "reward": HUNDRED} | bad)  # type: ignore[arg-type]
