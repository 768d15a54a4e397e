"""Where the tiers begin and end for one rep, and how to speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from spm_graph.plugin import Performance

from .terms import Tier, TiersIn

ENDLESS = Decimal("Infinity")


@dataclass(frozen=True)
class Scale:
    """The edges of the tiers in what is credited, and how to speak of them."""

    edges: tuple[Decimal, ...]
    attainment: bool
    units: bool

    @classmethod
    def of(cls, performance: Performance, tiers: Sequence[Tier], tiers_in: TiersIn) -> Scale | None:
        """The scale of a performance; None if it needs a quota and there is none."""
        attainment = tiers_in is TiersIn.ATTAINMENT
        if attainment and (performance.quota is None or performance.quota <= 0):
            return None
        unit = performance.quota if attainment and performance.quota else Decimal(1)
        return cls((*(tier.starts * unit for tier in tiers), ENDLESS), attainment, performance.units)

    def says(self, start: Decimal) -> str:
        """Where a tier starts, in words."""
        return f"{number(start * 100, places=1)} % of quota" if self.attainment else self.counted(start)

    def counted(self, credited: Decimal) -> str:
        """A part of what is credited, in words."""
        return f"{number(credited)} units" if self.units else number(credited)

    def rate(self, rate: Decimal) -> str:
        """A rate, in words."""
        return f"{number(rate)} for each" if self.units else f"{number(rate * 100, places=1)} %"

    def range(self, tiers: Sequence[Tier], index: int, *, whole: bool = False) -> str:
        """What a tier takes in, in words."""
        last = index + 1 == len(tiers)
        ends = "" if last else self.says(tiers[index + 1].starts)
        if whole:
            return "everything" if last else f"everything up to {ends}"
        starts = self.says(tiers[index].starts)
        return f"what is above {starts}" if last else f"{starts} to {ends}"


def filled(position: Decimal, starts: Decimal, ends: Decimal) -> Decimal:
    """How much of a tier lies between zero and a position; below zero, the negative of what lies as far above."""
    return (min(max(abs(position), starts), ends) - starts).copy_sign(position)


def number(value: Decimal, places: int = 2) -> str:
    """A number for people, as 10,000 or 12.50: no decimal places, or as many as it has, but not fewer than `places`."""
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction.ljust(places, '0')}" if fraction else whole
