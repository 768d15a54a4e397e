"""What nouns share: ids, money, quantities, dates, and pages of a list."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import strawberry
from sqlalchemy import Column

from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.terms import Term, WindowKind
from spm_graph.reading import fields
from spm_graph.reading.declarations import Arg, Order
from spm_graph.reading.fields import column, described, key

from ..inputs import input_type
from ..scalars import Cursor

__all__ = [
    "AS_OF", "BY_NAME", "DAY", "PAGING", "Connection", "DateRange", "Edge", "Money", "Node", "PageInfo", "PeriodRef", "Quantity", "Ref",
    "page", "since", "ticked", "until",
]  # fmt: skip

T = TypeVar("T")

if not TYPE_CHECKING:
    Ref, PeriodRef = input_type(Ref), input_type(PeriodRef)

PAGING = {
    "first": Arg(int, "How many rows, from the first on, or from behind `after`: 1,000 at most.", 20),
    "after": Arg(Cursor | None, "The cursor behind which the page begins.", None),
    "last": Arg(int | None, "How many rows up to the last, or up to `before`. It takes the place of `first`.", None),
    "before": Arg(Cursor | None, "The cursor before which the page ends.", None),
}
BY_NAME = Order((("{name}", "text"), ("{id}", "bigint")))
AS_OF = {"asOf": Arg(date | None, "The day it is asked for: today unless given.", None)}
DAY = "coalesce({$asOf}, {today})"
"""The day that an argument of AS_OF asks for."""


def ticked(of: str, position: str = "{position}") -> str:
    """What the clock's tick at a position says: `at`, when that was, `actor`, who it was, or `action`, the act."""
    return f"(select tick.{of} from tick where tick.position = {position})"


def since(position: str) -> str:
    """Whether what took a position happened at the moment `{value}` or later: found by the moments of the clock's ticks."""
    return f"{position} >= (select tick.position from tick where tick.at >= {{value}} order by tick.at, tick.position limit 1)"


def until(position: str) -> str:
    """Whether it happened before the moment `{value}`."""
    return f"{position} <= (select tick.position from tick where tick.at < {{value}} order by tick.at desc, tick.position desc limit 1)"


def page(on: Column[Any] | None, description: str, *, arguments: Mapping[str, Arg] | None = None, **options: Any) -> Any:
    """A connection, with the arguments that every page takes behind its own."""
    return fields.page(on, description, arguments={**(arguments or {}), **PAGING}, **options)


def enumerate_terms() -> None:
    """Make each closed vocabulary an enum of the schema, each word with its sentence."""
    names: dict[type[StrEnum], str] = {term: term.__name__ for term in Term.__subclasses__()} | {WindowKind: "WindowKind"}
    for term, name in names.items():
        if "__strawberry_definition__" not in term.__dict__:
            strawberry.enum(term, name=name, description=inspect.getdoc(term))
        for each in term.__strawberry_definition__.values:  # type: ignore[attr-defined]
            each.description = term[each.name].description  # type: ignore[attr-defined]


enumerate_terms()


@strawberry.interface(description="Whatever has an id of its own.")
class Node:
    """An object with a global id."""

    id: strawberry.ID = key("Its id: opaque, unique over everything, and for ever the same.")


@described
class Money:
    """An amount of money."""

    amount: Decimal = column("amount", "How much, with as many places as the currency's minor unit has.")
    currency: str = column("currency", "The currency, as ISO 4217 writes it.")


@described
class Quantity:
    """A number of something: money or units, as the measure counts."""

    value: Decimal = column("value", "How much, or how many.")
    unit: str = column("unit", "A currency as ISO 4217 writes it, or `units`.")


@described
class DateRange:
    """Days from `starts` up to, but not including, `ends`."""

    starts: date | None = column("starts", "The first day. Null: it always was.")
    ends: date | None = column("ends", "The day after the last one. Null: it has no end.")


@described
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = column("has_next_page", "Whether the list goes on behind the page.")
    has_previous_page: bool = column("has_previous_page", "Whether something comes before the page.")
    start_cursor: Cursor | None = column("start_cursor", "The cursor of the page's first row. Null: the page is empty.")
    end_cursor: Cursor | None = column("end_cursor", "The cursor of the page's last row, for the next `after`. Null: the page is empty.")


@strawberry.type(description="One row of a page, with its place in the list.")
class Edge(Generic[T]):
    """A row and its cursor."""

    cursor: Cursor = column("cursor", "The row's place in the list. It stays right when rows come and go.")
    node: T = column("node", "The row.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A page in Relay's form, with a shorter way to its rows."""

    edges: list[Edge[T]] = column("edges", "The rows with their cursors.")
    nodes: list[T] = column("nodes", "The rows.")
    page_info: PageInfo = column("page_info", "Where the page lies in the list.")
    total_count: int = column("total_count", "How many rows the list has, over all its pages. Counted only when asked for.")
