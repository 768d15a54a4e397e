"""Dataclasses as input types of the schema.

What a resolver gets is the coerced object with the names of the schema, for `incentive_types.decode` to turn into the
dataclass with all faults at once:

    command = decode(RepUpsert, input, config=types.decode_config)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import MISSING
from functools import cache
from typing import Any, cast

import strawberry
from strawberry.types.base import StrawberryList, StrawberryObjectDefinition, StrawberryOptional
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition
from strawberry.types.unset import UNSET

from spm_graph.incentive_types import Id, Shape, shape_of
from spm_graph.incentive_types.shape import Choice, Config, Field, Kind, Many, Nested, Plain, nested

Typed = Callable[[Kind], Any]
"""What each kind of field is in the schema."""


def input_type(cls: type, config: Any = None) -> Any:
    """The input type of a dataclass, always the same one: `RepUpsertInput` of RepUpsert.

    A choice (`one_of`) and what is inside of one keep their names: they refer to things, as Ref does. `config` is the
    input of a component's settings, for commands that have one.
    """
    return _input_type(cls, False, config if _has_config(shape_of(cls)) else None)


def built(shape: Shape, name: str, typed: Typed) -> Any:
    """An input type with the fields of a shape; a resolver gets it as a plain mapping."""
    annotations = {field.name: StrawberryOptional(typed(field.kind)) if field.optional else typed(field.kind) for field in shape.fields}
    fields = {field.name: _input_field(field) for field in shape.fields}
    cls = type(name, (), {"__annotations__": annotations, "__module__": shape.type.__module__, **fields})
    made = strawberry.input(cls, name=name, description=shape.description, one_of=shape.one_of)
    definition: StrawberryObjectDefinition = made.__strawberry_definition__  # type: ignore[attr-defined]
    definition.from_input = lambda type_, value, context: value
    return made


def plain_type(kind: Plain) -> Any:
    """A single value's type in an annotation."""
    return strawberry.ID if kind.type is Id else kind.type


def enumeration(choice: Choice, name: str) -> StrawberryEnumDefinition:
    """An Enum as an enum of the schema; under its own name it is the one that outputs use."""
    members = choice.type.__members__
    if name != choice.name:
        values = [EnumValue(member, members[member].value, description=text) for member, text in choice.members]
        return StrawberryEnumDefinition(wrapped_cls=choice.type, name=name, values=values, description=choice.description)
    if "__strawberry_definition__" not in choice.type.__dict__:
        strawberry.enum(choice.type, description=choice.description)
    definition: StrawberryEnumDefinition = choice.type.__strawberry_definition__  # type: ignore[attr-defined]
    said = dict(choice.members)
    for value in definition.values:
        value.description = value.description or said[value.name]
    return definition


@cache
def _input_type(cls: Hashable, refers: bool, config: Any) -> Any:
    shape = shape_of(cast(type, cls))
    refers = refers or shape.one_of

    def typed(kind: Kind) -> Any:
        match kind:
            case Plain():
                return plain_type(kind)
            case Choice():
                return enumeration(kind, kind.name)
            case Many():
                return StrawberryList(typed(kind.of))
            case Nested():
                return _input_type(kind.shape.type, refers, config if _has_config(kind.shape) else None)
            case Config():
                if config is None:
                    raise TypeError(f"{shape.name} holds settings of an incentive type: give input_type their input")
                return config

    name = shape.name if refers or shape.name.endswith("Input") else f"{shape.name}Input"
    return built(shape, name, typed)


def _has_config(shape: Shape) -> bool:
    inside = [shape, *(inner for inner in nested(shape) if isinstance(inner, Shape))]
    return any(isinstance(_innermost(field.kind), Config) for each in inside for field in each.fields)


def _innermost(kind: Kind) -> Kind:
    return _innermost(kind.of) if isinstance(kind, Many) else kind


def _input_field(field: Field) -> Any:
    default = UNSET if field.default is None or field.default is MISSING else _default(field.kind, field.default)
    # A list would be shared between instances, which dataclasses refuse.
    given = {"default_factory": lambda: default} if isinstance(default, (list, dict)) else {"default": default}
    return strawberry.field(name=field.api_name, description=field.description, **given)


def _default(kind: Kind, value: Any) -> Any:
    """A default as strawberry prints it: objects as mappings with the names of the schema."""
    if value is None:
        return None
    match kind:
        case Many():
            return [_default(kind.of, each) for each in value]
        case Nested():
            return {field.api_name: _default(field.kind, getattr(value, field.name)) for field in kind.shape.fields}
        case _:
            return value
