"""Dataclasses as input types, and the settings of incentive types as a union and a choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import pytest
import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLUnionType, print_type
from strawberry.schema.config import StrawberryConfig

from spm_graph.domain.terms import PeriodKind
from spm_graph.graph.configs import configs
from spm_graph.graph.inputs import input_type
from spm_graph.graph.scalars import SCALARS, Cursor, Position
from spm_graph.incentive_types import Id, IncentiveTypes, decode, one_of
from spm_graph.plugin import IncentiveType, Line, Performance


class Method(Enum):
    """How it is paid."""

    MARGINAL = 1
    WHOLE_AMOUNT = 2


@dataclass(frozen=True)
class Tier:
    """One tier."""

    rate: Annotated[Decimal, "What is paid."]


@dataclass(frozen=True)
class Laddered:
    """Pays by tiers."""

    tiers: Annotated[tuple[Tier, ...], "The tiers."]
    method: Annotated[Method, "The method."] = Method.MARGINAL
    ends: Annotated[date | None, "The last day."] = None
    least: Annotated[Tier, "The least."] = Tier(Decimal("0.010"))

    def earn(self, performance: Performance) -> Iterable[Line]:
        return []


@dataclass(frozen=True)
class On:
    """A day and a length."""

    day: Annotated[date, "The day."]
    kind: Annotated[PeriodKind, "The length."]


@one_of
@dataclass(frozen=True)
class Ref:
    """How to name a thing."""

    id: Annotated[Id | None, "Its id."] = None
    on: Annotated[On | None, "By a day."] = None


@dataclass(frozen=True)
class Part:
    """A part of a plan."""

    config: Annotated[IncentiveType, "Its settings."]


@dataclass(frozen=True)
class PlanCreate:
    """A new plan."""

    ref: Annotated[Ref, "What it follows."]
    parts: Annotated[tuple[Part, ...], "Its parts."]
    codes: Annotated[tuple[str, ...], "Some codes."] = ("a", "b")


TYPES = IncentiveTypes.of([Laddered])


def echo(after: Cursor, position: Position) -> str:
    return f"{after} {position + 1}"


class Asked:
    """A schema with a field that keeps what it was given."""

    def __init__(self, types: IncentiveTypes) -> None:
        declared = configs(types)
        self.given: list[Any] = []

        def asked(input: Any, amount: Decimal = Decimal(1)) -> str:  # noqa: A002 - the argument of every mutation
            self.given.append(input)
            return str(amount)

        asked.__annotations__ = {"input": input_type(PlanCreate, declared.input), "amount": Decimal, "return": str}
        fields = {
            "asked": strawberry.field(resolver=asked),
            "config": strawberry.field(resolver=lambda: None, graphql_type=declared.union),
            "echo": strawberry.field(resolver=echo),
        }
        query = strawberry.type(type("Query", (), fields), name="Query")
        self.schema = strawberry.Schema(query, config=StrawberryConfig(scalar_map=SCALARS))

    def type(self, name: str) -> Any:
        return self.schema._schema.type_map[name]

    def printed(self, name: str) -> str:
        return print_type(self.type(name))

    def errors(self, query: str, **variables: object) -> list[str]:
        return [error.message for error in self.schema.execute_sync(query, variables).errors or []]


@pytest.fixture(scope="module")
def asked() -> Asked:
    return Asked(TYPES)


def test_a_command_is_an_input_with_every_description_and_default(asked: Asked):
    assert asked.printed("PlanCreateInput") == (
        '"""A new plan."""\ninput PlanCreateInput {\n'
        '  """What it follows."""\n  ref: Ref!\n\n'
        '  """Its parts."""\n  parts: [PartInput!]!\n\n'
        '  """Some codes."""\n  codes: [String!]! = ["a", "b"]\n}'
    )


def test_what_names_a_thing_keeps_its_own_name(asked: Asked):
    assert asked.type("Ref").is_one_of or "oneOf" in str(asked.schema)
    assert isinstance(asked.type("On"), GraphQLInputObjectType)
    assert "input Ref @oneOf {" in str(asked.schema)


def test_an_input_type_is_built_once():
    assert input_type(Ref) is input_type(Ref)
    declared = configs(TYPES)
    assert input_type(PlanCreate, declared.input) is input_type(PlanCreate, declared.input)
    assert input_type(Ref, declared.input) is input_type(Ref)


def test_settings_are_a_member_of_the_union_and_a_field_of_the_choice(asked: Asked):
    union = asked.type("ComponentConfig")
    assert isinstance(union, GraphQLUnionType)
    assert [member.name for member in union.types] == ["Laddered", "UninstalledIncentiveType"]
    assert list(asked.type("ComponentConfigInput").fields) == ["laddered"]
    assert asked.printed("Laddered") == (
        '"""Pays by tiers."""\ntype Laddered {\n'
        '  """The tiers."""\n  tiers: [LadderedTier!]!\n\n'
        '  """The method."""\n  method: LadderedMethod!\n\n'
        '  """The last day."""\n  ends: Date\n\n'
        '  """The least."""\n  least: LadderedTier!\n}'
    )
    assert 'least: LadderedTierInput! = { rate: "0.01" }' in asked.printed("LadderedInput").replace("{rate", "{ rate").replace('"}', '" }')


def test_everything_is_described(asked: Asked):
    silent = [
        name
        for name, type_ in asked.schema._schema.type_map.items()
        if not name.startswith("__") and name not in {"Query", "String", "Boolean", "Int", "ID"}
        for described in [type_, *getattr(type_, "fields", {}).values(), *getattr(type_, "values", {}).values()]
        if not getattr(described, "description", None)
    ]
    assert silent == []


def test_what_was_given_decodes_to_the_command(asked: Asked):
    query = """query ($rate: Decimal!) {
        asked(input: {
            ref: {on: {day: "2026-03-31", kind: QUARTER}}
            parts: [{config: {laddered: {tiers: [{rate: $rate}], method: WHOLE_AMOUNT}}}]
        })
    }"""
    assert asked.errors(query, rate="0.05") == []
    command = decode(PlanCreate, asked.given[-1], config=TYPES.decode_config)
    settings = Laddered((Tier(Decimal("0.05")),), Method.WHOLE_AMOUNT)
    assert command == PlanCreate(Ref(on=On(date(2026, 3, 31), PeriodKind.QUARTER)), (Part(settings),))


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ('"NaN"', '"NaN" is no decimal'),
        ('"1e5"', '"1e5" is no decimal'),
        ("5", "5 is no decimal"),
        ("0.5", "0.5 is no decimal"),
        ('"1_000"', '"1_000" is no decimal'),
        (f'"{"9" * 5000}"', "is no decimal"),
    ],
)
def test_a_decimal_is_written_as_a_string_of_digits(asked: Asked, amount: str, said: str):
    (error,) = asked.errors(f'{{ asked(input: {{ref: {{id: "rep_1"}}, parts: []}}, amount: {amount}) }}')
    assert said in error
    assert len(error) < 300


def test_positions_and_cursors_are_given_back_as_they_were_got(asked: Asked):
    done = asked.schema.execute_sync('{ echo(after: "1207.3", position: "9007199254740993") }')
    assert done.data == {"echo": "1207.3 9007199254740994"}
    for position in ('"1.5"', '"-1"', '"01"', "5", '"99999999999999999999"'):
        assert "expected a position" in asked.errors(f'{{ echo(after: "1", position: {position}) }}')[0]


def test_without_any_incentive_type_there_is_a_schema_and_no_settings_can_be_given():
    none = IncentiveTypes.of([])
    asked = Asked(none)
    assert [member.name for member in asked.type("ComponentConfig").types] == ["UninstalledIncentiveType"]
    assert isinstance(asked.type("UninstalledIncentiveType"), GraphQLObjectType)
    assert asked.errors('{ asked(input: {ref: {id: "rep_1"}, parts: [{config: {uninstalled: 1}}]}) }') == []
    with pytest.raises(Exception, match="no installed package brings uninstalled"):
        decode(PlanCreate, asked.given[-1], config=none.decode_config)
