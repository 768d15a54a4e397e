"""Between what a client sends or the store keeps, and instances of dataclasses."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from spm_graph.domain import written
from spm_graph.domain.problem import Problem, ProblemCode, Refused

from .shape import Choice, Config, Field, Id, Kind, Many, Nested, Plain, Shape, shape_of

T = TypeVar("T")
Path = tuple[str, ...]
ConfigDecoder = Callable[[object, Path], object]

LONGEST_TEXT = 20_000
MOST_ITEMS = 10_000
BAD = object()
"""Stands for a value that could not be decoded; its problem is noted."""


def decode(cls: type[T], value: object, path: Sequence[str] = (), *, config: ConfigDecoder | None = None) -> T:
    """An instance of a dataclass from a JSON object with the names of the outside.

    Values may be JSON (decimals, dates and Enum members as strings) or Python's own. `config` decodes a component's
    settings. Raises Refused with every fault found, each with its path.
    """
    decoding = _Decoding(config)
    instance: T = decoding.nested(shape_of(cls), value, tuple(path))
    if decoding.problems:
        raise Refused(decoding.problems)
    return instance


def encode(instance: object) -> dict[str, Any]:
    """A dataclass as canonical JSON: every field by its outside name, decimals as plain strings, Enum members by name.

    Equal instances encode equally.
    """
    fields = shape_of(type(instance)).fields
    return {field.api_name: encoded(field.kind, getattr(instance, field.name)) for field in fields}


class _Decoding:
    """One decoding: gathers the problems, so that all are said at once."""

    def __init__(self, config: ConfigDecoder | None) -> None:
        self.config = config
        self.problems: list[Problem] = []

    def fault(self, path: Path, message: str) -> object:
        self.problems.append(Problem(ProblemCode.INVALID, message, path))
        return BAD

    def nested(self, shape: Shape, value: object, path: Path) -> Any:
        if isinstance(value, shape.type):
            return value
        if not isinstance(value, Mapping):
            return self.fault(path, f"expected an object with the fields of {shape.name}")
        before = len(self.problems)
        known = {field.api_name: field for field in shape.fields}
        for name in value:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, n=1)
                self.fault((*path, str(name)), f"{shape.name} has no such field" + (f"; did you mean {near[0]}?" if near else ""))
        given = [name for name in known if value.get(name) is not None]
        if shape.one_of and len(given) != 1:
            self.fault(path, f"expected exactly one of {', '.join(known)}; {len(given) or 'none'} given")
        wanted = [field for name, field in known.items() if name in value or field.required]
        arguments = {field.name: self.field(field, value, (*path, field.api_name)) for field in wanted}
        if len(self.problems) > before:
            return BAD
        for field in shape.fields:
            if field.name not in arguments and field.default is MISSING:
                arguments[field.name] = None
        try:
            return shape.type(**arguments)
        except ValueError as error:
            return self.fault(path, str(error))

    def field(self, field: Field, given: Mapping[Any, object], path: Path) -> object:
        if field.api_name not in given:
            return self.fault(path, "is required")
        value = given[field.api_name]
        if value is None:
            return None if field.optional else self.fault(path, "must not be null")
        return self.value(field.kind, value, path)

    def value(self, kind: Kind, value: object, path: Path) -> object:
        match kind:
            case Plain() | Choice():
                try:
                    return _chosen(kind, value) if isinstance(kind, Choice) else _plain(kind.type, value)
                except ValueError as error:
                    return self.fault(path, str(error))
            case Nested():
                return self.nested(kind.shape, value, path)
            case Many():
                return self.many(kind.of, value, path)
            case Config():
                return self.settings(value, path)

    def many(self, kind: Kind, value: object, path: Path) -> object:
        if not isinstance(value, (list, tuple)):
            return self.fault(path, "expected a list")
        if len(value) > MOST_ITEMS:
            return self.fault(path, f"has {len(value)} items; at most {MOST_ITEMS} are allowed")
        items: list[object] = []
        for index, each in enumerate(value):
            inner = (*path, str(index))
            items.append(self.fault(inner, "must not be null") if each is None else self.value(kind, each, inner))
        return tuple(items)

    def settings(self, value: object, path: Path) -> object:
        if self.config is None:
            return self.fault(path, "settings of an incentive type can't be given here")
        try:
            return self.config(value, path)
        except Refused as refused:
            self.problems.extend(refused.problems)
            return BAD


def _chosen(choice: Choice, value: object) -> Enum:
    """A member of an Enum; a ValueError that says which there are."""
    if isinstance(value, choice.type):
        return value
    if isinstance(value, str) and value in choice.type.__members__:
        return choice.type[value]
    raise ValueError(f"{value!r:.80} is none of {', '.join(name for name, _ in choice.members)}")


def _plain(type_: Any, value: object) -> object:
    """A single value; a ValueError that says what was expected."""
    read = _READ.get(type_)
    if read is not None:
        return read(value)
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.80} is no text")
    if len(value) > LONGEST_TEXT or written.UNSTORABLE.search(value):
        raise ValueError(f"expected at most {LONGEST_TEXT} characters of Unicode text without NUL")
    if type_ is Id and not value:
        raise ValueError("an id is never empty")
    return value


def _decimal(value: object) -> Decimal:
    # Python's own numbers pass through text, too, so that nothing infinite or endless gets in.
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        value = format(Decimal(value), "f")
    return written.decimal(value)


def _day(value: object) -> date:
    return value if isinstance(value, date) and not isinstance(value, datetime) else written.day(value)


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) and value.tzinfo else written.moment(value)


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{value!r:.80} is neither true nor false")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31:
        return value
    raise ValueError(f"{value!r:.80} is no whole number of at most 32 bits")


_READ: Mapping[Any, Callable[[object], object]] = {Decimal: _decimal, date: _day, datetime: _moment, bool: _truth, int: _whole}


def encoded(kind: Kind, value: Any) -> object:
    """One value as canonical JSON."""
    if value is None:
        return None
    match kind:
        case Nested():
            return encode(value)
        case Many():
            return [encoded(kind.of, each) for each in value]
        case _:
            return _written(value)


def _written(value: Any) -> object:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Decimal):
        return written.plain(value)
    return value.isoformat() if isinstance(value, date) else value
