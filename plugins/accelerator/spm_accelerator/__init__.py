"""Accelerators and decelerators: the more of quota is reached, the more each part of it pays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from spm_graph.plugin import Line, Performance, Step, hookimpl

from .terms import Band, Edge, Method, Pays

__all__ = ["Accelerator", "Band", "Edge", "Method", "Pays"]

ZERO = Decimal(0)
ONE = Decimal(1)
ENDLESS = Decimal("Infinity")
PLACES = Decimal("0.00000001")
SHOWN = Decimal("0.000001")


@dataclass(frozen=True)
class Accelerator:
    """Multiply pay by how much of quota was reached: what another component of the plan earned, or the target variable pay.

    Target variable pay is what a rep is paid for being exactly on quota; at an attainment of 60 % it is 60 % of that, times
    the multiplier. In the ledger it is one line `accelerator`, with a step for each band.

    Below zero everything is mirrored: what refunds take back is the negative of what the same amount sold would earn.
    """

    bands: Annotated[tuple[Band, ...], "The bands of attainment, lowest first. Below the first one, the multiplier is 1."]
    component: Annotated[str | None, "The earlier component of the plan whose earnings are multiplied; none: target variable pay."] = None
    method: Annotated[Method, "How attainment meets the bands."] = Method.MARGINAL
    pays: Annotated[Pays | None, "Which part is paid here; unless set, the difference for a component, else everything."] = None
    edge: Annotated[Edge, "Which band an attainment exactly on an edge belongs to, where the whole amount is multiplied."] = Edge.UPPER
    threshold: Annotated[Decimal | None, "The attainment below which nothing is paid here: 0.5 is half of quota."] = None
    cap: Annotated[Decimal | None, "The most that a window pays here, or takes back."] = None

    def __post_init__(self) -> None:
        if not self.bands:
            raise ValueError("at least one band is needed")
        if self.bands[0].starts < 0 or any(after.starts <= before.starts for before, after in pairwise(self.bands)):
            raise ValueError("each band must start above the one before it, and the first one not below zero")
        if any(band.multiplier < 0 for band in self.bands):
            raise ValueError("a multiplier must not be negative")
        if min(self.threshold or ZERO, self.cap or ZERO) < 0:
            raise ValueError("threshold and cap must not be negative")
        if self.component is not None and not self.component.strip():
            raise ValueError("the component needs a name")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line for the window; raises ValueError if the component does not come before, or no target variable is set."""
        earnings = self._earnings(performance)
        quota, before = performance.quota, performance.credited_before
        after = before + performance.credited
        if quota is None or quota <= 0:
            steps = [Step("no quota, so there is no attainment", ZERO)]
        elif self.threshold is not None and abs(after) < self.threshold * quota:
            steps = [Step(f"below the threshold of {percent(self.threshold)} of quota", ZERO)]
        else:
            steps = list(self._steps(before, after, quota, pay(performance, earnings, quota)))
            steps = steps or [Step("nothing is changed by the bands" if self._adds else "nothing was credited", ZERO)]
        yield Line("accelerator", (*steps, *self._capped(sum((step.amount for step in steps), ZERO), performance.earned_before)))

    @property
    def _adds(self) -> bool:
        return (self.pays or (Pays.EVERYTHING if self.component is None else Pays.DIFFERENCE)) is Pays.DIFFERENCE

    def _earnings(self, performance: Performance) -> Decimal | None:
        """What the component earned; None where it is target variable pay that is multiplied."""
        if self.component is None:
            return None
        if self.component not in performance.earned:
            known = ", ".join(sorted(performance.earned)) or "none"
            raise ValueError(f'no component "{self.component}" comes before this one; those that do: {known}')
        return sum((line.amount for line in performance.earned[self.component]), ZERO)

    def _steps(self, before: Decimal, after: Decimal, quota: Decimal, paid: Pay) -> Iterator[Step]:
        for multiplier, part, where in self._parts(before, after, quota):
            base = paid(part, after - before)
            if base and not (self._adds and multiplier == 1):
                said = f"multiplier {number(multiplier, places=1)} for {where}"
                yield Step(f"{said}: what it adds", base, multiplier - 1) if self._adds else Step(said, base, multiplier)

    def _parts(self, before: Decimal, after: Decimal, quota: Decimal) -> Iterator[tuple[Decimal, Decimal, str]]:
        """The multipliers on the way from one position to another, each with how much of the way is theirs, and in words."""
        bands = self.bands if self.bands[0].starts == 0 else (Band(ZERO, ONE), *self.bands)
        edges = [*(band.starts * quota for band in bands), ENDLESS]
        if self.method is Method.WHOLE_AMOUNT or after == before:
            size = abs(after)
            reached = [edge < size or (edge == size and self.edge is Edge.UPPER) for edge in edges[1:-1]]
            attainment = percent((after / quota).quantize(SHOWN))
            yield bands[reached.count(True)].multiplier, after - before, f"everything, at {attainment} of quota"
            return
        for index, band in enumerate(bands):
            starts, ends = edges[index], edges[index + 1]
            said = (
                f"{percent(band.starts)} to {percent(bands[index + 1].starts)}"
                if ends < ENDLESS
                else f"what is above {percent(band.starts)}"
            )
            yield band.multiplier, filled(after, starts, ends) - filled(before, starts, ends), f"{said} of quota"

    def _capped(self, amount: Decimal, before: Decimal) -> list[Step]:
        """The step that keeps the window, with what it earned before a change cut it, between plus and minus the cap."""
        total = before + amount
        if self.cap is None or abs(total) <= self.cap:
            return []
        return [Step(f"above the cap of {number(self.cap)} for the window", self.cap.copy_sign(total) - total)]


Pay = Callable[[Decimal, Decimal], Decimal]
"""What a part of the way that a window went pays before it is multiplied; given the part, and the whole way."""


def pay(performance: Performance, earnings: Decimal | None, quota: Decimal) -> Pay:
    """What parts of the way pay: of a component, their part of its earnings; of target variable pay, as much as of quota.

    What a division leaves endless is rounded to 8 places: what the statement shows is what was calculated.
    """
    if earnings is not None:
        return lambda part, whole: shown(earnings * part / whole) if whole else earnings
    target = performance.target_variable
    if target is None:
        raise ValueError("no target variable pay is set for these dates, so there is nothing to multiply")
    return lambda part, whole: shown(target * part / quota)


def shown(amount: Decimal) -> Decimal:
    """An amount with as many places as it has, but 8 at most."""
    rounded = amount.quantize(PLACES)
    return amount if amount == rounded else rounded


def filled(position: Decimal, starts: Decimal, ends: Decimal) -> Decimal:
    """How much of a band lies between zero and a position; below zero, the negative of what lies as far above."""
    return (min(max(abs(position), starts), ends) - starts).copy_sign(position)


def percent(ratio: Decimal) -> str:
    """A ratio for people: 1.3 is 130 %."""
    return f"{number(ratio * 100, places=1)} %"


def number(value: Decimal, places: int = 2) -> str:
    """A number for people, as 10,000 or 12.50: no decimal places, or as many as it has, but not fewer than `places`."""
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction.ljust(places, '0')}" if fraction else whole


@hookimpl
def spm_incentive_types() -> list[type]:
    """The one type of this package."""
    return [Accelerator]
