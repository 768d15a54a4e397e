"""The schema: everything in it is described, and only what can't be null for anybody is promised not to be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    validate_schema,
)

from spm_graph.graph.schema import core, printed

from .conftest import SCHEMA


def described() -> Iterator[tuple[str, str | None]]:
    """Everything that needs a description, and what it has."""
    for name, type_ in core(SCHEMA).type_map.items():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        yield name, type_.description
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in type_.fields.items():
                yield f"{name}.{field}", definition.description
                for argument, given in definition.args.items():
                    yield f"{name}.{field}({argument})", given.description
        elif isinstance(type_, GraphQLInputObjectType):
            for field, wanted in type_.fields.items():
                yield f"{name}.{field}", wanted.description
        elif isinstance(type_, GraphQLEnumType):
            for word, value in type_.values.items():
                yield f"{name}.{word}", value.description


def test_everything_is_described() -> None:
    assert [name for name, description in described() if not (description or "").strip()] == []


def test_a_description_is_a_sentence() -> None:
    assert [name for name, description in described() if description and not description.strip().endswith((".", ":"))] == []


def test_the_schema_is_valid_and_prints_as_it_is_built() -> None:
    assert validate_schema(core(SCHEMA)) == []
    assert build_schema(printed(SCHEMA)).type_map.keys() == core(SCHEMA).type_map.keys()


FORMULAS = {
    "Pipeline": ("weightedAmount", "coverage", "winRate", "averageCycleDays", "velocityPerDay"),
    "Attainment": ("ratio", "rank"),
    "Forecast": (),
    "QuotaCoverage": (),
}


@pytest.mark.parametrize(("type_", "fields"), FORMULAS.items())
def test_a_formula_says_whose_it_is(type_: str, fields: tuple[str, ...]) -> None:
    declared = core(SCHEMA).type_map[type_]
    assert isinstance(declared, GraphQLObjectType)
    said = [declared.fields[name].description for name in fields] or [declared.description]
    assert [each for each in said if "after " not in (each or "").lower()] == []
