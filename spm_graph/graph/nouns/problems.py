"""Problems: expected noes, and what became of records that were imported in spite of some."""

from __future__ import annotations

import strawberry

from spm_graph.domain.problem import ProblemCode
from spm_graph.reading.fields import described


@described
class Problem:
    """An expected "no": what the asker can put right."""

    code: ProblemCode = strawberry.field(description="What is wrong, for a program.")
    message: str = strawberry.field(description="What is wrong, for a person.")
    path: list[str] = strawberry.field(description="Where in the input it is. Empty: it is about all of it.")


@described
class ImportCount:
    """What became of the records of one noun."""

    noun: str = strawberry.field(description="Which noun: reps, accounts, products or opportunities.")
    read: int = strawberry.field(description="How many were given.")
    new: int = strawberry.field(description="How many were made.")
    changed: int = strawberry.field(description="How many differed from what was stored, and were changed.")
    unchanged: int = strawberry.field(description="How many said what was stored.")
    stale: int = strawberry.field(description="How many were older revisions than those stored, and ignored.")
    bad: int = strawberry.field(description="How many were refused: the problems say why.")
