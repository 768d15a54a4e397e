"""A company in which anything may happen: its people, deals and plans, a journal of every act, and dice that decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from spm_accelerator import Accelerator
from spm_bonus import Bonus
from spm_earnings_cap import EarningsCap
from spm_manager_override import ManagerOverride
from spm_spif import Spif, SpifContest, TeamPool
from spm_tiered_commission import TieredCommission

from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.actions.result import Result
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Grant
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Company

T = TypeVar("T")

BEGINS = date(2026, 1, 1)
ENDS = date(2028, 1, 1)
TYPES = IncentiveTypes.of([TieredCommission, Accelerator, Spif, SpifContest, TeamPool, Bonus, EarningsCap, ManagerOverride])
CHECKER = Actor("checker", None, frozenset(Grant))


def ref(key: str) -> Ref:
    """Somebody or something, by the key that the journal calls it by."""
    return Ref(external_id=key)


def month_of(day: date) -> str:
    """The name of the month of a day."""
    return f"{day:%Y-%m}"


def said(command: Any) -> str:
    """A command as the journal has it: what was given, and nothing else."""
    given = {each.name: getattr(command, each.name) for each in fields(command) if getattr(command, each.name) != each.default}
    shown = (f"{name}={said(value) if is_dataclass(value) else value}" for name, value in given.items())
    return f"{type(command).__name__}({', '.join(shown)})"


@dataclass
class World:
    """A company, what of it acts choose from, and what was done so far."""

    company: Company
    dice: Random
    today: date = BEGINS
    hired: list[str] = field(default_factory=list)
    deals: list[str] = field(default_factory=list)
    sold: list[str] = field(default_factory=list)
    """External ids of transactions that refunds and payments may correct."""
    plans: dict[int, str] = field(default_factory=dict)
    holds: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    """Adjustments that somebody else has to approve."""
    disputes: list[str] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, ProblemCode]] = field(default_factory=Counter)
    numbers: int = 0

    async def do(self, act: Any, command: Any, actor: Actor = ADMINISTRATOR) -> Result | None:
        """Do an act, and write it down; none if it was refused, which is no fault."""
        return await self.noted(self.company.do(act, command, actor), command)

    async def noted(self, doing: Any, command: Any) -> Result | None:
        """Write down what is done, and whether it was refused."""
        self.journal.append(f"{self.today} {said(command)}")
        name = type(command).__name__
        try:
            result: Result = await doing
        except Refused as refused:
            code = refused.problems[0].code
            self.journal[-1] += f" REFUSED {code}: {refused}"
            self.refused[name, code] += 1
            return None
        self.journal[-1] += f" at {result.position}"
        self.done[name] += 1
        return result

    def named(self, what: str) -> str:
        """A new key."""
        self.numbers += 1
        return f"{what}{self.numbers}"

    def one(self, given: Sequence[T]) -> T:
        """One of several."""
        return self.dice.choice(given)

    def chance(self, likely: float) -> bool:
        """Whether something happens that happens so often."""
        return self.dice.random() < likely

    def money(self, most: int) -> Decimal:
        """More than nothing, in cents; sometimes a round sum."""
        return Decimal(self.dice.randrange(1, most + 1)) if self.chance(0.3) else Decimal(self.dice.randrange(1, most * 100)) / 100

    def day(self, back: int = 90, ahead: int = 20) -> date:
        """A day around today, mostly shortly before."""
        around = self.today + timedelta(days=self.dice.randrange(-back, ahead + 1))
        return min(max(around, BEGINS), ENDS + timedelta(days=300))

    def month(self, back: int = 90, ahead: int = 60) -> PeriodRef:
        """A month around today."""
        return PeriodRef(name=month_of(self.day(back, ahead)))

    async def themselves(self, name: str) -> Actor:
        """A rep, acting."""
        (row,) = await self.company.rows("select id from rep where external_id = :name", name=name)
        return Actor(name, row["id"], frozenset())

    def somebody(self) -> Ref:
        """A rep."""
        return ref(self.one(self.hired))
