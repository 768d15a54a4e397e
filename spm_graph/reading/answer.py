"""Answers queries: a document finds its plan, the plan is one statement, and PostgreSQL's text is the response.

    reads = Reads(schema)
    request = reads.request(text, operation_name, variables)     # raises Invalid
    body = await reads.query(database, actor, request)           # b'{"data":…}'

After a mutation has acted, `payload` answers the selection on its payload from a row of values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import asyncpg
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
    ValuesOfCorrectTypeRule,
    get_named_type,
    get_variable_values,
    parse,
    validate,
)
from graphql.validation.rules.overlapping_fields_can_be_merged import MAX_COMPLEXITY_BUDGET

from spm_graph.domain.terms import Grant
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .arguments import Inputs, LiteralInvalidError, Symbols, shape
from .aside import aside
from .compile import Compiler
from .declarations import COLUMNS, SOURCE, Source
from .document import Invalid, Literals, Operation, Remembered, chosen, literals
from .introspection import introspected
from .json_text import concat
from .overtime import TimedOut
from .reckoning import MARK, SAID, Reckon, Reckoning, fresh_mark, marked
from .refusing import refusing
from .rows import VirtualRow
from .selection import Document
from .statement import Read, Statement

MOST_ERRORS = 50
"""How many of the variables' errors are told."""

TOO_ALIKE = GraphQLError(
    f"comparisons of fields that have one name exceed the limit of {MAX_COMPLEXITY_BUDGET}: select each field once",
    extensions={"code": "LIMIT_EXCEEDED"},
)
"""What validation stops at, in words: it compares each two fields that have to be merged."""

WIDENING = frozenset({Grant.SEE_ALL, Grant.PLAN, Grant.RUN, Grant.ADMIN})
"""The grants that change what is visible; actors that share these share statements."""

Measure = Callable[[DocumentNode, Mapping[str, Any], str | None], frozenset[str]]
"""Refuses with a GraphQLError what is too large; the variables whose values that depends on."""

Weigh = Callable[[OperationType, Mapping[str, Any]], None]
"""Refuses with a GraphQLError variables that are too many for an operation of that kind."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement, how its bind parameters are read, and the root fields that are executed beside it."""

    sql: str
    reads: Sequence[Read]
    executed: Mapping[str, Sequence[FieldNode]]
    only_executed: bool
    reckonings: Sequence[Reckoning] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of a valid document, with the plans made for it so far."""

    operation: Operation
    sized_by: frozenset[str]
    sizes: Remembered[Hashable, frozenset[str]]
    plans: Remembered[Hashable, Plan]


@dataclass(frozen=True, slots=True)
class Family:
    """The documents that differ only in literals."""

    document: DocumentNode
    starts: Mapping[int, int]
    operations: dict[str | None, Prepared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A valid request: what to do, with which values."""

    text: str
    operation: Operation
    prepared: Prepared
    variables: Mapping[str, Any]
    given: Mapping[str, Any]
    literals: Literals
    shape: Hashable


