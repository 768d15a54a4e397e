"""Incentive types: how they are found, what their settings look like from outside, and how those are read and written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import PeriodKind
from spm_graph.incentive_types import Id, IncentiveTypes, PluginError, ShapeError, decode, encode, json_schema, one_of, reads, shape_of
from spm_graph.plugin import Attained, Credited, IncentiveType, Line, Performance, Window


class Method(Enum):
    """How it is paid."""

    MARGINAL = 1
    WHOLE_AMOUNT = 2


@dataclass(frozen=True)
class Tier:
    starts: Decimal
    rate: Annotated[Decimal, "What is paid."]
    method: Method | None = None


@dataclass(frozen=True)
class Laddered:
    """Pays by tiers.

    And more that only the source says.
    """

    tiers: Annotated[tuple[Tier, ...], "The tiers."]
    method: Annotated[Method, "The method."] = Method.MARGINAL
    on: date | None = None
    most_paid_: int = 3
    is_capped: bool = False
    note: str = "none"
    names: tuple[str, ...] = field(default_factory=lambda: ("a",))

    def __post_init__(self) -> None:
        if not self.tiers:
            raise ValueError("at least one tier is needed")

    def earn(self, performance: Performance) -> Iterable[Line]:
        return []


@one_of
@dataclass(frozen=True)
class Ref:
    """How to name a thing."""

    id: Id | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class Command:
    """Something to do."""

    ref: Ref
    config: IncentiveType
    at: datetime
    others: tuple[Ref, ...] = ()


TYPES = IncentiveTypes.of([Laddered])
TIERS = (Tier(Decimal(0), Decimal("0.050")), Tier(Decimal("1E+4"), Decimal("0.07"), Method.WHOLE_AMOUNT))

CANONICAL = {
    "tiers": [
        {"starts": "0", "rate": "0.05", "method": None},
        {"starts": "10000", "rate": "0.07", "method": "WHOLE_AMOUNT"},
    ],
    "method": "MARGINAL",
    "on": "2026-03-31",
    "mostPaid": 3,
    "isCapped": False,
    "note": "none",
    "names": ["a"],
}


def faults(decoding: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        decoding()
    return {".".join(problem.path): problem.message for problem in refused.value.problems}


def test_settings_are_stored_canonically_and_survive_it():
    settings = Laddered(TIERS, on=date(2026, 3, 31))
    stored = TYPES.encode(settings)
    assert json.loads(json.dumps(stored)) == CANONICAL
    assert TYPES.decode("Laddered", stored) == settings


def test_what_has_a_default_need_not_be_given():
    assert TYPES.decode("Laddered", {"tiers": [{"starts": "0", "rate": "1"}]}) == Laddered((Tier(Decimal(0), Decimal(1)),))


def test_every_fault_is_said_at_once_with_its_path():
    given = {
        "tiers": [{"starts": "0", "rate": "12,4x"}, {"start": "1", "rate": None}, None, "tier"],
        "method": "Marginal",
        "on": "2026-02-30",
        "mostPaid": True,
        "isCapped": 1,
        "note": "a\0b",
        "names": "a",
        "zzz": 1,
    }
    assert faults(lambda: TYPES.decode("Laddered", given, ["components", "0"])) == {
        "components.0.tiers.0.rate": '"12,4x" is no decimal; expected a string of digits with an optional point, as in "1240.50"',
        "components.0.tiers.1.start": "Tier has no such field; did you mean starts?",
        "components.0.tiers.1.starts": "is required",
        "components.0.tiers.1.rate": "must not be null",
        "components.0.tiers.2": "must not be null",
        "components.0.tiers.3": "expected an object with the fields of Tier",
        "components.0.method": "'Marginal' is none of MARGINAL, WHOLE_AMOUNT",
        "components.0.on": '"2026-02-30" is no date; expected year, month and day, as in "2017-03-31"',
        "components.0.mostPaid": "True is no whole number of at most 32 bits",
        "components.0.isCapped": "1 is neither true nor false",
        "components.0.note": "expected at most 20000 characters of Unicode text without NUL",
        "components.0.names": "expected a list",
        "components.0.zzz": "Laddered has no such field",
    }


def test_what_the_settings_themselves_refuse_is_a_fault_at_their_path():
    assert faults(lambda: TYPES.decode("Laddered", {"tiers": []}, ["config"])) == {"config": "at least one tier is needed"}


@pytest.mark.parametrize(
    "written",
    ["NaN", "Infinity", "1e5", "1_000", "\u0663", " 1", "1.", ".5", "+1", "1\n", "", "9" * 21, "0." + "1" * 13, 0.5, None, True],
)
def test_a_decimal_is_a_string_of_digits_and_nothing_else(written: object):
    refused = faults(lambda: TYPES.decode("Laddered", {"tiers": [{"starts": "0", "rate": written}]}))
    assert list(refused) == ["tiers.0.rate"]


@given(st.decimals(-(10**20) + 1, 10**20 - 1, places=12))
def test_no_digit_of_a_decimal_is_lost(number: Decimal):
    stored = encode(Tier(number, number))
    assert decode(Tier, stored) == Tier(number, number)
    assert "E" not in stored["rate"]


def test_a_command_names_things_by_exactly_one_of_its_ways_and_holds_settings_of_any_type():
    given = {
        "ref": {"externalId": "x", "id": None},
        "config": {"laddered": CANONICAL},
        "at": "2026-03-31T16:00:00Z",
        "others": [{"id": "rep_1"}],
    }
    command = decode(Command, given, config=TYPES.decode_config)
    settings = Laddered(TIERS, on=date(2026, 3, 31))
    assert command == Command(Ref(external_id="x"), settings, datetime(2026, 3, 31, 16, tzinfo=UTC), (Ref(Id("rep_1")),))


def test_faults_of_a_command_go_as_deep_as_its_settings():
    given = {
        "ref": {"externalId": "x", "id": "rep_1"},
        "config": {"laddered": {"tiers": [{"starts": "x", "rate": "1"}]}},
        "at": "2026-03-31T16:00:00",
        "others": [{}, {"id": ""}],
    }
    assert faults(lambda: decode(Command, given, config=TYPES.decode_config)) == {
        "ref": "expected exactly one of id, externalId; 2 given",
        "config.laddered.tiers.0.starts": '"x" is no decimal; expected a string of digits with an optional point, as in "1240.50"',
        "at": '"2026-03-31T16:00:00" is no time; expected date, time and zone, as in "2017-03-31T16:00:00Z"',
        "others.0": "expected exactly one of id, externalId; none given",
        "others.1.id": "an id is never empty",
    }


def test_settings_name_exactly_one_installed_type():
    expected = "expected an object with exactly one incentive type of: laddered"
    assert faults(lambda: TYPES.decode_config({}, ("config",))) == {"config": expected}
    assert faults(lambda: TYPES.decode_config("laddered", ("config",))) == {"config": expected}
    with pytest.raises(Refused) as refused:
        TYPES.decode_config({"spif": {}}, ("config",))
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == (ProblemCode.PLUGIN_MISSING, ("config", "spif"))


def test_a_type_that_fails_over_its_settings_is_named():
    @dataclass(frozen=True)
    class Fragile:
        tiers: tuple[str, ...]

        def __post_init__(self) -> None:
            self.tiers[0]

        def earn(self, performance: Performance) -> Iterable[Line]:
            return []

    with pytest.raises(Refused) as refused:
        IncentiveTypes.of([Fragile]).decode("Fragile", {"tiers": []}, ["config"])
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == (ProblemCode.PLUGIN_FAILED, ("config",))
    assert "Fragile refused its settings with IndexError" in problem.message


def test_names_and_descriptions_come_from_the_code():
    shape = shape_of(Laddered)
    assert shape.description == "Pays by tiers."
    assert [each.api_name for each in shape.fields] == ["tiers", "method", "on", "mostPaid", "isCapped", "note", "names"]
    assert [each.description for each in shape.fields][:4] == ["The tiers.", "The method.", "On.", "Most paid."]
    assert shape_of(Tier).description == "Tier."


def test_a_form_can_be_built_from_the_json_schema():
    schema = json_schema(shape_of(Laddered))
    assert schema["required"] == ["tiers"]
    assert schema["properties"]["method"] == {"$ref": "#/$defs/Method", "description": "The method.", "default": "MARGINAL"}
    assert schema["properties"]["on"]["anyOf"] == [{"type": "string", "format": "date"}, {"type": "null"}]
    assert schema["$defs"]["Method"] == {
        "description": "How it is paid.",
        "oneOf": [{"const": "MARGINAL", "description": "Marginal."}, {"const": "WHOLE_AMOUNT", "description": "Whole amount."}],
    }
    assert schema["$defs"]["Tier"]["required"] == ["starts", "rate"]


def test_words_of_the_core_keep_their_sentences():
    @dataclass(frozen=True)
    class Asked:
        kind: PeriodKind

    definition = json_schema(shape_of(Asked))["$defs"]["PeriodKind"]
    assert definition["oneOf"][2] == {"const": "YEAR", "description": "A calendar year."}


def dataclass_with(annotation: Any) -> type:
    return dataclass(frozen=True)(type("Odd", (), {"__annotations__": {"value": annotation}}))


@pytest.mark.parametrize(
    "annotation", [float, list[str], dict[str, str], tuple[int, int], int | str, Any, object, set[int], tuple[int | None, ...]]
)
def test_an_annotation_that_has_no_form_outside_is_refused(annotation: Any):
    with pytest.raises(ShapeError, match=r"^Odd\.value: .* is not supported; use Decimal, int"):
        shape_of(dataclass_with(annotation))


@dataclass(frozen=True)
class Endless:
    inner: tuple[Endless, ...]


def test_a_type_that_contains_itself_is_refused():
    with pytest.raises(ShapeError, match="Endless contains itself"):
        shape_of(Endless)


def test_a_type_nobody_brings_is_not_found():
    assert TYPES.find("Spif") is None
    with pytest.raises(Refused) as refused:
        TYPES.decode("Spif", {})
    assert refused.value.problems[0].code is ProblemCode.PLUGIN_MISSING


@dataclass(frozen=True)
class Prized:
    """Judge reps against each other."""

    gates: tuple[Attained, ...] = ()
    growth: Credited | None = None

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """Nothing."""
        return []


def test_a_contest_is_an_incentive_type_and_nothing_else_besides() -> None:
    assert [installed.name for installed in IncentiveTypes.of([Prized])] == ["Prized"]
    both = type("Both", (Prized,), {"earn": lambda self, performance: []})
    with pytest.raises(PluginError, match="Both has both earn and award"):
        IncentiveTypes.of([dataclass(frozen=True)(both)])


def test_what_settings_ask_for_is_found_with_its_path() -> None:
    asking = Prized(gates=(Attained("team"), Attained("margin", Window.YEAR_TO_DATE)), growth=Credited("bookings", ago=1))
    assert list(reads(asking, ("config",))) == [
        (("config", "gates", "0"), Attained("team")),
        (("config", "gates", "1"), Attained("margin", Window.YEAR_TO_DATE)),
        (("config", "growth"), Credited("bookings", Window.PERIOD, 1)),
    ]
    assert IncentiveTypes.of([Prized]).decode("Prized", {"gates": [{"measure": "team"}]}) == Prized(gates=(Attained("team"),))
