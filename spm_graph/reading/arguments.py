"""Arguments as the compiler sees them: which are given is known, their values are read when the statement runs.

An argument is None (an explicit null), a `Leaf` (a value read later), a list (input objects) or a mapping (an input
object); one that is not given is not there. What the SQL depends on is exactly what `shape` tells apart, so a statement
compiled for one set of variables serves all of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_non_null_type,
    value_from_ast,
)

from spm_graph.domain import ids
from spm_graph.store.visibility import Actor

Path: TypeAlias = tuple[str, ...]

LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
"""The code of what asks for too much: the message says which limit, and how far over."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one request brings: coerced variables, the document's literals, who asks and what day it is.

    `source` has the values of a virtual row, such as a mutation's outcome.
    """

    variables: Mapping[str, Any]
    literals: Sequence[ValueNode]
    actor: Actor
    today: date
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value read when the statement runs. `known` is today's, to be used only for what the shape tells apart."""

    read: Callable[[Inputs], Any]
    type: GraphQLInputType
    known: Any
    path: tuple[str, ...] = ()


class Given(dict[str, Any]):
    """An input object: the arguments that are given in it, by name, and the name of its type."""

    def __init__(self, type_: str, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self.type = type_


Argument = Leaf | Mapping[str, Any] | Sequence[Any] | None


def bare(type_: GraphQLInputType) -> GraphQLInputType:
    """The type without its exclamation mark."""
    found: GraphQLInputType = get_nullable_type(type_)  # type: ignore[assignment]
    return found


def shape(type_: GraphQLInputType, value: Any) -> Any:
    """What a variable's value changes in the SQL: which parts of it are given, words of closed vocabularies, and sizes of pages."""
    type_ = bare(type_)
    if value is None:
        return None
    if isinstance(type_, GraphQLList):
        if isinstance(get_named_type(type_), GraphQLInputObjectType):
            return tuple(shape(type_.of_type, item) for item in value)
        return "list"
    if isinstance(type_, GraphQLInputObjectType):
        given = ((name, field.type, value[name]) for name, field in type_.fields.items() if name in value)
        return tuple((name, None if part is None else shape(kind, part)) for name, kind, part in given)
    name = get_named_type(type_).name
    if isinstance(type_, GraphQLEnumType) or name in {"Boolean", "Int"}:
        return value
    return prefix_of(value) if name == "ID" else "given"


def _at(read: Callable[[Inputs], Any], key: str | int) -> Callable[[Inputs], Any]:
    return lambda inputs: read(inputs)[key]


class Symbols:
    """Turns argument nodes of one document, under one set of variables, into arguments."""

    def __init__(self, variables: Mapping[str, Any], types: Mapping[str, GraphQLInputType], literals: Mapping[int, int]) -> None:
        self.variables = variables
        self.types = types
        self.literals = literals
        """Which literal of the document starts at an offset in its text."""

    def argument(self, node: ValueNode, type_: GraphQLInputType, path: Path) -> Argument:
        """The argument written at a node. A variable with a default may stand where null may not, and be null: that is refused."""
        required, type_ = is_non_null_type(type_), bare(type_)
        if isinstance(node, VariableNode):
            name = node.name.value
            value = self.variables.get(name)
            if value is None and required:
                raise refused(f"Expected a value of type {type_}!, but the variable ${name} is null.", path)
            return self._symbolic(type_, value, lambda inputs: inputs.variables[name], path)
        if isinstance(node, NullValueNode):
            return None
        if isinstance(type_, GraphQLList):
            return self._list(node, type_, path)
        if isinstance(type_, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
            return self._object(node, type_, path)
        return self._leaf(node, type_, path)

    def constant(self, value: Any, type_: GraphQLInputType, path: Path) -> Argument:
        """An argument with a fixed value: a default."""
        return self._symbolic(bare(type_), value, lambda _: value, path)

    def _symbolic(self, type_: GraphQLInputType, value: Any, read: Callable[[Inputs], Any], path: Path) -> Argument:
        if value is None:
            return None
        if isinstance(type_, GraphQLInputObjectType):
            return Given(type_.name, {name: self._member(type_, name, item, read, path) for name, item in value.items()})
        if isinstance(type_, GraphQLList) and isinstance(get_named_type(type_), GraphQLInputObjectType):
            inner = bare(type_.of_type)
            return [self._symbolic(inner, item, _at(read, index), (*path, str(index))) for index, item in enumerate(value)]
        return Leaf(read, type_, value, path)

    def _member(self, type_: GraphQLInputObjectType, name: str, value: Any, read: Callable[[Inputs], Any], path: Path) -> Argument:
        return self._symbolic(bare(type_.fields[name].type), value, _at(read, name), (*path, name))

    def _list(self, node: ValueNode, type_: GraphQLList[Any], path: Path) -> Argument:
        nodes = node.values if isinstance(node, ListValueNode) else [node]
        items = [self.argument(item, type_.of_type, (*path, str(index))) for index, item in enumerate(nodes)]
        if isinstance(get_named_type(type_), GraphQLInputObjectType):
            return items
        return Leaf(
            lambda inputs: [item.read(inputs) if isinstance(item, Leaf) else None for item in items],
            type_,
            [item.known if isinstance(item, Leaf) else None for item in items],
            path,
        )

    def _object(self, node: ObjectValueNode, type_: GraphQLInputObjectType, path: Path) -> Argument:
        given = {field.name.value: field.value for field in node.fields}
        result: dict[str, Argument] = {}
        for name, field in type_.fields.items():
            if name in given and not self._missing(given[name]):
                result[name] = self.argument(given[name], field.type, (*path, name))
            elif field.default_value is not Undefined:
                result[name] = self.constant(field.default_value, field.type, (*path, name))
        if type_.is_one_of and [value is not None for value in result.values()] != [True]:  # a variable is null or missing
            raise refused(f"Exactly one field of {type_.name} must be given, and not be null.", path)
        return Given(type_.name, result)

    def _missing(self, node: ValueNode) -> bool:
        return isinstance(node, VariableNode) and node.name.value not in self.variables

    def _leaf(self, node: ValueNode, type_: GraphQLInputType, path: Path) -> Leaf:
        value = value_from_ast(node, type_)
        number = self.literals.get(node.loc.start) if node.loc else None
        if number is None:
            return Leaf(lambda _: value, type_, value, path)
        return Leaf(lambda inputs: value_from_ast(inputs.literals[number], type_), type_, value, path)


def prefix_of(given: object) -> str | None:
    """The prefix of something written like an id; None for anything else."""
    match = ids.PATTERN.fullmatch(given) if isinstance(given, str) else None
    return match[1] if match else None


def refused(message: str, path: Sequence[str], code: str | None = None) -> GraphQLError:
    """An argument's value that can't be used: a request error with the path to it, and the code of what is wrong."""
    return GraphQLError(message, path=list(path) or None, extensions={"code": code} if code else None)


def word(argument: Argument) -> Any:
    """The value of an enum or Boolean argument, which the shape tells apart."""
    if isinstance(argument, Leaf) and isinstance(argument.known, (bool, Enum)):
        return argument.known
    return None
