"""How acts travel: once for each key, in order, refused as data with a path, and answered from what they left."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields
from typing import Any

import pytest
from graphql import GraphQLError
from sqlalchemy import insert

from spm_graph.actions.result import Result
from spm_graph.domain.problem import ProblemCode
from spm_graph.graph.commands import Deployment, result_of, transacted
from spm_graph.graph.exchange import Asked, Kind
from spm_graph.graph.limits import Limits
from spm_graph.graph.mutations import MUTATIONS, mutation_type
from spm_graph.graph.operation import Operations
from spm_graph.graph.schema import build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.reading.answer import Reads
from spm_graph.reading.document import Invalid
from spm_graph.store import clock
from spm_graph.store.database import Database, Transaction
from spm_graph.store.history import effective
from spm_graph.store.tables import rep, reporting_line
from spm_graph.store.visibility import Actor
from tests.api.conftest import OPERATOR, Client, Serving
from tests.store.test_history import NEW_YEAR

SCHEMA = core(build(IncentiveTypes.of([]), mutation_type))


def sale(key: str, amount: str, **more: Any) -> dict[str, Any]:
    """An order of Ana's."""
    ana = {"externalId": "ana"}
    return {"externalId": key, "kind": "ORDER", "dated": "2017-03-01", "amount": amount, "rep": ana, **more}


async def ready(administrator: Client) -> None:
    """A calendar, a measure and Ana."""
    await administrator.do("periodsCreate", "period { name }", {"year": 2017})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    await administrator.do("repUpsert", "rep { name }", {"externalId": "ana", "name": "Ana"})


async def test_a_repeated_key_gets_the_same_answer_and_acts_once(server: Serving, administrator: Client) -> None:
    await ready(administrator)
    given = sale("t", "100", idempotencyKey="k")
    first = await administrator.do("transactionRecord", "transaction { id amount { amount } }", given)
    again = await administrator.do("transactionRecord", "transaction { id amount { amount } }", given)
    assert again == first
    assert await server.database.pool.fetchval("select position from clock") == int(first["position"])


async def test_a_key_used_at_once_from_two_places_acts_once(server: Serving, administrator: Client) -> None:
    await ready(administrator)
    before = await server.database.pool.fetchval("select position from clock")
    answers = await asyncio.gather(
        *(administrator.do("transactionRecord", "transaction { id }", sale("t", "100", idempotencyKey="k")) for _ in range(6))
    )
    assert all(answer == answers[0] for answer in answers)
    assert await server.database.pool.fetchval("select position from clock") == before + 1


async def test_nothing_is_done_where_a_variable_makes_no_valid_input(server: Serving, administrator: Client) -> None:
    before = await server.database.pool.fetchval("select position from clock")
    acts = """mutation ($key: String) {
      a: measureSet(input: {name: "bookings"}) { position }
      b: opportunityMove(input: {opportunity: {externalId: $key}, stage: "Won"}) { position }
    }"""
    for variables in ({}, {"key": None}):
        ((error, *more),) = (await administrator.answer(acts, **variables)).json().values()
        assert (error["locations"], more) == ([{"line": 3, "column": 47}], [])
        assert "OneOf Input Object type 'Ref'" in error["message"]
    assert await server.database.pool.fetchval("select position from clock") == before


@pytest.mark.parametrize(
    ("shows", "message", "path"),
    [
        ("reports(first: 1001) { totalCount nodes { id } }", "A page has from 0 to 1000 rows, not 1001.", ["a", "rep", "reports", "first"]),
        ('reports(after: "x") { nodes { id } }', "The cursor is not one of this page and order.", ["a", "rep", "reports", "after"]),
        ("name @include(if: $named)", "Expected a value of type Boolean!, but the variable $named is null.", None),
    ],
)
async def test_nothing_is_done_where_what_it_is_to_show_can_t_be_read(
    server: Serving, administrator: Client, shows: str, message: str, path: list[str] | None
) -> None:
    before = await server.database.pool.fetchval("select position from clock")
    acts = f"""mutation ($named: Boolean = true) {{
      measureSet(input: {{name: "bookings"}}) {{ position }}
      a: repUpsert(input: {{externalId: "ana", name: "Ana"}}) {{ position rep {{ id {shows} }} }}
      __typename @skip(if: $named)
    }}"""
    ((error,), *more) = (await administrator.answer(acts, named=None if "$named" in shows else False)).json().values()
    assert (error["message"], error.get("path"), more) == (message, path, [])
    assert await server.database.pool.fetchval("select position from clock") == before


