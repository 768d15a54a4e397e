"""The calendar: months, which are the pay periods, quarters and years."""

from __future__ import annotations

from datetime import date

from spm_graph.domain.terms import PeriodKind, PeriodState
from spm_graph.reading.declarations import Arg, Order
from spm_graph.reading.fields import column, node, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store.tables import period

from ..scalars import Position
from .pages import Node, PeriodRef

PERIOD = {"period": Arg(PeriodRef, "The period.")}
IN_PERIOD = {"period": Arg(PeriodRef | None, "Only those in this period.", None)}


def _inside(effective: str) -> str:
    return f"month.kind = 'MONTH' and lower(month.effective) >= lower({effective}) and lower(month.effective) < upper({effective})"


def months_in(effective: str) -> str:
    """The pay periods inside these dates, as a select of their keys."""
    return f"(select month.id from period as month where {_inside(effective)})"


def months_of(key: str) -> str:
    """The pay periods inside the period with a key, as what one of their keys equals: an array, which is made once for all rows."""
    return f"any (array(select month.id from period as whole, period as month where whole.id = {key} and {_inside('whole.effective')}))"


@node(period, "period")
class Period(Node):
    """A month, a quarter or a year. Months are the pay periods: they carry money, and close."""

    name: str = column(period.c.name, "Its name: 2026-03, 2026-Q1 or 2026.")
    kind: PeriodKind = column(period.c.kind, "Its length.")
    starts: date = value("lower({effective})", "Its first day.")
    ends: date = value("upper({effective})", "The day after its last one.")
    state: PeriodState = column(period.c.state, "Whether earnings can still be booked in it.")
    closed_position: Position | None = column(period.c.closed_position, "The position at which it was closed.")


@narrowing("Which periods are wanted.")
class PeriodWhere:
    """A filter: each field narrows it further."""

    kind: PeriodKind | None = matches("{kind} = {value}", "Those of this length.")
    state: PeriodState | None = matches("{state} = {value}", "Those in this state.")
    ends_after: date | None = matches("upper({effective}) > {value}", "Those that hold this day, or come after it.")
    starts_before: date | None = matches("lower({effective}) < {value}", "Those that start before this day.")


BY_START = Order((("lower({effective})", "date"), ("{id}", "bigint")))
