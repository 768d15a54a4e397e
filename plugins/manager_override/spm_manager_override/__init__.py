"""Manager overrides: a share of what the team sells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from spm_graph.plugin import Attained, Credit, Line, Performance, Step, hookimpl, percent, shown

from .terms import Level, OnceReached, ThresholdIn

__all__ = ["Level", "ManagerOverride", "OnceReached", "ThresholdIn"]

ZERO = Decimal(0)
ONE = Decimal(1)
PLACES = Decimal("0.00000001")
SHARED = "several sellers"


@dataclass(frozen=True)
class ManagerOverride:
    """Pay managers a share of what the people who report to them sell, directly or through other managers.

    Use it with a measure that counts rollup credits. In the ledger it is one line for each seller, named by their key in the
    source systems, and a line `several sellers` for deals that people of the team share.

    With `levels`, a manager is paid the difference: their own rate less the rate of whoever stands right below them on the way
    to the seller, so that what a deal pays to a whole line of managers is the highest of their rates.
    """

    rate: Annotated[Decimal, "The manager's rate: 0.03 is 3 % of money, and 2.5 is 2.50 for each unit."]
    levels: Annotated[
        tuple[Level, ...], "The rates of those below, by title, where the difference is paid; empty: all of the rate is."
    ] = ()
    seller_rate: Annotated[Decimal, "With levels, the rate of sellers whose title is not among them, or who share a deal."] = ZERO
    threshold: Annotated[Decimal | None, "What the team has to reach before anything is paid."] = None
    threshold_in: Annotated[ThresholdIn, "What the threshold is counted in."] = ThresholdIn.CREDITED
    once_reached: Annotated[OnceReached, "What is paid for once the threshold is reached."] = OnceReached.ABOVE
    gate: Annotated[Attained | None, "The attainment of another measure or window that has to reach `gateAt` before anything is paid."] = (
        None
    )
    gate_at: Annotated[Decimal, "The attainment that opens the gate: 1 is on quota."] = ONE
    roles: Annotated[tuple[str, ...], "The roles whose credits are paid for."] = ("ROLLUP",)
    cap: Annotated[Decimal | None, "The most that a window pays, or takes back."] = None

    def __post_init__(self) -> None:
        if min(self.rate, self.seller_rate, *(level.rate for level in self.levels)) < 0:
            raise ValueError("a rate must not be negative")
        if len({level.title for level in self.levels}) < len(self.levels):
            raise ValueError("two levels have the same title")
        if self.seller_rate and not self.levels:
            raise ValueError("sellerRate needs levels: without them, all of the rate is paid")
        if min(self.threshold or ZERO, self.cap or ZERO) < 0:
            raise ValueError("threshold and cap must not be negative")
        if not self.roles:
            raise ValueError("at least one role is needed")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """A line for each seller; nothing is paid, and the steps say why, below the threshold or with a closed gate."""
        sellers: dict[str, list[Credit]] = defaultdict(list)
        for credit in performance.credits:
            if credit.role in self.roles:
                sellers[credit.source_rep or SHARED].append(credit)
        part, why = self._part(performance, sum((performance.counted(each) for team in sellers.values() for each in team), ZERO))
        found = {seller: list(self._steps(performance, seller, team, part, why)) for seller, team in sorted(sellers.items())}
        total = sum((step.amount for steps in found.values() for step in steps), ZERO)
        uncapped = self._uncapped(performance)
        paid = self._capped(uncapped + total) - self._capped(uncapped)
        for seller, steps in found.items():
            if total != paid:
                # Each seller's line bears its part of what is above the cap.
                mine = (sum((step.amount for step in steps), ZERO) * (paid - total) / total).quantize(PLACES)
                steps.append(Step(f"above the cap of {shown(self.cap or ZERO)} for the window", mine, caps=True))
            yield Line(seller, tuple(steps), tuple(credit.id for credit in sellers[seller]))

    def _part(self, performance: Performance, credited: Decimal) -> tuple[Decimal, str]:
        """How much of what was credited is paid for, from 0 to 1, and what the steps say about it."""
        attained = self.gate.of(performance) if self.gate else None
        if self.gate and (attained is None or attained < self.gate_at):
            is_at = f"at {percent(attained, 4)} of quota" if attained is not None else "without a quota"
            return ZERO, f": nothing, as {self.gate.measure} is {is_at}"
        if self.threshold is None:
            return ONE, ""
        quota = performance.quota or ZERO
        of_quota = self.threshold_in is ThresholdIn.ATTAINMENT
        threshold = self.threshold * quota if of_quota else self.threshold
        said = f"{percent(self.threshold)} of quota" if of_quota else shown(threshold)
        if of_quota and quota <= 0:
            return ZERO, ": nothing, as there is no quota"
        before, after = performance.credited_before, performance.credited_before + credited
        total = after + performance.credited_after
        if self.once_reached is OnceReached.EVERYTHING:
            return (ONE, f", as {said} is reached") if abs(total) >= threshold else (ZERO, f": nothing below {said}")
        above = _above(after, threshold) - _above(before, threshold)
        return (above / credited if credited else ZERO), f" above {said}"

    def _steps(self, performance: Performance, seller: str, team: Sequence[Credit], part: Decimal, why: str) -> Iterable[Step]:
        by_rate: dict[tuple[Decimal, str], Decimal] = defaultdict(Decimal)
        for credit in team:
            by_rate[self._rate(credit)] += performance.counted(credit)
        for (rate, less), counted in by_rate.items():
            said = f"{shown(rate)} for each unit" if performance.units else percent(rate)
            base = counted if part in (ZERO, ONE) else (counted * part).quantize(PLACES)
            yield Step(f"{said}{less} of what {seller} sold{why}", base, rate if part else ZERO)

    def _rate(self, credit: Credit) -> tuple[Decimal, str]:
        """The rate that a deal pays this manager, and what it is less, in words."""
        if not self.levels:
            return self.rate, ""
        rates = {level.title: level.rate for level in self.levels}
        below = [credit.attributes[name] for name in ("throughTitle", "sourceTitle") if name in credit.attributes]
        theirs = max((rates.get(title, self.seller_rate) for title in below), default=self.seller_rate)
        return max(self.rate - theirs, ZERO), f" ({percent(self.rate)} less {percent(theirs)})"

    def _uncapped(self, performance: Performance) -> Decimal:
        """What the earlier parts of the window earned without the cap; where that was reached, what these settings make of them."""
        paid, earlier = performance.earned_before, performance.earlier
        if self.cap is None or abs(paid) < self.cap or earlier is None:
            return paid
        alone = sum((line.amount for line in replace(self, cap=None).earn(earlier)), ZERO)
        return alone if abs(alone) > self.cap else paid

    def _capped(self, total: Decimal) -> Decimal:
        return total if self.cap is None else min(max(total, -self.cap), self.cap)


def _above(position: Decimal, threshold: Decimal) -> Decimal:
    """What lies above a threshold; below zero, the negative of what lies as far above."""
    return max(abs(position) - threshold, ZERO).copy_sign(position)


@hookimpl
def spm_incentive_types() -> list[type]:
    """The one type of this package."""
    return [ManagerOverride]
