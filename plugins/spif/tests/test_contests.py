"""Laws of contests and pools, and what they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spm_spif import Attribute, PoolShared, RankedBy, SpifContest, TeamPool, Ties
from spm_spif.sharing import shared_out

from spm_graph.plugin import Credit, Performance

PRIZES = (Decimal(1000), Decimal(500), Decimal(250))
CENT = Decimal("0.01")

amounts = st.lists(st.integers(0, 5).map(lambda thousands: Decimal(1000 * thousands)), min_size=1, max_size=8)
prizes = st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=5).map(lambda given_: tuple(sorted(given_, reverse=True)))


def team(sold: Sequence[Decimal], **other: object) -> list[Performance]:
    """A rep for each amount."""
    return [
        Performance(
            rep_id=f"rep_{number}",
            starts=date(2026, 1, 1),
            ends=date(2026, 2, 1),
            credits=tuple([_credit(number, amount)] if amount else []),
            **{"currency": "USD", "quota": Decimal(3000), "target_variable": Decimal(100 * number)} | other,  # type: ignore[arg-type]
        )
        for number, amount in enumerate(sold)
    ]


def _credit(number: int, amount: Decimal) -> Credit:
    return Credit(
        id=f"credit {number}",
        on=date(2026, 1, 15),
        amount=amount,
        units=Decimal(1),
        measure="bookings",
        role="DIRECT",
        share=Decimal(1),
    )


def won(contest: SpifContest | TeamPool, performances: Sequence[Performance]) -> dict[str, Decimal]:
    return {rep_id: line.amount for rep_id, line in contest.award(performances)}


@given(prizes, amounts)
def test_the_prizes_of_the_places_taken_are_given_out_and_no_more(given_: tuple[Decimal, ...], sold: list[Decimal]) -> None:
    ranked = sum(amount > 0 for amount in sold)
    assert sum(won(SpifContest(given_), team(sold)).values()) == sum(given_[:ranked])


@given(prizes, amounts, st.sampled_from(Ties), st.sampled_from(RankedBy))
def test_more_never_wins_less_and_equals_win_alike(given_: tuple[Decimal, ...], sold: list[Decimal], ties: Ties, by: RankedBy) -> None:
    found = won(SpifContest(given_, ranked_by=by, ties=ties), team(sold))
    for one, one_sold in enumerate(sold):
        for other, other_sold in enumerate(sold):
            less, more = found.get(f"rep_{one}", Decimal(0)), found.get(f"rep_{other}", Decimal(0))
            if one_sold <= other_sold and by is not RankedBy.DEALS:
                assert less <= more + CENT
            if one_sold == other_sold:
                assert abs(less - more) <= CENT


@given(st.decimals(1, 100_000, places=2), amounts, st.sampled_from([PoolShared.EQUALLY, PoolShared.BY_CREDITED]))
def test_the_parts_of_a_pool_sum_to_it(pool: Decimal, sold: list[Decimal], shared: PoolShared) -> None:
    found = won(TeamPool(pool, goal=Decimal(4000), shared=shared), team(sold))
    achieved = min(sum(sold) / Decimal(4000), Decimal(1))
    assert sum(found.values()) == (pool * achieved).quantize(CENT, ROUND_HALF_UP)


@given(st.decimals(0, 10_000, places=2), st.lists(st.integers(0, 9), min_size=1, max_size=9).filter(any))
def test_what_is_shared_out_is_shared_to_the_unit(total: Decimal, weights: list[int]) -> None:
    parts = shared_out(total, [Decimal(weight) for weight in weights], CENT)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < CENT
        assert weight or not part


def test_a_place_without_a_prize_is_told() -> None:
    lines = dict(SpifContest((Decimal(100),)).award(team([Decimal(10), Decimal(20)])))
    assert {rep: [(step.says, step.amount) for step in line.steps] for rep, line in lines.items()} == {
        "rep_1": [("place 1 of 2 with 20", 100)],
        "rep_0": [("place 2 of 2 with 10: no prize", 0)],
    }


def test_currencies_are_not_compared_and_a_team_needs_a_goal() -> None:
    mixed = [*team([Decimal(1000)]), *team([Decimal(0), Decimal(2000)], currency="EUR")]
    with pytest.raises(ValueError, match="paid in several currencies: rank them"):
        won(SpifContest(PRIZES), mixed)
    assert won(SpifContest(PRIZES, ranked_by=RankedBy.ATTAINMENT), mixed) == {"rep_1": 1000, "rep_0": 500}
    with pytest.raises(ValueError, match="one pool can't be shared out"):
        won(TeamPool(Decimal(100)), mixed)
    with pytest.raises(ValueError, match="the team has no goal"):
        won(TeamPool(Decimal(100)), [replace(each, quota=None) for each in team([Decimal(1)])])
    assert won(TeamPool(Decimal(100)), []) == {}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"prizes": ()}, "at least one prize"),
        ({"prizes": (Decimal(1), Decimal(2))}, "must not be larger"),
        ({"unit": Decimal(0)}, "unit must be above zero"),
        ({"smallest": Decimal(2), "largest": Decimal(1)}, "not be smaller"),
        ({"attributes": (Attribute("newBusiness", ()),)}, "at least one value"),
    ],
)
def test_contests_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        SpifContest(**{"prizes": PRIZES} | bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"pool": Decimal(0)}, "must be above zero"),
        ({"goal": Decimal(0)}, "must be above zero"),
        ({"threshold": Decimal(2)}, "nor above the most"),
    ],
)
def test_pools_that_make_no_sense_are_refused(bad: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        TeamPool(**{"pool": Decimal(1)} | bad)  # type: ignore[arg-type]
