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

from collections.abc import Iterable, Sequence
from typing import Protocol

import pluggy

from .line import Line, Step, percent, shown
from .performance import Attained, Credit, Credited, Goal, Performance, Window

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
