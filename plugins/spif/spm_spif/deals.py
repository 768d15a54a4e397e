"""Deals, each with what corrects it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from spm_graph.plugin import Credit

ZERO = Decimal(0)


@dataclass(frozen=True)
class Deal:
    """A sale with everything that corrects it."""

    credits: tuple[Credit, ...]

    @property
    def first(self) -> Credit:
        """The sale; where that is not in the window, the first correction of it."""
        return self.credits[0]

    @property
    def amount(self) -> Decimal:
        """The money that is left of it."""
        return sum((credit.amount for credit in self.credits), ZERO)

    @property
    def units(self) -> Decimal:
        """The units that are left of it."""
        return sum((credit.units for credit in self.credits), ZERO)

    @property
    def size(self) -> Decimal:
        """What says whether anything is left: the money, or the units of what was sold without an amount."""
        return self.amount if any(credit.amount for credit in self.credits) else self.units

    @property
    def is_sale(self) -> bool:
        """Whether it is a sale of this window, and not a correction of an earlier one."""
        return self.first.corrects is None and (self.first.amount or self.first.units) >= 0


def deals(credits: Iterable[Credit]) -> list[Deal]:  # noqa: A002 - the field is called so
    """The deals of these credits: sales in order of date, then corrections of sales that are not among them.

    A refund may be dated like its sale, and come before it.
    """
    known = {credit.id: credit for credit in credits}
    groups = {credit.id: [credit] for credit in known.values() if credit.corrects is None}
    for credit in known.values():
        if credit.corrects is not None:
            groups.setdefault(_sale(credit.corrects, known), []).append(credit)
    return [Deal(tuple(group)) for group in groups.values()]


def _sale(corrected: str, known: Mapping[str, Credit]) -> str:
    """The id of the sale behind a correction, which may be of another correction; a circle of corrections ends somewhere."""
    passed: set[str] = set()
    while corrected in known and corrected not in passed:
        passed.add(corrected)
        corrected = known[corrected].corrects or corrected
    return corrected
