"""Filters: what a field of an input stands for in SQL, and how they are joined with and, or and not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import strawberry
from sqlalchemy import Table
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from .arguments import LIMIT_EXCEEDED, Argument, Path, refused

FILTER = "spm_filter"
MOST_CONDITIONS = 100
DEEPEST = 10
LONGEST_SEARCH = 1_000
"""How long a text may be whose words are searched for: with a megabyte of words PostgreSQL would be at work for minutes."""

NAMED = "words_of({name}) @@ words_query({value}) and {name} || '' = {name}"
"""What has these words in its name: the indexes of names are over the same expression.

That a name is itself says nothing, but PostgreSQL expects it of one in 200: else it walks through a list in its order to find a page of
names with a word, which it expects one in fifty to have, and reads all that there is where they are rarer.
"""

JOINING = {
    "and_": ("and", "list[{}] | None", "All of these hold, too."),
    "or_": ("or", "list[{}] | None", "At least one of these holds, too. None given: nothing is found."),
    "not_": ("not", "{} | None", "This does not hold: it is false, or not known."),
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Search:
    """The condition that a field of a filter stands for; `{value}` is what was given, `refers` the table that a reference names."""

    sql: str
    refers: str | None = None
    longest: int | None = None
    """How long the text may be that was given; None: as long as a request may be."""


def matches(sql: str, description: str, refers: Table | None = None, longest: int | None = None) -> Any:
    """A field of a filter: the condition that it stands for, over `{value}`, and how long a text may be that is given."""
    search = Search(sql, refers.name if refers is not None else None, longest)
    return strawberry.field(description=description, metadata={FILTER: search}, default=None)


def with_words(condition: str = "{}", name: str = "{name}", whose: str = "Those") -> Any:
    """A field of a filter: what has these words in its name, or fulfils a `condition` over that."""
    return matches(
        condition.format(NAMED.replace("{name}", name)),
        f"{whose} whose name has each of these words, or one that begins so. No words: none.",
        longest=LONGEST_SEARCH,
    )


def narrowing(description: str) -> Callable[[type[T]], type[T]]:
    """A filter: an input whose fields narrow it, and may be joined with `and`, `or` and `not`."""

    def made(cls: type[T]) -> type[T]:
        for attribute, (name, annotation, said) in JOINING.items():
            cls.__annotations__[attribute] = annotation.format(cls.__name__)
            setattr(cls, attribute, strawberry.field(name=name, description=said, default=None))
        return strawberry.input(cls, description=description)

    return made


def searches(filters: Any) -> dict[str, Search]:
    """What the fields of a filter stand for, by their names in the schema."""
    fields: list[StrawberryField] = filters.__strawberry_definition__.fields if filters else []
    return {to_camel_case(each.python_name): each.metadata[FILTER] for each in fields if FILTER in each.metadata}


def condition(given: Mapping[str, Argument], written: Callable[[str, Argument], str], path: Path) -> str:
    """The SQL of a filter; `written` is that of one of its fields. Raises a request error for one that is too large."""
    conditions, depth = _counted(given)
    if depth > DEEPEST:
        raise refused(f"A filter may be nested {DEEPEST} deep, not {depth}.", path, LIMIT_EXCEEDED)
    if conditions > MOST_CONDITIONS:
        raise refused(f"A filter may have {MOST_CONDITIONS} conditions, not {conditions}.", path, LIMIT_EXCEEDED)
    return _all(given, written)


def _counted(given: Mapping[str, Any]) -> tuple[int, int]:
    """How many conditions a filter has, one that is empty counting as one, and how deep it is nested."""
    waiting = [(given, 1)]
    conditions = deepest = 0
    while waiting:
        each, depth = waiting.pop()
        said = {name: value for name, value in each.items() if value is not None}
        conditions += max(1, len(said))
        deepest = max(deepest, depth)
        for name in said.keys() & {"and", "or", "not"}:
            waiting += [(inner, depth + 1) for inner in ([said[name]] if name == "not" else said[name])]
    return conditions, deepest


def _all(given: Mapping[str, Any], written: Callable[[str, Argument], str]) -> str:
    """All of a filter's fields hold; nothing given always does."""
    return " and ".join(f"({part})" for part in _parts(given, written)) or "true"


def _parts(given: Mapping[str, Any], written: Callable[[str, Argument], str]) -> Iterator[str]:
    for name, value in given.items():
        if value is None:
            continue
        if name == "and":
            yield from (_all(each, written) for each in value)
        elif name == "or":
            yield " or ".join(f"({_all(each, written)})" for each in value) or "false"
        elif name == "not":
            yield f"({_all(value, written)}) is not true"
        else:
            yield written(name, value)
