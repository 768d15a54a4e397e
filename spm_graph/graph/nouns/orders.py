"""Orders of pages: how a noun says which words `orderBy` takes, and the words that several nouns share.

A word is its description and the order that it stands for. Every order is total: no two rows share its last keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from spm_graph.reading.declarations import BY_ID, NEWEST_FIRST, Order

from .pages import BY_NAME

Keys = tuple[tuple[str, str], ...]
Words = Mapping[str, tuple[str, Order]]

BY_KEY: Keys = (("{id}", "bigint"),)
NOT_YET = "coalesce({}, date '3000-01-01')"
"""A day of a rising order: behind all others where there is none. No day that is sent is later; the last that Python knows would come
back with a cursor as infinity."""
NEVER = "coalesce({}, date '1900-01-01')"
"""A day of a falling order: behind all others where there is none."""


def orders(name: str, description: str, **words: tuple[str, Order]) -> tuple[Any, Mapping[Any, Order]]:
    """The orders of a page: an enum of the schema with this name and these words, and what each of them stands for."""
    made: Any = Enum(name, {word: strawberry.enum_value(word, description=said) for word, (said, _) in words.items()})  # type: ignore[misc]
    strawberry.enum(made, description=description)
    return made, {made[word]: order for word, (_, order) in words.items()}


def rising(sql: str, type_: str, then: Keys = BY_KEY) -> Order:
    """The least first, by an expression that is never null; `then` are the keys that decide between equals."""
    return Order(((sql, type_), *then))


def falling(sql: str, type_: str, then: Keys = BY_KEY) -> Order:
    """The most first."""
    return Order(((sql, type_), *then), descending=True)


def sized(sql: str, said: str, then: Keys = BY_KEY) -> Words:
    """By how much it is: `said` says of what."""
    return {
        "LARGEST": (f"{said}, the largest first.", falling(sql, "numeric", then)),
        "SMALLEST": ("LARGEST, the other way round.", rising(sql, "numeric", then)),
    }


def begun(sql: str, said: str, then: Keys = BY_KEY) -> Words:
    """By a first day: `said` says of what."""
    return {
        "LATEST": (f"{said}, the latest first.", falling(sql, "date", then)),
        "EARLIEST": ("LATEST, the other way round.", rising(sql, "date", then)),
    }


def named(rep_id: str, then: Keys = BY_KEY) -> Words:
    """By the name of a rep."""
    return {"NAME": ("By the rep's name.", rising(f"(select who.name from rep as who where who.id = {rep_id})", "text", then))}


NAMES: Words = {"NAME": ("By name.", BY_NAME)}
RECORDED: Words = {
    "NEWEST": ("By when it was recorded here, the latest first.", NEWEST_FIRST),
    "OLDEST": ("NEWEST, the other way round.", BY_ID),
}
LATEST = falling("{dated}", "date")
DATED: Words = {
    "LATEST": ("By its date, the latest first.", LATEST),
    "OLDEST": ("LATEST, the other way round.", rising("{dated}", "date")),
}
AMOUNTS: Words = sized("{amount}", "By amount, whatever its currency")
EFFECTIVE: Words = begun("lower({effective})", "By its first day")
