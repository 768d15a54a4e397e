"""Windows to be evaluated, and the forms of the components that measure them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from spm_graph.domain import period
from spm_graph.domain.pay_currency import PayCurrencies
from spm_graph.domain.period import Span
from spm_graph.domain.terms import Carry, MeasureKind, QuotaBasis, Rounding
from spm_graph.plugin import Window as WindowKind


@dataclass(frozen=True, slots=True)
class Part:
    """A component as one plan version has it, its form, for one rep, over the dates in which both are in force."""

    form_id: int
    component_id: int
    version_id: int
    order: tuple[int, int]
    """Its plan, and its number in that."""
    name: str
    incentive_type: str
    distribution: str
    config: Mapping[str, Any]
    quota_basis: QuotaBasis
    carry: Carry
    rounding: Rounding
    measure_id: int
    measure: str
    units: bool
    window_kind: WindowKind
    round: int
    """Even where reps are paid apart, odd for a contest; higher than that of a contest earlier in the plan."""
    reads_window: WindowKind
    reads_ago: int
    during: Span

    @property
    def is_contest(self) -> bool:
        """Whether reps are judged against each other."""
        return self.round % 2 == 1

    def goes_on_as(self, later: Part) -> bool:
        """Whether the later form says the same, and follows at once: then nothing changes between them."""
        return _unplaced(self) == _unplaced(later) and self.during.ends == later.during.starts

    def reads_from(self, starts: date) -> date:
        """The first day of the facts that a window which starts then is calculated from."""
        return period.later(period.window(self.reads_window, starts).starts, -self.reads_ago)


@dataclass(frozen=True, slots=True)
class Window:
    """One rep's window of one component, evaluated up to `through`."""

    rep_id: int
    rep_name: str
    currency: str
    """That of the last day evaluated."""
    component_id: int
    span: Span
    through: date

    @property
    def last(self) -> date:
        """The last day that is evaluated."""
        return self.through - timedelta(days=1)

    @property
    def evaluated(self) -> Span:
        """The dates that are evaluated."""
        return Span(self.span.starts, self.through)

    def beside(self, kind: WindowKind) -> tuple[Span, Span]:
        """The window of another kind that holds the last day evaluated: its full span, and that up to this day."""
        span = period.window(kind, self.last)
        return span, Span(span.starts, self.through)

    def stretch(self, parts: Sequence[Part], part: Part) -> Span:
        """The dates of the window that are measured together with a part of it: all, unless a change begins it anew."""
        starts = [each.during.starts for each in parts if each.carry is Carry.RESTART and each.during.starts > self.span.starts]
        return Span(
            max((day for day in starts if day <= part.during.starts), default=self.span.starts),
            min((day for day in starts if day > part.during.starts), default=self.span.ends),
        )


def window_of(row: Mapping[Any, Any], name: str, paid: PayCurrencies) -> Window:
    """A window from its row, its rep's name, and what they are paid in."""
    return Window(
        rep_id=row["rep_id"],
        rep_name=name,
        currency=paid.on(row["through"] - timedelta(days=1)),
        component_id=row["component_id"],
        span=Span(row["starts"], row["ends"]),
        through=row["through"],
    )


def part_of(row: Mapping[Any, Any]) -> Part:
    """A form from its row."""
    return Part(
        form_id=row["form_id"],
        component_id=row["component_id"],
        version_id=row["version_id"],
        order=(row["plan_id"], row["ordinal"]),
        name=row["name"],
        incentive_type=row["incentive_type"],
        distribution=row["distribution"],
        config=row["config"],
        quota_basis=QuotaBasis[row["quota_basis"]],
        carry=Carry[row["carry"]],
        rounding=Rounding[row["rounding"]],
        measure_id=row["measure_id"],
        measure=row["measure"],
        units=row["measure_kind"] == MeasureKind.UNITS,
        window_kind=WindowKind[row["window_kind"]],
        round=row["round"],
        reads_window=WindowKind[row["reads_window"]],
        reads_ago=row["reads_ago"],
        during=Span(row["starts"], row["ends"]),
    )


def _unplaced(part: Part) -> Part:
    """A form without where it stands: what it pays by, and nothing else."""
    nowhere: dict[str, Any] = {
        "form_id": 0,
        "version_id": 0,
        "order": (0, 0),
        "name": "",
        "distribution": "",
        "during": Span(date.min, date.min),
    }
    return replace(part, **nowhere, round=part.round % 2, reads_window=WindowKind.PERIOD, reads_ago=0)
