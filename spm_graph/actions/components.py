"""Where the components of a plan version stand in a calculation: in which round, and how far back what they read reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from spm_graph.domain.problem import Problem, ProblemCode, Refused
from spm_graph.domain.terms import WindowKind
from spm_graph.incentive_types import distribution_of, reads
from spm_graph.incentive_types.shape import lower_first
from spm_graph.plugin import Contest, Credited, IncentiveType
from spm_graph.store.database import Transaction
from spm_graph.store.tables import measure

WIDER = (WindowKind.PERIOD, WindowKind.QUARTER_TO_DATE, WindowKind.YEAR_TO_DATE)
MONTHS = {WindowKind.PERIOD: 1, WindowKind.QUARTER_TO_DATE: 3, WindowKind.YEAR_TO_DATE: 12}


def places(settings: Sequence[IncentiveType | Contest]) -> list[dict[str, Any]]:
    """For each component of a plan version, by the settings of all in order: what is stored of its place.

    A contest takes an odd round, and what comes behind it in the plan a later one, for it may read what the contest pays.
    In the same way a component reaches as far back as the furthest before it.
    """
    found: list[dict[str, Any]] = []
    rounds, widest, furthest = 0, WindowKind.PERIOD, 0
    for each in settings:
        is_contest = hasattr(each, "award")
        for _, read in reads(each):
            widest = max(widest, read.window, key=WIDER.index)
            furthest = max(furthest, read.ago * MONTHS[read.window] if isinstance(read, Credited) else 0)
        place = {"round": rounds + is_contest, "reads_window": widest, "reads_ago": furthest}
        found.append({**place, "distribution": distribution_of(type(each))})
        rounds += 2 * is_contest
    return found


async def require_measures(tx: Transaction, settings: IncentiveType | Contest, path: Sequence[str]) -> None:
    """Refuse, with its path, each measure that settings ask for and that does not exist."""
    asked = list(reads(settings, (*path, lower_first(type(settings).__name__))))
    known = {row["name"] for row in await tx.rows(select(measure.c.name))} if asked else set()
    problems = [
        Problem(ProblemCode.NOT_FOUND, f'there is no measure "{read.measure}"', (*where, "measure"))
        for where, read in asked
        if read.measure not in known
    ]
    if problems:
        raise Refused(problems)
