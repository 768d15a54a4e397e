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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

import pluggy

__all__ = ["Credit", "IncentiveType", "Line", "Performance", "Step", "hookimpl", "hookspec"]

hookspec = pluggy.HookspecMarker("spm_graph")
hookimpl = pluggy.HookimplMarker("spm_graph")

ZERO = Decimal(0)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What one rep did in one window, for one component: dates are half-open, credits in order of date and id.

    `quota` is in the measure's unit, or None where none is set. `credited_before` is what was credited earlier in the
    window under other settings, when a change cut the window: tiers go on from there, and caps from `earned_before`, what
    this component earned there. `units` says that the measure
    counts units and not money. `target_variable` is what the rep would be paid in these dates for being exactly on quota,
    or None where none is set. `earned` has the rounded lines of the components before this one, by component name: of a
    window that a change cut, what they earned in these dates.
    """

    rep_id: str
    starts: date
    ends: date
    currency: str
    credits: tuple[Credit, ...]
    credited_before: Decimal = ZERO
    quota: Decimal | None = None
    units: bool = False
    target_variable: Decimal | None = None
    earned_before: Decimal = ZERO
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


class IncentiveType(Protocol):
    """What an incentive type is: a frozen dataclass with this method."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """Return everything earned in the window so far: the total, never the change since last time."""
        ...


class Hooks:
    """The hooks that a package can implement."""

    @hookspec
    def spm_incentive_types(self) -> Iterable[type[IncentiveType]]:  # type: ignore[empty-body]
        """The incentive types that the package brings."""
