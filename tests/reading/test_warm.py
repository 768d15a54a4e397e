"""A request that was made before costs its statement and nothing else, and what is remembered has an end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from graphql import GraphQLSchema

from spm_graph.graph.schema import brought, core
from spm_graph.reading import answer, request
from spm_graph.reading.answer import Reads
from spm_graph.reading.document import Invalid, Operation, Remembered
from spm_graph.reading.introspection import introspected
from spm_graph.store.database import Database

from .conftest import SCHEMA, TYPES, Asking
from .fixture import ADMINISTRATOR, MANAGER, SELF

DEALS = """query Deals($office: [String!]!, $long: Boolean = false, $after: Cursor) {
    reps(where: {office: $office, nameStarts: "%s"}, first: 5, after: $after) { nodes { ...Named email @include(if: $long) } }
    deal: opportunity(ref: {externalId: "%s"}) { name account { name } }
}
fragment Named on Rep { name title }"""


@pytest.fixture
def calls(anew: Asking, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done to answer, in order: documents that are parsed and validated, and statements that are compiled."""
    found: list[str] = []

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            found.append(name)
            return function(*arguments, **options)

        return called

    monkeypatch.setattr(anew.reads, "read", counted("parse", anew.reads.read))
    monkeypatch.setattr(anew.reads, "measure", counted("measure", anew.reads.measure))
    monkeypatch.setattr(request, "validate", counted("validate", request.validate))
    monkeypatch.setattr(answer, "Compiler", counted("compile", answer.Compiler))
    return found


async def test_a_warm_request_parses_validates_and_compiles_nothing(anew: Asking, calls: list[str]) -> None:
    await anew(DEALS % ("A", "o1"), office=["East"])
    assert [call for call in calls if call != "measure"] == ["parse", "validate", "compile"]
    calls.clear()
    for name, key, office in (("A", "o1", ["East"]), ("M", "o1", ["West", "East"]), ("", "nothing", [])):
        await anew(DEALS % (name, key), office=office)
    assert calls == []


async def test_another_shape_and_other_grants_compile_and_nothing_more(anew: Asking, calls: list[str]) -> None:
    text = DEALS % ("A", "o1")
    await anew(text, office=["East"])
    calls.clear()
    await anew(text, office=["East"], long=True)
    await anew(text, MANAGER, office=["East"])
    assert calls == ["compile", "compile"]
    await anew(text, SELF, office=["West"])
    assert calls == ["compile", "compile"]


async def test_a_schema_is_described_once(anew: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    executed: list[Mapping[str, Any]] = []

    def counted(schema: GraphQLSchema, operation: Operation, fields: Any, given: Mapping[str, Any]) -> Mapping[str, str]:
        executed.append(given)
        return introspected(schema, operation, fields, given)

    monkeypatch.setattr(answer, "introspected", counted)
    text = 'query A { __schema { queryType { name } } position } query B { __type(name: "Rep") { kind } }'
    for _ in range(2):
        for name, key, expected in (("A", "__schema", {"queryType": {"name": "Query"}}), ("B", "__type", {"kind": "OBJECT"})):
            found = await anew.reads.query(anew.database, ADMINISTRATOR, anew.reads.request(text, name))
            assert json.loads(found)["data"][key] == expected
    assert executed == [{}, {}]
    asked = "query Of($name: String!) { __type(name: $name) { kind } }"
    assert [(await anew(asked, name=name))["__type"]["kind"] for name in ("Rep", "ComponentConfig", "Rep")] == ["OBJECT", "UNION", "OBJECT"]
    assert len(executed) == 5


async def test_what_is_remembered_has_an_end(company: Database) -> None:
    few = Asking(company, Reads(core(SCHEMA), values=brought(TYPES), most=3))
    for number in range(10):
        await few(f"{{ a{number}: position }}")
        await few('{ rep(ref: {id: "rep_%s"}) { name } }' % number, ADMINISTRATOR)  # noqa: UP031
    assert (len(few.reads.texts), len(few.reads.families)) == (3, 3)
    text = "query Shapes($where: OpportunityWhere) { opportunities(where: $where) { totalCount } }"
    names = ("stage", "outcome", "closedFrom", "closedBefore", "expectedFrom", "expectedBefore", "nameStarts")
    values = (["Won"], "WON", *["2026-01-01"] * 4, "K")
    for number in range(1, 2 ** len(names)):
        await few(text, where={name: value for bit, (name, value) in enumerate(zip(names, values, strict=True)) if number >> bit & 1})
    plans = few.reads.request(text).prepared.plans
    assert len(plans) == plans.most == 100


async def test_what_is_remembered_is_not_longer_than_memory_allows(company: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "MOST_CHARACTERS", 1_000)
    monkeypatch.setattr(request, "MOST_SQL", 5_000)
    few = Asking(company, Reads(core(SCHEMA), values=brought(TYPES)))
    for number in range(10):
        await few(f"{{ a{number}: position {'position ' * 40} }}")
    assert (len(few.reads.texts), len(few.reads.families), len(few.reads.requests)) == (2, 2, 2)
    await few(f"{{ {'position ' * 200} }}")  # one that is too long by itself stays until the next one comes
    assert (len(few.reads.texts), len(few.reads.families), len(few.reads.requests)) == (1, 1, 1)
    text = "query Shapes($first: Int!) { reps(first: $first) { nodes { name } } }"
    for number in range(1, 30):
        await few(text, first=number)
    plans = few.reads.request(text, None, {"first": 1}).prepared.plans
    assert sum(len(plan.sql) for plan in plans.values()) <= 5_000
    assert 1 < len(plans) < 29


async def test_what_is_refused_is_not_remembered(anew: Asking) -> None:
    for number in range(3):
        with pytest.raises(Invalid):
            await anew(f"{{ nothing{number} }}")
        with pytest.raises(Invalid):
            await anew('{ rep(ref: {id: "rep_1"}) { manager(asOf: "%s") { id } } }' % number)  # noqa: UP031
    assert (len(anew.reads.texts), len(anew.reads.families), len(anew.reads.requests)) == (0, 0, 0)


def test_what_two_make_at_once_counts_once() -> None:
    few: Remembered[str, str] = Remembered(10, 10, lambda key, value: len(value))
    assert few.found("a", lambda: few.found("a", lambda: "12345")) == "12345"
    assert (list(few), few.together) == (["a"], 5)
    assert few.found("b", lambda: "678") == "678"
    assert few.found("c", lambda: "901") == "901"
    assert (list(few), few.together) == (["b", "c"], 6)
