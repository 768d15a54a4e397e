"""What an incentive type returns: lines and their steps, and how numbers are spoken of in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation in words and numbers: `base` times `rate` is its amount.

    `caps` says that it takes off what a cap, a maximum, does not let through: whoever asks why nothing is paid is told so.
    """

    says: str
    base: Decimal
    rate: Decimal = Decimal(1)
    caps: bool = False

    @property
    def amount(self) -> Decimal:
        """What the step adds to its line, unrounded."""
        return self.base * self.rate


@dataclass(frozen=True, slots=True)
class Line:
    """One amount earned, and how: the amount is the sum of the steps.

    `key` names the line within its component and window: the ledger books what changed under that name. `credits` are
    the ids of the credits that it pays for: None means all credits of the window, in proportion, and `()` not any of them.
    """

    key: str
    steps: tuple[Step, ...]
    credits: tuple[str, ...] | None = None

    @property
    def amount(self) -> Decimal:
        """The sum of the steps, unrounded."""
        return sum((step.amount for step in self.steps), ZERO)


def shown(value: Decimal, places: int = 2) -> str:
    """A number for the words of a step, as 10,000 or 12.50: no decimal places, or as many as it has, but not fewer than `places`."""
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction.ljust(places, '0')}" if fraction else whole


def percent(ratio: Decimal, places: int | None = None) -> str:
    """A ratio for the words of a step: 1.3 is 130 %, and 0.025 is 2.5 %. One that need not end, as an attainment, takes `places`."""
    if places is not None:
        ratio = ratio.quantize(Decimal(1).scaleb(-places - 2))
    return f"{shown(ratio * 100, places=1)} %"
