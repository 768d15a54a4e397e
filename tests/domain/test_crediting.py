"""Crediting: the arithmetic of splits, overlays, rollups and corrections."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from spm_graph.domain.crediting import Measure, Participant, Sale, credit, participants
from spm_graph.domain.terms import MeasureBasis, MeasureKind, Role, TransactionKind

DAY = date(2026, 3, 1)
EVERYTHING = Measure(1, MeasureKind.MONEY, MeasureBasis.AMOUNT, frozenset(TransactionKind), frozenset(Role))


def sale(amount: str, *participants: Participant, kind: TransactionKind = TransactionKind.ORDER) -> Sale:
    return Sale(1, 1, 1, kind, DAY, DAY, Decimal(amount), None, Decimal(1), "USD", participants)


def split(rep_id: int, share: str, role: Role = Role.SPLIT) -> Participant:
    return Participant(rep_id, role, Decimal(share))


def test_a_split_sums_to_the_deal_to_the_cent() -> None:
    made = credit([sale("100.00", split(1, "0.3333"), split(2, "0.3333"), split(3, "0.3334"))], [EVERYTHING], {})
    assert [item.amount for item in made] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_an_overlay_is_credited_on_top_and_does_not_roll_up() -> None:
    deal = sale("100.00", split(1, "1", Role.DIRECT), split(2, "0.5", Role.OVERLAY))
    made = {(item.rep_id, item.role): item.amount for item in credit([deal], [EVERYTHING], {DAY: {1: (8, 9), 2: (7,)}})}
    assert made == {
        (1, Role.DIRECT): Decimal("100.00"),
        (2, Role.OVERLAY): Decimal("50.00"),
        (8, Role.ROLLUP): Decimal("100.00"),
        (9, Role.ROLLUP): Decimal("100.00"),
    }


def test_a_manager_of_several_who_share_a_deal_is_credited_once_with_the_sum() -> None:
    made = credit([sale("100.00", split(1, "0.6"), split(2, "0.4"))], [EVERYTHING], {DAY: {1: (9,), 2: (8, 9)}})
    assert {(item.rep_id, item.amount, item.source_rep_id) for item in made if item.role is Role.ROLLUP} == {
        (9, Decimal("100.00"), None),
        (8, Decimal("40.00"), 2),
    }


@given(st.integers(1, 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_parts_of_a_split_sum_to_the_whole_and_a_refund_mirrors_them(cents: int, weights: list[int]) -> None:
    amount = Decimal(cents).scaleb(-2)
    sharing = [Participant(number, Role.SPLIT, Decimal(weight)) for number, weight in enumerate(weights)]
    sold = [item.amount for item in credit([sale(str(amount), *sharing)], [EVERYTHING], {})]
    refunded = [item.amount for item in credit([sale(str(-amount), *sharing, kind=TransactionKind.REFUND)], [EVERYTHING], {})]
    assert sum(sold) == amount
    assert refunded == [-part for part in sold]


@given(
    st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=1, max_size=6),
    st.lists(st.integers(1, 1000), min_size=1, max_size=5),
    st.lists(st.integers(1, 1000), max_size=2),
)
def test_after_each_correction_everybody_has_their_share_of_what_is_left(cents: list[int], sharing: list[int], on_top: list[int]) -> None:
    people = [split(number, str(weight)) for number, weight in enumerate(sharing)]
    people += [split(number, str(Decimal(weight) / 1000), Role.OVERLAY) for number, weight in enumerate(on_top)]
    managers = {DAY: dict.fromkeys(range(len(sharing)), (100,))}
    sales = [replace(sale(str(Decimal(each).scaleb(-2)), *people), transaction_id=key) for key, each in enumerate([*cents, -sum(cents)])]
    made = list(credit(sales, [EVERYTHING], managers))
    for last in range(len(sales)):
        left = sale(str(sum(each.amount for each in sales[: last + 1])), *people)
        shared = {(each.rep_id, each.role): each.amount for each in credit([left], [EVERYTHING], managers) if each.amount}
        held: dict[tuple[int, Role], Decimal] = defaultdict(Decimal)
        for each in made:
            if each.transaction_id <= last:
                held[each.rep_id, each.role] += each.amount
        assert {key: amount for key, amount in held.items() if amount} == shared
    assert not any(held.values())


def test_a_measure_of_some_products_counts_their_sales_and_no_others() -> None:
    cloud = replace(EVERYTHING, products=frozenset({7}))
    deal = sale("100.00", split(1, "1", Role.DIRECT), split(2, "0.5", Role.OVERLAY))
    assert list(credit([deal], [cloud], {DAY: {1: (9,)}})) == []
    assert list(credit([replace(deal, product_id=8)], [cloud], {DAY: {1: (9,)}})) == []
    made = {(item.rep_id, item.role.value, str(item.amount)) for item in credit([replace(deal, product_id=7)], [cloud], {DAY: {1: (9,)}})}
    assert made == {(1, "DIRECT", "100.00"), (2, "OVERLAY", "50.00"), (9, "ROLLUP", "100.00")}


def test_a_rollup_goes_so_many_levels_up_from_everybody_who_shares_the_deal() -> None:
    deal = sale("100.00", split(1, "0.6"), split(2, "0.4"))
    chains = {1: (7, 8, 9), 2: (8, 9)}
    rolled = {
        levels: {
            item.rep_id: str(item.amount)
            for item in credit([deal], [replace(EVERYTHING, rollup_levels=levels)], {DAY: chains})
            if item.role is Role.ROLLUP
        }
        for levels in (1, 2, None)
    }
    assert rolled == {
        1: {7: "60.00", 8: "40.00"},
        2: {7: "60.00", 8: "100.00", 9: "40.00"},
        None: {7: "60.00", 8: "100.00", 9: "100.00"},
    }


def test_overlays_may_come_to_more_than_the_deal() -> None:
    deal = sale("100.00", split(1, "1", Role.DIRECT), split(2, "0.8", Role.OVERLAY), split(3, "1.5", Role.OVERLAY))
    made = [(item.rep_id, str(item.amount)) for item in credit([deal], [EVERYTHING], {})]
    assert made == [(1, "100.00"), (2, "80.00"), (3, "150.00")]


def test_what_a_territory_is_credited_with_does_not_roll_up() -> None:
    deal = sale("100.00", split(1, "1", Role.DIRECT), split(2, "0.5", Role.TERRITORY))
    made = {(item.rep_id, item.role.value, str(item.amount)) for item in credit([deal], [EVERYTHING], {DAY: {1: (9,), 2: (8, 9)}})}
    assert made == {(1, "DIRECT", "100.00"), (2, "TERRITORY", "50.00"), (9, "ROLLUP", "100.00")}


def test_a_deals_own_split_stands_against_rules_and_the_largest_of_several_counts() -> None:
    ruled = [split(7, "0.2", Role.OVERLAY), split(8, "0.2", Role.OVERLAY), split(8, "0.3", Role.OVERLAY), split(1, "1", Role.TERRITORY)]
    assert participants(1, [split(7, "0.5", Role.OVERLAY)], ruled) == (
        Participant(1, Role.DIRECT, Decimal(1)),
        Participant(7, Role.OVERLAY, Decimal("0.5")),
        Participant(8, Role.OVERLAY, Decimal("0.3")),
    )
