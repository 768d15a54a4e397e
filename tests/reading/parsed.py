"""A document's syntax tree, parsed once for both ways that answer it."""

from __future__ import annotations

from functools import lru_cache

from graphql import DocumentNode, parse


@lru_cache(maxsize=100)
def parsed(text: str) -> DocumentNode:
    """The document; nobody changes it."""
    return parse(text)
