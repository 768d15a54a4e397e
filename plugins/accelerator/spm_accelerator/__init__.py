"""Accelerators and decelerators: the more of quota is reached, the more each part of it pays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from spm_graph.plugin import Attained, Line, Performance, Step, hookimpl, percent, shown

from .terms import Band, Edge, Method, Pays
from .way import Part, Way, reached

__all__ = ["Accelerator", "Band", "Edge", "Method", "Pays"]

ZERO = Decimal(0)
ONE = Decimal(1)
PLACES = Decimal("0.00000001")


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
    attained: Annotated[
        Attained | None, "The attainment of another measure or window that picks the band, by whose multiplier everything is multiplied."
    ] = None
    threshold: Annotated[Decimal | None, "The attainment below which nothing is paid here: 0.5 is half of quota."] = None
    gate: Annotated[
        Attained | None, "The attainment of another measure or window that has to reach the threshold, if it isn't the one of the bands."
    ] = None
    target_share: Annotated[Decimal, "The share of target variable pay that is this component's."] = ONE
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
        if self.gate is not None and self.threshold is None:
            raise ValueError("a gate needs the threshold that it has to reach")
        if not 0 < self.target_share <= 1:
            raise ValueError("targetShare is a share: above 0, and 1 at most")
        if self.component is not None and not self.component.strip():
            raise ValueError("the component needs a name")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line for the window; raises ValueError if the component does not come before, or no target variable is set."""
        earnings = self._earnings(performance)
        quota, before = performance.quota, performance.credited_before
        after = before + performance.credited
        total = after + performance.credited_after
        if self.attained is not None and self.component is not None:
            quota = ONE  # neither the band nor what is multiplied asks for a quota of the component's own
        if quota is None or quota <= 0:
            steps = [Step("no quota, so there is no attainment", ZERO)]
        elif missed := self._missed(performance, abs(total) / quota):
            steps = [Step(missed, ZERO)]
        else:
            way = Way(self._bands, self.method, self.edge, before, after, total, quota)
            steps = list(self._steps(way, performance, self._pay(performance, earnings, quota)))
            steps = steps or [Step("nothing is changed by the bands" if self._adds else "nothing was credited", ZERO)]
        yield Line("accelerator", (*steps, *self._capped(performance, sum((step.amount for step in steps), ZERO))))

    @property
    def _bands(self) -> tuple[Band, ...]:
        return self.bands if self.bands[0].starts == 0 else (Band(ZERO, ONE), *self.bands)

    def _missed(self, performance: Performance, own: Decimal) -> str | None:
        """Why nothing is paid, if the threshold is missed."""
        gate = self.gate or self.attained
        attained = gate.of(performance) if gate else own
        if self.threshold is None or (attained is not None and attained >= self.threshold):
            return None
        if gate is None or attained is None:
            return f"below the threshold of {percent(self.threshold)} of quota" if gate is None else f"no quota for {gate.measure}"
        return f"{gate.measure} is at {percent(attained, 4)} of quota, below the threshold of {percent(self.threshold)}"

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

    def _steps(self, way: Way, performance: Performance, paid: Pay) -> Iterator[Step]:
        for part in self._parts(way, performance):
            base = paid(part.credited, way.credited)
            if base and not (self._adds and part.multiplier == 1):
                said = f"multiplier {shown(part.multiplier, places=1)} for {part.where}"
                yield Step(f"{said}: what it adds", base, part.multiplier - 1) if self._adds else Step(said, base, part.multiplier)

    def _parts(self, way: Way, performance: Performance) -> Iterable[Part]:
        if self.attained is None:
            return way.parts()
        attained = self.attained.of(performance)
        if attained is None:
            return [Part(ZERO if not self._adds else ONE, way.credited, f"everything, as there is no quota for {self.attained.measure}")]
        band = self._bands[max(reached(self._bands, attained, ONE, self.edge).count(True) - 1, 0)]
        where = f"everything, as {self.attained.measure} is at {percent(attained, 4)} of quota"
        return [Part(band.multiplier, way.credited, where)]

    def _pay(self, performance: Performance, earnings: Decimal | None, quota: Decimal) -> Pay:
        """What parts of the way pay: of a component, their part of its earnings; of target variable pay, as much as of quota.

        What a division leaves endless is rounded to 8 places: what the statement shows is what was calculated.
        """
        if earnings is not None:
            return lambda part, whole: cut(earnings * part / whole) if whole else earnings
        if performance.target_variable is None:
            raise ValueError("no target variable pay is set for these dates, so there is nothing to multiply")
        target = performance.target_variable * self.target_share
        return lambda part, whole: cut(target * part / quota)

    def _capped(self, performance: Performance, amount: Decimal) -> list[Step]:
        """The step that keeps the window, with what it earned before a change cut it, between plus and minus the cap."""
        if self.cap is None:
            return []
        paid, earlier = performance.earned_before, performance.earlier
        uncapped = paid
        if abs(paid) >= self.cap and earlier is not None:  # how far it went beyond, these settings say
            alone = sum((line.amount for line in replace(self, cap=None).earn(earlier)), ZERO)
            uncapped = alone if abs(alone) > self.cap else paid
        total = uncapped + amount
        allowed = min(max(total, -self.cap), self.cap) - min(max(uncapped, -self.cap), self.cap)
        return [Step(f"above the cap of {shown(self.cap)} for the window", allowed - amount, caps=True)] if allowed != amount else []


Pay = Callable[[Decimal, Decimal], Decimal]
"""What a part of the way that a window went pays before it is multiplied; given the part, and the whole way."""


def cut(amount: Decimal) -> Decimal:
    """An amount with as many places as it has, but 8 at most."""
    rounded = amount.quantize(PLACES)
    return amount if amount == rounded else rounded


@hookimpl
def spm_incentive_types() -> list[type]:
    """The one type of this package."""
    return [Accelerator]
