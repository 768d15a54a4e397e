"""The settings of the installed incentive types in the schema: a union to read them, a choice to write them."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass
from typing import Annotated, Any, Union

import strawberry
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.unset import UNSET

from spm_graph.incentive_types import IncentiveTypes, Installed
from spm_graph.incentive_types.codec import encoded
from spm_graph.incentive_types.shape import Choice, Config, Field, Kind, Many, Nested, Plain, Shape, nested
from spm_graph.reading.fields import member

from .inputs import Typed, built, enumeration, plain_type
from .scalars import JSON


@strawberry.type(description="Settings of an incentive type whose package is no longer installed, as they were stored.")
class UninstalledIncentiveType:
    """What is shown for a component that nobody can calculate any more."""

    name: str = strawberry.field(description="The name of the incentive type.")
    settings: JSON = strawberry.field(description="Its settings.")


@dataclass(frozen=True)
class Configs:
    """The settings of the installed incentive types in the schema.

    `union` annotates an output: the stored name of an incentive type is the name of its member. `input` annotates an
    argument or a field: `incentive_types.decode` reads it with `config=types.decode_config`.
    """

    union: Any
    input: Any
    members: tuple[Any, ...]


def configs(types: IncentiveTypes) -> Configs:
    """The union `ComponentConfig` and the choice `ComponentConfigInput`, with a member for each incentive type."""
    members = (*(_output(installed, installed.shape, {}) for installed in types), UninstalledIncentiveType)
    described = strawberry.union("ComponentConfig", description="The settings of a component, of whichever incentive type it is.")
    return Configs(Annotated[Union[members], described], _choice(types), members)  # noqa: UP007


def names(installed: Installed) -> set[str]:
    """The names that an incentive type takes in the schema: an object and an input for each dataclass, and the enums."""
    found = {installed.name, f"{installed.name}Input"}
    for inner in nested(installed.shape):
        name = installed.nested_name(inner.name)
        found |= {name} if isinstance(inner, Choice) else {name, f"{name}Input"}
    return found


def _output(installed: Installed, shape: Shape, done: dict[type, Any]) -> Any:
    """The object type of an incentive type's settings, or of a dataclass inside; its fields are the stored JSON's."""
    if shape.type not in done:

        def typed(kind: Kind) -> Any:
            return _output(installed, kind.shape, done) if isinstance(kind, Nested) else _leaf(installed, kind, typed)

        annotations = {field.name: StrawberryOptional(typed(field.kind)) if field.optional else typed(field.kind) for field in shape.fields}
        fields = {field.name: member(field.api_name, field.description, _absent(field)) for field in shape.fields}
        name = installed.nested_name(shape.name)
        cls = type(name, (), {"__annotations__": annotations, "__module__": shape.type.__module__, **fields})
        done[shape.type] = strawberry.type(cls, name=name, description=shape.description)
    return done[shape.type]


def _absent(field: Field) -> str | None:
    """What a setting is where it was stored before the package had it: its default."""
    return None if field.default is MISSING or field.default is None else json.dumps(encoded(field.kind, field.default))


def _input(installed: Installed, shape: Shape, done: dict[type, Any]) -> Any:
    if shape.type not in done:

        def typed(kind: Kind) -> Any:
            return _input(installed, kind.shape, done) if isinstance(kind, Nested) else _leaf(installed, kind, typed)

        done[shape.type] = built(shape, f"{installed.nested_name(shape.name)}Input", typed)
    return done[shape.type]


def _leaf(installed: Installed, kind: Kind, typed: Typed) -> Any:
    match kind:
        case Plain():
            return plain_type(kind)
        case Choice():
            return enumeration(kind, installed.nested_name(kind.name))
        case Many():
            return StrawberryList(typed(kind.of))
        case Config() | Nested():
            raise TypeError(f"{installed.distribution}: {installed.name} can't hold settings of another incentive type")


def _choice(types: IncentiveTypes) -> Any:
    offered = {each.api_name: (_input(each, each.shape, {}), each.description) for each in types}
    # A choice needs something to choose from. What is given here is refused by `decode_config` as not installed.
    offered = offered or {"uninstalled": (JSON, "No incentive type is installed, so no settings can be given.")}
    annotations = {name: StrawberryOptional(type_) for name, (type_, _) in offered.items()}
    fields = {name: strawberry.field(name=name, description=text, default=UNSET) for name, (_, text) in offered.items()}
    cls = type("ComponentConfigInput", (), {"__annotations__": annotations, "__module__": __name__, **fields})
    said = "An incentive type and its settings: exactly one field."
    made: Any = strawberry.input(cls, name="ComponentConfigInput", description=said, one_of=True)
    made.__strawberry_definition__.from_input = lambda type_, value, context: value
    return made
