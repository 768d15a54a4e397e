"""What a closed vocabulary is: words that carry the sentence which the schema shows for them."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """A word with a description; its value, its name and its spelling in GraphQL and SQL are the same."""

    description: str

    def __new__(cls, value: str, description: str) -> Term:
        term = str.__new__(cls, value)
        term._value_ = value
        term.description = description
        return term


def names(vocabulary: type[StrEnum]) -> list[str]:
    """The words of a vocabulary, in order."""
    return [term.value for term in vocabulary]
