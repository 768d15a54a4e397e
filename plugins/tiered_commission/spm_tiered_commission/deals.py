"""Transactions, each with what corrects it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spm_graph.plugin import Credit, Performance

Deal = tuple[str, tuple[Credit, ...]]
"""The id of a sale's credit, and that with those of everything that corrects it, in order of date."""


@dataclass(frozen=True)
class Deals:
    """The deals of a window: those that were sold in the dates that are paid, and in its earlier and later parts.

    What corrects a sale belongs to it, in whatever part of the window it is.
    """

    before: list[Deal]
    own: list[Deal]
    after: list[Deal]

    @classmethod
    def of(cls, performance: Performance) -> Deals:
        """The deals of a performance."""
        before, after = ({credit.id for credit in beside} for beside in (performance.credits_before, performance.credits_after))
        found = cls([], [], [])
        for sale, group in _grouped((*performance.credits_before, *performance.credits, *performance.credits_after)):
            first = sale if any(credit.id == sale for credit in group) else group[0].id
            part = found.before if first in before else found.after if first in after else found.own
            part.append((sale, group))
        return found


def _grouped(credits: Iterable[Credit]) -> Iterable[Deal]:  # noqa: A002 - the field is called so
    sales: dict[str, str] = {}
    groups: dict[str, list[Credit]] = {}
    for credit in credits:
        corrected = credit.corrects or credit.id
        sales[credit.id] = sales.get(corrected, corrected)  # what corrects a refund belongs to the sale, too
        groups.setdefault(sales[credit.id], []).append(credit)
    return [(sale, tuple(group)) for sale, group in groups.items()]
