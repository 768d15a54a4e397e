"""The way that a window went through the bands of attainment, in parts that each have a multiplier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from spm_graph.plugin import percent

from .terms import Band, Edge, Method

ZERO = Decimal(0)
ENDLESS = Decimal("Infinity")


@dataclass(frozen=True)
class Part:
    """A part of the way: its multiplier, how much of what was credited it is, and where it lies, in words."""

    multiplier: Decimal
    credited: Decimal
    where: str


@dataclass(frozen=True)
class Way:
    """What was credited, from one position to another in a window that has reached a third; bands start at a share of quota.

    Below zero everything is mirrored.
    """

    bands: Sequence[Band]
    method: Method
    edge: Edge
    before: Decimal
    after: Decimal
    reached: Decimal
    quota: Decimal

    @property
    def credited(self) -> Decimal:
        """How long the way is."""
        return self.after - self.before

    def parts(self) -> Iterator[Part]:
        """The parts of the way, some of which may be nothing."""
        reached, methods = self._reached(), [band.method or self.method for band in self.bands]
        taking_in = [index for index, method in enumerate(methods) if reached[index] and method is Method.WHOLE_AMOUNT]
        first = taking_in[-1] if taking_in else 0
        if not self.credited:  # there is nothing to part, but a component may have earned something all the same
            first = max(reached.count(True) - 1, 0)
            yield Part(self.bands[first].multiplier, ZERO, self._everything())
            return
        edges = [*(band.starts * self.quota for band in self.bands), ENDLESS]
        for index in range(first, len(self.bands)):
            whole = index == first and bool(taking_in)
            starts, ends = ZERO if whole else edges[index], edges[index + 1]
            above = not any(reached[index + 1 :])
            said = (self._everything() if above else f"everything up to {percent(self.bands[index + 1].starts)} of quota") if whole else ""
            part = filled(self.after, starts, ends) - filled(self.before, starts, ends)
            yield Part(self.bands[index].multiplier, part, said or self._between(index))

    def _everything(self) -> str:
        return f"everything, at {percent(self.reached / self.quota, 4)} of quota"

    def _between(self, index: int) -> str:
        starts = percent(self.bands[index].starts)
        if index + 1 == len(self.bands):
            return f"what is above {starts} of quota"
        return f"{starts} to {percent(self.bands[index + 1].starts)} of quota"

    def _reached(self) -> list[bool]:
        return reached(self.bands, self.reached, self.quota, self.edge)


def reached(bands: Sequence[Band], position: Decimal, quota: Decimal, edge: Edge) -> list[bool]:
    """For each band, whether a position has reached it."""
    size = abs(position)
    starts = [band.starts * quota for band in bands]
    return [start < size or (start == size and edge is Edge.UPPER) for start in starts]


def filled(position: Decimal, starts: Decimal, ends: Decimal) -> Decimal:
    """How much of a band lies between zero and a position; below zero, the negative of what lies as far above."""
    return (min(max(abs(position), starts), ends) - starts).copy_sign(position)
