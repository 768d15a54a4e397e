"""Touches: whose pay, for which dates, may have changed at which position. Runs find by them what to look at again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.period import Span

from .database import Transaction
from .history import effective
from .tables import touch


async def record(tx: Transaction, position: int, touched: Iterable[tuple[int, Span]]) -> None:
    """Note that these reps' pay for these dates may have changed at this position."""
    rows = [{"rep_id": rep_id, "position": position, "span": effective(span.starts, span.ends)} for rep_id, span in sorted(set(touched))]
    if rows:
        await tx.execute(insert(touch).on_conflict_do_nothing(), rows)


def of_year(starts: date, ends: date | None) -> Span:
    """The dates, and those of their year before them: what is expected late in a window counts from its first day on."""
    return Span(date(starts.year, 1, 1), ends or date.max)


def since(starts: date, ends: date | None) -> Span:
    """Dates that may have no end, as a span."""
    return Span(starts, ends or date.max)
