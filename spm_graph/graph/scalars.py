"""The scalars of the schema: strict about what comes in, and with one written form for what goes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from spm_graph.domain import written

Cursor = NewType("Cursor", str)
Position = NewType("Position", int)
JSON = NewType("JSON", object)

LONGEST_CURSOR = 1_000
_POSITION = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


def _scalar(name: str, description: str, serialize: Callable[[Any], str], read: Callable[[object], Any]) -> ScalarDefinition:
    """A scalar that is read from JSON; the ValueErrors of `read` are errors of the request, with their place in a document."""

    def parse(value: object, node: ValueNode | None = None) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise GraphQLError(str(error), node) from None

    def literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        return parse(value_from_ast_untyped(node, variables), node)

    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parse, parse_literal=literal)


def _cursor(value: object) -> str:
    if isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= LONGEST_CURSOR:
        return value
    raise ValueError("expected a cursor as this API gave it")


def _position(value: object) -> int:
    if isinstance(value, str) and _POSITION.match(value) and int(value) < 2**63:
        return int(value)
    raise ValueError('expected a position as this API gave it, as in "1207"')


def _decimal_text(value: Decimal | str) -> str:
    return value if isinstance(value, str) else written.plain(value)


def _date_text(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _moment_text(value: datetime | str) -> str:
    if isinstance(value, str):
        return value
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


SCALARS: Mapping[object, ScalarDefinition] = {
    Decimal: _scalar(
        name="Decimal",
        description="An exact number as a string of ASCII digits with an optional point: at most 20 digits before it and 12 after it.",
        serialize=_decimal_text,
        read=written.decimal,
    ),
    date: _scalar(
        name="Date",
        description="A day as year, month and day: 2017-03-31. What is sent lies from 1900-01-01 to 2999-12-31.",
        serialize=_date_text,
        read=written.day,
    ),
    datetime: _scalar(
        name="DateTime",
        description="A moment as date, time and time zone: 2017-03-31T16:00:00Z. What is sent lies in the years 1900 to 2999.",
        serialize=_moment_text,
        read=written.moment,
    ),
    Cursor: _scalar(
        name="Cursor",
        description="A place in a list or in the stream of events. Give it back as you got it; what is inside is nobody's business.",
        serialize=str,
        read=_cursor,
    ),
    Position: _scalar(
        name="Position",
        description="A tick of the clock that orders everything that happened, as a string of digits: 1, 2, 3 without gaps.",
        serialize=str,
        read=_position,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
"""For `StrawberryConfig(scalar_map=SCALARS)`: the Python type that stands for each scalar in annotations."""
