"""Caps and floors, which hold above zero and, mirrored, below."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Cap:
    """The most that is paid, or taken back; of what is above it, `share` is paid all the same."""

    most: Decimal
    share: Decimal = ZERO

    def of(self, total: Decimal) -> Decimal:
        """What is paid of a total."""
        above = max(abs(total) - self.most, ZERO)
        return (abs(total) - above * (1 - self.share)).copy_sign(total)

    def before(self, paid: Decimal) -> Decimal:
        """The total of which so much is paid; of a hard cap that is reached, the cap."""
        above = max(abs(paid) - self.most, ZERO)
        return (min(abs(paid), self.most) + (above / self.share if self.share else ZERO)).copy_sign(paid)


def lacking(total: Decimal, least: Decimal) -> Decimal:
    """What raises a total that isn't nothing to a floor, away from zero."""
    return max(least - abs(total), ZERO).copy_sign(total) if total else ZERO
