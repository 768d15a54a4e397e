"""Contests: prizes for the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Annotated

from spm_graph.plugin import Line, Performance, Step, percent, shown

from .deals import Deal
from .filters import Filters
from .sharing import shared_out
from .terms import RankedBy, Ties

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class SpifContest(Filters):
    """Give prizes to the best of all who have the component: a ranked contest.

    In the ledger it is one line `prize` for each who is ranked; of those who win nothing it says their place.
    """

    prizes: Annotated[tuple[Decimal, ...], "The prizes of the first, the second, the third place …, in the winner's currency."]
    ranked_by: Annotated[RankedBy, "What says who is first."] = RankedBy.CREDITED
    ties: Annotated[Ties, "What those get who share a place."] = Ties.SHARE_PRIZES
    minimum: Annotated[Decimal | None, "What a rep needs at least to be ranked, counted as `rankedBy` says."] = None
    unit: Annotated[Decimal, "Prizes are shared in multiples of this; what is left over goes, one each, to the first by key."] = CENT

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.prizes or any(prize < 0 for prize in self.prizes):
            raise ValueError("at least one prize is needed, and none below zero")
        if any(better < worse for better, worse in pairwise(self.prizes)):
            raise ValueError("a prize must not be larger than the one of the place before")
        if self.unit <= 0:
            raise ValueError("the unit must be above zero")

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """A line for each who is ranked: those with something that counts, and the minimum if there is one.

        Raises ValueError if amounts of several currencies are to be compared.
        """
        entrants = list(self._entrants(performances))
        if self.ranked_by is RankedBy.CREDITED and len({each.performance.currency for each in entrants if not each.performance.units}) > 1:
            raise ValueError("those who compete are paid in several currencies: rank them by ATTAINMENT or DEALS")
        entrants.sort(key=lambda each: -each.reached)
        taken = 0
        for _, tied in groupby(entrants, key=lambda each: each.reached):
            together = list(tied)
            for each, step in zip(together, self._prizes(taken, together, len(entrants)), strict=True):
                yield each.performance.rep_id, Line("prize", (step,), each.credits)
            taken += len(together)

    def _entrants(self, performances: Sequence[Performance]) -> Iterator[Entrant]:
        for performance in performances:
            found = self.qualifying(performance.credits)
            reached = self._reached(performance, found)
            if reached > 0 and reached >= (self.minimum or ZERO):
                credits_ = tuple(credit.id for deal in found for credit in deal.credits)
                yield Entrant(performance, reached, credits_)

    def _reached(self, performance: Performance, found: Sequence[Deal]) -> Decimal:
        if self.ranked_by is RankedBy.DEALS:
            return Decimal(sum(deal.is_sale and deal.size > 0 for deal in found))
        credited = sum((performance.counted(credit) for deal in found for credit in deal.credits), ZERO)
        if self.ranked_by is RankedBy.CREDITED:
            return credited
        return credited / performance.quota if performance.quota else ZERO

    def _prizes(self, taken: int, tied: Sequence[Entrant], ranked: int) -> Iterator[Step]:
        """A step for each who shares the place after those that are taken."""
        place, pooled = taken + 1, self.prizes[taken : taken + len(tied)]
        with_what = f"place {place} of {ranked} with {self._says(tied[0].reached)}"
        if not sum(pooled):
            yield from (Step(f"{with_what}: no prize", ZERO) for _ in tied)
        elif len(tied) == 1 or self.ties is Ties.SAME_PRIZE:
            yield from (Step(with_what, pooled[0]) for _ in tied)
        else:
            for part in shared_out(sum(pooled, ZERO), [ONE] * len(tied), self.unit):
                yield Step(f"{with_what}: {len(tied)} share {' and '.join(shown(prize) for prize in pooled)}", part)

    def _says(self, reached: Decimal) -> str:
        if self.ranked_by is RankedBy.ATTAINMENT:
            return f"{percent(reached, 4)} of quota"
        return f"{reached} deals" if self.ranked_by is RankedBy.DEALS else shown(reached)


@dataclass(frozen=True)
class Entrant:
    """Somebody who is ranked, by what they reached with which credits."""

    performance: Performance
    reached: Decimal
    credits: tuple[str, ...]
