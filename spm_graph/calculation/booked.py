"""What is booked of windows that are not calculated now, or staged for them by the rounds before: components behind look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from spm_graph.domain.earning import Share
from spm_graph.domain.period import Span

from .credits import credit_id
from .windows import Window

Row = Mapping[Any, Any]


class BookedLine(NamedTuple):
    """A line of a window, and what its credits earned of it, where a change cut the window."""

    span: Span
    key: str
    currency: str
    amount: Decimal
    shares: Sequence[Share]


class Booked:
    """The booked lines of some reps, and in the place of those of windows that a run looked at already, what it staged."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], windows: Sequence[Window]) -> None:
        """Of these windows, nothing is kept: they are calculated now."""
        looked_at = {(window.rep_id, window.component_id, window.span) for window in windows}
        looked_at |= {_window(row) for row in rows["covered"]}
        self._lines: dict[tuple[int, int], list[tuple[Span, str, str, Decimal]]] = defaultdict(list)
        self._shares: dict[tuple[int, int, Span, str, str], list[Share]] = defaultdict(list)
        for row in rows["booked_shares"]:
            if (window := _window(row)) not in looked_at:
                shared = Share(credit_id(row["transaction_id"], row["role"]), row["amount"])
                self._shares[*window, row["key"], row["currency"]].append(shared)
        for row in rows["booked"]:
            if (window := _window(row)) not in looked_at:
                self._lines[window[:2]].append((window[2], row["key"], row["currency"], row["amount"]))
        for row in rows["staged"]:
            window = _window(row)
            self._lines[window[:2]].append((window[2], row["key"], row["currency"], row["amount"]))
            self._shares[*window, row["key"], row["currency"]] += [
                Share(credit_id(part["transaction"], part["role"]), Decimal(part["amount"])) for part in row["credits"]
            ]

    def of(self, rep_id: int, component_id: int) -> Iterator[BookedLine]:
        """What is booked, or staged, of a rep's component, by window, key and currency."""
        for span, key, currency, amount in self._lines.get((rep_id, component_id), ()):
            yield BookedLine(span, key, currency, amount, self._shares.get((rep_id, component_id, span, key, currency), ()))


def _window(row: Row) -> tuple[int, int, Span]:
    return row["rep_id"], row["component_id"], Span(row["starts"], row["ends"])
