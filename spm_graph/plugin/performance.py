"""What an incentive type is told: what a rep did in a window, and what else its settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from .line import ZERO, Line, Step


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
    `corrects` is the id that the credit of the corrected transaction has: a refund's sale. `source_rep` is the external id of who
    sold what a manager is credited with, if one did alone. `attributes` are what the transaction and
    its deal were recorded with, and besides `account`, `opportunity`, `transaction` (its kind) and `marginRate` (margin by amount).
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

    A window that a change cuts comes in parts, each under its own settings; a component that restarts with the change is told
    of one alone. `credited_before` is what was credited earlier in the window, and `credited_after` what was credited in the
    later parts: tiers go on from the first, and who pays one rate on the whole amount looks at all three. `credits_before` and
    `credits_after` are the credits of the other parts, for what counts deals. Caps go on from `earned_before`, what this
    component earned in the earlier parts; a floor waits for the part that `is_last`. Money of other parts is in this one's
    currency.

    `earned` has the rounded lines of the components before this one, by component name: of a window that a change cut,
    what they earned in these dates, and `earned_earlier` the sums of what they earned in the earlier parts. `attainments`
    and `credited_in` have what the settings ask for by an `Attained` or a `Credited` in them: read them through those.
    """

    rep_id: str
    starts: date
    ends: date
    currency: str
    credits: tuple[Credit, ...]
    credited_before: Decimal = ZERO
    credited_after: Decimal = ZERO
    credits_before: tuple[Credit, ...] = ()
    credits_after: tuple[Credit, ...] = ()
    quota: Decimal | None = None
    units: bool = False
    target_variable: Decimal | None = None
    earned_before: Decimal = ZERO
    is_last: bool = True
    goals: tuple[Goal, ...] = ()
    attainments: Mapping[tuple[str, Window], Decimal | None] = field(default_factory=dict)
    credited_in: Mapping[tuple[str, Window, int], Decimal] = field(default_factory=dict)
    earned: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    earned_earlier: Mapping[str, Decimal] = field(default_factory=dict)

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
    def earlier(self) -> Performance | None:
        """The earlier parts of a window that a change cut, as if they were one under these settings; None where there are none.

        For a cap: only by what the earlier parts would have earned without it is known how far they went beyond.
        """
        if not self.credits_before and not self.earned_earlier:
            return None
        before = sum((self.counted(credit) for credit in self.credits_before), ZERO)
        return replace(
            self,
            credits=self.credits_before,
            credits_before=(),
            credits_after=(*self.credits, *self.credits_after),
            credited_before=self.credited_before - before,
            credited_after=self.credited + self.credited_after,
            earned_before=ZERO,
            is_last=False,
            earned={name: (Line("earned earlier", (Step("earned earlier", amount),)),) for name, amount in self.earned_earlier.items()},
            earned_earlier={},
        )

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
