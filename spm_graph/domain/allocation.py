"""Allocation: from a target or from what was sold before to what is to be shared out, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .money import at, exactly
from .written import plain

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Change:
    """One multiplication on the way, in words and numbers."""

    says: str
    base: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """What is left after it, unrounded."""
        return self.base * self.rate


@dataclass(frozen=True, slots=True)
class Growth:
    """What changes between a base and the sum of the quotas: each factor multiplies what those before it left.

    `rate` 0.1 asks for 10 % more; `attrition_relief` 0.02 then takes 2 % off, for customers and people who leave (Callidus,
    Territory and Quota, "attrition relief", multiplicative); `over_assignment` 1.25 hands out a quarter more than is needed, so
    that the target is met at an attainment of 80 % (Revcast, "over-assignment").
    """

    rate: Decimal = Decimal(0)
    attrition_relief: Decimal = Decimal(0)
    over_assignment: Decimal = ONE

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with them, as field and sentence."""
        if not -1 < self.rate <= 100:
            yield "growth", f"{self.rate} is no growth; expected above -1, as in 0.15 for 15 %"
        if not 0 <= self.attrition_relief < 1:
            yield "attritionRelief", f"{self.attrition_relief} is no relief; expected 0 or more, and below 1, as in 0.02 for 2 %"
        if not 0 < self.over_assignment <= 100:
            yield "overAssignment", f"{self.over_assignment} is no over-assignment; expected above 0, as in 1.25 for 125 % of the target"

    def of(self, base: Decimal, said: str, unit: Decimal) -> list[Change]:
        """The steps from a base, `said` in words, to what is shared out: the amount of the last, rounded half-up to a unit."""
        factors = (
            (f"growth of {plain(self.rate * 100)} %", ONE + self.rate),
            (f"attrition relief of {plain(self.attrition_relief * 100)} %", ONE - self.attrition_relief),
            (f"over-assignment to {plain(self.over_assignment * 100)} %", self.over_assignment),
        )
        with exactly():
            steps = [Change(said, base, ONE)]
            for says, factor in factors:
                if factor != ONE:
                    steps.append(Change(says, steps[-1].amount, factor))
            return [*steps, Change("shared out", at(steps[-1].amount, unit), ONE)]
