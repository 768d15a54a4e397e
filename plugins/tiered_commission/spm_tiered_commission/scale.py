"""Where the tiers begin and end for one rep, what a part of them pays, and how to speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from spm_graph.plugin import Performance, Step, percent, shown

from .terms import Rates, Tier, TiersIn

if TYPE_CHECKING:
    from . import TieredCommission

ENDLESS = Decimal("Infinity")
PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class Scale:
    """The edges of the tiers in what is credited; `base_rate` is target variable pay and quota, where rates are multiples of it."""

    tiers: Sequence[Tier]
    edges: tuple[Decimal, ...]
    attainment: bool
    units: bool
    base_rate: tuple[Decimal, Decimal] | None = None
    attribute: str | None = None

    @classmethod
    def of(cls, performance: Performance, settings: TieredCommission) -> Scale | None:
        """The scale of a performance; None if it needs a quota and there is none.

        Raises ValueError if it needs target variable pay and none is set.
        """
        attainment, multiples = settings.tiers_in is TiersIn.ATTAINMENT, settings.rates is Rates.OF_BASE_RATE
        quota, target = performance.quota, performance.target_variable
        if multiples and target is None:
            raise ValueError("no target variable pay is set for these dates, so there is no base commission rate")
        counted_in_quota = attainment and settings.attained is None
        if (counted_in_quota or multiples) and (quota is None or quota <= 0):
            return None
        unit = quota if counted_in_quota and quota else Decimal(1)
        base_rate = (target * settings.target_share, quota) if multiples and target is not None and quota else None
        edges = (*(tier.starts * unit for tier in settings.tiers), ENDLESS)
        return cls(settings.tiers, edges, attainment, performance.units, base_rate, settings.attribute)

    def paying(self, part: Decimal, rate: Decimal, where: str) -> Step:
        """What a part of what was credited pays at a rate.

        An endless part of target variable pay is cut to 8 places: what a rep reads is what was calculated.
        """
        if self.base_rate is not None:
            target, quota = self.base_rate
            return Step(f"{shown(rate, places=1)} times the base rate for {where}", (target * part / quota).quantize(PLACES), rate)
        return Step(f"{shown(rate)} for each of {where}" if self.units else f"{percent(rate)} of {where}", part, rate)

    def says(self, start: Decimal) -> str:
        """Where a tier starts, in words."""
        if self.attribute is not None:
            return f"a {self.attribute} of {shown(start)}"
        return f"{percent(start)} of quota" if self.attainment else self.counted(start)

    def counted(self, credited: Decimal) -> str:
        """A part of what is credited, in words."""
        return f"{shown(credited)} units" if self.units else shown(credited)

    def range(self, index: int, *, whole: bool = False) -> str:
        """What a tier takes in, in words."""
        last = index + 1 == len(self.tiers)
        ends = "" if last else self.says(self.tiers[index + 1].starts)
        if whole:
            return "everything" if last else f"everything up to {ends}"
        starts = self.says(self.tiers[index].starts)
        return f"what is above {starts}" if last else f"{starts} to {ends}"


def filled(position: Decimal, starts: Decimal, ends: Decimal) -> Decimal:
    """How much of a tier lies between zero and a position; below zero, the negative of what lies as far above."""
    return (min(max(abs(position), starts), ends) - starts).copy_sign(position)
