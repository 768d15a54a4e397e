"""Transactions, each with what corrects it."""

from __future__ import annotations

from collections.abc import Iterable

from spm_graph.plugin import Credit


def deals(credits: Iterable[Credit]) -> list[tuple[str, tuple[Credit, ...]]]:  # noqa: A002 - the field is called so
    """The credits of each sale with those of everything that corrects it, in order of date, and the id of the sale's."""
    sales: dict[str, str] = {}
    groups: dict[str, list[Credit]] = {}
    for credit in credits:
        corrected = credit.corrects or credit.id
        sales[credit.id] = sales.get(corrected, corrected)  # what corrects a refund belongs to the sale, too
        groups.setdefault(sales[credit.id], []).append(credit)
    return [(sale, tuple(group)) for sale, group in groups.items()]
