"""Limits are found in one pass over the document, whatever its fragments would expand to."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError, OperationType, build_schema, get_introspection_query, parse

from spm_graph.graph import sizing
from spm_graph.graph.limits import LimitExceeded, Limits, parsed, weighed
from spm_graph.graph.sizing import Measured, measured
from spm_graph.reading.filters import DEEPEST, LONGEST_SEARCH, MOST_CONDITIONS
from spm_graph.reading.page import MOST
from spm_graph.web.wire import LONGEST_HEAD

SCHEMA = build_schema("""
type Query {
  me: Rep
  reps(first: Int! = 20, after: String): RepConnection!
  nodes(ids: [ID!]!): [Rep]!
  events(after: String!, first: Int! = 100): EventPage!
}
type Mutation { close: Query }
type EventPage { events: [Rep!]! }
type RepConnection { nodes: [Rep!]! edges: [RepEdge!]! totalCount: Int! }
type RepEdge { node: Rep! cursor: String! }
type Rep { id: ID! name: String manager: Rep deals(first: Int, last: Int): RepConnection! splits: [Rep!]! }
""")


def measure(text: str, variables: dict[str, Any] | None = None, operation_name: str | None = None) -> Measured:
    return measured(SCHEMA, parse(text), variables or {}, operation_name)


def nested_fragments(levels: int) -> str:
    spreads = (f"fragment F{n} on Rep {{ a: manager {{ ...F{n + 1} }} b: manager {{ ...F{n + 1} }} }}" for n in range(levels))
    return f"{{ me {{ ...F0 }} }} {' '.join(spreads)} fragment F{levels} on Rep {{ id }}"


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("{ me { id } }", 0),
        ("{ reps { nodes { id } } }", 20),
        ("{ reps(first: 7) { totalCount } }", 7),
        ("{ reps(first: 0) { nodes { deals { nodes { id } } } } }", 0),
        ("{ reps(first: 10) { edges { node { deals(last: 5) { nodes { id } } } } } }", 10 + 10 * 5),
        ("{ reps(first: 10) { nodes { deals { nodes { deals(first: 3) { totalCount } } } } } }", 10 + 10 * (20 + 20 * 3)),
        ("{ me { deals(first: 2, last: 9) { totalCount } } }", 9),
        ('{ events(after: "0") { events { id } } }', 100),
        ("{ nodes(ids: [1, 2, 3]) { deals(first: 4) { totalCount } } }", 3 + 3 * 4),
        ("{ a: reps { totalCount } b: reps { totalCount } }", 40),
        ("{ reps(first: 5) { ...C } } fragment C on RepConnection { nodes { ... on Rep { deals(first: 6) { totalCount } } } }", 5 + 5 * 6),
        ("{ reps(first: -5) { totalCount } }", 0),
        ("mutation { close { reps(first: 3) { totalCount } } }", 3),
    ],
)
def test_a_page_multiplies_what_is_below_it(text: str, nodes: int) -> None:
    assert measure(text).size.nodes == nodes


def test_a_page_takes_its_size_from_its_variable_then_the_variables_default_then_the_schemas() -> None:
    text = """query ($n: Int, $m: Int = 8, $ids: [ID!] = [1, 2]) {
        reps(first: $n) { totalCount } me { deals(last: $m) { totalCount } } nodes(ids: $ids) { id }
    }"""
    assert measure(text).size.nodes == 20 + 8 + 2
    assert measure(text, {"n": 3, "m": 1, "ids": ["x", "y", "z"]}).size.nodes == 3 + 1 + 3
    assert measure(text, {"n": "many", "m": True, "ids": 1.5}).size.nodes == 20 + 20
    assert measure(text, {"n": 900.0, "m": 1e2, "ids": []}).size.nodes == 900 + 100  # JSON has one kind of number
    assert measure(text).sized_by == {"n", "m", "ids"}
    assert measure("query ($id: String) { reps(first: 3, after: $id) { totalCount } }").sized_by == frozenset()


def test_depth_fields_aliases_directives_and_root_fields_are_counted_through_fragments() -> None:
    text = """
    query Q @a { ...R me @skip(if: false) { boss: manager { ...N @include(if: true) } } }
    query Other { reps { nodes { manager { manager { manager { id } } } } } }
    fragment R on Query { x: me { id } y: me { id } }
    fragment N on Rep { ... on Rep @b { n: name } }
    """
    found = measure(text, operation_name="Q")
    counted = {"depth": 3, "introspection": 0, "fields": 7, "aliases": 4, "directives": 4, "nodes": 0, "calculations": 0}
    assert found.size._asdict() == counted
    assert found.root_fields == 3
    assert measure(text, operation_name="Other").size.depth == 6


def test_twenty_levels_of_doubling_fragments_are_visited_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    visits = 0
    field = sizing._Survey.field

    def counted(survey: sizing._Survey, *arguments: Any) -> Any:
        nonlocal visits
        visits += 1
        return field(survey, *arguments)

    monkeypatch.setattr(sizing._Survey, "field", counted)
    found = measure(nested_fragments(20))
    assert visits == 1 + 2 * 20 + 1
    assert found.size.fields == 1 + (2**21 - 2) + 2**20
    with pytest.raises(LimitExceeded, match="depth 22 exceeds the limit of 15"):
        found.check(Limits())
    with pytest.raises(LimitExceeded, match="fields 3145727 exceeds the limit of 1000"):
        found.check(Limits(depth=30))


def test_a_count_too_long_to_read_is_told_as_its_magnitude() -> None:
    with pytest.raises(LimitExceeded, match=r"fields 10\^18 exceeds the limit of 1000"):
        measure(nested_fragments(60)).check(Limits(depth=100))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{ me { manager { manager { id } } } }", "depth 4 exceeds the limit of 3"),
        ("{ a: me { id } b: me { id } c: me { id } }", "aliases 3 exceeds the limit of 2"),
        ("{ me { id @a @b @c } }", "directives 3 exceeds the limit of 2"),
        ("{ me { id } reps { totalCount } nodes(ids: []) { id } }", "root fields 3 exceeds the limit of 2"),
        ("{ reps(first: 1000) { totalCount } }", "nodes 1000 exceeds the limit of 999"),
        ("{ reps(first: 99999999999999999999) { totalCount } }", "nodes 1000000000000 exceeds the limit of 999"),
    ],
)
def test_a_refusal_says_which_limit_and_how_far_over(text: str, message: str) -> None:
    small = Limits(depth=3, aliases=2, directives=2, root_fields=2, nodes=999)
    with pytest.raises(LimitExceeded) as refused:
        measure(text).check(small)
    assert refused.value.message == message
    assert refused.value.extensions == {"code": "LIMIT_EXCEEDED"}


@pytest.mark.parametrize(
    "text",
    [
        "{ me { ...A } } fragment A on Rep { manager { ...A } }",
        "{ me { ...A } } fragment A on Rep { ...B ...B } fragment B on Rep { ...A }",
        "{ ...Missing unknown { field(first: 3) { x } } me { id { id } } ... on Nothing { me { id } } }",
        "subscription { none { first } }",
    ],
)
def test_documents_that_validation_will_refuse_are_measured_all_the_same(text: str) -> None:
    measure(text).check(Limits())


def test_an_ides_introspection_is_let_through_and_a_deeper_one_is_not() -> None:
    measure(get_introspection_query(input_value_deprecation=True, specified_by_url=True, directive_is_repeatable=True)).check(Limits())
    with pytest.raises(LimitExceeded, match="introspection depth 32 exceeds the limit of 25"):
        measure(f'{{ __type(name: "Rep") {"{ ofType " * 31} {{ name }} {"}" * 31} }}').check(Limits())


def test_a_document_too_long_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(LimitExceeded, match="characters 30001 exceeds the limit of 30000"):
        parsed("{" + " " * 30_000, Limits())
    with pytest.raises(LimitExceeded, match="tokens 2002 exceeds the limit of 2000"):
        parsed("{" + "a " * 2_000 + "}", Limits())
    with pytest.raises(LimitExceeded, match="comments 2001 exceeds the limit of 2000"):
        parsed("#\n" * 2_001 + "{ a }", Limits())
    with pytest.raises(GraphQLError, match="Unterminated string"):
        parsed('{ a(b: "', Limits())
    assert parsed("{ me { id } }", Limits()).definitions


@pytest.mark.parametrize("deep", ["{me" * 490 + "}" * 490, "{me(a:" + "[" * 900 + "])}"])
def test_a_document_nested_too_deeply_is_refused_and_not_a_crash(deep: str) -> None:
    with pytest.raises(GraphQLError):
        measured(SCHEMA, parsed(deep, Limits()), {}).check(Limits())


def test_a_long_chain_of_fragments_is_refused_and_not_a_crash() -> None:
    chain = " ".join(f"fragment F{n} on Rep {{ ...F{n + 1} }}" for n in range(2_000))
    with pytest.raises(GraphQLError, match="nested too deeply"):
        measure("{ me { ...F0 } } " + chain)


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("query A { me { id } } query B { me { id } }", None, "Must provide operation name."),
        ("query A { me { id } }", "B", 'Unknown operation named "B".'),
        ("fragment A on Rep { id }", None, "Must provide operation name."),
    ],
)
def test_a_request_that_names_no_operation_is_refused(text: str, name: str | None, message: str) -> None:
    with pytest.raises(GraphQLError, match=message):
        measure(text, operation_name=name)


def test_variables_that_are_too_many_are_refused_before_they_are_looked_at() -> None:
    weighed(OperationType.QUERY, {"where": {"or": [{}] * 998}, "ids": ["rep_1"] * 98_998}, Limits())
    weighed(OperationType.MUTATION, {"input": {"reps": [{}] * 5_000}}, Limits())
    with pytest.raises(LimitExceeded, match="input objects 1001 exceeds the limit of 1000"):
        weighed(OperationType.QUERY, {"where": {"or": [{}] * 999}}, Limits())
    for kind in OperationType:
        with pytest.raises(LimitExceeded, match="input values 100001 exceeds the limit of 100000"):
            weighed(kind, {"ids": [1] * 99_999}, Limits())


def test_the_limits_are_told_to_who_writes_clients() -> None:
    text = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
    told = {int(number.replace(",", "")) for number in re.findall(r"(?<=\| )[0-9,]+(?= \|)", text)}
    others = {sizing.INTROSPECTION_DEPTH, MOST, MOST_CONDITIONS, DEEPEST, LONGEST_SEARCH, LONGEST_HEAD}
    assert {getattr(Limits(), each.name) for each in fields(Limits)} | others <= told
