"""What an import did: as data, and laid out for reading."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from spm_graph.domain import money

from .nouns import NOUNS

SHOWN = 80
"""How many characters of a bad cell, or of a name in a header, are shown."""


def printable(text: str) -> str:
    """The beginning of a text, with escapes for what would not show."""
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in shown)


@dataclass(frozen=True, slots=True)
class BadCell:
    """One thing wrong with one row; no column: with the row as a whole, and then `value` describes it."""

    file: str
    line: int
    column: str | None
    value: str
    what: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" + (f" column {self.column}" if self.column else "")
        shown = printable(self.value)
        quoted = f'"{shown}"' if self.column else shown
        return f"{place}: {quoted} is no {self.what}; expected {self.expected}"


@dataclass(slots=True)
class Count:
    """Records of one noun. `stale` ones were older revisions than those stored, and ignored."""

    read: int = 0
    new: int = 0
    changed: int = 0
    stale: int = 0
    bad: int = 0

    @property
    def unchanged(self) -> int:
        """Records that say what was stored before."""
        return self.read - self.new - self.changed - self.stale - self.bad


@dataclass(slots=True)
class Report:
    """What was read, and what of it was written, by noun. `position` is none where nothing was written."""

    currency: str
    counts: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in NOUNS})
    bad: list[BadCell] = field(default_factory=list)
    won_deals: int = 0
    won_amount: Decimal = Decimal(0)
    orders_new: int = 0
    orders_changed: int = 0
    titles_set: int = 0
    reporting_lines_set: int = 0
    credits_changed: int = 0
    periods: list[str] = field(default_factory=list)
    position: int | None = None
    refused: bool = False
    dry_run: bool = False

    def data(self) -> dict[str, Any]:
        """Everything as plain values; amounts as text."""
        counts = {name: {**asdict(count), "unchanged": count.unchanged} for name, count in self.counts.items()}
        return {**asdict(self), "counts": counts, "won_amount": money.text(self.won_amount, self.currency)}

    def __str__(self) -> str:
        names = ("read", "new", "changed", "unchanged", "stale", "bad")
        lines = [f"{'':15}" + "".join(f"{name:>11}" for name in names)]
        for noun, count in self.counts.items():
            if count.read:
                lines.append(f"{noun:15}" + "".join(f"{getattr(count, name):>11,}" for name in names))
        lines.append("")
        if self.won_deals:
            won = _counted(self.won_deals, "deal", "deals")
            lines.append(f"Won, of what was read: {won}, {money.rounded(self.won_amount, self.currency):,f} {self.currency}.")
        lines += self._written()
        if self.bad:
            lines += ["", f"{_counted(len(self.bad), 'cell is', 'cells are')} not what was expected:", *(f"  {cell}" for cell in self.bad)]
        return "\n".join(lines)

    def _written(self) -> list[str]:
        if self.refused:
            return ["Nothing was loaded, because there are bad rows."]
        if self.position is None and not self.dry_run:
            return ["Nothing was to be changed."]
        parts = [
            (self.orders_new, "order made", "orders made"),
            (self.orders_changed, "order changed", "orders changed"),
            (self.titles_set, "title set", "titles set"),
            (self.reporting_lines_set, "reporting line set", "reporting lines set"),
            (self.credits_changed, "credit made or ended", "credits made or ended"),
            (len(self.periods), "period created", "periods created"),
        ]
        said = ", ".join(_counted(number, one, many) for number, one, many in parts if number)
        if self.dry_run:
            return [f"A dry run: nothing was written. It would be: {said}." if said else "A dry run: nothing was written."]
        return [f"Written at position {self.position}" + (f": {said}." if said else ".")]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
