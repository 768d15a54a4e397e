"""How much one request may ask for, and the refusal that says which limit it exceeds and how far.

A document's text is limited before it is parsed, its selection before it is validated (`sizing` says what that comes to), and
its variables before they are looked at: whoever asks for too much costs the others next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLError, Lexer, OperationType, Source, TokenKind, parse

from spm_graph.reading.arguments import LIMIT_EXCEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one request may have. Counts are of the document with its fragments written out."""

    characters: int = 30_000
    tokens: int = 2_000
    depth: int = 15
    fields: int = 1_000
    aliases: int = 30
    directives: int = 50
    root_fields: int = 20
    nodes: int = 500_000
    calculations: int = 10
    input_objects: int = 1_000
    input_values: int = 100_000


class LimitExceeded(GraphQLError):
    """The document asks for more than the limit: a request error that says which, and how far over."""

    def __init__(self, what: str, found: int, limit: int) -> None:
        super().__init__(f"{what} {_written(found)} exceeds the limit of {limit}", extensions={"code": LIMIT_EXCEEDED})


def short(text: str, limits: Limits) -> None:
    """Raise `LimitExceeded` for a document that is too long to be looked at, or remembered."""
    if len(text) > limits.characters:
        raise LimitExceeded("characters", len(text), limits.characters)


def parsed(text: str, limits: Limits) -> DocumentNode:
    """The document, unless it is too long or is no GraphQL: then a GraphQLError."""
    short(text, limits)
    try:
        return parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLError:
        for kind, count in _counted(text).items():
            if count > limits.tokens:
                raise LimitExceeded(kind, count, limits.tokens) from None
        raise


def _counted(text: str) -> dict[str, int]:
    """How many tokens and comments a document has, as far as it can be read."""
    lexer = Lexer(Source(text))
    with suppress(GraphQLError):
        while lexer.advance().kind is not TokenKind.EOF:
            pass
    found = {"tokens": 0, "comments": 0}
    token = lexer.token
    while token.prev is not None:
        found["comments" if token.kind is TokenKind.COMMENT else "tokens"] += token.kind is not TokenKind.EOF
        token = token.prev
    return found


def weighed(kind: OperationType, variables: Mapping[str, Any], limits: Limits) -> None:
    """Raise `LimitExceeded` for variables that would take seconds to be looked at: the server does nothing else meanwhile.

    Mutations may import records: the length of a request limits their objects.
    """
    waiting: list[Any] = [variables]
    objects = values = 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            objects += 1
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        values += 1
    if objects > limits.input_objects and kind is not OperationType.MUTATION:
        raise LimitExceeded("input objects", objects, limits.input_objects)
    if values > limits.input_values:
        raise LimitExceeded("input values", values, limits.input_values)


def _written(count: int) -> int | str:
    """The count, or its magnitude where nested fragments multiply to a number that nobody reads."""
    return count if count < 10**15 else f"10^{len(str(count)) - 1}"