async def test_what_is_done_is_not_said_to_be_refused(server: Serving, administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: object) -> bytes:
        raise Invalid([GraphQLError("The cursor has expired.", path=["measureSet"])])

    monkeypatch.setattr(Reads, "_run", refused)
    database = server.database
    operations = Operations(Deployment(database, IncentiveTypes.of([])), SCHEMA, MUTATIONS, Limits())
    answer = await operations.answer(Asked('mutation { measureSet(input: {name: "bookings"}) { position } }'), OPERATOR)
    assert answer.kind is Kind.ANSWERED
    assert json.loads(answer.body) == {"data": None, "errors": [{"message": "The cursor has expired.", "path": ["measureSet"]}]}
    assert await database.pool.fetchval("select name from measure") == "bookings"


async def test_a_key_with_another_input_is_refused(administrator: Client) -> None:
    await ready(administrator)
    await administrator.do("transactionRecord", "transaction { id }", sale("t", "100", idempotencyKey="k"))
    refused = await administrator.attempt("transactionRecord", "transaction { id }", sale("t", "200", idempotencyKey="k"))
    assert (refused["transaction"], refused["position"]) == (None, None)
    assert [(problem["code"], problem["path"]) for problem in refused["problems"]] == [("KEY_REUSED", ["idempotencyKey"])]


async def test_a_key_of_a_refused_act_is_free_again(administrator: Client) -> None:
    await ready(administrator)
    refused = await administrator.attempt("transactionRecord", "", sale("t", "100.001", idempotencyKey="k"))
    assert refused["problems"] == [
        {"code": "INVALID", "message": "100.001 is no amount of USD; expected steps of 0.01", "path": ["amount"]}
    ]
    await administrator.do("transactionRecord", "transaction { id }", sale("t", "100.01", idempotencyKey="k"))


async def test_several_acts_in_a_document_are_done_in_order_each_for_itself(administrator: Client) -> None:
    await ready(administrator)
    data = await administrator.ask(
        """
        mutation {
          first: repUpsert(input: {externalId: "bo", name: "Bo"}) { rep { name } problems { code } position }
          second: managerSet(input: {rep: {externalId: "bo"}, manager: {externalId: "nobody"}, starts: "2018-02-01"}) {
            rep { name } problems { code path } position
          }
          third: repUpsert(input: {externalId: "bo", name: "Bo Two"}) { rep { name } position }
        }
        """
    )
    assert data["first"]["rep"] == {"name": "Bo"}
    assert data["second"] == {"rep": None, "problems": [{"code": "NOT_FOUND", "path": ["manager", "externalId"]}], "position": None}
    assert data["third"]["rep"] == {"name": "Bo Two"}
    assert int(data["third"]["position"]) == int(data["first"]["position"]) + 1


async def test_every_fault_of_an_input_is_told_with_its_path(administrator: Client) -> None:
    await ready(administrator)
    component = {
        "name": "Commission",
        "measure": "bookings",
        "config": {"tieredCommission": {"tiers": [{"starts": "0", "rate": "0.1"}, {"starts": "0", "rate": "0.2"}]}},
    }
    refused = await administrator.attempt("planCreate", "plan { id }", {"name": "P", "starts": "2017-01-01", "components": [component]})
    (problem,) = refused["problems"]
    assert problem["path"] == ["components", "0", "config", "tieredCommission"]
    assert "each tier must start above the one before it" in problem["message"]


async def test_a_stale_revision_is_a_remark_beside_the_object(administrator: Client) -> None:
    await ready(administrator)
    await administrator.do("transactionRecord", "transaction { id }", sale("t", "100", revision=7))
    answer = await administrator.attempt("transactionRecord", "transaction { amount { amount } }", sale("t", "999", revision=6))
    assert answer["transaction"] == {"amount": {"amount": "100.00"}}
    assert [problem["code"] for problem in answer["problems"]] == ["STALE_REVISION"]


