"""Answers queries: a document finds its plan, the plan is one statement, and PostgreSQL's text is the response.

    reads = Reads(schema)
    request = reads.request(text, operation_name, variables)     # raises Invalid
    body = await reads.query(database, actor, request)           # b'{"data":…}'

After a mutation has acted, `payload` answers the selection on its payload from a row of values.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import asyncpg
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from spm_graph.domain.terms import Grant
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .arguments import Inputs, Symbols
from .aside import aside
from .compile import Compiler
from .declarations import COLUMNS, SOURCE, Source
from .document import Invalid, Remembered
from .introspection import introspected
from .json_text import concat
from .overtime import TimedOut
from .reckoning import MARK, SAID, Reckon, Reckoning, fresh_mark, marked
from .refusing import refusing
from .request import Plan, Request, Requests
from .rows import VirtualRow
from .selection import Document
from .statement import Statement

WIDENING = frozenset({Grant.SEE_ALL, Grant.PLAN, Grant.RUN, Grant.ADMIN})
"""The grants that change what is visible; actors that share these share statements."""

NOTHING: Mapping[str, Any] = {}

MOST_DESCRIPTION = 10_000_000
"""How many characters that describe the schema are remembered: all of it takes half a million."""


class Reads(Requests):
    """Answers the queries of one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        values: Mapping[str, Any] | None = None,
        reckon: Mapping[str, Reckon] | None = None,
        **reading: Any,
    ) -> None:
        """`values` are JSON values that the schema itself brings; `reckon` has what Python says of rows, by the names that the
        declarations give it. What else is given is how requests are read.
        """
        super().__init__(schema, **reading)
        self.values = values or {}
        self.reckon = reckon or {}
        self.sources = _sources(schema)
        self.descriptions: Remembered[tuple[str, str | None], Mapping[str, str]] = Remembered(
            100, MOST_DESCRIPTION, lambda _, texts: sum(map(len, texts.values()))
        )
        """What was said of the schema, by documents and the names of their operations."""

    async def query(self, database: Database, actor: Actor, request: Request) -> bytes:
        """The response, `{"data": …}`, from one snapshot. Raises Invalid for an argument that can't be used."""
        plan = request.planned.get(actor.grants)
        if plan is None:
            plan = request.planned[actor.grants] = self.query_plan(actor, request)
        if not plan.executed:
            return b'{"data":' + await self._read(database, actor, request, plan, NOTHING) + b"}"
        executed = await aside(partial(self._described, request, plan))
        if plan.only_executed:
            return b'{"data":{' + ",".join(f'"{key}":{text}' for key, text in executed.items()).encode() + b"}}"
        return b'{"data":' + await self._read(database, actor, request, plan, executed) + b"}"

    def query_plan(self, actor: Actor, request: Request) -> Plan:
        """The plan of a query: its statement, and what is executed beside it."""
        return self.plan(actor, request, ("query",), lambda compiler: self._query(compiler, request))

    async def payload(
        self, database: Database, actor: Actor, request: Request, nodes: Sequence[FieldNode], values: Mapping[str, Any]
    ) -> bytes:
        """The JSON of what a mutation's field, written at `nodes`, selects of its payload, read from these values.

        They are the columns that the payload's type declares; columns of type jsonb take any JSON value.
        """
        return await self._read(database, actor, request, self.payload_plan(actor, request, nodes), values)

    def prepare(self, database: Database, actor: Actor, request: Request, nodes: Sequence[FieldNode]) -> None:
        """Make ready what will read a payload. Raises Invalid for what can't be read, while nothing is done yet."""
        self.asked_values(database, actor, request, self.payload_plan(actor, request, nodes))

    def payload_plan(self, actor: Actor, request: Request, nodes: Sequence[FieldNode]) -> Plan:
        """The plan of what a mutation's field selects of its payload."""
        key = nodes[0].alias.value if nodes[0].alias else nodes[0].name.value
        return self.plan(actor, request, ("payload", key), lambda compiler: self._payload(compiler, key, nodes))

    def selections(self, request: Request) -> dict[str, list[FieldNode]]:
        """The fields at the root of the operation, by response key. Raises Invalid for a directive that can't be obeyed."""
        root = self.schema.get_root_type(request.operation.kind)
        assert root is not None
        try:
            return self.document(request).selected(root, [request.operation.node.selection_set])
        except GraphQLError as error:
            raise Invalid([error]) from error

    def plan(self, actor: Actor, request: Request, which: tuple[str, ...], make: Callable[[Compiler], Plan]) -> Plan:
        """The plan of this part of the request for actors with these grants; `make` compiles it the first time."""
        grants = actor.grants & WIDENING
        try:
            return request.prepared.plans.found(
                (which, grants, request.shape),
                lambda: make(Compiler(self.document(request), Statement(grants, self.values), self.sources)),
            )
        except GraphQLError as error:
            raise Invalid([error]) from error
        except RecursionError as error:
            raise Invalid([GraphQLError("An argument is nested too deeply.")]) from error

    def document(self, request: Request) -> Document:
        """The document of a request, under its variables."""
        operation = request.operation
        return Document(self.schema, operation.fragments, Symbols(request.variables, operation.types, operation.starts))

    def _described(self, request: Request, plan: Plan) -> Mapping[str, str]:
        """What describes the schema, which stays as it is: all of it takes 0.3 s, and is worked out once for each document."""
        name = request.operation.node.name
        execute = partial(introspected, self.schema, request.operation, plan.executed, request.given)
        return execute() if request.given else self.descriptions.found((request.text, name.value if name else None), execute)

    def _query(self, compiler: Compiler, request: Request) -> Plan:
        query = self.schema.query_type
        assert query is not None
        selected = self.selections(request)
        executed = {key: nodes for key, nodes in selected.items() if nodes[0].name.value in {"__schema", "__type"}}
        if executed and executed.keys() == selected.keys():
            return Plan("", executed=executed, only_executed=True)
        pieces = compiler.object(query, VirtualRow({}), [request.operation.node.selection_set], ())
        return Plan(*compiler.statement.text(concat(pieces)), executed=executed, reckonings=compiler.reckonings)

    def _payload(self, compiler: Compiler, key: str, nodes: Sequence[FieldNode]) -> Plan:
        assert self.schema.mutation_type is not None
        payload = get_named_type(self.schema.mutation_type.fields[nodes[0].name.value].type)
        assert isinstance(payload, GraphQLObjectType)
        columns: Mapping[str, str] = getattr(payload.extensions["strawberry-definition"].origin, COLUMNS)
        row = VirtualRow({name: compiler.statement.source(name, postgresql) for name, postgresql in columns.items()})
        sets = [node.selection_set for node in nodes if node.selection_set]
        pieces = compiler.object(payload, row, sets, (key,))
        return Plan(*compiler.statement.text(concat(pieces)), reckonings=compiler.reckonings)

    def values_of(self, database: Database, actor: Actor, request: Request, plan: Plan, source: Mapping[str, Any]) -> list[Any]:
        """The bind parameters of a plan's statement. Raises Invalid for an argument that can't be used."""
        known = request.values.get(plan)
        if known is None:
            known = self.asked_values(database, actor, request, plan)
        if not plan.passing:
            return known
        inputs = Inputs(request.variables, request.literals.values, actor, database.today(), source)
        values = list(known)
        for index in plan.passing:
            values[index] = plan.reads[index](inputs)
        return values

    def asked_values(self, database: Database, actor: Actor, request: Request, plan: Plan) -> list[Any]:
        """Those that depend on nothing but the request, read once for each; null stands for the others. Raises Invalid."""
        inputs = Inputs(request.variables, request.literals.values, actor, database.today(), NOTHING)
        try:
            known = [None if index in plan.passing else read(inputs) for index, read in enumerate(plan.reads)]
        except GraphQLError as error:
            raise Invalid([error]) from error
        request.values[plan] = known
        return known

    def _read(self, database: Database, actor: Actor, request: Request, plan: Plan, source: Mapping[str, Any]) -> Awaitable[bytes]:
        """What a plan's statement answers, and what Python says beside it, as it is at one moment."""
        return (self._run_at_one_moment if plan.reckonings else self._run)(database, actor, request, plan, source)

    async def _run_at_one_moment(self, database: Database, actor: Actor, request: Request, plan: Plan, source: Mapping[str, Any]) -> bytes:
        async with database.moment() as moment:
            return await self._run(moment, actor, request, plan, source)

    async def _run(self, database: Database, actor: Actor, request: Request, plan: Plan, source: Mapping[str, Any]) -> bytes:
        mark = fresh_mark() if plan.reckonings else ""
        given = {**source, MARK: mark} if mark else source
        values = self.values_of(database, actor, request, plan, given)
        try:
            text: str = await database.pool.fetchval(plan.sql, *values)
        except asyncpg.QueryCanceledError as error:
            raise TimedOut(database.read_seconds) from error
        except asyncpg.PostgresError:
            with refusing():
                raise
        if mark:
            for written, number, key in marked(text, mark):
                said = await self._reckoned(database, actor, request, plan.reckonings[number], key)
                text = text.replace(written, said, 1)
        return text.encode()

    async def _reckoned(self, database: Database, actor: Actor, request: Request, reckoning: Reckoning, key: int) -> str:
        """The JSON of what is selected of what Python says of a row."""
        inputs = Inputs(request.variables, request.literals.values, actor, database.today(), {})
        try:
            arguments = reckoning.arguments(inputs)
        except GraphQLError as error:
            raise Invalid([error]) from error
        said = await self.reckon[reckoning.name](database, actor, key, arguments, reckoning.selects)

        def compiled(compiler: Compiler) -> Plan:
            return Plan(*compiler.statement.text(concat(compiler.said(reckoning.site))), reckonings=compiler.reckonings)

        plan = self.plan(actor, request, ("reckoned", *reckoning.site.path), compiled)
        return (await self._run(database, actor, request, plan, {SAID: said})).decode()


def _sources(schema: GraphQLSchema) -> dict[str, Source]:
    """Where the objects of each type come from, by the type's name."""
    found: dict[str, Source] = {}
    for name, type_ in schema.type_map.items():
        definition = type_.extensions.get("strawberry-definition")
        source = getattr(getattr(definition, "origin", None), SOURCE, None)
        if source is not None:
            found[name] = source
    return found
