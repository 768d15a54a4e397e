"""Documents: what was seen is not parsed again, what differs in literals shares a plan, and what is wrong is said."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import DocumentNode, GraphQLError, parse

from spm_graph.graph.schema import core
from spm_graph.reading.answer import Reads
from spm_graph.reading.document import Invalid, Remembered, literals

from .conftest import SCHEMA, Asking
from .fixture import ADMINISTRATOR


@pytest.fixture
def ask(anew: Asking) -> Asking:
    """Nothing that other tests have asked is known."""
    return anew


class Counting:
    """Parses, and counts how often."""

    def __init__(self) -> None:
        self.parsed = 0

    def __call__(self, text: str) -> DocumentNode:
        self.parsed += 1
        return parse(text)


async def test_documents_that_differ_in_literals_share_parsing_and_plan(ask: Asking) -> None:
    counting = Counting()
    ask.reads = Reads(core(SCHEMA), read=counting)
    text = '{{ rep(ref: {{externalId: "{0}"}}) {{ name opportunities(where: {{amountFrom: "{1}"}}) {{ nodes {{ id }} }} }} }}'
    assert (await ask(text.format("ana", "6000")))["rep"] == {
        "name": 'Ana "A" Çelik',
        "opportunities": {"nodes": [{"id": "opportunity_1"}]},
    }
    assert (await ask(text.format("cy", "1")))["rep"] == {"name": "Cy", "opportunities": {"nodes": [{"id": "opportunity_6"}]}}
    assert (await ask(text.format("cy", "1")))["rep"]["name"] == "Cy"
    assert counting.parsed == 1
    assert len(ask.reads.families) == 1


async def test_an_id_of_another_kind_is_another_plan(ask: Asking) -> None:
    assert (await ask('{ node(id: "rep_4") { __typename } }'))["node"] == {"__typename": "Rep"}
    assert (await ask('{ node(id: "account_1") { __typename } }'))["node"] == {"__typename": "Account"}
    assert (await ask('{ node(id: "rep_5") { __typename } }'))["node"] == {"__typename": "Rep"}
    assert len(ask.reads.families) == 2


async def test_a_literal_that_the_shared_plan_has_no_use_for_is_refused(ask: Asking) -> None:
    text = '{{ rep(ref: {{externalId: "ana"}}) {{ manager(asOf: "{0}") {{ name }} }} }}'
    assert (await ask(text.format("2026-01-01")))["rep"]["manager"] == {"name": "Mia"}
    with pytest.raises(Invalid, match="2026-13-01"):
        await ask(text.format("2026-13-01"))


async def test_a_literal_is_looked_at_even_where_nothing_reads_it(ask: Asking) -> None:
    text = '{{ rep(ref: {{externalId: "ana"}}) {{ name manager(asOf: "{0}") @skip(if: true) {{ name }} }} }}'
    assert await ask(text.format("2026-01-01")) == {"rep": {"name": 'Ana "A" Çelik'}}
    for _ in range(2):
        with pytest.raises(Invalid, match='"2026-13-01" is no date') as refused:
            await ask(text.format("2026-13-01"))
        assert refused.value.errors[0].locations == [(1, 54)]


async def test_fields_that_merge_only_with_equal_arguments_are_still_refused(ask: Asking) -> None:
    text = '{{ rep(ref: {{externalId: "ana"}}) {{ manager(asOf: "{0}") {{ id }} manager(asOf: "{1}") {{ name }} }} }}'
    assert (await ask(text.format("2026-01-01", "2026-01-01")))["rep"]["manager"] == {"id": "rep_2", "name": "Mia"}
    with pytest.raises(Invalid, match="conflict"):
        await ask(text.format("2026-01-01", "2025-01-01"))
    assert (await ask(text.format("2025-01-01", "2025-01-01")))["rep"]["manager"] == {"id": "rep_3", "name": "Max"}


async def test_which_arguments_are_given_shapes_the_statement(ask: Asking) -> None:
    text = "query Deals($where: OpportunityWhere) { opportunities(where: $where) { totalCount } }"
    assert await ask(text) == {"opportunities": {"totalCount": 6}}
    assert await ask(text, where=None) == {"opportunities": {"totalCount": 6}}
    assert await ask(text, where={"stage": ["Won"]}) == {"opportunities": {"totalCount": 3}}
    assert await ask(text, where={"stage": ["Won", "Lost"]}) == {"opportunities": {"totalCount": 4}}
    assert await ask(text, where={"outcome": "LOST", "stage": None}) == {"opportunities": {"totalCount": 1}}
    (family,) = ask.reads.families.values()
    assert len(family.operations[None].plans) == 4


async def test_an_operation_is_chosen_by_its_name(ask: Asking) -> None:
    text = "query A { position } query B { measures { name } }"
    request = ask.reads.request(text, "B")
    assert await ask.reads.query(ask.database, ADMINISTRATOR, request) == b'{"data":{"measures":[{"name":"bookings"},{"name":"boxes"}]}}'
    with pytest.raises(Invalid, match="Must provide operation name"):
        ask.reads.request(text)
    with pytest.raises(Invalid, match="Unknown operation named 'C'"):
        ask.reads.request(text, "C")


@pytest.mark.parametrize(
    ("text", "variables", "message"),
    [
        ("{ rep", {}, "Syntax Error"),
        ("{ nobody }", {}, "Cannot query field 'nobody'"),
        ("query A($first: Int!) { reps(first: $first) { nodes { id } } }", {}, "non-null type"),
        ("query A($first: Int!) { reps(first: $first) { nodes { id } } }", {"first": "x"}, "Int cannot represent"),
        ("query A($ref: Ref!) { rep(ref: $ref) { id } }", {"ref": {"id": "rep_1", "externalId": "x"}}, "[Ee]xactly one"),
        ("fragment F on Rep { id }", {}, "is never used"),
    ],
)
def test_what_is_wrong_is_said(ask: Asking, text: str, variables: Mapping[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        ask.reads.request(text, None, variables)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("{ rep(ref: {}) { id } }", {}),
        ('{ rep(ref: {id: "rep_1", externalId: "x"}) { id } }', {}),
        ("query A($ref: Ref!) { rep(ref: $ref) { id } }", {"ref": {}}),
        ("query A { position } query B { position }", {}),
    ],
)
def test_an_error_says_where_in_the_document_it_is(ask: Asking, text: str, variables: Mapping[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        ask.reads.request(text, None, variables)
    assert refused.value.errors[0].locations


@pytest.mark.parametrize("variables", [{}, {"id": None}])
async def test_a_variable_without_a_value_is_no_choice(ask: Asking, variables: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        await ask("query A($id: ID) { rep(ref: {id: $id}) { id } }", **variables)
    (error,) = refused.value.errors
    assert (error.message, error.path) == ("Exactly one field of Ref must be given, and not be null.", ["rep", "ref"])


@pytest.mark.parametrize(
    ("document", "type_", "path"),
    [
        ("query A($v: Int) { reps(first: $v) { totalCount nodes { id } } }", "Int", ["reps", "first"]),
        ("query A($v: Int = 3) { all: reps(first: $v) { totalCount nodes { id } } }", "Int", ["all", "first"]),
        ('query A($v: ID = "rep_1") { node(id: $v) { id } }', "ID", ["node", "id"]),
        ('query A($v: ID = "rep_1") { nodes(ids: ["rep_2", $v]) { id } }', "ID", ["nodes", "ids", "1"]),
        ('query A($v: [ID!] = ["rep_1"]) { nodes(ids: $v) { id } }', "[ID!]", ["nodes", "ids"]),
        (
            'query A($v: String = "E") { reps(where: {or: [{office: [$v]}]}) { totalCount } }',
            "String",
            ["reps", "where", "or", "0", "office", "0"],
        ),
        ('query A($v: Ref = {id: "rep_1"}) { rep(ref: $v) { id } }', "Ref", ["rep", "ref"]),
        ("query A($v: Boolean = true) { position @include(if: $v) }", "Boolean", None),
        ("query A($v: Boolean = true) { reps { totalCount ... @skip(if: $v) { nodes { id } } } }", "Boolean", None),
    ],
)
async def test_a_variable_that_is_null_where_null_may_not_stand_is_refused(
    ask: Asking, document: str, type_: str, path: list[str] | None
) -> None:
    await ask(document)
    with pytest.raises(Invalid) as refused:
        await ask(document, v=None)
    (error,) = refused.value.errors
    assert (error.message, error.path) == (f"Expected a value of type {type_}!, but the variable $v is null.", path)


async def test_ids_beyond_the_limit_are_refused_and_not_left_out(ask: Asking) -> None:
    text = "query A($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await ask(text, ids=["rep_4", *["rep_99"] * 999]) == {"nodes": [{"id": "rep_4"}, *[None] * 999]}
    for document, given in ((text, {"ids": ["rep_4"] * 1_001}), ("{ nodes(ids: [%s]) { id } }" % ('"rep_4" ' * 1_001), {})):
        with pytest.raises(Invalid) as refused:
            await ask(document, **given)
        (error,) = refused.value.errors
        assert (error.message, error.path) == ("There may be 1000 ids at most, not 1001.", ["nodes", "ids"])


async def test_a_search_has_an_end(ask: Asking) -> None:
    text = "query A($words: String!) { all: reps(where: {or: [{search: $words}]}) { nodes { name } } }"
    assert await ask(text, words="cy " * 333) == {"all": {"nodes": [{"name": "Cy"}]}}
    with pytest.raises(Invalid) as refused:
        await ask(text, words="cy " * 334)
    (error,) = refused.value.errors
    assert (error.message, error.path) == ("Expected at most 1000 characters, not 1002.", ["all", "where", "or", "0", "search"])


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("query A($key: String) { rep(ref: {externalId: $key}) { id } }", ["rep", "ref", "externalId"]),
        ("query A($key: String!) { reps(where: {office: [$key]}) { nodes { id } } }", ["reps", "where", "office"]),
        ("query A($key: String!) { all: reps(where: {nameStarts: $key}) { nodes { id } } }", ["all", "where", "nameStarts"]),
    ],
)
async def test_a_text_that_can_not_be_stored_is_refused_with_its_path(ask: Asking, document: str, path: list[str], text: str) -> None:
    with pytest.raises(Invalid) as refused:
        await ask(document, key=text)
    (error,) = refused.value.errors
    assert (error.message, error.path) == ("Expected Unicode text without NUL.", path)


async def test_so_is_one_that_is_written_into_the_document(ask: Asking) -> None:
    for text in ("a", "\0", "\\u0000"):
        document = '{ rep(ref: {externalId: "%s"}) { id } }' % text  # noqa: UP031
        if text == "a":
            assert await ask(document) == {"rep": None}
        else:
            with pytest.raises(Invalid, match="without NUL"):
                await ask(document)


@pytest.mark.parametrize("day", ["1899-12-31", "3000-01-01", "9999-01-01"])
async def test_a_day_out_of_reach_is_refused(ask: Asking, day: str) -> None:
    said = f'"{day}" is out of reach; expected a day from 1900-01-01 to 2999-12-31'
    with pytest.raises(Invalid, match=said):
        await ask('{ period(on: "%s") { id } }' % day)  # noqa: UP031
    with pytest.raises(Invalid, match=said):
        await ask("query A($on: Date) { period(on: $on) { id } }", on=day)


def test_a_document_that_is_too_large_is_refused_before_it_is_compiled(ask: Asking) -> None:
    def measure(document: DocumentNode, variables: Mapping[str, Any], name: str | None) -> frozenset[str]:

        if variables.get("first", 0) > 10:
            raise GraphQLError("too many")
        return frozenset({"first"})

    reads = Reads(core(SCHEMA), measure=measure)
    text = "query A($first: Int!) { reps(first: $first) { nodes { id } } }"
    reads.request(text, None, {"first": 10})
    with pytest.raises(Invalid, match="too many"):
        reads.request(text, None, {"first": 11})


def test_a_document_with_too_many_fields_to_merge_is_refused_by_the_limit_s_name(ask: Asking) -> None:
    alike = "manager { name } " * 500
    with pytest.raises(Invalid) as refused:
        ask.reads.request(f'{{ rep(ref: {{externalId: "ana"}}) {{ {alike}}} }}')
    (error,) = refused.value.errors
    assert error.message == "comparisons of fields that have one name exceed the limit of 500000: select each field once"
    assert error.extensions == {"code": "LIMIT_EXCEEDED"}


def test_literals_are_taken_out_and_defaults_and_sizes_stay() -> None:
    taken = literals(
        'query A($a: Int = 3) { f(x: "one", y: [1, -2.5], first: 10, s: """a "b" 1""") @include(if: true) { g(z: "one\\"") } } # 5'
    )
    assert [node.value for node in taken.values] == ["one", "1", "-2.5"]
    assert taken.name == (
        'query A($a: Int = 3) { f(x: "":0 , y: [0:1 , 0.0:2 ], first: 10, s: """a "b" 1""") @include(if: true) { g(z: "one\\"") } } # 5'
    )


async def test_a_page_s_size_stays_behind_a_comment(ask: Asking) -> None:
    for size in (1, 2):
        assert len((await ask(f"{{ reps(first: # so many\n {size}) {{ nodes {{ id }} }} }}"))["reps"]["nodes"]) == size


@pytest.mark.parametrize("text", ['"' + '\\"' * 15_000, '"""' + '\n\\"""' * 6_000])
def test_strings_without_an_end_are_looked_at_once(text: str) -> None:
    began = time.process_time()
    assert literals(text).values == ()
    assert time.process_time() - began < 0.5  # at each quotation mark again it would be ten seconds, in which nobody else is served


def test_a_cache_forgets_what_was_used_longest_ago() -> None:
    cache: Remembered[int, str] = Remembered(2)
    assert [cache.found(key, lambda key=key: str(key)) for key in (1, 2, 1, 3)] == ["1", "2", "1", "3"]  # type: ignore[misc]
    assert list(cache) == [1, 3]


def test_a_limit_is_refused_for_each_operation_of_a_document() -> None:
    def measure(document: DocumentNode, variables: Mapping[str, Any], name: str | None) -> frozenset[str]:
        if name == "Large" or "first" not in variables:
            raise GraphQLError("too large")
        return frozenset({"first"})

    reads = Reads(core(SCHEMA), measure=measure)
    text = "query Small { position } query Large { measures { name } }"
    reads.request(text, "Small", {"first": 1})
    with pytest.raises(Invalid, match="too large"):
        reads.request(text, "Large", {"first": 1})


async def test_of_many_errors_in_variables_the_first_are_told(ask: Asking) -> None:
    with pytest.raises(Invalid) as refused:
        await ask("query ($stages: [String!]) { opportunities(where: {stage: $stages}) { totalCount } }", stages=[0] * 1_000)
    assert len(refused.value.errors) == 51
    assert refused.value.errors[-1].message.startswith("Too many errors")


async def test_a_limit_on_page_sizes_holds_however_a_number_is_written(ask: Asking) -> None:
    def measure(document: DocumentNode, variables: Mapping[str, Any], name: str | None) -> frozenset[str]:
        if (variables.get("first") or 0) > 10:
            raise GraphQLError("too many")
        return frozenset({"first"})

    ask.reads = Reads(core(SCHEMA), measure=measure)
    text = "query ($first: Int) { reps(first: $first) { totalCount } }"
    await ask(text)
    assert await ask(text, first=2.0) == {"reps": {"totalCount": 7}}
    with pytest.raises(Invalid, match="too many"):
        await ask(text, first=11.0)


async def test_what_is_remembered_of_page_sizes_is_small_however_long_a_variable_is(ask: Asking) -> None:
    ask.reads = Reads(core(SCHEMA), measure=lambda document, variables, name: frozenset({"first", "ids"}))
    text = "query ($first: Int, $ids: [ID!]!) { reps(first: $first) { totalCount } nodes(ids: $ids) { id } }"
    await ask(text, first=3, ids=["rep_1", "rep_2"])
    with pytest.raises(Invalid):
        await ask(text, first="3" * 100_000, ids=[])
    (family,) = (each for each in ask.reads.families.values() if None in each.operations)
    assert list(family.operations[None].sizes) == [(3, 2), (None, 0)]
