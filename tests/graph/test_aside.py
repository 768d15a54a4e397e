"""Large requests are read beside the event loop, by one thread: nobody waits for another's megabyte."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from spm_graph.domain.terms import Grant
from spm_graph.graph import operation
from spm_graph.graph.commands import Deployment
from spm_graph.graph.exchange import Asked
from spm_graph.graph.limits import Limits
from spm_graph.graph.mutations import MUTATIONS, mutation_type
from spm_graph.graph.operation import Operations
from spm_graph.graph.schema import build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.reading import introspection, request
from spm_graph.reading.aside import LONG_DOCUMENT, MANY_VALUES, many
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

ADMINISTRATOR = Actor("administrator", None, frozenset(Grant))
TYPES = IncentiveTypes.of([])
SCHEMA = core(build(TYPES, mutation_type))
IMPORT = "mutation ($input: RecordsImportInput!) { recordsImport(input: $input) { counts { noun new } problems { code } } }"
COUNT = "query ($stages: [String!]) { opportunities(where: {stage: $stages}) { totalCount } }"
LONG = f"{{ company {{ name {'currency ' * (LONG_DOCUMENT // 9)}}} }}"


@pytest.fixture
def operations(database: Database) -> Operations:
    """What answers requests: it has seen none yet."""
    return Operations(Deployment(database, TYPES), SCHEMA, MUTATIONS, Limits())


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What is done that may take long, and whether the event loop's own thread did it."""
    found: list[tuple[str, bool]] = []

    def noted(module: Any, name: str) -> None:
        function: Callable[..., Any] = getattr(module, name)

        def called(*arguments: Any, **options: Any) -> Any:
            found.append((name, threading.current_thread() is threading.main_thread()))
            return function(*arguments, **options)

        monkeypatch.setattr(module, name, called)

    for name in ("validate", "get_variable_values"):
        noted(request, name)
    noted(operation, "decode")
    noted(introspection, "execute_sync")
    return found


async def data(operations: Operations, document: str, **variables: Any) -> Any:
    """The data of an answer."""
    answered = json.loads((await operations.answer(Asked(document, None, variables), ADMINISTRATOR)).body)
    assert "errors" not in answered, answered
    return answered["data"]


def products(count: int) -> dict[str, Any]:
    """An import of so many products."""
    return {"products": [{"externalId": f"p{number}", "name": f"Product {number}"} for number in range(count)]}


async def test_a_small_request_never_leaves_the_loop(operations: Operations, done: list[tuple[str, bool]]) -> None:
    assert await data(operations, COUNT, stages=["Won"]) == {"opportunities": {"totalCount": 0}}
    await data(operations, IMPORT, input=products(3))
    assert done == [(name, True) for name in ("validate", "get_variable_values", "validate", "get_variable_values", "decode")]


async def test_a_long_document_is_validated_aside_and_once(operations: Operations, done: list[tuple[str, bool]]) -> None:
    for _ in range(2):
        assert (await data(operations, LONG))["company"]["name"] == "Company"
    assert done == [("validate", False)]


async def test_a_long_document_that_is_wrong_is_never_validated_on_the_loop(operations: Operations, done: list[tuple[str, bool]]) -> None:
    for _ in range(2):
        refused = json.loads((await operations.answer(Asked(LONG.replace("name", "nothing"), None, None), ADMINISTRATOR)).body)
        assert refused["errors"][0]["message"] == "Cannot query field 'nothing' on type 'Company'."
    assert done == [("validate", False)] * 2


async def test_many_values_are_looked_at_aside_and_once(operations: Operations, done: list[tuple[str, bool]]) -> None:
    assert await data(operations, COUNT, stages=["Won"] * MANY_VALUES) == {"opportunities": {"totalCount": 0}}
    payload = (await data(operations, IMPORT, input=products(MANY_VALUES)))["recordsImport"]
    assert payload == {"counts": [{"noun": "products", "new": MANY_VALUES}], "problems": []}
    assert done == [(name, False) for name in ("validate", "get_variable_values", "validate", "get_variable_values", "decode")]


async def test_what_describes_the_schema_is_gathered_aside(operations: Operations, done: list[tuple[str, bool]]) -> None:
    found = await data(operations, "{ __schema { queryType { name } } company { name } }")
    assert found == {"__schema": {"queryType": {"name": "Query"}}, "company": {"name": "Company"}}
    assert done == [("validate", True), ("execute_sync", False)]


async def test_while_a_large_request_is_read_others_are_answered(operations: Operations, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = threading.Event(), threading.Event()
    validate = request.validate

    def slow(*given: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            assert may_end.wait(60)
        return validate(*given)

    monkeypatch.setattr(request, "validate", slow)
    large = asyncio.ensure_future(data(operations, LONG))
    assert await asyncio.to_thread(begun.wait, 60)
    assert await data(operations, "{ company { currency } }") == {"company": {"currency": "USD"}}
    assert not large.done()
    may_end.set()
    assert (await large)["company"]["name"] == "Company"


async def test_a_document_that_is_too_long_is_not_even_looked_at(operations: Operations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "literals", lambda text: pytest.fail("it was cut into tokens"))
    answer = await operations.answer(Asked("{ company { name } } #" + "x" * 29_979), ADMINISTRATOR)
    assert json.loads(answer.body) == {
        "errors": [{"message": "characters 30001 exceeds the limit of 30000", "extensions": {"code": "LIMIT_EXCEEDED"}}]
    }
    assert len(operations.reads.texts) == 0


async def test_what_a_mutation_is_to_do_makes_no_plan_of_its_own(operations: Operations) -> None:
    for count in (1, 2, 5):
        await data(operations, IMPORT, input=products(count))
    (family,) = operations.reads.families.values()
    assert len(family.operations[None].plans) == 1
    shown = IMPORT.replace("{ code }", "{ code message @include(if: $wide) }").replace("($input", "($wide: Boolean!, $input")
    for wide in (True, False, True):
        await data(operations, shown, input=products(1), wide=wide)
    assert [len(each.operations[None].plans) for each in operations.reads.families.values()] == [1, 2]


@pytest.mark.parametrize(
    ("value", "are"),
    [
        (None, False),
        ({"ids": ["x"] * (MANY_VALUES - 3)}, False),
        ({"ids": ["x"] * (MANY_VALUES - 2)}, True),
        ({"a": [{"b": [1] * 10}] * 100}, True),
        ([[]] * 10, False),
    ],
)
def test_values_are_counted_at_any_depth(value: Any, are: bool) -> None:
    assert many(value) is are
