"""JSON as text, written by SQL: pieces of literal text and of SQL expressions, joined by `concat`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AT_ONCE = 90
"""How many arguments one `concat` gets: PostgreSQL allows 100."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A piece of JSON text that is known when the statement is written."""

    text: str


Piece = Literal | str
"""Literal JSON text, or an SQL expression whose text is JSON and which is never null."""

NULL: list[Piece] = [Literal("null")]


def quote(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def concat(pieces: Iterable[Piece]) -> str:
    """The SQL expression of type text whose value is all pieces, one after the other."""
    arguments = _merged(pieces)
    if len(arguments) == 1:
        piece = arguments[0]
        return quote(piece.text) if isinstance(piece, Literal) else f"({piece})::text"
    written = [quote(piece.text) if isinstance(piece, Literal) else piece for piece in arguments]
    while len(written) > AT_ONCE:
        written = [f"concat({', '.join(written[at : at + AT_ONCE])})" for at in range(0, len(written), AT_ONCE)]
    return f"concat({', '.join(written)})"


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Literal) and merged and isinstance(merged[-1], Literal):
            merged[-1] = Literal(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return merged or [Literal("")]


def quoted(expression: str) -> list[Piece]:
    """The expression's text in quotation marks, for text without anything to escape."""
    return [Literal('"'), expression, Literal('"')]


def nullable(pieces: Sequence[Piece], null_when: str) -> list[Piece]:
    """The pieces, or `null` where the condition holds."""
    return [f"case when {null_when} then 'null' else {concat(pieces)} end"]


def members(entries: Iterable[tuple[str, Sequence[Piece]]]) -> list[Piece]:
    """A JSON object of these keys and values."""
    pieces: list[Piece] = [Literal("{")]
    for index, (key, value) in enumerate(entries):
        pieces.append(Literal(f'{"," if index else ""}"{key}":'))
        pieces.extend(value)
    pieces.append(Literal("}"))
    return pieces
