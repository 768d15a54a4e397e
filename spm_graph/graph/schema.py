"""The schema of a deployment: the nouns of the house, and the incentive types that are installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLSchema, print_schema
from strawberry.schema.config import StrawberryConfig

from spm_graph.incentive_types import IncentiveTypes

from .configs import configs
from .measuring import Credit
from .paying import Posting
from .plans import Component, PlanAssignment, PlanVersion, with_configs
from .query import Query
from .record import EVENTS
from .scalars import SCALARS

FOUND_BY_ID = (Component, Credit, PlanAssignment, PlanVersion, Posting)


def build(types: IncentiveTypes, mutation: Callable[[Any], type] | None = None) -> strawberry.Schema:
    """The schema; `mutation` makes the root of what can be done, from the input of a component's settings."""
    made = configs(types)
    with_configs(made.union)
    return strawberry.Schema(
        query=Query,
        mutation=mutation(made.input) if mutation else None,
        types=[*FOUND_BY_ID, *EVENTS, *made.members],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


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