async def test_what_an_act_forgot_to_check_the_constraints_refuse_as_a_problem(database: Database) -> None:
    async def forgetful(tx: Transaction, actor: Actor, command: object) -> Result:
        position = await clock.tick(tx, actor.name, "forgetful")
        keys = [await tx.scalar(insert(rep).values(name=name, currency="USD").returning(rep.c.id)) for name in ("Ana", "Bo")]
        for _ in range(2):
            line = {"rep_id": keys[0], "manager_id": keys[1], "effective": effective(NEW_YEAR, None)}
            await tx.execute(insert(reporting_line).values(line))
        return Result(position, {})

    result = await result_of(transacted(forgetful)(Deployment(database, IncentiveTypes.of([])), OPERATOR, None, None))
    assert [problem.code for problem in result.problems] == [ProblemCode.OVERLAPS]
    assert await database.pool.fetchval("select count(*) from rep") == 0
    assert await database.pool.fetchval("select position from clock") == 0


async def test_records_are_imported_as_files_are_with_a_problem_for_each_bad_one(administrator: Client) -> None:
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    deal = {"owner": "ana", "stage": "Won", "forecastCategory": "CLOSED", "probability": "1", "outcome": "WON", "closedOn": "2017-03-01"}
    given = {
        "reps": [{"externalId": "ana", "name": "Ana", "manager": "bo"}, {"externalId": "bo", "name": "Bo"}],
        "opportunities": [
            {"externalId": "d1", "name": "Deal", "amount": "100", **deal},
            {"externalId": "d2", "name": "Deal", **deal},
            {"externalId": "d3", "name": "Deal", "amount": "1", **deal, "owner": "nobody"},
        ],
    }
    counts = "counts { noun read new changed unchanged bad }"
    strict = await administrator.attempt("recordsImport", counts, {**given, "strict": True})
    assert (strict["position"], [problem["path"] for problem in strict["problems"]]) == (
        None,
        [["opportunities", "1", "amount"], ["opportunities", "2", "owner"]],
    )
    loaded = await administrator.attempt("recordsImport", counts, given)
    assert loaded["counts"] == [
        {"noun": "reps", "read": 2, "new": 2, "changed": 0, "unchanged": 0, "bad": 0},
        {"noun": "opportunities", "read": 3, "new": 1, "changed": 0, "unchanged": 0, "bad": 2},
    ]
    assert loaded["problems"][0]["message"] == '"" is no amount; expected what was won, because the outcome is WON'
    again = await administrator.attempt("recordsImport", counts, given)
    assert (again["position"], again["counts"][1]["unchanged"]) == (None, 1)
    found = await administrator.ask('{ rep(ref: {externalId: "ana"}) { credits { nodes { amount { amount } } } } }')
    assert found["rep"]["credits"]["nodes"] == [{"amount": {"amount": "100.00"}}]


def test_an_act_that_creates_what_no_key_of_the_client_names_or_decides_about_money_takes_an_idempotency_key() -> None:
    takes = {name for name, mutation in MUTATIONS.items() if "idempotency_key" in {field.name for field in fields(mutation.command)}}
    assert takes >= {"planCreate", "holdPlace", "disputeOpen", "earningAdjust", "debtWriteOff", "recordsImport"}
    assert takes >= {"adjustmentApprove", "holdRelease", "payoutApprove", "runPost", "periodClose"}
    # What is told only once is kept nowhere, and so can't be told again.
    assert not takes & {name for name, mutation in MUTATIONS.items() if mutation.tells.keys() & {"token", "secret"}}


async def test_a_hold_is_placed_once_for_each_key(server: Serving, administrator: Client) -> None:
    await ready(administrator)
    given = {"reason": "wait", "rep": {"externalId": "ana"}, "idempotencyKey": "k"}
    first = await administrator.do("holdPlace", "hold { id }", given)
    assert await administrator.do("holdPlace", "hold { id }", given) == first
    refused = await administrator.attempt("holdPlace", "", {**given, "reason": "no"})
    assert [(problem["code"], problem["path"]) for problem in refused["problems"]] == [("KEY_REUSED", ["idempotencyKey"])]
    second = await administrator.do("holdPlace", "hold { id }", {**given, "idempotencyKey": "l"})
    assert [first["hold"]["id"], second["hold"]["id"]] == ["hold_1", "hold_2"]
    hold = second["hold"]["id"]
    released = [await administrator.do("holdRelease", "hold { id }", {"hold": hold, "idempotencyKey": "m"}) for _ in range(2)]
    assert released[0] == released[1]
