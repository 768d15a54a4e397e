"""Tiered commission: the more is credited, the higher the rate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from spm_graph.plugin import Credit, Line, Performance, Step, hookimpl

from .scale import ENDLESS, Scale, filled, number
from .terms import Accumulated, Edge, Method, Rates, Tier, TiersIn

ZERO = Decimal(0)
RATE_PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class TieredCommission:
    """Pay rates that rise, or fall, with what is credited.

    In the ledger it is one line `commission`, with a step for each tier, so that reaching a tier changes a line and never
    makes one; or, where each transaction stands alone, one line for each, named by the id of its credit. What the floor
    adds is a line `floor` that no deal has earned.

    Refunds unwind the tiers: what is credited below zero pays the negative of what the same amount above zero pays.
    """

    tiers: Annotated[tuple[Tier, ...], "The tiers, lowest first. What lies below the first pays nothing if that one is marginal."]
    method: Annotated[Method, "How what is credited meets the tiers."] = Method.MARGINAL
    tiers_in: Annotated[TiersIn, "What the tiers' starts are counted in."] = TiersIn.CREDITED
    rates: Annotated[Rates, "What the tiers' rates are."] = Rates.OF_CREDITED
    accumulated: Annotated[Accumulated, "What goes through the tiers together."] = Accumulated.WINDOW
    edge: Annotated[Edge, "Which tier an amount exactly on an edge belongs to."] = Edge.UPPER
    floor: Annotated[Decimal | None, "The least that a window pays; 0 lets refunds take back no more than the window earned."] = None
    cap: Annotated[Decimal | None, "The most that a window pays, or takes back."] = None
    cap_per_transaction: Annotated[Decimal | None, "The most that a transaction pays, or takes back, where each stands alone."] = None

    def __post_init__(self) -> None:
        if not self.tiers:
            raise ValueError("at least one tier is needed")
        if self.tiers[0].starts < 0 or any(after.starts <= before.starts for before, after in pairwise(self.tiers)):
            raise ValueError("each tier must start above the one before it, and the first one not below zero")
        if any(tier.rate < 0 for tier in self.tiers):
            raise ValueError("a rate must not be negative")
        last = self.tiers[-1]
        if self.rates is Rates.LUMP_SUM and (last.method or self.method) is Method.MARGINAL and last.rate:
            raise ValueError("the last tier has no end, so a lump sum for filling it is never earned: end it with a tier at rate 0")
        if min(self.cap or ZERO, self.cap_per_transaction or ZERO) < 0 or (self.cap is not None and (self.floor or ZERO) > self.cap):
            raise ValueError("a cap must not be negative, nor below the floor")
        if self.cap_per_transaction is not None and self.accumulated is not Accumulated.TRANSACTION:
            raise ValueError("a cap per transaction needs transactions that stand alone: accumulated must be TRANSACTION")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line for the window or for each transaction, and one for the floor if it adds anything."""
        scale = Scale.of(performance, self.tiers, self.tiers_in)
        paid = performance.earned_before
        for key, together in self._together(performance):
            alone = self.accumulated is Accumulated.TRANSACTION
            before = ZERO if alone else performance.credited_before
            after = before + sum((performance.counted(credit) for credit in together), ZERO)
            steps = list(self._steps(before, after, scale))
            if self.cap_per_transaction is not None:
                steps += _capped(ZERO, amount(steps), self.cap_per_transaction, "a transaction")
            if self.cap is not None:
                steps += _capped(paid, paid + amount(steps), self.cap, "the window")
            paid += amount(steps)
            yield Line(key, tuple(steps), tuple(credit.id for credit in together) if alone else None)
        if self.floor is not None and paid < self.floor:
            yield Line("floor", (Step(f"raised to the floor of {number(self.floor)}", self.floor - paid),), credits=())

    def _together(self, performance: Performance) -> list[tuple[str, Sequence[Credit]]]:
        """The credits that go through the tiers together, each time with the key of the line that they make."""
        if self.accumulated is Accumulated.WINDOW:
            return [("commission", performance.credits)]
        sales: dict[str, str] = {}
        groups: dict[str, list[Credit]] = {}
        for credit in performance.credits:
            corrected = credit.corrects or credit.id
            sales[credit.id] = sales.get(corrected, corrected)  # what corrects a refund belongs to the sale, too
            groups.setdefault(sales[credit.id], []).append(credit)
        return list(groups.items())

    def _steps(self, before: Decimal, after: Decimal, scale: Scale | None) -> Iterator[Step]:
        """What the way from one position to another pays, tier by tier; in words, if that is nothing."""
        if scale is None:
            yield Step("no quota, so no tier is reached", after - before, ZERO)
            return
        if self.rates is Rates.LUMP_SUM:
            steps = list(self._lump_sums(after, scale))
            if earlier := amount(self._lump_sums(before, scale)):
                steps.append(Step("less what the tiers pay for what was credited before", -earlier))
        else:
            steps = list(self._parts(before, after, scale))
        yield from steps
        if after == before:
            yield Step("nothing was credited", ZERO)
        elif not steps:
            yield Step(f"no tier is reached; the first starts at {scale.says(self.tiers[0].starts)}", after - before, ZERO)

    def _parts(self, before: Decimal, after: Decimal, scale: Scale) -> Iterator[Step]:
        for index, method in self._in_force(after, scale):
            marginal = method is Method.MARGINAL
            starts, ends = scale.edges[index] if marginal else ZERO, scale.edges[index + 1]
            # An interpolated rate is cut to the places that rates are shown with: what a rep reads is what was calculated.
            rate = self.tiers[index].rate
            if method is Method.INTERPOLATED:
                rate = self._interpolated(index, after, scale).quantize(RATE_PLACES)
            part = filled(after, starts, ends) - filled(before, starts, ends)
            if part:
                yield Step(f"{scale.rate(rate)} of {scale.range(self.tiers, index, whole=not marginal)}", part, rate)

    def _lump_sums(self, position: Decimal, scale: Scale) -> Iterator[Step]:
        for index, method in self._in_force(position, scale):
            starts, ends = scale.edges[index], scale.edges[index + 1]
            said = f"{number(self.tiers[index].rate)} for {scale.range(self.tiers, index)}"
            if method is Method.WHOLE_AMOUNT:
                paid = self.tiers[index].rate
            elif method is Method.INTERPOLATED:
                paid = self._interpolated(index, position, scale)
                said += f", going on to {number(self.tiers[index + 1].rate)}" if ends != ENDLESS else ""
            else:
                part = abs(filled(position, starts, ends))
                # Multiplied before it is divided, so that a whole tier pays all of its lump sum.
                paid = self.tiers[index].rate * part / (ends - starts) if part else ZERO
                said += f": {scale.counted(part)} of {scale.counted(ends - starts)}" if part < ends - starts else ""
            if paid:
                yield Step(said, paid.copy_sign(position))

    def _in_force(self, position: Decimal, scale: Scale) -> Iterator[tuple[int, Method]]:
        """The tiers that pay at a position, each with how it pays: the last one reached that takes in all below, and those above."""
        size, methods = abs(position), [tier.method or self.method for tier in self.tiers]
        reached = [edge < size or (edge == size and self.edge is Edge.UPPER) for edge in scale.edges[:-1]]
        taking_in = [index for index, method in enumerate(methods) if reached[index] and method is not Method.MARGINAL]
        if taking_in:
            yield taking_in[-1], methods[taking_in[-1]]
        for index in range(taking_in[-1] + 1 if taking_in else 0, len(methods)):
            yield index, Method.MARGINAL

    def _interpolated(self, index: int, position: Decimal, scale: Scale) -> Decimal:
        """The rate at a position inside a tier, on the line from its start to the next tier's; the last tier's is level."""
        starts, ends = scale.edges[index], scale.edges[index + 1]
        if ends == ENDLESS:
            return self.tiers[index].rate
        rise = self.tiers[index + 1].rate - self.tiers[index].rate
        return self.tiers[index].rate + rise * abs(filled(position, starts, ends)) / (ends - starts)


def amount(steps: Iterable[Step]) -> Decimal:
    """The sum of some steps."""
    return sum((step.amount for step in steps), ZERO)


def _capped(before: Decimal, after: Decimal, cap: Decimal, what: str) -> list[Step]:
    """The step that keeps a running total between plus and minus a cap, if it is needed."""
    excess = (after - before) - (min(max(after, -cap), cap) - min(max(before, -cap), cap))
    return [Step(f"above the cap of {number(cap)} for {what}", -excess)] if excess else []


@hookimpl
def spm_incentive_types() -> list[type]:
    """The one type of this package."""
    return [TieredCommission]
