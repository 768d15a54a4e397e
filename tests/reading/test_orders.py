"""Orders: a list is the same rows in each of its orders, and pages walk through all of them, forwards and backwards."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from graphql import get_named_type

from spm_graph.graph.schema import core
from spm_graph.reading.declarations import READ, SOURCE, Paged

from .conftest import SCHEMA, Asking

DOCS = Path(__file__).parents[2] / "docs" / "clients.md"
ROW = re.compile(r"^\| (`.+`) \| (`.+`) \|$", re.MULTILINE)

OWNERS: Mapping[str, str] = {
    "FeedbackSummary": 'version: node(id: "version_1") { ... on PlanVersion { feedback { PAGE } } }',
    "Payout": 'payout(period: {name: "2026-01"}) { PAGE }',
    "Plan": 'plan(id: "plan_1") { PAGE }',
    "PlanVersion": 'version: node(id: "version_2") { ... on PlanVersion { PAGE } }',
    "Query": "PAGE",
    "Rep": 'rep(ref: {externalId: "ana"}) { PAGE }',
    "Run": 'run(id: "run_2") { PAGE }',
    "Territory": 'territory(ref: {externalId: "south"}) { PAGE }',
    "Webhook": 'node(id: "webhook_1") { ... on Webhook { PAGE } }',
}
"""A row of each type that has a list of its own."""
NARROWED = {"attainments": 'period: {name: "2026-01"}, ', "audit": 'where: {noun: "goal"}, '}

UNIQUE: Mapping[str, set[str]] = {
    "Attainment": {"{rep_id}"},
    "AuditEntry": {"{position}", "{ordinal}"},
    "Change": {"{rep_id}", "{component_id}", "lower({span})", "upper({span})", "{key}", "{currency}"},
    "Feedback": {"{rep_id}"},
    "PayoutLine": {"{payment_id}"},
    "PlanAcceptance": {"{rep_id}"},
    "PlanAssignment": {"{rep_id}", "lower({effective})"},
}
"""The keys that no two rows of a list share, where they aren't the id."""


class List(NamedTuple):
    """A list that takes an order: the type that it hangs on, its name, how it is read, and its field."""

    owner: str
    name: str
    read: Paged
    field: Any

    @property
    def order(self) -> str:
        """The name of the enum of its orders."""
        return str(get_named_type(self.field.args["orderBy"].type))


def lists() -> Iterator[List]:
    """Every list that takes an order, those at the root first."""
    schema = core(SCHEMA)
    for type_ in sorted(schema.type_map.values(), key=lambda type_: type_ is not schema.query_type):
        for name, field in getattr(type_, "fields", {}).items():
            if "orderBy" in getattr(field, "args", {}):
                yield List(type_.name, name, field.extensions["strawberry-definition"].metadata[READ], field)


LISTS = [*lists()]
ONE_OF_EACH = {each.order: each for each in reversed(LISTS)}
"""A list for each enum of orders: it stands for others that take the same."""


def keys(cursor: str) -> list[str | None]:
    """What a cursor says of its row."""
    found: list[str | None] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return found[1:]


def test_every_order_of_a_list_is_total() -> None:
    for owner, name, read, field in LISTS:
        noun = get_named_type(get_named_type(field.type).fields["nodes"].type)
        source = noun.extensions["strawberry-definition"].origin.__dict__[SOURCE]
        unique = UNIQUE.get(noun.name, {f"{{{source.key}}}"})
        for order in (read.order, *read.orders.values()):
            assert unique <= {sql for sql, _ in order.keys}, f"{owner}.{name}: {order}"


@pytest.mark.parametrize("order", ONE_OF_EACH)
async def test_pages_in_every_order_walk_through_the_whole_list(ask: Asking, order: str) -> None:
    owner, name, read, _ = ONE_OF_EACH[order]
    arguments = f"{NARROWED.get(name, '')}first: $first, last: $last, after: $after, before: $before, orderBy: $order"
    head = f"query ($first: Int = 100, $last: Int, $after: Cursor, $before: Cursor, $order: {order})"
    page = f"page: {name}({arguments}) {{ edges {{ cursor node {{ __typename }} }} pageInfo {{ hasNextPage hasPreviousPage }} }}"
    text = f"{head} {{ {OWNERS[owner].replace('PAGE', page)} }}"

    def shown(found: Any) -> tuple[list[str], Any]:
        while "page" not in found:
            (found,) = found.values()
        return [edge["cursor"] for edge in found["page"]["edges"]], found["page"]["pageInfo"]

    for word in read.orders:
        whole, about = shown(await ask.same(text, order=word.value))
        assert whole and about == {"hasNextPage": False, "hasPreviousPage": False}
        assert all(None not in keys(cursor) for cursor in whole)
        forwards: list[str] = []
        while len(forwards) < len(whole):
            cursors, about = shown(await ask(text, order=word.value, first=2, after=forwards[-1] if forwards else None))
            forwards += cursors
            assert about == {"hasNextPage": len(forwards) < len(whole), "hasPreviousPage": len(forwards) > len(cursors)}
        backwards: list[str] = []
        while len(backwards) < len(whole):
            cursors, about = shown(await ask(text, order=word.value, last=2, before=backwards[0] if backwards else None))
            backwards = cursors + backwards
            assert about == {"hasNextPage": len(backwards) > len(cursors), "hasPreviousPage": len(backwards) < len(whole)}
        assert forwards == backwards == whole
        assert len(set(whole)) == len(whole)


def test_the_documentation_tells_the_orders_of_every_list() -> None:
    rows = [[re.findall("`(.+?)`", cell) for cell in row] for row in ROW.findall(DOCS.read_text(encoding="utf-8"))]
    told = {name: words for names, words in rows for name in names}
    found = {name if owner == "Query" else f"{owner}.{name}": [word.value for word in read.orders] for owner, name, read, _ in LISTS}
    assert told == found
