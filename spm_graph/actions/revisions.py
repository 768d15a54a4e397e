"""Revisions of records of other systems: an older one than is stored is ignored, and said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spm_graph.domain.problem import Problem, ProblemCode

Row = Mapping[Any, Any] | None


def stale(before: Row, given: int | None, external_id: str | None) -> Problem | None:
    """The remark that a record is an older revision than the stored one, or none."""
    stored = before["revision"] if before is not None else None
    if stored is None or given is None or given >= stored:
        return None
    message = f'revision {given} of "{external_id}" was ignored: revision {stored} is stored'
    return Problem(ProblemCode.STALE_REVISION, message, ("revision",))


def kept(before: Row, given: int | None) -> int | None:
    """The revision to store: the one given, or else the one that is stored."""
    return given if given is not None or before is None else before["revision"]
