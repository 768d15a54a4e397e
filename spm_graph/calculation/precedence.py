"""In which order windows are evaluated: each behind those that it may read, whichever version of its plan says so.

One version of a plan has an order. Several that are in force in one window may each have another, and what one of them drops
stands in none of the later ones: a window of it still reads what came before it then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from spm_graph.domain.period import Span


class Node(NamedTuple):
    """Everybody's windows of a component over some dates; those of a contest apart from those that pay each rep alone."""

    component_id: int
    span: Span
    is_contest: bool


class Place(NamedTuple):
    """Where one version of a plan has a component that measures some dates."""

    node: Node
    version_id: int
    order: tuple[int, int]
    """Its plan, and its number in that."""
    round: int
    since: date
    """From when the version is in force, for somebody."""


class Turn(NamedTuple):
    """When windows are evaluated: in which round, and behind which others of it."""

    round: int
    number: int


def turns(places: Iterable[Place]) -> dict[Node, Turn]:
    """When the windows of each component are evaluated: never in an earlier round than their latest version says.

    Where two versions contradict each other, the later one is right.
    """
    known: dict[tuple[Node, int], Place] = {}
    for place in places:
        of = place.node, place.version_id
        known[of] = max(known.get(of, place), place, key=_since)
    versions = {(place.order[0], version_id) for (_, version_id), place in known.items()}
    if len(versions) == len({plan_id for plan_id, _ in versions}):  # nothing but its own order stands in a plan's way
        alone = sorted(known.values(), key=lambda each: (each.round, each.order, each.node))
        return {place.node: Turn(place.round, number) for number, place in enumerate(alone)}
    by_node: dict[Node, list[Place]] = defaultdict(list)
    for place in known.values():
        by_node[place.node].append(place)
    latest = {node: max(found, key=_since) for node, found in by_node.items()}
    rounds = {node: latest[node].round if node.is_contest else max(each.round for each in found) for node, found in by_node.items()}
    before = _before(by_node)
    behind: dict[Node, list[Node]] = defaultdict(list)
    for node, sooner in before.items():
        for each in sooner:
            behind[each].append(node)
    waiting = {node: len(before[node]) for node in by_node}
    ready = [(rounds[node], latest[node].order, node) for node in by_node if not waiting[node]]
    heapify(ready)
    found: dict[Node, Turn] = {}
    while ready:
        number, _, node = heappop(ready)
        number += number % 2 != node.is_contest
        found[node] = Turn(number, len(found))
        for later in behind[node]:
            rounds[later] = max(rounds[later], number + node.is_contest)
            waiting[later] -= 1
            if not waiting[later]:
                heappush(ready, (rounds[later], latest[later].order, later))
    return found


def _since(place: Place) -> tuple[date, int]:
    return place.since, place.version_id


def _before(by_node: Mapping[Node, Sequence[Place]]) -> dict[Node, set[Node]]:
    """The nodes that each may read: those nested in its dates, of components that come before it in one of its versions."""
    versions: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for found in by_node.values():
        for place in found:
            versions[place.order[0], place.version_id].append(place)
    nodes: dict[int, list[Node]] = defaultdict(list)
    for node in by_node:
        nodes[node.component_id].append(node)
    before: dict[Node, set[Node]] = {node: set() for node in by_node}
    told: set[int] = set()
    for (plan_id, _), mine in sorted(versions.items(), key=lambda each: max(place.since for place in each[1]), reverse=True):
        ordinals = {place.node.component_id: place.order for place in mine}
        for place in mine:
            for sooner in _nested(place, ordinals, nodes):
                if plan_id not in told or (sooner not in before[place.node] and not _reads(before, sooner, place.node)):
                    before[place.node].add(sooner)
        told.add(plan_id)
    return before


def _nested(place: Place, ordinals: Mapping[int, tuple[int, int]], nodes: Mapping[int, Sequence[Node]]) -> Iterator[Node]:
    starts, ends = place.node.span.starts, place.node.span.ends
    for component_id, order in ordinals.items():
        if order < place.order:
            yield from (node for node in nodes[component_id] if starts <= node.span.starts and node.span.ends <= ends)


def _reads(before: Mapping[Node, set[Node]], node: Node, other: Node) -> bool:
    """Whether a node reads another, directly or through others."""
    seen, due = {node}, [node]
    while due:
        for each in before[due.pop()] - seen:
            if each == other:
                return True
            seen.add(each)
            due.append(each)
    return False
