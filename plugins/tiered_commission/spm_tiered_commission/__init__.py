"""Tiered commission: the more is credited, the higher the rate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from spm_graph.plugin import Attained, Credit, Line, Performance, Step, hookimpl, percent, shown

from .deals import Deal, Deals
from .limits import Cap, lacking
from .scale import PLACES, Scale
from .terms import Accumulated, Edge, Method, Rates, Split, Tier, TiersIn
from .tiers import Decided, Tiers, number

__all__ = ["Accumulated", "Edge", "Method", "Rates", "Split", "Tier", "TieredCommission", "TiersIn"]

ZERO = Decimal(0)
ONE = Decimal(1)

Paid = Callable[[Decimal, Decimal, Decimal], Iterable[Step]]
"""What the way from one position to another pays in a window that has reached a third."""


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
    attained: Annotated[
        Attained | None,
        "The attainment of another measure or window that says which tier is reached; all that is credited here is paid at its rate.",
    ] = None
    attribute: Annotated[
        str | None, "The attribute that says which tier a deal reaches, where tiers are counted in one: `marginRate` is margin by amount."
    ] = None
    rates: Annotated[Rates, "What the tiers' rates are."] = Rates.OF_CREDITED
    target_share: Annotated[
        Decimal, "The share of target variable pay that is this component's, where rates are multiples of the base rate."
    ] = ONE
    accumulated: Annotated[Accumulated, "What goes through the tiers together."] = Accumulated.WINDOW
    split: Annotated[Split, "Whether a shared deal is split before or after the rate, where transactions stand alone."] = Split.BEFORE_RATE
    edge: Annotated[Edge, "Which tier an amount exactly on an edge belongs to."] = Edge.UPPER
    largest_counted: Annotated[
        Decimal | None, "The most that a transaction, with what corrects it, counts for: what is above earns nothing and fills no tier."
    ] = None
    floor: Annotated[Decimal | None, "The least that a window pays; 0 lets refunds take back no more than the window earned."] = None
    floor_per_transaction: Annotated[Decimal | None, "The least that a transaction pays, or takes back, where each stands alone."] = None
    cap: Annotated[Decimal | None, "The most that a window pays, or takes back."] = None
    cap_per_transaction: Annotated[
        Decimal | None, "The most that a transaction pays, or takes back: where each stands alone, or where all tiers are marginal."
    ] = None
    above_cap: Annotated[Decimal, "The share of what is above a cap that is paid all the same: 0 is a hard cap, 0.25 a soft one."] = ZERO

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
        if self.attained is not None and (self.tiers_in is not TiersIn.ATTAINMENT or self.rates is Rates.LUMP_SUM):
            raise ValueError("an attainment from elsewhere needs tiers in ATTAINMENT, and rates that are no lump sums")
        if (self.tiers_in is TiersIn.ATTRIBUTE) != (self.attribute is not None):
            raise ValueError("tiers in ATTRIBUTE need the name of the attribute, and others have none")
        if self.attribute is not None and (not self._alone or self.rates is Rates.LUMP_SUM):
            raise ValueError("tiers in ATTRIBUTE need transactions that stand alone, and rates that are no lump sums")
        if not 0 < self.target_share <= 1:
            raise ValueError("targetShare is a share: above 0, and 1 at most")
        self._check_limits()
        if not self._alone:
            self._check_accumulated()

    def _check_limits(self) -> None:
        if min(self.cap or ZERO, self.cap_per_transaction or ZERO) < 0 or (self.cap is not None and (self.floor or ZERO) > self.cap):
            raise ValueError("a cap must not be negative, nor below the floor")
        if not 0 <= self.above_cap < 1:
            raise ValueError("aboveCap is a share: from 0 to below 1")
        if min(self.largest_counted or ZERO, self.floor_per_transaction or ZERO) < 0:
            raise ValueError("largestCounted and floorPerTransaction must not be negative")
        if self.split is Split.AFTER_RATE and self.largest_counted is not None:
            raise ValueError("largestCounted limits the rep's own share: it can't be given where the deal is split after the rate")

    def _check_accumulated(self) -> None:
        if self.split is Split.AFTER_RATE:
            raise ValueError("splitting after the rate needs transactions that stand alone: accumulated must be TRANSACTION")
        if self.floor_per_transaction is not None:
            raise ValueError("a floor per transaction needs transactions that stand alone: accumulated must be TRANSACTION")
        if self.cap_per_transaction is not None and any((tier.method or self.method) is not Method.MARGINAL for tier in self.tiers):
            raise ValueError("a cap per transaction needs marginal tiers, or transactions that stand alone: accumulated TRANSACTION")

    @property
    def _alone(self) -> bool:
        return self.accumulated is Accumulated.TRANSACTION

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line for the window or for each transaction, and one for the floor if it adds anything.

        Raises ValueError if the rates are multiples of a base commission rate, and no target variable pay is set.
        """
        cap = Cap(self.cap, self.above_cap) if self.cap is not None else None
        paid = performance.earned_before
        uncapped = self._uncapped(performance, cap) if cap else paid
        for key, together, found in self._found(performance, self._paid(performance)):
            steps = list(found)
            total = amount(steps)
            if cap and (excess := total - cap.of(uncapped + total) + cap.of(uncapped)):
                steps.append(Step(f"above the cap of {shown(cap.most)} for the window", -excess, caps=True))
            uncapped += total
            paid += amount(steps)
            yield Line(key, tuple(steps), together)
        if self.floor is not None and performance.is_last and paid < self.floor:
            yield Line("floor", (Step(f"raised to the floor of {shown(self.floor)}", self.floor - paid),), credits=())

    def _uncapped(self, performance: Performance, cap: Cap) -> Decimal:
        """What the earlier parts of the window earned without the cap; where a hard one was reached, what these settings make of them."""
        paid, earlier = performance.earned_before, performance.earlier
        if cap.share or abs(paid) < cap.most or earlier is None:
            return cap.before(paid)
        total = sum((amount(steps) for _, _, steps in self._found(earlier, self._paid(earlier))), ZERO)
        return total if abs(total) > cap.most else paid

    def _paid(self, performance: Performance) -> Paid:
        scale = Scale.of(performance, self)
        attained = self.attained.of(performance) if self.attained else None
        if scale is None or (self.attained and attained is None):
            return lambda before, after, reached: [Step("no quota, so no tier is reached", after - before, ZERO)]
        decided = Decided(attained, f"{percent(attained, 4)} of the quota that decides") if attained is not None else None
        return Tiers(scale, self.method, self.edge, self.rates is Rates.LUMP_SUM, decided).paid

    def _paid_for(self, performance: Performance, sale: Credit) -> Paid:
        """What a transaction that stands alone is paid by, if its tier is the one that an attribute of it reaches."""
        name = self.attribute or ""
        value = sale.attributes.get(name)
        scale = Scale.of(performance, self)
        if value is None or scale is None:
            why = "no quota" if value is not None else f"the deal has no {name}"
            return lambda before, after, reached: [Step(f"{why}, so no tier is reached", after - before, ZERO)]
        decided = Decided(number(value, name), f"a {name} of {value}")
        return Tiers(scale, self.method, self.edge, decided=decided).paid

    def _found(self, performance: Performance, paid: Paid) -> Iterator[tuple[str, tuple[str, ...] | None, Iterable[Step]]]:
        """The lines before the window's cap: key, the credits that are paid, and the steps."""
        if not self._alone:
            yield "commission", None, self._window(performance, paid)
            return
        own = {credit.id for credit in performance.credits}
        for key, together in Deals.of(performance).own:
            if self.attribute is not None:
                paid = self._paid_for(performance, next((credit for credit in together if credit.id == key), together[0]))
            counted, above = self._counted(performance, together)
            # A rep knows of a deal what is credited to them: the whole is that divided by their share.
            after = self.split is Split.AFTER_RATE
            whole = sum((performance.counted(credit) / credit.share for credit in together), ZERO) if after else counted
            steps = [*paid(ZERO, whole, whole), *above]
            if whole != counted:
                share = (counted / whole).quantize(PLACES)
                steps.append(Step(f"less what others have of the deal: the share in it is {percent(share)}", -amount(steps), 1 - share))
            yield key, tuple(credit.id for credit in together if credit.id in own), (*steps, *self._within_limits(amount(steps)))

    def _window(self, performance: Performance, paid: Paid) -> Iterator[Step]:
        starts, after, excess = performance.credited_before, performance.credited_after, ZERO
        ends = starts + performance.credited
        uncounted: list[Step] = []
        if self.largest_counted is not None or self.cap_per_transaction is not None:
            deals = Deals.of(performance)
            starts += self._all_counted(performance, deals.before) - _sum(performance, performance.credits_before)
            after = self._all_counted(performance, deals.after)
            ends = starts
            for _, together in deals.own:
                counted, above = self._counted(performance, together)
                excess += amount(self._within_limits(amount(paid(ends, ends + counted, ends + counted))))
                uncounted += above
                ends += counted
        yield from paid(starts, ends, ends + after)
        yield from uncounted
        if excess and self.cap_per_transaction is not None:
            yield Step(f"above the cap of {shown(self.cap_per_transaction)} for a transaction", excess, caps=True)

    def _counted(self, performance: Performance, together: Sequence[Credit]) -> tuple[Decimal, list[Step]]:
        """What a transaction counts for, and a step for what it does not."""
        total = _sum(performance, together)
        if self.largest_counted is None or abs(total) <= self.largest_counted:
            return total, []
        counted = self.largest_counted.copy_sign(total)
        return counted, [Step(f"above the {shown(self.largest_counted)} that a transaction counts for at most", total - counted, ZERO)]

    def _all_counted(self, performance: Performance, deals: Iterable[Deal]) -> Decimal:
        return sum((self._counted(performance, together)[0] for _, together in deals), ZERO)

    def _within_limits(self, total: Decimal) -> list[Step]:
        """The step that keeps what a transaction pays between its floor and its cap, if it is needed."""
        if self.floor_per_transaction is not None and (missing := lacking(total, self.floor_per_transaction)):
            return [Step(f"raised to the floor of {shown(self.floor_per_transaction)} for a transaction", missing)]
        most = self.cap_per_transaction
        if most is None or not (excess := total - Cap(most, self.above_cap).of(total)):
            return []
        return [Step(f"above the cap of {shown(most)} for a transaction", -excess, caps=True)]


def amount(steps: Iterable[Step]) -> Decimal:
    """The sum of some steps."""
    return sum((step.amount for step in steps), ZERO)


def _sum(performance: Performance, together: Iterable[Credit]) -> Decimal:
    return sum((performance.counted(credit) for credit in together), ZERO)


@hookimpl
def spm_incentive_types() -> list[type]:
    """The one type of this package."""
    return [TieredCommission]
