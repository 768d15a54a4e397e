"""What a client gave, as PostgreSQL takes it: the types of scalars, ids as keys, and no text that can't be stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from graphql import GraphQLEnumType, GraphQLInputType

from spm_graph.domain import ids
from spm_graph.domain.written import UNSTORABLE

from .arguments import LIMIT_EXCEEDED, refused

POSTGRESQL = {
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "timestamptz",
    "Decimal": "numeric",
    "ID": "bigint",
    "Int": "bigint",
    "Position": "bigint",
}
"""The PostgreSQL type of a scalar's value; of all others it is text."""

PREFIXES = {"plan_version": "version", "plan_assignment": "assignment", "api_key": "key"}
"""The prefixes of ids that are not the name of their table."""


def converter(type_: GraphQLInputType, prefix: str | None) -> Callable[[Any], Any]:
    """What makes a value of a type ready to be bound; an id becomes the key of a row, or null where it has another prefix."""
    if isinstance(type_, GraphQLEnumType):
        return lambda value: value.value if isinstance(value, Enum) else value
    if getattr(type_, "name", None) == "ID":
        assert prefix
        return lambda value: ids.number(value, prefix) if value else None
    return lambda value: value


def storable(value: Any, path: Sequence[str], longest: int | None = None) -> Any:
    """The value, or a request error with its path for a text that PostgreSQL can't hold, or that is too long."""
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise refused("Expected Unicode text without NUL.", path)
    if longest is not None and len(value) > longest:
        raise refused(f"Expected at most {longest} characters, not {len(value)}.", path, LIMIT_EXCEEDED)
    return value
