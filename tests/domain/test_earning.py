"""What the core does with the lines of an incentive type, which it does not trust."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, getcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spm_graph.domain.earning import LineInvalid, StagedLine, staged
from spm_graph.domain.terms import Rounding
from spm_graph.plugin import Credit, Line, Performance, Step


def performance(*amounts: str | Decimal, currency: str = "USD", first: int = 1) -> Performance:
    return Performance(
        rep_id="rep_1",
        starts=date(2026, 1, 1),
        ends=date(2026, 2, 1),
        currency=currency,
        credits=tuple(
            Credit(
                id=f"c{number}",
                on=date(2026, 1, 15),
                amount=Decimal(amount),
                units=Decimal(0),
                measure="bookings",
                role="DIRECT",
                share=Decimal(1),
            )
            for number, amount in enumerate(amounts, start=first)
        ),
    )


def line(*steps: tuple[str, str], key: str = "commission", credits: tuple[str, ...] | None = None) -> Line:  # noqa: A002
    return Line(key, tuple(Step("a step", Decimal(base), Decimal(rate)) for base, rate in steps), credits)


def parts(of: StagedLine) -> dict[str, str]:
    return {share.credit: str(share.amount) for share in of.shares}


def test_a_line_is_rounded_once_and_the_rounding_is_its_last_step():
    (booked,) = staged([(performance("100.10", "100.10"), [line(("100.10", "0.05"), ("100.10", "0.05"), ("100.10", "0.05"))])])
    assert booked.amount == Decimal("15.02")
    assert booked.steps_json()[-1] == {"says": "rounded to 0.01", "base": "0.005", "rate": "1", "amount": "0.005"}


@pytest.mark.parametrize(
    ("rounding", "amounts", "says"),
    [
        (Rounding.HALF_UP, ["1.94", "1.95", "1.93", "1.94", "-1.95"], "rounded to 0.01"),
        (Rounding.HALF_EVEN, ["1.94", "1.94", "1.93", "1.94", "-1.94"], "rounded half even to 0.01"),
        (Rounding.HALF_DOWN, ["1.93", "1.94", "1.93", "1.94", "-1.94"], "rounded half down to 0.01"),
        (Rounding.UP, ["1.94", "1.95", "1.94", "1.94", "-1.95"], "rounded up to 0.01"),
        (Rounding.DOWN, ["1.93", "1.94", "1.93", "1.93", "-1.94"], "rounded down to 0.01"),
    ],
)
def test_a_line_is_rounded_as_its_component_says_and_below_zero_mirrored(rounding: Rounding, amounts: list[str], says: str) -> None:
    exact = ("1.935", "1.945", "1.9315", "1.9385", "-1.945")
    booked = staged([(performance("100"), [line((amount, "1"), key=amount) for amount in exact])], rounding)
    assert [str(each.amount) for each in booked] == amounts
    assert [str(each.unrounded) for each in booked] == list(exact)
    for each in booked:
        assert each.steps[-1].says == says
        assert sum(step.amount for step in each.steps) == each.amount == sum(share.amount for share in each.shares)


def test_a_line_that_needs_no_rounding_has_no_such_step():
    (booked,) = staged([(performance("100"), [line(("100", "0.05"))])])
    assert booked.steps_json() == [{"says": "a step", "base": "100", "rate": "0.05", "amount": "5"}]


def test_yen_have_no_cents():
    (booked,) = staged([(performance("999", currency="JPY"), [line(("999", "0.0505"))])])
    assert (booked.amount, booked.currency, booked.steps[-1].says) == (Decimal(50), "JPY", "rounded to 1")


def test_steps_are_written_without_exponents_and_rates_with_eight_places():
    (booked,) = staged([(performance("1"), [line(("1E+3", "0.1234567891"), ("0.0000001", "1"))])])
    first, second, _ = booked.steps_json()
    assert first == {"says": "a step", "base": "1000", "rate": "0.12345679", "amount": "123.4567891"}
    assert second == {"says": "a step", "base": "0.0000001", "rate": "1", "amount": "0.0000001"}


def test_a_line_is_shared_over_all_credits_of_the_window_in_proportion():
    (booked,) = staged([(performance("100", "200"), [line(("300", "0.1"))])])
    assert parts(booked) == {"c1": "10.00", "c2": "20.00"}


def test_a_line_is_shared_over_the_credits_that_it_names():
    (booked,) = staged([(performance("100", "200", "300"), [line(("10", "1"), credits=("c3", "c1"))])])
    assert parts(booked) == {"c3": "7.50", "c1": "2.50"}


def test_a_refund_gives_back_at_the_rate_of_the_line():
    (booked,) = staged([(performance("10000", "10000", "-10000"), [line(("10000", "0.05"))])])
    assert parts(booked) == {"c1": "500.00", "c2": "500.00", "c3": "-500.00"}


def test_a_line_that_nobodys_credit_earned_has_no_shares():
    without, named = staged([(performance("100"), [line(("5", "1"), key="floor", credits=()), line(("5", "1"), key="other")])])
    assert (without.shares, parts(named)) == ((), {"c1": "5.00"})
    (guaranteed,) = staged([(performance(), [line(("5", "1"))])])
    assert (guaranteed.amount, guaranteed.shares) == (Decimal("5.00"), ())


def test_lines_of_the_same_key_from_several_segments_are_one_line_rounded_once():
    before, after = performance("100"), performance("300", first=2)
    booked = staged([(before, [line(("100", "0.10004"))]), (after, [line(("300", "0.00001")), line(("30", "1"), key="bonus")])])
    assert [(each.key, each.amount, len(each.steps)) for each in booked] == [
        ("commission", Decimal("10.01"), 3),
        ("bonus", Decimal("30.00"), 1),
    ]
    assert [parts(each) for each in booked] == [{"c1": "10.01"}, {"c2": "30.00"}]


def test_segments_in_different_currencies_stay_apart():
    booked = staged([(performance("100"), [line(("1", "1"))]), (performance("100", currency="EUR"), [line(("2", "1"))])])
    assert [(each.currency, each.amount) for each in booked] == [("USD", Decimal("1.00")), ("EUR", Decimal("2.00"))]


def test_incentive_types_calculate_to_sixty_digits_and_cannot_spoil_it():
    def earned() -> Iterator[Line]:
        assert getcontext().prec == 60
        getcontext().prec = 3
        yield line(("123456.78", "1"))

    (booked,) = staged((each, earned()) for each in [performance("1")])
    assert booked.amount == Decimal("123456.78")
    assert getcontext().prec == 28


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([line(("1", "1")), line(("1", "1"))], 'line 2 "commission": an earlier line has the same key'),
        ([line(("1", "1"), key="")], "line 1: its key must be a text of 1 to 200 characters"),
        ([line(("1", "1"), key="k" * 201)], "line 1: its key must be a text of 1 to 200 characters"),
        ([line(("1", "1"), key="a\0b")], "line 1: its key must be a text of 1 to 200 characters"),
        ([line()], 'line 1 "commission": expected a tuple of 1 to 1000 steps'),
        ([line(("NaN", "1"))], 'line 1 "commission", step 1: its base is NaN'),
        ([line(("1", "1"), ("1", "-Infinity"))], 'line 1 "commission", step 2: its rate is -Infinity'),
        ([line(("1E+20", "1"))], "its base is 1E+20, not a number of at most 20 digits"),
        ([Line("commission", (Step("a step", 0.1),))], "its base is a float, not a Decimal"),  # type: ignore[arg-type]
        ([Line("commission", (Step("", Decimal(1)),))], "what it says must be a text"),
        ([line(("1", "1"), credits=("c9",))], "'c9' is no credit of the window"),
        ([Line("a", (Step("a", Decimal(1), caps="yes"),))], "its caps is a str, not a bool"),  # type: ignore[arg-type]
        ([line(("1", "1"), credits=("c1", "c1"))], "a tuple of different ids"),
        (["commission"], "line 1 is a str, not a Line"),
    ],
)
def test_a_line_that_cannot_be_booked_is_refused_with_the_reason(lines, why):
    with pytest.raises(LineInvalid) as refused:
        staged([(performance("100"), lines)])
    assert why in str(refused.value)


@given(
    st.lists(st.decimals(-(10**6), 10**6, places=2), max_size=6),
    st.lists(st.tuples(st.decimals(-(10**6), 10**6, places=4), st.decimals(-1, 2, places=6)), min_size=1, max_size=6),
    st.sampled_from(["USD", "JPY", "BHD"]),
)
def test_steps_and_shares_sum_to_the_amount(amounts, steps, currency):
    earned = Line("commission", tuple(Step("a step", base, rate) for base, rate in steps))
    (booked,) = staged([(performance(*amounts, currency=currency), [earned])])
    assert sum((Decimal(step["amount"]) for step in booked.steps_json()), Decimal(0)) == booked.amount
    if amounts:
        assert sum((share.amount for share in booked.shares), Decimal(0)) == booked.amount


@given(
    st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(1, 400)), min_size=1, max_size=6), st.sampled_from(["USD", "JPY", "BHD"])
)
def test_steps_that_divisions_left_without_an_end_sum_to_the_amount_as_they_are_told(fractions, currency):
    def earned():
        yield Line("commission", tuple(Step("a part", Decimal(number) / days, Decimal("0.0123")) for number, days in fractions))

    (booked,) = staged([(performance("100", currency=currency), earned())])
    told = booked.steps_json()
    assert sum((Decimal(step["amount"]) for step in told), Decimal(0)) == booked.amount
    assert all(len(step[name].partition(".")[2]) <= 20 for step in told for name in ("base", "amount"))


def test_a_step_that_takes_off_what_a_cap_does_not_let_through_is_stored_with_a_mark() -> None:
    steps = (Step("earned", Decimal(120)), Step("above 100", Decimal(-20), caps=True))
    (made,) = staged([(performance("1"), [Line("commission", steps)])])
    assert [step.get("caps") for step in made.steps_json()] == [None, True]
