"""The words and the numbers that a bonus is set with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated

from spm_graph.plugin import Attained, Credited, Performance, percent, shown

SHOWN = Decimal("0.000001")


class BonusOf(Enum):
    """What the bonus is an amount, or a share, of."""

    MONEY = "An amount of money: 5000 is 5,000.00 in the rep's currency."
    TARGET_VARIABLE = "A share of target variable pay: 0.2 is a fifth of it."
    COMPONENT = "A share of what an earlier component earns in the window: 0.15 is 15 % on top."
    CREDITED = "A share of what is credited in the window: 0.01 is 1 %; or money for each unit."


class Achieved(Enum):
    """What says how much of the bonus is paid."""

    GATES = "Nothing but the gates: all of it where they are open."
    GOALS = "The rep's goals (management by objectives): how much of each was done, by weight."
    ATTAINMENT = "Attainment of the component's measure in its window: credited divided by quota."


class Needed(Enum):
    """How many of the gates must be open."""

    ALL = "All of them."
    ANY = "One of them at least."


class Between(Enum):
    """What is paid between two points of the payout."""

    LINEAR = "What lies on the line from one point to the next."
    STEP = "What the last point reached pays."


class Judged(Enum):
    """What goes through the payout where there are several goals."""

    EACH = "Each goal alone: what it pays counts by its weight."
    TOGETHER = "All goals together, by weight."


@dataclass(frozen=True)
class Point:
    """What one achievement pays."""

    achieved: Annotated[Decimal, "The achievement: 0.8 is 80 %."]
    pays: Annotated[Decimal, "The share of the bonus that it pays: 0.5 is half."]


@dataclass(frozen=True)
class Gate:
    """What must be reached before anything is paid: an attainment, an amount, or growth over an earlier window."""

    at_least: Annotated[Decimal, "The attainment (1 is on quota), the amount or number of units, or the growth (0.05 is 5 % more)."]
    attained: Annotated[Attained | None, "The attainment that must reach it."] = None
    credited: Annotated[Credited | None, "What must have been credited, or, with `over`, must have grown."] = None
    over: Annotated[
        Credited | None, "What it must have grown over. Where nothing was credited there is no growth, and the gate is closed."
    ] = None

    def __post_init__(self) -> None:
        if (self.attained is None) == (self.credited is None):
            raise ValueError("a gate looks at either an attainment or something credited")
        if self.over is not None and self.credited is None:
            raise ValueError("growth needs something credited that grows")

    def reached(self, performance: Performance) -> tuple[bool, str]:
        """Whether it is open, and what it looks at, in words."""
        if self.attained is not None:
            found, what = self.attained.of(performance), f"attainment of {self.attained.measure}"
            return self._judged(found, what, percent)
        if self.credited is None:
            raise ValueError("a gate looks at something")
        credited = self.credited.of(performance)
        if self.over is None:
            return self._judged(credited, self.credited.measure, shown)
        before = self.over.of(performance)
        return self._judged(credited / before - 1 if before > 0 else None, f"growth of {self.credited.measure}", percent)

    def _judged(self, found: Decimal | None, what: str, says: Callable[[Decimal], str]) -> tuple[bool, str]:
        if found is None:
            return False, f"{what} is not known, and must be {says(self.at_least)}"
        return found >= self.at_least, f"{what} is {says(found.quantize(SHOWN))}, and must be {says(self.at_least)}"
