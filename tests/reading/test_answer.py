"""Answers: one statement each, introspection beside it, payloads of mutations, and a client that goes away."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, graphql_sync

from spm_graph.graph.nouns.problems import Problem
from spm_graph.graph.nouns.reps import Rep
from spm_graph.graph.scalars import Position
from spm_graph.graph.schema import brought, build, core
from spm_graph.reading.answer import Reads
from spm_graph.reading.fields import column, embedded, one, payload
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .conftest import SCHEMA, TYPES, Asking
from .fixture import ADMINISTRATOR, MANAGER, SELF
from .test_golden import GOLDEN, variables


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
async def test_an_operation_is_one_statement(ask: Asking, path: Any) -> None:
    await ask(path.read_text(), MANAGER, **variables(path))  # the driver looks up array types when it first meets them
    asked: list[str] = []
    async with ask.database.pool.acquire() as connection:
        connection.add_query_logger(lambda record: asked.append(record.query))
    await ask(path.read_text(), MANAGER, **variables(path))
    await asyncio.sleep(0)  # the driver tells its loggers a moment later
    assert len(asked) == 1


async def test_introspection_stands_where_it_was_asked_for(ask: Asking) -> None:
    text = '{ a: measures { name } __schema { queryType { name } } b: position t: __type(name: "Money") { fields { name } } __typename }'
    found = await ask(text)
    assert list(found) == ["a", "__schema", "b", "t", "__typename"]
    assert found["__schema"] == {"queryType": {"name": "Query"}}
    assert found["t"] == {"fields": [{"name": "amount"}, {"name": "currency"}]}
    assert found["b"] == "6"


async def test_introspection_mixes_with_data_under_fragments_aliases_and_directives(ask: Asking) -> None:
    text = """query Mixed($type: String! = "Rep", $wide: Boolean = false, $size: Int!) {
      ...Shape
      rep(ref: {externalId: "ana"}) {
        __typename first: opportunities(first: $size) { nodes { id } } two: opportunities(first: 2) { totalCount }
      }
      again: __type(name: "Money") @include(if: $wide) { name }
      ... @skip(if: $wide) { position }
    }
    fragment Shape on Query { type: __type(name: $type) { kind ...Named } __schema @skip(if: $wide) { mutationType { name } } }
    fragment Named on __Type { title: name fields @include(if: $wide) { name } }"""
    rep = {"__typename": "Rep", "first": {"nodes": [{"id": "opportunity_2"}]}, "two": {"totalCount": 2}}
    narrow = await ask(text, size=1)
    assert list(narrow) == ["type", "__schema", "rep", "position"]
    assert narrow == {"type": {"kind": "OBJECT", "title": "Rep"}, "__schema": {"mutationType": None}, "rep": rep, "position": "6"}
    wide = await ask(text, size=1, wide=True, type="Money")
    shape = {"kind": "OBJECT", "title": "Money", "fields": [{"name": "amount"}, {"name": "currency"}]}
    assert wide == {"type": shape, "rep": rep, "again": {"name": "Money"}}


async def test_nothing_selected_is_an_empty_answer(ask: Asking) -> None:
    text = "query Skipped($all: Boolean!) { position @skip(if: $all) __schema @skip(if: $all) { queryType { name } } }"
    assert await ask.text(text, all=True) == b'{"data":{}}'
    assert list(await ask(text, all=False)) == ["position", "__schema"]
    assert await ask('{ rep(ref: {externalId: "ana"}) { name @include(if: false) } }') == {"rep": {}}


async def test_the_whole_schema_can_be_introspected(ask: Asking) -> None:
    from graphql import get_introspection_query  # noqa: PLC0415

    text = get_introspection_query(descriptions=True, input_value_deprecation=True)
    expected: ExecutionResult = graphql_sync(core(SCHEMA), text)
    assert await ask(text) == expected.data


async def test_an_argument_is_never_a_part_of_the_statement(ask: Asking) -> None:
    nasty = "'; drop table rep; --\" \\ $1 {today} %s"
    text = "query Rep($key: String) { rep(ref: {externalId: $key}) { id } reps(where: {nameStarts: $key}) { nodes { id } } }"
    assert await ask(text, key=nasty) == {"rep": None, "reps": {"nodes": []}}
    assert "drop" not in ask.statement(text, key=nasty)


@payload(rep_id="bigint", problems="jsonb", position="bigint")
class RepUpsertPayload:
    """What came of it."""

    rep: Rep | None = one(None, "The rep.", where="{id} = {parent.rep_id}")
    problems: list[Problem] = embedded("{problems}", "Why not.")
    position: Position | None = column("position", "The position.")


@strawberry.type
class Mutation:
    """What can be done."""

    rep_upsert: RepUpsertPayload = strawberry.field(description="Do it.")


MUTABLE = core(build(TYPES, lambda config: Mutation))


async def answered(company: Database, actor: Actor, text: str, values: dict[str, Any], **given: Any) -> Any:
    """The payload of the one mutation in a document."""
    reads = Reads(MUTABLE, values=brought(TYPES))
    request = reads.request(text, None, given)
    ((key, nodes),) = reads.selections(request).items()
    assert key == "done"
    return json.loads(await reads.payload(company, actor, request, nodes, values))


DONE = """mutation Do($deep: Boolean = true) { done: repUpsert { __typename position problems { code message path }
    rep { id ... @include(if: $deep) { reports(deep: true, where: {nameStarts: "B"}) { nodes { name } } } } } }"""


async def test_a_payload_is_read_from_values(company: Database) -> None:
    assert await answered(company, MANAGER, DONE, {"rep_id": 2, "problems": [], "position": 17}) == {
        "__typename": "RepUpsertPayload",
        "position": "17",
        "problems": [],
        "rep": {"id": "rep_2", "reports": {"nodes": [{"name": "Bo\nBack\\slash"}]}},
    }


async def test_a_refusal_is_a_payload_with_problems(company: Database) -> None:
    problems = [{"code": "NOT_FOUND", "message": 'no rep "x"', "path": ["ref", "id"]}]
    found = await answered(company, MANAGER, DONE, {"rep_id": None, "problems": problems, "position": None}, deep=False)
    assert found == {"__typename": "RepUpsertPayload", "position": None, "problems": problems, "rep": None}


async def test_a_payload_shows_only_what_the_asker_may_see(company: Database) -> None:
    assert (await answered(company, SELF, DONE, {"rep_id": 2, "problems": [], "position": 17}))["rep"] is None


async def test_an_answer_is_of_one_snapshot(ask: Asking) -> None:
    found = await ask('{ position rep(ref: {externalId: "ana"}) { attainment(period: {name: "2026"}) { position } } }')
    assert found == {"position": "6", "rep": {"attainment": {"position": "6"}}}


async def test_a_client_that_goes_away_takes_its_query_with_it(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ask.reads.request("{ position }")
    await ask.reads.query(ask.database, ADMINISTRATOR, request)
    ((key, plan),) = request.planned.items()
    request.planned[key] = type(plan)("select pg_sleep(60)::text")
    task = asyncio.create_task(ask.reads.query(ask.database, ADMINISTRATOR, request))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(20):
        while (
            await ask.database.pool.fetchval("select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%'")
            > 1
        ):
            await asyncio.sleep(0.05)
