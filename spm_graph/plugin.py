"""Everything that an incentive type needs, and the only module of ours that it imports.

An incentive type is a frozen dataclass. Its fields are its settings, its docstring is its description, `__post_init__`
refuses bad settings, and `earn` is the arithmetic:

    @dataclass(frozen=True)
    class FlatCommission:
        \"""Pay one rate on everything credited.\"""

        rate: Annotated[Decimal, "The share of the credited amount that is paid: 0.05 is 5 %."]

        def earn(self, performance: Performance) -> Iterable[Line]:
            yield Line("commission", (Step(f"{self.rate:.2%} of what was credited", performance.credited, self.rate),))

    @hookimpl
    def spm_incentive_types():
        return [FlatCommission]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Protocol

import pluggy

__all__ = [
    "Attained",
    "Contest",
    "Credit",
    "Credited",
    "Goal",
    "IncentiveType",
    "Line",
    "Performance",
    "Step",
    "Window",
    "hookimpl",
    "hookspec",
    "percent",
    "shown",
]

hookspec = pluggy.HookspecMarker("spm_graph")
hookimpl = pluggy.HookimplMarker("spm_graph")

ZERO = Decimal(0)


class Window(StrEnum):
    """The dates that a component measures."""

    description: str

    def __new__(cls, value: str, description: str) -> Window:
        window = str.__new__(cls, value)
        window._value_ = value
        window.description = description
        return window

    PERIOD = "PERIOD", "The pay period alone."
    QUARTER_TO_DATE = "QUARTER_TO_DATE", "From the start of the quarter to the end of the pay period."
    YEAR_TO_DATE = "YEAR_TO_DATE", "From the start of the year to the end of the pay period."


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One rep's share of one transaction, as one measure counts it.

    `amount` is money in the performance's currency and `units` a number of units; both are already the rep's share.
    A refund's are negative. `id` names the transaction and the role, and stays the same when a credit is made again.
    `corrects` is the id that the credit of the corrected transaction has: a refund's sale.
    """

    id: str
    on: date
    amount: Decimal
    units: Decimal
    measure: str
    role: str
    share: Decimal
    product: str | None = None
    opportunity: str | None = None
    source_rep: str | None = None
    corrects: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation in words and numbers: `base` times `rate` is its amount."""

    says: str
    base: Decimal
    rate: Decimal = Decimal(1)

    @property
    def amount(self) -> Decimal:
        """What the step adds to its line, unrounded."""
        return self.base * self.rate


@dataclass(frozen=True, slots=True)
class Line:
    """One amount earned, and how: the amount is the sum of the steps.

    `key` names the line within its component and window: the ledger books what changed under that name. `credits` are
    the ids of the credits that it pays for: None means all credits of the window, in proportion, and `()` not any of them.
    """

    key: str
    steps: tuple[Step, ...]
    credits: tuple[str, ...] | None = None

    @property
    def amount(self) -> Decimal:
        """The sum of the steps, unrounded."""
        return sum((step.amount for step in self.steps), ZERO)


@dataclass(frozen=True, slots=True)
class Goal:
    """Something besides sales that a rep was to do in a period (management by objectives).

    `weight` says how much it counts beside the rep's other goals; what the weights sum to is up to who set them.
    `achieved` is how much of it was done: 1 is all, and None is not judged yet.
    """

    name: str
    weight: Decimal
    achieved: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What one rep did in one window, for one component: dates are half-open, credits in order of date and id.

    `quota` is in the measure's unit, or None where none is set. `units` says that the measure counts units and not money.
    `target_variable` is what the rep would be paid in the quota's dates for being exactly on quota, or None where none is
    set. `goals` are those of the window's full dates and of every period inside them, in order of date and name.

    When a change cut the window, `credited_before` is what was credited earlier in the window under other settings, and
    `credited_after` what was credited later in it: tiers go on from the first, and who pays one rate on the whole amount
    looks at all three. Caps go on from `earned_before`, what this component earned there. All are zero for a component
    that restarts with a change.

    `earned` has the rounded lines of the components before this one, by component name: of a window that a change cut,
    what they earned in these dates. `attainments` and `credited_in` have what the settings ask for by an `Attained` or a
    `Credited` in them: read them through those.
    """

    rep_id: str
    starts: date
    ends: date
    currency: str
    credits: tuple[Credit, ...]
    credited_before: Decimal = ZERO
    credited_after: Decimal = ZERO
    quota: Decimal | None = None
    units: bool = False
    target_variable: Decimal | None = None
    earned_before: Decimal = ZERO
    goals: tuple[Goal, ...] = ()
    attainments: Mapping[tuple[str, Window], Decimal | None] = field(default_factory=dict)
    credited_in: Mapping[tuple[str, Window, int], Decimal] = field(default_factory=dict)
    earned: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)

    def counted(self, credit: Credit) -> Decimal:
        """What a credit counts for in the component's measure: its units or its amount."""
        return credit.units if self.units else credit.amount

    @property
    def credited(self) -> Decimal:
        """All that was credited in these dates, in the measure's unit."""
        return sum((self.counted(credit) for credit in self.credits), ZERO)

    @property
    def attainment(self) -> Decimal | None:
        """Credited in the whole window so far, divided by quota: 1 is on quota. None without a quota."""
        return (self.credited_before + self.credited) / self.quota if self.quota else None

    @property
    def base_commission_rate(self) -> Decimal | None:
        """Target variable divided by quota: what a unit of the measure pays on the way to quota. None without either."""
        return self.target_variable / self.quota if self.quota and self.target_variable is not None else None


