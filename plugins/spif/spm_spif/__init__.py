"""SPIFs: rewards for selling what is being pushed just now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from spm_graph.plugin import Attained, Line, Performance, Step, hookimpl, percent, shown

from .contest import SpifContest
from .deals import Deal
from .filters import Attribute, Filters
from .pool import TeamPool
from .terms import EarlierSales, Pays, PoolShared, RankedBy, Reaching, Shared, Ties

__all__ = [
    "Attribute",
    "EarlierSales",
    "Pays",
    "PoolShared",
    "RankedBy",
    "Reaching",
    "Shared",
    "Spif",
    "SpifContest",
    "TeamPool",
    "Ties",
]

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True)
class Spif(Filters):
    """Pay a reward for each deal that qualifies (a sales performance incentive fund, SPIF or SPIFF).

    In the ledger it is one line for each deal that is paid, named by the id of its credit. A deal is one credited
    transaction together with what corrects it: a refund takes back what its sale earned, and what is left of the sale has
    to qualify still.
    """

    pays: Annotated[Pays, "What a deal that qualifies earns."]
    reward: Annotated[Decimal, "The reward: an amount of money for each deal or unit, or a share of the amount, as `pays` says."]
    shared: Annotated[Shared, "What a fixed reward comes to for somebody who is credited with a part of the deal only."] = Shared.BY_SHARE
    first_deals: Annotated[int | None, "How many deals are paid in a window: the rep's first ones that qualify."] = None
    minimum_deals: Annotated[int | None, "How many deals must qualify in a window before any is paid."] = None
    minimum_amount: Annotated[Decimal | None, "What the deals that qualify must come to in a window before any is paid."] = None
    reaching: Annotated[Reaching, "What is paid for once the minimum is reached."] = Reaching.EVERY_DEAL
    gate: Annotated[Attained | None, "The attainment of a measure and window that must be reached before any deal is paid."] = None
    gate_at: Annotated[Decimal, "The attainment that opens the gate: 1 is on quota."] = ONE
    maximum: Annotated[Decimal | None, "The most that a rep is paid in a window."] = None
    earlier_sales: Annotated[EarlierSales, "What becomes of a refund whose sale was in an earlier window."] = EarlierSales.TAKE_BACK

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.reward <= 0:
            raise ValueError("the reward must be above zero")
        if any(count is not None and count < 1 for count in (self.first_deals, self.minimum_deals)):
            raise ValueError("firstDeals and minimumDeals must be 1 or more")
        if min(self.minimum_amount or ZERO, self.maximum or ZERO) < 0:
            raise ValueError("minimumAmount and maximum must not be negative")
        if self.gate is None and self.gate_at != ONE:
            raise ValueError("gateAt needs a gate")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line for each deal that is paid, and for each that is taken back."""
        earned = self._unlimited(performance)
        for deal in self._paid(performance):
            steps = list(self._steps(deal))
            before, earned = earned, earned + sum((step.amount for step in steps), ZERO)
            if self.maximum is not None:
                excess = max(earned - self.maximum, ZERO) - max(before - self.maximum, ZERO)
                steps += [Step(f"above the maximum of {shown(self.maximum)} for the window", -excess, caps=True)] if excess else []
            if sum(step.amount for step in steps):
                yield Line(deal.first.id, tuple(steps), credits=(deal.first.id,))

    def _unlimited(self, performance: Performance) -> Decimal:
        """What the earlier parts of the window earned without the maximum; where that was reached, what these settings make of them."""
        paid, earlier = performance.earned_before, performance.earlier
        if self.maximum is None or paid < self.maximum or earlier is None:
            return paid
        return max(sum((step.amount for deal in self._paid(earlier) for step in self._steps(deal)), ZERO), paid)

    def _paid(self, performance: Performance) -> Iterator[Deal]:
        """The deals that are paid, in order of date, and then those that are taken back.

        What is counted is counted over the whole window, and what is paid was sold in these dates.
        """
        found = self.qualifying((*performance.credits_before, *performance.credits, *performance.credits_after))
        sales = [deal for deal in found if deal.is_sale and deal.size > 0]
        reached = self._reached(sales) if self._open(performance) else None
        paid: list[Deal] = []
        if reached is not None:
            paid += sales[0 if self.reaching is Reaching.EVERY_DEAL else reached :][: self.first_deals]
        if self.earlier_sales is EarlierSales.TAKE_BACK:
            paid += [deal for deal in found if not deal.is_sale]
        own = {credit.id for credit in performance.credits}
        yield from (deal for deal in paid if deal.first.id in own)

    def _open(self, performance: Performance) -> bool:
        attained = self.gate.of(performance) if self.gate else None
        return self.gate is None or (attained is not None and attained >= self.gate_at)

    def _reached(self, sales: list[Deal]) -> int | None:
        """How many deals it took to reach the minimum; None if it is not reached."""
        total = ZERO
        for count in range(len(sales) + 1):
            total += sales[count - 1].amount if count else ZERO
            if count >= (self.minimum_deals or 0) and total >= (self.minimum_amount or ZERO):
                return count
        return None

    def _steps(self, deal: Deal) -> Iterator[Step]:
        if self.pays is Pays.FIXED:
            share = deal.first.share if self.shared is Shared.BY_SHARE else ONE
            said = "reward for the deal" if deal.is_sale else "reward for a deal of an earlier window"
            said += " by the share in it" if share != ONE else ""
            yield Step(f"{said}, taken back" if deal.size < 0 else said, self.reward.copy_sign(deal.size), share)
            return
        for credit in deal.credits:
            what = "the deal" if deal.is_sale and credit is deal.first else "a correction"
            if self.pays is Pays.PERCENTAGE:
                yield Step(f"{percent(self.reward)} of {what}", credit.amount, self.reward)
            else:
                yield Step(f"{shown(self.reward)} for each unit of {what}", credit.units, self.reward)


@hookimpl
def spm_incentive_types() -> list[type]:
    """A reward for each deal, prizes for the best, and a pool for the team."""
    return [Spif, SpifContest, TeamPool]
