"""The shape of a dataclass: what an outsider may write in it, read from its annotations.

One walk serves the settings of incentive types and the commands of actions. From a shape follow the GraphQL types, the
JSON Schema, and the decoding of what a client sent. Names for the outside are the Python names in camelCase.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from spm_graph.plugin import Contest, IncentiveType

T = TypeVar("T", bound=type)

Id = NewType("Id", str)
"""An opaque global id, such as `rep_12`."""

PLAIN = (Decimal, int, str, bool, date, datetime, Id)
SUPPORTED = "Decimal, int, str, bool, date, datetime, Id, an Enum, X | None, tuple[X, ...], or a dataclass of these"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z", re.ASCII)


class ShapeError(TypeError):
    """An annotation that has no form outside Python; says which type and which field."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A single value of one of the types in `PLAIN`."""

    type: Any


@dataclass(frozen=True, slots=True)
class Choice:
    """One member of an Enum, known outside by its name."""

    type: type[Enum]
    name: str
    description: str
    members: tuple[tuple[str, str], ...]
    """Each member's name and description."""


@dataclass(frozen=True, slots=True)
class Nested:
    """What is written as an object: another dataclass, with a shape of its own."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class Many:
    """What is written as a list of values of one kind."""

    of: Kind


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of any installed incentive type: outside, an object whose one field names the type."""


Kind = Plain | Choice | Nested | Many | Config


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its names inside and outside, what it holds, and what it holds if nothing is given."""

    name: str
    api_name: str
    description: str
    kind: Kind
    optional: bool
    """Whether None is allowed."""
    default: object = MISSING

    @property
    def required(self) -> bool:
        """Whether it must be given: it has no default, and None is not allowed."""
        return self.default is MISSING and not self.optional


@dataclass(frozen=True, slots=True)
class Shape:
    """A dataclass as an outsider sees it."""

    type: type
    name: str
    description: str
    fields: tuple[Field, ...]
    one_of: bool
    """Whether exactly one of the fields is given."""


def one_of(cls: T) -> T:
    """Mark a dataclass as a choice between its fields: exactly one of them is given, and the others are None."""
    cls.__one_of__ = True  # type: ignore[attr-defined]
    return cls


def shape_of(cls: type) -> Shape:
    """The shape of a dataclass; raises ShapeError, naming type and field, for what has none."""
    return _cached_shape(cls)


def nested(shape: Shape) -> Iterator[Shape | Choice]:
    """Every dataclass and Enum inside a shape, once each, the innermost first."""
    seen: dict[type, Shape | Choice] = {}
    for field in shape.fields:
        kind = field.kind
        while isinstance(kind, Many):
            kind = kind.of
        if isinstance(kind, Choice):
            seen.setdefault(kind.type, kind)
        elif isinstance(kind, Nested):
            for inner in (*nested(kind.shape), kind.shape):
                seen.setdefault(inner.type, inner)
    yield from seen.values()


def camel(name: str) -> str:
    """`external_id` as `externalId`; an underscore that only avoids a keyword goes."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def lower_first(name: str) -> str:
    """`TieredCommission` as `tieredCommission`."""
    return name[:1].lower() + name[1:]


def readable(name: str) -> str:
    """A name as a sentence, for what has no description: `WHOLE_AMOUNT` and `wholeAmount` give "Whole amount."."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", name).split()
    return f"{' '.join(words).lower().capitalize()}."


@cache
def _cached_shape(cls: Hashable) -> Shape:
    return _shape(cast(type, cls), ())


def _shape(cls: type, outer: tuple[type, ...]) -> Shape:
    if not (isinstance(cls, type) and is_dataclass(cls)):
        raise ShapeError(f"{getattr(cls, '__name__', cls)} is not a dataclass")
    if cls in outer:
        raise ShapeError(f"{cls.__name__} contains itself")
    try:
        hints = get_type_hints(cls, include_extras=True)
    except Exception as error:
        raise ShapeError(f"{cls.__name__}: its annotations can't be resolved: {error}") from error
    outside = tuple(_field(cls, field, hints[field.name], (*outer, cls)) for field in fields(cls) if field.init)
    names = [field.api_name for field in outside]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ShapeError(f"{cls.__name__}: two fields are both called {sorted(twice)[0]}")
    single = bool(cls.__dict__.get("__one_of__", False))
    if single and not all(field.optional and field.default is None for field in outside):
        raise ShapeError(f"{cls.__name__}: every field of a choice must be X | None = None")
    return Shape(cls, cls.__name__, _first_paragraph(cls), outside, single)


def _field(cls: type, field: Any, hint: Any, outer: tuple[type, ...]) -> Field:
    where = f"{cls.__name__}.{field.name}"
    if not NAME.match(field.name):
        raise ShapeError(f"{where}: a field's name starts with a letter")
    annotation, description = _undescribed(hint)
    optional = False
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not NoneType]
        optional = len(members) < len(get_args(annotation))
        if len(members) == 1:
            annotation, inner = _undescribed(members[0])
            description = description or inner
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    kind = _kind(where, annotation, outer)
    return Field(field.name, camel(field.name), description or readable(field.name), kind, optional, default)


def _kind(where: str, annotation: Any, outer: tuple[type, ...]) -> Kind:
    annotation, _ = _undescribed(annotation)
    if annotation in PLAIN:
        return Plain(annotation)
    if annotation in (IncentiveType, IncentiveType | Contest):
        return Config()
    if get_origin(annotation) is tuple:
        arguments = get_args(annotation)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return Many(_kind(where, arguments[0], outer))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice(where, annotation)
    elif isinstance(annotation, type) and is_dataclass(annotation):
        return Nested(_shape(annotation, outer))
    shown = getattr(annotation, "__name__", None) if isinstance(annotation, type) and not get_args(annotation) else annotation
    raise ShapeError(f"{where}: {shown} is not supported; use {SUPPORTED}")


def _choice(where: str, enum: type[Enum]) -> Choice:
    members = tuple((name, _sentence(member) or readable(name)) for name, member in enum.__members__.items())
    if not members or not all(NAME.match(name) for name, _ in members):
        raise ShapeError(f"{where}: {enum.__name__} needs members whose names start with a letter")
    return Choice(enum, enum.__name__, _first_paragraph(enum), members)


def _sentence(member: Enum) -> str:
    """What a member says of itself: its `description`, or its value where that is a text of several words."""
    said = getattr(member, "description", member.value)
    return said if isinstance(said, str) and " " in said else ""


def _undescribed(hint: Any) -> tuple[Any, str]:
    """An annotation without its `Annotated`, and the description that it carried."""
    description = ""
    while get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        description = description or next((extra for extra in extras if isinstance(extra, str)), "")
    return hint, description


def _first_paragraph(cls: type) -> str:
    # A dataclass without a docstring is given its signature as one, and an Enum may inherit a general remark.
    written = cls.__dict__.get("__doc__") or ""
    if not written.strip() or written.startswith(f"{cls.__name__}("):
        return readable(cls.__name__)
    return " ".join(written.strip().split("\n\n")[0].split())
