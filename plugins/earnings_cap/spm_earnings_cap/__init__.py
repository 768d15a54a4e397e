"""Earnings caps: the most that several components of a plan pay together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated

from spm_graph.plugin import Line, Performance, Step, hookimpl, percent, shown

__all__ = ["CapIn", "EarningsCap"]

ZERO = Decimal(0)


class CapIn(Enum):
    """What the cap is given in."""

    MONEY = "An amount of money: 20000 is 20,000.00 in the rep's currency."
    TARGET_VARIABLE = "A multiple of target variable pay: 2 is twice of it."


@dataclass(frozen=True)
class EarningsCap:
    """Take back what earlier components of the plan earn together above a cap.

    In the ledger it is one line `cap`: what is above the cap, as a negative amount, or nothing.
    """

    cap: Annotated[Decimal, "The most that the components pay together in a window."]
    cap_in: Annotated[CapIn, "What the cap is given in."] = CapIn.MONEY
    components: Annotated[tuple[str, ...], "The components that are capped, by name; empty: all that come before this one."] = ()
    above_cap: Annotated[Decimal, "The share of what is above the cap that is paid all the same: 0 is a hard cap, 0.25 a soft one."] = ZERO

    def __post_init__(self) -> None:
        if self.cap < 0:
            raise ValueError("the cap must not be negative")
        if not 0 <= self.above_cap < 1:
            raise ValueError("aboveCap is a share: from 0 to below 1")
        if len(set(self.components)) < len(self.components):
            raise ValueError("a component is named twice")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line; raises ValueError for a component that does not come before, or a target variable that is not set."""
        known = ", ".join(sorted(performance.earned)) or "none"
        if strange := [name for name in self.components if name not in performance.earned]:
            raise ValueError(f'no component "{strange[0]}" comes before this one; those that do: {known}')
        named = self.components or tuple(performance.earned)
        earned = sum((line.amount for name in named for line in performance.earned[name]), ZERO)
        cap, before = self._cap(performance), self._before(performance)
        said = f"{shown(earned)} earned by {', '.join(named) or 'nothing'}"
        if before:
            said += f" after {shown(before)} earlier in the window"
        above = max(before + earned - cap, ZERO) - max(before - cap, ZERO)
        if not above:
            yield Line("cap", (Step(f"{said}: {'within' if before + earned <= cap else 'at'} the cap of {shown(cap)}", ZERO),))
        else:
            kept = f", of which {percent(self.above_cap)} is paid all the same" if self.above_cap else ""
            yield Line("cap", (Step(f"{said}: above the cap of {shown(cap)}{kept}", -above, 1 - self.above_cap, caps=True),))

    def _before(self, performance: Performance) -> Decimal:
        """What counts of the earlier parts of the window: what was paid there, and where that reached the cap, what was earned."""
        told = performance.earned_earlier
        earned = sum((told.get(name, ZERO) for name in self.components or tuple(told)), ZERO)
        # What a cap took from other components, before the plan changed, makes no room for these.
        paid = max(earned + performance.earned_before, min(earned, ZERO))
        return paid if paid < self._cap(performance) else earned

    def _cap(self, performance: Performance) -> Decimal:
        if self.cap_in is CapIn.MONEY:
            return self.cap
        if performance.target_variable is None:
            raise ValueError("no target variable pay is set for these dates, so there is nothing that the cap is a multiple of")
        return self.cap * performance.target_variable


@hookimpl
def spm_incentive_types() -> list[type]:
    """The one type of this package."""
    return [EarningsCap]
