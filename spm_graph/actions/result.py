"""What an act did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spm_graph.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Result:
    """The position that an act took, none if it changed nothing, and the keys of what it wrote, by payload column.

    `{"rep_id": 12}` lets the payload's field `rep` be read. Problems beside a position are remarks: the act was done.
    """

    position: int | None
    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
