"""Payloads: what the answer of a mutation shows, objects as they are now and what is told only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql.pyutils import camel_to_snake
from strawberry.types.base import StrawberryOptional

from spm_graph.reading.fields import column, embedded, one, payload

from .nouns.administration import Company
from .nouns.problems import Problem
from .scalars import Position


@dataclass(frozen=True, slots=True)
class Told:
    """A value of a result that its payload shows, and that is read nowhere else: of which type, from which kind of column."""

    type: Any
    postgresql: str
    description: str


def column_of(type_: type) -> str:
    """The value of a result that names the object of a type: `plan_version_id` of PlanVersion."""
    return f"{camel_to_snake(type_.__name__)}_id"


def columns(shows: Mapping[str, Any], tells: Mapping[str, Told]) -> dict[str, str]:
    """The columns of a payload's row that name what it shows and tells, with their PostgreSQL types."""
    return {column_of(type_): "bigint" for type_ in shows.values()} | {name: told.postgresql for name, told in tells.items()}


def payload_type(mutation: str, called: str, shows: Mapping[str, Any], tells: Mapping[str, Told]) -> Any:
    """The type of a mutation's payload: what it shows and tells, and beside that `problems` and `position`."""
    annotations: dict[str, Any] = {shown: StrawberryOptional(type_) for shown, type_ in shows.items()}
    fields: dict[str, Any] = {name: one(None, _shown(type_), where=_where(type_)) for name, type_ in shows.items()}
    annotations |= {name: told.type | None for name, told in tells.items()}
    fields |= {
        name: embedded(f"{{{name}}}", told.description) if told.postgresql == "jsonb" else column(name, told.description)
        for name, told in tells.items()
    }
    annotations |= {"problems": list[Problem], "position": StrawberryOptional(Position)}
    fields["problems"] = embedded("{problems}", "Why it was refused, or what to know about what was done; empty if all is well.")
    fields["position"] = column("position", "The tick of the clock at which it happened; none if nothing was done.")
    cls = type(called, (), {"__annotations__": annotations, "__module__": __name__, **fields})
    cls.__doc__ = f"What came of {mutation}."
    return payload(**columns(shows, tells), position="bigint", problems="jsonb")(cls)


def _where(type_: Any) -> str:
    return "{parent.company_id} is not null" if type_ is Company else f"{{id}} = {{parent.{column_of(type_)}}}"


def _shown(type_: Any) -> str:
    return f"The {type_.__name__.lower()} as it is now; none if it was refused."
