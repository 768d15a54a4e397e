"""Bonuses: an amount or a share for goals, for attainment along a payout curve, or for opening gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from spm_graph.plugin import Line, Performance, Step, hookimpl, percent, shown

from .terms import Achieved, Between, BonusOf, Gate, Judged, Needed, Point

__all__ = ["Achieved", "Between", "Bonus", "BonusOf", "Gate", "Judged", "Needed", "Point"]

ZERO = Decimal(0)
PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class Bonus:
    """Pay a bonus for goals (MBO), for attainment along a payout curve, or for opening gates.

    In the ledger it is one line `bonus`, with a step for each goal. A gate that stays closed is named there.
    """

    bonus: Annotated[Decimal, "What is paid for an achievement of 1: an amount or a share, as `bonusOf` says."]
    bonus_of: Annotated[BonusOf, "What the bonus is an amount, or a share, of."] = BonusOf.MONEY
    component: Annotated[str | None, "The earlier component of the plan that the bonus is a share of."] = None
    achieved: Annotated[Achieved, "What says how much of it is paid."] = Achieved.GATES
    payout: Annotated[
        tuple[Point, ...],
        "What achievements pay, lowest first: nothing below the first point, and no more than the last one; empty: as achieved.",
    ] = ()
    between: Annotated[Between, "What is paid between two points of the payout."] = Between.LINEAR
    judged: Annotated[Judged, "What goes through the payout where there are several goals."] = Judged.EACH
    weights_sum_to: Annotated[Decimal | None, "What weights are shares of: 1 or 100; none: the sum of the rep's weights."] = None
    gates: Annotated[tuple[Gate, ...], "What must be reached before anything is paid."] = ()
    needed: Annotated[Needed, "How many of the gates must be open."] = Needed.ALL
    most: Annotated[Decimal | None, "The most that is paid, as a share of the bonus: 2 is twice."] = None

    def __post_init__(self) -> None:
        if self.bonus <= 0:
            raise ValueError("the bonus must be above zero")
        if (self.bonus_of is BonusOf.COMPONENT) != (self.component is not None and bool(self.component.strip())):
            raise ValueError("a component is named where the bonus is a share of one, and only there")
        if any(after.achieved <= before.achieved for before, after in pairwise(self.payout)):
            raise ValueError("each point of the payout must be above the one before it")
        if any(point.achieved < 0 or point.pays < 0 for point in self.payout) or (self.most or ZERO) < 0:
            raise ValueError("payout and most must not be negative")
        if self.weights_sum_to is not None and self.weights_sum_to <= 0:
            raise ValueError("what weights sum to must be above zero")
        if self.achieved is Achieved.GATES and self.payout:
            raise ValueError("a payout needs goals or an attainment to look at")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line; raises ValueError if the component does not come before, or no target variable is set."""
        steps = list(self._shut(performance)) or list(self._steps(performance, self._whole(performance)))
        if self.bonus_of in (BonusOf.MONEY, BonusOf.TARGET_VARIABLE) and performance.earned_before:
            # A window that a change cut has one bonus: what the earlier part was paid of it counts.
            steps.append(Step("less what was paid before the plan changed", -performance.earned_before))
        yield Line("bonus", tuple(steps), credits=() if self.achieved is Achieved.GOALS else None)

    def _whole(self, performance: Performance) -> Step:
        """What an achievement of 1 pays."""
        if self.bonus_of is BonusOf.MONEY:
            return Step("bonus", self.bonus)
        if self.bonus_of is BonusOf.CREDITED:
            each = f"{shown(self.bonus)} for each unit" if performance.units else percent(self.bonus)
            return Step(f"{each} of what was credited", performance.credited, self.bonus)
        if self.component is not None:
            if self.component not in performance.earned:
                known = ", ".join(sorted(performance.earned)) or "none"
                raise ValueError(f'no component "{self.component}" comes before this one; those that do: {known}')
            earned = sum((line.amount for line in performance.earned[self.component]), ZERO)
            return Step(f"{percent(self.bonus)} of what {self.component} earned", earned, self.bonus)
        if performance.target_variable is None:
            raise ValueError("no target variable pay is set for these dates, so there is nothing that the bonus is a share of")
        return Step(f"{percent(self.bonus)} of target variable pay", performance.target_variable, self.bonus)

    def _shut(self, performance: Performance) -> Iterator[Step]:
        """Steps that say which gates are closed; none where enough are open."""
        looked_at = [gate.reached(performance) for gate in self.gates]
        enough = all if self.needed is Needed.ALL else any
        if looked_at and not enough(opened for opened, _ in looked_at):
            yield from (Step(f"nothing: {said}", ZERO) for opened, said in looked_at if not opened)

    def _steps(self, performance: Performance, whole: Step) -> Iterator[Step]:
        base = whole.amount
        if self.achieved is Achieved.GATES:
            yield whole
        elif self.achieved is Achieved.ATTAINMENT:
            attained = _attained(performance)
            if attained is None:
                yield Step("no quota, so there is no attainment", ZERO)
            else:
                pays = self._limited(self._pays(attained))
                yield Step(f"{percent(pays)} of the bonus, at {percent(attained, 4)} of quota", base, pays)
        else:
            yield from self._goals(performance, base)

    def _goals(self, performance: Performance, base: Decimal) -> Iterator[Step]:
        goals = performance.goals
        whole = self.weights_sum_to or sum((goal.weight for goal in goals), ZERO)
        if not whole:
            yield Step("no goals are set", ZERO)
            return
        achieved = sum((goal.weight * (goal.achieved or ZERO) for goal in goals), ZERO) / whole
        if self.judged is Judged.TOGETHER:
            pays = self._limited(self._pays(achieved))
            yield Step(f"{percent(pays)} of the bonus, for {percent(achieved, 4)} of all goals", base, pays)
            return
        paid = ZERO
        for goal in goals:
            pays = self._pays(goal.achieved or ZERO)
            part = (base * goal.weight / whole).quantize(PLACES)
            done = "not judged yet" if goal.achieved is None else f"{percent(goal.achieved)} achieved"
            yield Step(f"{goal.name}, {percent(goal.weight / whole, 4)} of the bonus: {done}", part, pays)
            paid += part * pays
        if self.most is not None and paid > self.most * base:
            yield Step(f"above the most, {percent(self.most)} of the bonus", self.most * base - paid, caps=True)

    def _pays(self, achieved: Decimal) -> Decimal:
        """The share of the bonus that an achievement pays, at 8 places if it is on a line between two points."""
        if not self.payout:
            return max(achieved, ZERO).quantize(PLACES)
        reached = [point for point in self.payout if point.achieved <= achieved]
        if not reached:
            return ZERO
        last = reached[-1]
        above = self.payout[len(reached) :]
        if self.between is Between.STEP or not above:
            return last.pays
        rise = (above[0].pays - last.pays) * (achieved - last.achieved) / (above[0].achieved - last.achieved)
        return (last.pays + rise).quantize(PLACES)

    def _limited(self, pays: Decimal) -> Decimal:
        return pays if self.most is None else min(pays, self.most)


def _attained(performance: Performance) -> Decimal | None:
    """The attainment of the whole window, with the later parts of one that a change cut: one achievement pays in all of them."""
    if not performance.quota or performance.attainment is None:
        return None
    return performance.attainment + performance.credited_after / performance.quota


@hookimpl
def spm_incentive_types() -> list[type]:
    """The one type of this package."""
    return [Bonus]
