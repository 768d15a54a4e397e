"""Team pools: an amount for all together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from spm_graph.plugin import Line, Performance, Step, percent, shown

from .filters import Filters
from .sharing import shared_out
from .terms import PoolShared

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class TeamPool(Filters):
    """Share out a pool among all who have the component, by how much of its goal the team has achieved.

    The team's achievement is what all of them are credited with, divided by its goal. In the ledger it is one line `pool`
    for each of the team.
    """

    pool: Annotated[Decimal, "What is shared out if the team achieves its goal exactly."]
    goal: Annotated[Decimal | None, "The team's goal, in what the measure counts; none: the sum of the quotas."] = None
    threshold: Annotated[Decimal, "The achievement below which there is no pool: 0.5 is half of the goal."] = ZERO
    most: Annotated[Decimal | None, "The achievement above which the pool no longer grows; none: it always grows."] = ONE
    shared: Annotated[PoolShared, "How it is shared out."] = PoolShared.EQUALLY
    unit: Annotated[Decimal, "Parts are multiples of this and sum to the pool; what is left over goes where most was lost."] = CENT

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pool <= 0 or self.unit <= 0 or (self.goal is not None and self.goal <= 0):
            raise ValueError("pool, goal and unit must be above zero")
        if self.threshold < 0 or (self.most is not None and self.most < self.threshold):
            raise ValueError("the threshold must not be negative, nor above the most")

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """A line for each of the team; raises ValueError for a team that is paid in several currencies, or has no goal."""
        if not performances:
            return
        if len({performance.currency for performance in performances}) > 1:
            raise ValueError("the team is paid in several currencies, so one pool can't be shared out")
        goal = self.goal or sum((performance.quota or ZERO for performance in performances), ZERO)
        if not goal:
            raise ValueError("the team has no goal: give one, or set quotas")
        credited = [self._credited(performance) for performance in performances]
        achieved = sum(credited, ZERO) / goal
        counts = min(achieved, self.most) if self.most is not None else achieved
        said = f"the team achieved {percent(achieved, 4)} of {shown(goal)}"
        weights = self._weights(performances, credited)
        if achieved < self.threshold or achieved <= 0 or not any(weights):
            parts, said = [ZERO] * len(weights), f"{said}: no pool"
        else:
            said += f": a pool of {percent(counts, 4)} of {shown(self.pool)}, shared by {sum(map(bool, weights))}"
            parts = shared_out((self.pool * counts / self.unit).quantize(ONE, ROUND_HALF_UP) * self.unit, weights, self.unit)
        for performance, part in zip(performances, parts, strict=True):
            yield performance.rep_id, Line("pool", (Step(said, part),))

    def _credited(self, performance: Performance) -> Decimal:
        found = self.qualifying(performance.credits)
        return sum((performance.counted(credit) for deal in found for credit in deal.credits), ZERO)

    def _weights(self, performances: Sequence[Performance], credited: Sequence[Decimal]) -> list[Decimal]:
        if self.shared is PoolShared.BY_CREDITED:
            return [max(each, ZERO) for each in credited]
        if self.shared is PoolShared.BY_TARGET_VARIABLE:
            return [performance.target_variable or ZERO for performance in performances]
        return [ONE] * len(performances)
