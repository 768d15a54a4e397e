"""Measures: what counts together, and the unit that it is counted in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import MeasureBasis, MeasureKind, Role, TransactionKind
from spm_graph.reading.declarations import Arg
from spm_graph.reading.fields import column, many, node
from spm_graph.store.tables import measure

from .pages import Node

if TYPE_CHECKING:
    from .accounts import Product

LazyProduct = Annotated["Product", strawberry.lazy("spm_graph.graph.nouns.accounts")]

UNIT = "case when measure.kind = 'UNITS' then 'units' else rep.currency end"

UNIT_ON = "case when measure.kind = 'UNITS' then 'units' else paid_in({{rep_id}}, {day}) end"
"""The unit of what was set for dates: money is in the currency in force on the first of them."""

UNIT_OF = f"(select {UNIT_ON.format(day='lower({effective})')} from measure where measure.id = {{measure_id}})"
MEASURE = {"measure": Arg(str | None, "The name of a measure: the one set first, unless given.", None)}

ASKED_MEASURE = "{measure} = coalesce({$measure}, (select name from measure order by id limit 1))"
"""A measure's name, or the one that was set first."""


@node(measure, "measure")
class Measure(Node):
    """A named slice of credits that quotas and plans are measured in: bookings, margin, units of one kind of sale."""

    name: str = column(measure.c.name, "Its name, by which quotas and components refer to it.")
    kind: MeasureKind = column(measure.c.kind, "What it is counted in.")
    basis: MeasureBasis = column(measure.c.basis, "Which number of a transaction it counts.")
    transaction_kinds: list[TransactionKind] = column(measure.c.transaction_kinds, "The kinds of transactions that count.")
    roles: list[Role] = column(measure.c.roles, "The roles whose credits count.")
    products: list[LazyProduct] = many(
        None, "The products that count. Empty, with no families: all sales count.", where="{id} = any({parent.product_ids})"
    )
    product_families: list[str] = column(measure.c.product_families, "The families whose products count, beside `products`.")
    rollup_levels: int | None = column(
        measure.c.rollup_levels, "How many managers above a deal's people are credited with it, the nearest first. Null: all of them."
    )
