"""What the way from one position to another pays, tier by tier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from spm_graph.plugin import Step, shown

from .scale import ENDLESS, PLACES, Scale, filled
from .terms import Edge, Method

ZERO = Decimal(0)


@dataclass(frozen=True)
class Decided:
    """What reaches a tier, where that isn't what is credited: an attainment elsewhere, or a number of the deal. `says` names it."""

    value: Decimal
    says: str


def number(written: str, name: str) -> Decimal:
    """The number that a deal has as an attribute; raises ValueError for what is none."""
    try:
        found = Decimal(written)
    except InvalidOperation:
        found = ENDLESS
    if not found.is_finite():
        raise ValueError(f"the {name} of a deal is {written!r}; expected a number, such as 0.15")
    return found


@dataclass(frozen=True)
class Tiers:
    """Tiers on one rep's scale. Below zero everything is mirrored, but for what is `decided` from elsewhere."""

    scale: Scale
    method: Method
    edge: Edge
    lump_sums: bool = False
    decided: Decided | None = None

    def paid(self, before: Decimal, after: Decimal, reached: Decimal) -> Iterator[Step]:
        """What the way from one position to another pays in a window that has reached a third; in words, if that is nothing."""
        if self.lump_sums:
            steps = list(self._sums(after))
            if earlier := sum((step.amount for step in self._sums(before)), ZERO):
                steps.append(Step("less what the tiers pay for what was credited before", -earlier))
        elif self.decided is not None:
            steps = list(self._looked_up(after - before, self.decided))
        else:
            steps = list(self._rates(before, after, reached))
        yield from steps
        if after == before:
            yield Step("nothing was credited", ZERO)
        elif not steps:
            yield Step(f"no tier is reached; the first starts at {self.scale.says(self.scale.tiers[0].starts)}", after - before, ZERO)

    def _rates(self, before: Decimal, after: Decimal, reached: Decimal) -> Iterator[Step]:
        """What is paid between two positions of a window that has reached a third, where the tiers have rates."""
        for index, method in self._in_force(reached):
            marginal = method is Method.MARGINAL
            starts, ends = self.scale.edges[index] if marginal else ZERO, self.scale.edges[index + 1]
            part = filled(after, starts, ends) - filled(before, starts, ends)
            if part:
                yield self.scale.paying(part, self._rate(index, method, reached), self.scale.range(index, whole=not marginal))

    def _sums(self, position: Decimal) -> Iterator[Step]:
        """What is paid at a position, where the tiers have lump sums."""
        for index, method in self._in_force(position):
            starts, ends, lump_sum = self.scale.edges[index], self.scale.edges[index + 1], self.scale.tiers[index].rate
            said = f"{shown(lump_sum)} for {self.scale.range(index)}"
            if method is Method.WHOLE_AMOUNT:
                paid = lump_sum
            elif method is Method.INTERPOLATED:
                paid = self._interpolated(index, position)
                said += f", going on to {shown(self.scale.tiers[index + 1].rate)}" if ends != ENDLESS else ""
            else:
                part = abs(filled(position, starts, ends))
                # Multiplied before it is divided, so that a whole tier pays all of its lump sum.
                paid = lump_sum * part / (ends - starts) if part else ZERO
                said += f": {self.scale.counted(part)} of {self.scale.counted(ends - starts)}" if part < ends - starts else ""
            if paid:
                yield Step(said, paid.copy_sign(position))

    def _looked_up(self, credited: Decimal, decided: Decided) -> Iterator[Step]:
        """What everything credited pays at the rate of the tier that is decided elsewhere; what is below zero reaches none."""
        index = self._reached(decided.value).count(True) - 1 if decided.value >= 0 else -1
        if index >= 0 and credited:
            method = self.scale.tiers[index].method or self.method
            yield self.scale.paying(credited, self._rate(index, method, decided.value), f"everything, at {decided.says}")

    def _rate(self, index: int, method: Method, position: Decimal) -> Decimal:
        # An interpolated rate is cut to the places that rates are shown with: what a rep reads is what was calculated.
        interpolated = method is Method.INTERPOLATED
        return self._interpolated(index, position).quantize(PLACES) if interpolated else self.scale.tiers[index].rate

    def _reached(self, position: Decimal) -> list[bool]:
        size = abs(position)
        return [edge < size or (edge == size and self.edge is Edge.UPPER) for edge in self.scale.edges[:-1]]

    def _in_force(self, position: Decimal) -> Iterator[tuple[int, Method]]:
        """The tiers that pay at a position, each with how it pays: the last one reached that takes in all below, and those above."""
        reached, methods = self._reached(position), [tier.method or self.method for tier in self.scale.tiers]
        taking_in = [index for index, method in enumerate(methods) if reached[index] and method is not Method.MARGINAL]
        if taking_in:
            yield taking_in[-1], methods[taking_in[-1]]
        for index in range(taking_in[-1] + 1 if taking_in else 0, len(methods)):
            yield index, Method.MARGINAL

    def _interpolated(self, index: int, position: Decimal) -> Decimal:
        """The rate at a position inside a tier, on the line from its start to the next tier's; the last tier's is level."""
        starts, ends, rate = self.scale.edges[index], self.scale.edges[index + 1], self.scale.tiers[index].rate
        if ends == ENDLESS:
            return rate
        return rate + (self.scale.tiers[index + 1].rate - rate) * abs(filled(position, starts, ends)) / (ends - starts)
