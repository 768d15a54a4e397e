"""What a client sends becomes a request: a valid document with values for its variables, read once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    OperationType,
    Undefined,
    ValuesOfCorrectTypeRule,
    get_variable_values,
    parse,
    validate,
    value_from_ast,
)
from graphql.validation.rules.overlapping_fields_can_be_merged import MAX_COMPLEXITY_BUDGET

from spm_graph.domain.terms import Grant

from .arguments import LIMIT_EXCEEDED, shape
from .document import Invalid, Literals, Operation, Remembered, chosen, literals, uses
from .reckoning import Reckoning
from .statement import Read

MOST_CHARACTERS = 2_000_000
"""How long the documents that are remembered may be together: parsed, one takes a hundred times as much memory."""

MOST_SQL = 1_000_000
"""How long the statements that are remembered of one operation may be together."""

MOST_ERRORS = 50
"""How many of the variables' errors are told."""

TOO_ALIKE = GraphQLError(
    f"comparisons of fields that have one name exceed the limit of {MAX_COMPLEXITY_BUDGET}: select each field once",
    extensions={"code": LIMIT_EXCEEDED},
)
"""What validation stops at, in words: it compares each two fields that have to be merged."""

Measure = Callable[[DocumentNode, Mapping[str, Any], str | None], frozenset[str]]
"""Refuses with a GraphQLError what is too large; the variables whose values that depends on."""

Weigh = Callable[[OperationType, Mapping[str, Any]], None]
"""Refuses with a GraphQLError variables that are too many for an operation of that kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A statement, how its bind parameters are read, and the root fields that are executed beside it.

    `passing` are the parameters whose values depend on more than the request: on who asks, when, and what a mutation did.
    """

    sql: str
    reads: Sequence[Read] = ()
    passing: Sequence[int] = ()
    executed: Mapping[str, Sequence[FieldNode]] = field(default_factory=dict)
    only_executed: bool = False
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
    uses: Sequence[tuple[int, GraphQLInputType]]
    """Of which types its literals are: each by its number, wherever it stands."""
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
    values: dict[Plan, list[Any]] = field(default_factory=dict, compare=False, repr=False)
    """By its plans, the values of those parameters that depend on nothing but the request."""
    planned: dict[frozenset[Grant], Plan] = field(default_factory=dict, compare=False, repr=False)
    """Its plans as a query, for those who asked it."""


class Requests:
    """Reads the requests on one schema; keeps a bounded number of documents and plans."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        read: Callable[[str], DocumentNode] = parse,
        measure: Measure = lambda document, variables, name: frozenset(),
        weigh: Weigh = lambda kind, variables: None,
        most: int = 1000,
    ) -> None:
        """`read` parses a document, `measure` refuses a large one, and `weigh` variables that are too many."""
        self.schema = schema
        self.read = read
        self.measure = measure
        self.weigh = weigh
        self.texts: Remembered[str, tuple[Literals, Family]] = Remembered(most, MOST_CHARACTERS, lambda text, _: len(text))
        """Valid documents, and what they are but for their literals."""
        self.families: Remembered[str, Family] = Remembered(most, MOST_CHARACTERS, lambda name, _: len(name))
        self.requests: Remembered[tuple[str, str | None], Request] = Remembered(most, MOST_CHARACTERS, lambda name, _: len(name[0]))
        """Those without variables, by their documents and the names of their operations."""

    def request(self, text: str, operation_name: str | None = None, variables: Mapping[str, Any] | None = None) -> Request:
        """Read a request, or raise Invalid with the errors for its author. What was seen before is not read again."""
        if variables:
            return self._request(text, operation_name, variables)
        return self.requests.found((text, operation_name), lambda: self._request(text, operation_name, {}))

    def _request(self, text: str, operation_name: str | None, given: Mapping[str, Any]) -> Request:
        taken, family = self.texts.found(text, lambda: self._document(text, given, operation_name))
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
        return text in self.texts

    def _document(self, text: str, variables: Mapping[str, Any], operation_name: str | None) -> tuple[Literals, Family]:
        taken = literals(text)
        family = self.families.found(taken.name, lambda: self._family(text, taken, variables, operation_name))
        if any(value_from_ast(taken.values[number], type_) is Undefined for number, type_ in family.uses):
            raise Invalid(validate(self.schema, self.read(text), [ValuesOfCorrectTypeRule]))
        return taken, family

    def _family(self, text: str, taken: Literals, variables: Mapping[str, Any], operation_name: str | None) -> Family:
        try:
            document = self.read(text)
            self.measure(document, variables, operation_name)
        except GraphQLError as error:
            raise Invalid([error]) from error
        if errors := validate(self.schema, document):
            raise Invalid([TOO_ALIKE if each.message == "Validation aborted." else each for each in errors])
        return Family(document, taken.starts, uses(self.schema, document, taken.starts))

    def _prepared(self, family: Family, variables: Mapping[str, Any], operation_name: str | None) -> Prepared:
        operation = chosen(self.schema, family.document, operation_name, family.starts)
        sized_by = self.measure(family.document, variables, operation_name)
        return Prepared(operation, sized_by, Remembered(100), Remembered(100, MOST_SQL, lambda _, plan: len(plan.sql)))


def _sized(value: object) -> float | None:
    """What a page's size depends on: a number, or how many ids there are. It is kept, so it must be small."""
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
