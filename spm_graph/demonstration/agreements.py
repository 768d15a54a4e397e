"""What is agreed with people beside commission: a draw, goals, the text of a plan, and a deal that is not paid yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

from spm_graph.actions import acceptance, draws, goals, holds
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.terms import Outcome
from spm_graph.incentive_types import Id

from .cast import Person
from .plot import Plot, quarter_before
from .story import ACTOR, Story

DOCUMENT = """Account executives earn commission on what they book in a quarter: 5 % up to 80 % of quota, 6 % up to quota, 10 % beyond.
The first three deals of each month with Insight Enterprise pay 250 more each. What a customer gives back is taken back."""

DRAW = Decimal(3_000)

GOALS = {
    "Hire to plan": (Decimal("0.4"), Decimal(1)),
    "Forecast within 10 %": (Decimal("0.3"), Decimal("0.8")),
    "Coach each seller every week": (Decimal("0.3"), Decimal("0.5")),
}
"""By name, how much a goal counts, and how much of it was reached in quarters that are over."""


async def agree(story: Story, what: Plot) -> None:
    """A draw for who joined, goals for managers, and a hold on the largest deal of the last month that will be closed."""
    joiner = Ref(external_id=what.joiner.key)
    await story.do(draws.set_draw, draws.DrawSet(joiner, DRAW, what.starts(what.joiner), what.this_quarter.starts))
    managers = [person for person in what.people if person.title == "Sales Manager"]
    await story.do_all(goals.set_goal, (each for person in managers for each in _goals(what, person)))
    await story.do_all(goals.achieve, (each for person in managers for each in _reached(what, person)))
    month = what.this_quarter.starts - timedelta(days=1)
    late = [
        deal
        for deal in what.deals
        if deal.outcome is Outcome.WON and (deal.closes_on.year, deal.closes_on.month) == (month.year, month.month)
    ]
    if late:
        largest = Ref(external_id=max(late, key=lambda deal: deal.amount).key)
        await story.do(holds.place, holds.HoldPlace("The customer has not countersigned yet.", opportunity=largest))


async def accept(story: Story, what: Plot, version: Id) -> None:
    """Let sellers accept the text of their plan: all but one in five."""
    accepted = acceptance.PlanAccept(version, sha256(DOCUMENT.encode()).hexdigest())
    sellers = [person.key for number, person in enumerate(what.sellers) if number % 5]
    for row in await story.rows("select id from rep where external_id = any($1) order by id", sellers):
        await story.do(acceptance.accept, accepted, replace(ACTOR, rep_id=row["id"], grants=frozenset()))


def _goals(what: Plot, person: Person) -> Iterator[goals.GoalSet]:
    for number in range(4):
        for name, (weight, _) in GOALS.items():
            yield goals.GoalSet(Ref(external_id=person.key), _quarter(what, number), name, weight)


def _reached(what: Plot, person: Person) -> Iterator[goals.GoalAchieve]:
    for number in range(1, 4):
        for name, (_, achieved) in GOALS.items():
            yield goals.GoalAchieve(Ref(external_id=person.key), _quarter(what, number), name, achieved)


def _quarter(what: Plot, number: int) -> PeriodRef:
    starts = quarter_before(what.this_quarter, number).starts
    return PeriodRef(name=f"{starts.year}-Q{(starts.month + 2) // 3}")
