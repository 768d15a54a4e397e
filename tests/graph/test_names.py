"""The names that incentive types take in the schema are theirs alone, or the server does not start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, make_dataclass
from enum import Enum
from typing import Any

import pytest

from spm_graph.cli import main
from spm_graph.graph.mutations import mutation_type
from spm_graph.graph.schema import build, core
from spm_graph.incentive_types import IncentiveTypes, PluginError
from spm_graph.plugin import Line, Performance


def earn(self: Any, performance: Performance) -> Iterable[Line]:
    """Nothing."""
    return []


def brought(name: str, **fields: Any) -> Any:
    """An incentive type of that name, of a package of that name."""
    methods = {"earn": earn, "__module__": __name__}
    return make_dataclass(name, fields.items(), frozen=True, namespace=methods)


@pytest.mark.parametrize("name", ["Rep", "Query", "Grant", "Node", "RepConnection", "Decimal", "Float", "ComponentConfig", "PeriodRef"])
def test_a_name_of_the_core_is_refused_with_the_distribution(name: str) -> None:
    said = f"^{__name__}: {name} needs the name {name} in the schema, taken by spm-graph itself$"
    with pytest.raises(PluginError, match=said):
        build(IncentiveTypes.of([brought(name, rate=int)]), mutation_type)


def test_the_input_that_it_takes_counts_too() -> None:
    with pytest.raises(PluginError, match="RepUpsert needs the name RepUpsertInput in the schema"):
        build(IncentiveTypes.of([brought("RepUpsert", rate=int)]), mutation_type)
    with pytest.raises(PluginError, match=f"LadderInput needs the name LadderInput in the schema, taken by {__name__}"):
        build(IncentiveTypes.of([brought("Ladder", rate=int), brought("LadderInput", rate=int)]), mutation_type)


def test_so_do_the_types_inside() -> None:
    class Kind(Enum):
        """Which dates."""

        MONTH = 1

    with pytest.raises(PluginError, match="Window needs the name WindowKind in the schema"):
        build(IncentiveTypes.of([brought("Window", kind=Kind)]), mutation_type)


def test_a_name_of_its_own_is_welcome_as_often_as_the_schema_is_built() -> None:
    @dataclass(frozen=True)
    class Rung:
        """One rung."""

        rate: int

    types = IncentiveTypes.of([brought("Ladder", rungs=tuple[Rung, ...])])
    for _ in range(2):
        assert {"Ladder", "LadderInput", "LadderRung", "LadderRungInput"} <= core(build(types, mutation_type)).type_map.keys()


def test_the_command_says_it_in_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    types = IncentiveTypes.of([brought("Rep", rate=int)])
    monkeypatch.setattr(IncentiveTypes, "discover", lambda: types)
    assert main(["schema"]) == 1
    assert capsys.readouterr().err == f"spm: {__name__}: Rep needs the name Rep in the schema, taken by spm-graph itself\n"
