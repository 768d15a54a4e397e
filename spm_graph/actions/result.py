"""What an act did, and the key by which it is done only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from spm_graph.domain.problem import Problem

IdempotencyKey = Annotated[str | None, "Any text: the same key and input get the same answer, and act once."]
"""A field of commands that move money or import records, by this name: `idempotency_key`."""


@dataclass(frozen=True, slots=True)
class Result:
    """The position that an act took, none if it changed nothing, and the keys of what it wrote, by payload column.

    `{"rep_id": 12}` lets the payload's field `rep` be read. Problems beside a position are remarks: the act was done.
    """

    position: int | None
    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
