"""How a leaf's SQL expression becomes JSON text, by its type in the schema."""

from __future__ import annotations

from graphql import GraphQLEnumType, GraphQLList, GraphQLOutputType, get_nullable_type, is_non_null_type

from .json_text import NULL, Literal, Piece, concat, quoted

PLAIN = {"Int"}
QUOTED = {"Cursor", "Date", "Decimal", "Position"}


def leaf(type_: GraphQLOutputType, expression: str, prefix: str | None = None) -> list[Piece]:
    """The pieces of a leaf; an id is its prefix and the number. Null is written where the type allows it."""
    named = get_nullable_type(type_)
    if isinstance(named, GraphQLList):
        return _or_null(type_, f"to_json({expression})")
    if isinstance(named, GraphQLEnumType) or named.name in QUOTED:
        pieces = quoted(expression)
    elif named.name == "ID":
        pieces = [Literal(f'"{prefix}_'), expression, Literal('"')]
    elif named.name in PLAIN:
        pieces = [expression]
    elif named.name == "Boolean":
        pieces = [f"({expression})::text"]
    elif named.name == "JSON":
        return _or_null(type_, expression)
    elif named.name == "DateTime":
        pieces = quoted(f"""to_char({expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""")
    else:
        return _or_null(type_, f"to_json({expression})")
    if is_non_null_type(type_):
        return pieces
    if len(pieces) == 1:
        return [f"coalesce(({expression})::text, 'null')"]
    return [f"case when {expression} is null then 'null' else {concat(pieces)} end"]


def _or_null(type_: GraphQLOutputType, expression: str) -> list[Piece]:
    return [expression] if is_non_null_type(type_) else [f"coalesce(({expression})::text, 'null')"]


def stored(expression: str) -> list[Piece]:
    """A value that is JSON already, in the written form of the schema."""
    return [f"coalesce(({expression})::text, 'null')"]


__all__ = ["NULL", "leaf", "stored"]