class Reads:
    """Answers the queries of one schema; keeps a bounded number of documents and plans."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        read: Callable[[str], DocumentNode] = parse,
        measure: Measure = lambda document, variables, name: frozenset(),
        weigh: Weigh = lambda kind, variables: None,
        values: Mapping[str, Any] | None = None,
        reckon: Mapping[str, Reckon] | None = None,
        most: int = 1000,
    ) -> None:
        """`read` parses a document, `measure` refuses a large one, and `weigh` variables that are too many.

        `values` are JSON values that the schema itself brings. `reckon` has what Python says of rows, by the names that the
        declarations give it.
        """
        self.schema = schema
        self.read = read
        self.measure = measure
        self.weigh = weigh
        self.values = values or {}
        self.reckon = reckon or {}
        self.most = most
        self.sources = _sources(schema)
        self.texts: Remembered[str, Literals] = Remembered(most)
        self.families: Remembered[Hashable, Family] = Remembered(most)

    def request(self, text: str, operation_name: str | None = None, variables: Mapping[str, Any] | None = None) -> Request:
        """Read a request, or raise Invalid with the errors for its author. What was seen before is not parsed again."""
        given = variables or {}
        taken = self.texts.found(text, lambda: literals(text))
        family = self.families.found(taken.name, lambda: self._family(text, taken, given, operation_name))
        try:
            prepared = family.operations.get(operation_name)
            if prepared is None:
                prepared = family.operations[operation_name] = self._prepared(family, given, operation_name)
            self.weigh(prepared.operation.kind, given)
            size = tuple(_sized(given.get(name)) for name in sorted(prepared.sized_by))
            prepared.sizes.found(size, lambda: self.measure(family.document, given, operation_name))
        except GraphQLError as error:
            raise Invalid([error]) from error
        operation = prepared.operation
        known: Mapping[str, Any] = {}
        if operation.types:
            coerced = get_variable_values(self.schema, operation.node.variable_definitions or (), dict(given), MOST_ERRORS)
            if isinstance(coerced, list):
                raise Invalid(coerced)
            known = coerced.coerced
        shapes = tuple((name, shape(operation.types[name], value)) for name, value in known.items() if name in operation.shaping)
        return Request(text, operation, prepared, known, given, taken, shapes)

    def knows(self, text: str) -> bool:
        """Whether a document was found valid before: only its variables are looked at again."""
        taken = self.texts.get(text)
        return taken is not None and taken.name in self.families

    def _family(self, text: str, taken: Literals, variables: Mapping[str, Any], operation_name: str | None) -> Family:
        try:
            document = self.read(text)
            self.measure(document, variables, operation_name)
        except GraphQLError as error:
            raise Invalid([error]) from error
        if errors := validate(self.schema, document):
            raise Invalid([TOO_ALIKE if each.message == "Validation aborted." else each for each in errors])
        return Family(document, taken.starts)

    def _prepared(self, family: Family, variables: Mapping[str, Any], operation_name: str | None) -> Prepared:
        operation = chosen(self.schema, family.document, operation_name, family.starts)
        sized_by = self.measure(family.document, variables, operation_name)
        return Prepared(operation, sized_by, Remembered(100), Remembered(100))

    async def query(self, database: Database, actor: Actor, request: Request) -> bytes:
        """The response, `{"data": …}`, from one snapshot. Raises Invalid for an argument that can't be used."""
        plan = self.query_plan(actor, request)
        executed = await aside(partial(introspected, self.schema, request.operation, plan.executed, request.given)) if plan.executed else {}
        if plan.only_executed:
            return b'{"data":{' + ",".join(f'"{key}":{text}' for key, text in executed.items()).encode() + b"}}"
        return b'{"data":' + await self._run(database, actor, request, plan, executed) + b"}"

    def query_plan(self, actor: Actor, request: Request) -> Plan:
        """The plan of a query: its statement, and what is executed beside it."""
        return self.plan(actor, request, ("query",), lambda compiler: self._query(compiler, request))

    async def payload(
        self, database: Database, actor: Actor, request: Request, nodes: Sequence[FieldNode], values: Mapping[str, Any]
    ) -> bytes:
        """The JSON of what a mutation's field, written at `nodes`, selects of its payload, read from these values.

        They are the columns that the payload's type declares; columns of type jsonb take any JSON value.
        """
        key = nodes[0].alias.value if nodes[0].alias else nodes[0].name.value
        plan = self.plan(actor, request, ("payload", key), lambda compiler: self._payload(compiler, key, nodes))
        return await self._run(database, actor, request, plan, values)

    def selections(self, request: Request) -> dict[str, list[FieldNode]]:
        """The fields at the root of the operation, by response key."""
        root = self.schema.get_root_type(request.operation.kind)
        assert root is not None
        return self.document(request).selected(root, [request.operation.node.selection_set])

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

    def document(self, request: Request) -> Document:
        """The document of a request, under its variables."""
        operation = request.operation
        return Document(self.schema, operation.fragments, Symbols(request.variables, operation.types, operation.starts))

    def _query(self, compiler: Compiler, request: Request) -> Plan:
        query = self.schema.query_type
        assert query is not None
        selected = self.selections(request)
        executed = {key: nodes for key, nodes in selected.items() if nodes[0].name.value in {"__schema", "__type"}}
        if executed.keys() == selected.keys():
            return Plan("", (), executed, True)
        pieces = compiler.object(query, VirtualRow({}), [request.operation.node.selection_set], ())
        return Plan(*compiler.statement.text(concat(pieces)), executed, False, compiler.reckonings)

    def _payload(self, compiler: Compiler, key: str, nodes: Sequence[FieldNode]) -> Plan:
        assert self.schema.mutation_type is not None
        payload = get_named_type(self.schema.mutation_type.fields[nodes[0].name.value].type)
        assert isinstance(payload, GraphQLObjectType)
        columns: Mapping[str, str] = getattr(payload.extensions["strawberry-definition"].origin, COLUMNS)
        row = VirtualRow({name: compiler.statement.source(name, postgresql) for name, postgresql in columns.items()})
        sets = [node.selection_set for node in nodes if node.selection_set]
        pieces = compiler.object(payload, row, sets, (key,))
        return Plan(*compiler.statement.text(concat(pieces)), {}, False, compiler.reckonings)

    def values_of(self, database: Database, actor: Actor, request: Request, plan: Plan, source: Mapping[str, Any]) -> list[Any]:
        """The bind parameters of a plan's statement. Raises Invalid for an argument that can't be used."""
        inputs = Inputs(request.variables, request.literals.values, actor, database.today(), source)
        try:
            return [read(inputs) for read in plan.reads]
        except (GraphQLError, LiteralInvalidError) as error:
            raise self._unusable(request, error) from error

    def _unusable(self, request: Request, error: GraphQLError | LiteralInvalidError) -> Invalid:
        """What is wrong with an argument's value. The rest of the document has been found valid."""
        if isinstance(error, GraphQLError):
            return Invalid([error])
        return Invalid(validate(self.schema, self.read(request.text), [ValuesOfCorrectTypeRule]))

    async def _run(self, database: Database, actor: Actor, request: Request, plan: Plan, source: Mapping[str, Any]) -> bytes:
        mark = fresh_mark() if plan.reckonings else ""
        given = {**source, MARK: mark} if mark else source
        values = self.values_of(database, actor, request, plan, given)
        try:
            async with database.pool.acquire() as connection:
                text: str = await connection.fetchval(plan.sql, *values)
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
        except (GraphQLError, LiteralInvalidError) as error:
            raise self._unusable(request, error) from error
        said = await self.reckon[reckoning.name](database, actor, key, arguments, reckoning.selects)

        def compiled(compiler: Compiler) -> Plan:
            return Plan(*compiler.statement.text(concat(compiler.said(reckoning.site))), {}, False, compiler.reckonings)

        plan = self.plan(actor, request, ("reckoned", *reckoning.site.path), compiled)
        return (await self._run(database, actor, request, plan, {SAID: said})).decode()


def _sized(value: object) -> int | None:
    """What a page's size depends on: a number, or how many ids there are. It is kept, so it must be small."""
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _sources(schema: GraphQLSchema) -> dict[str, Source]:
    """Where the objects of each type come from, by the type's name."""
    found: dict[str, Source] = {}
    for name, type_ in schema.type_map.items():
        definition = type_.extensions.get("strawberry-definition")
        source = getattr(getattr(definition, "origin", None), SOURCE, None)
        if source is not None:
            found[name] = source
    return found