@dataclass(frozen=True)
class Attained:
    """The attainment of a measure over a window, read by a component that measures another: a gate.

    Give an incentive type a setting of this type, and read it from a performance:

        gate: Annotated[Attained | None, "Paid only where this is on quota."] = None

        def earn(self, performance):
            if self.gate is None or (self.gate.of(performance) or 0) >= 1:
    """

    measure: Annotated[str, "The name of the measure."]
    window: Annotated[Window, "The window that holds the last day measured, from its start to that day."] = Window.PERIOD

    def of(self, performance: Performance) -> Decimal | None:
        """Credited divided by the quota of the full window: 1 is on quota. None where the rep has no quota."""
        return performance.attainments[self.measure, self.window]


@dataclass(frozen=True)
class Credited:
    """What was credited of a measure over a window, or over an earlier one: for growth, and for what has no quota."""

    measure: Annotated[str, "The name of the measure."]
    window: Annotated[Window, "The window that holds the last day measured, from its start to that day."] = Window.PERIOD
    ago: Annotated[int, "How many windows earlier, through as many of its months: 1 is the one before, 12 periods the year before."] = 0

    def __post_init__(self) -> None:
        if not 0 <= self.ago <= 120:
            raise ValueError("ago must be 0 to 120 windows")

    def of(self, performance: Performance) -> Decimal:
        """The sum in the measure's unit, money in the rep's currency; zero where nothing was credited."""
        return performance.credited_in[self.measure, self.window, self.ago]


def shown(value: Decimal, places: int = 2) -> str:
    """A number for the words of a step, as 10,000 or 12.50: no decimal places, or as many as it has, but not fewer than `places`."""
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction.ljust(places, '0')}" if fraction else whole


def percent(ratio: Decimal) -> str:
    """A ratio for the words of a step: 1.3 is 130 %, and 0.025 is 2.5 %."""
    return f"{shown(ratio * 100, places=1)} %"


class IncentiveType(Protocol):
    """What an incentive type is: a frozen dataclass with this method."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """Return everything earned in the window so far: the total, never the change since last time."""
        ...


class Contest(Protocol):
    """What an incentive type is that judges reps against each other: a frozen dataclass with this method and no `earn`."""

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """Return everything won in the window so far, each line with the `rep_id` that it is for.

        `performances` has one for every rep who has the component in the window, in order of rep; each is in that rep's
        own currency. The settings are those in force last in the window, and a rep who had the component in a part of it
        comes with the credits of those dates. A line's key is unique among its rep's.
        """
        ...


class Hooks:
    """The hooks that a package can implement."""

    @hookspec
    def spm_incentive_types(self) -> Iterable[type[IncentiveType] | type[Contest]]:  # type: ignore[empty-body]
        """The incentive types that the package brings."""
