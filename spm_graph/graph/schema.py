"""The schema of a deployment: the nouns of the house, and the incentive types that are installed."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema, print_schema, specified_scalar_types
from strawberry.schema.config import StrawberryConfig

from spm_graph.incentive_types import IncentiveTypes, PluginError

from .configs import configs, names
from .nouns.credits import Credit
from .nouns.earnings import Posting
from .nouns.events import EVENTS
from .nouns.plans import Component, PlanAssignment, PlanVersion, with_configs
from .query import Query
from .scalars import SCALARS
from .subscription import Subscription

FOUND_BY_ID = (Component, Credit, PlanAssignment, PlanVersion, Posting)


def build(types: IncentiveTypes, mutation: Callable[[Any], type] | None = None) -> strawberry.Schema:
    """The schema; `mutation` makes the root of what can be done, from the input of a component's settings.

    Raises PluginError, naming the distribution, for an incentive type with a name that is taken.
    """
    _require_unclashing(types, specified_scalar_types.keys())
    try:
        schema = _made(types, mutation)
    except Exception:
        if len(types):  # our own names are found by making our own schema, which a start would have to wait for
            _require_unclashing(types, _own_names(mutation))
        raise
    for type_ in core(schema).type_map.values():  # strawberry checks choices only in what it executes itself
        if isinstance(type_, GraphQLInputObjectType):
            type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of
    return schema


def _made(types: IncentiveTypes, mutation: Callable[[Any], type] | None) -> strawberry.Schema:
    made = configs(types)
    with_configs(made.union)
    return strawberry.Schema(
        query=Query,
        mutation=mutation(made.input) if mutation else None,
        subscription=Subscription,
        types=[*FOUND_BY_ID, *EVENTS, *made.members],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


@cache
def _own_names(mutation: Callable[[Any], type] | None) -> Set[str]:
    """The names that are taken when no incentive type is installed."""
    return core(build(IncentiveTypes.of([]), mutation)).type_map.keys() | specified_scalar_types.keys()


def _require_unclashing(types: IncentiveTypes, own: Set[str]) -> None:
    taken = dict.fromkeys(own, "spm-graph itself")
    for installed in types:
        for name in sorted(names(installed)):
            if name in taken:
                raise PluginError(f"{installed.distribution}: {installed.name} needs the name {name} in the schema, taken by {taken[name]}")
            taken[name] = installed.distribution


def core(schema: strawberry.Schema) -> GraphQLSchema:
    """The same schema as graphql-core has it."""
    found: GraphQLSchema = schema._schema
    return found


def printed(schema: strawberry.Schema) -> str:
    """The schema in GraphQL's own language, as `schema.graphql` holds it."""
    return print_schema(core(schema)) + "\n"


def brought(types: IncentiveTypes) -> dict[str, Any]:
    """The JSON values that the schema itself brings to answers: which incentive types are installed."""
    shown = [
        {
            "name": each.name,
            "description": each.description,
            "package": each.distribution,
            "version": each.version,
            "settings": each.settings,
        }
        for each in types
    ]
    return {"incentiveTypes": shown}
