"""The order in which windows are evaluated, from where the versions of a plan have their components."""

from __future__ import annotations

from datetime import date

from spm_graph.calculation.precedence import Node, Place, turns
from spm_graph.domain.period import Span, month

QUARTER = Span(date(2026, 1, 1), date(2026, 4, 1))


def version(number: int, since: date, *names: str, span: Span = QUARTER) -> list[Place]:
    """A version of a plan by its components in order; those in capitals are contests."""
    places, rounds = [], 0
    for ordinal, name in enumerate(names):
        is_contest = name.isupper()
        node = Node(ord(name.lower()), span, is_contest)
        places.append(Place(node, number, (1, ordinal), rounds + is_contest, since))
        rounds += 2 * is_contest
    return places


def order(*places: Place) -> list[tuple[str, int]]:
    """The components in the order of their evaluation, with their rounds."""
    found = turns(places)
    return [(chr(node.component_id), found[node].round) for node in sorted(found, key=lambda each: found[each])]


FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def test_one_version_is_evaluated_in_its_order() -> None:
    assert order(*version(1, FIRST, "a", "B", "c", "D", "e")) == [("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4)]


def test_what_was_dropped_stays_behind_what_it_reads_and_what_reads_it_behind_that() -> None:
    places = version(1, FIRST, "A", "k", "m") + version(2, SECOND, "B", "A", "m")
    assert order(*places) == [("b", 1), ("a", 3), ("k", 4), ("m", 4)]


def test_a_contest_behind_a_component_that_has_to_wait_waits_too() -> None:
    places = version(1, FIRST, "A", "k", "C") + version(2, SECOND, "B", "A", "C")
    assert order(*places) == [("b", 1), ("a", 3), ("k", 4), ("c", 5)]


def test_where_versions_contradict_each_other_the_later_is_right() -> None:
    places = version(1, THIRD, "b", "a") + version(2, SECOND, "x", "a", "b")
    assert [name for name, _ in order(*places)] == ["x", "b", "a"]


def test_who_came_and_left_at_other_times_changes_nothing() -> None:
    places = version(1, FIRST, "A", "k") + version(1, SECOND, "A", "k") + version(2, THIRD, "B", "A")
    assert order(*places) == order(*reversed(places)) == [("b", 1), ("a", 3), ("k", 4)]


def test_only_windows_within_its_own_are_read() -> None:
    january, february = month(2026, 1), month(2026, 2)
    places = version(1, FIRST, "a", "k", span=january) + version(2, SECOND, "k", "a", span=february)
    assert turns(places)[Node(ord("k"), february, False)] < turns(places)[Node(ord("a"), february, False)]
    assert turns(places)[Node(ord("a"), january, False)] < turns(places)[Node(ord("k"), january, False)]
