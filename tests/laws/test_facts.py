"""The same facts come to the same ledger, in any order and any batches, whenever they are calculated in between."""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from spm_accelerator import Accelerator, Band
from spm_bonus import Achieved, Bonus, Point
from spm_earnings_cap import EarningsCap
from spm_spif import SpifContest
from spm_tiered_commission import Method, Tier, TieredCommission, TiersIn

from spm_graph.calculation import run as calculation
from spm_graph.domain.terms import ForecastCategory, Outcome, WindowKind
from spm_graph.importing import records
from spm_graph.store.database import Database
from tests.company import Company
from tests.conftest import copied, execute, named

from .world import TYPES

MONTHS = ("2026-01", "2026-02", "2026-03")
NAMES = ("ana", "bo", "cleo")
HALF, FIFTH, CENT = Decimal("0.5"), Decimal("0.2"), Decimal("0.01")

LEDGER = """
select split_part(rep.external_id, ' ', 2) as rep, part.name as component, earning.span, key, sum(amount) as amount
from earning join rep on rep.id = earning.rep_id
join (select distinct component_id, name from component_version) as part on part.component_id = earning.component_id
where split_part(rep.external_id, ' ', 1) = :telling
group by 1, 2, 3, 4 having sum(amount) <> 0 order by 1, 2, 3, 4
"""
BY_DEAL = """
select deal.external_id, sum(shared.amount) as amount
from earning_credit as shared join transaction as sold on sold.id = shared.transaction_id
join opportunity as deal on deal.id = sold.opportunity_id
group by 1, shared.role having sum(shared.amount) <> 0
"""
STAGED = """
select rep_id, component_id, span, key, currency, amount, steps, credits from run_line where run_id = :run order by 1, 2, 3, 4, 5
"""


@dataclass(frozen=True)
class Fact:
    """Something that is so, whenever it gets known."""

    kind: str
    deal: int = 0
    rep: str = "ana"
    amount: Decimal = Decimal(0)
    on: str = ""
    revision: int = 0


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    """Deals with a later word on some of them, refunds, splits, and quotas of their months."""
    cents = st.integers(1000, 500_000).map(lambda number: Decimal(number) / 100)
    parts = st.integers(1, 50)
    days = st.tuples(st.sampled_from(MONTHS), st.integers(1, 28)).map(lambda each: f"{each[0]}-{each[1]:02}")
    names = st.sampled_from(NAMES)
    found = []
    for deal in range(draw(st.integers(1, 5))):
        for revision in range(draw(st.integers(1, 2))):
            found.append(Fact("deal", deal, draw(names), draw(cents), draw(days), revision + 1))
        for _ in range(draw(st.integers(0, 2))):
            least = min(fact.amount for fact in found if fact.kind == "deal" and fact.deal == deal)
            found.append(Fact("refund", deal, amount=(-least * draw(parts) / 100).quantize(CENT, ROUND_DOWN), on=draw(days)))
        if draw(st.booleans()):
            found.append(Fact("split", deal))
    for rep, month in sorted(draw(st.sets(st.tuples(names, st.sampled_from(MONTHS)), max_size=5))):
        found.append(Fact("quota", rep=rep, amount=draw(cents), on=month))
    return found


@dataclass
class Telling:
    """People of their own to whom the facts happen, so that several tellings can be compared in one company."""

    company: Company
    name: str
    known: set[int] = field(default_factory=set)

    @classmethod
    async def begun(cls, company: Company, name: str) -> Telling:
        """Three people on a plan with something of everything, a quarter's contest among it."""
        telling = cls(company, name)
        people = [telling.of(rep) for rep in NAMES]
        await company.hire(*people)
        tiers = (Tier(Decimal(0), Decimal("0.03")), Tier(Decimal(2000), Decimal("0.0777")))
        by_quota = (Tier(Decimal(0), Decimal("0.02")), Tier(Decimal(1), Decimal("0.05")))
        pays = (Point(HALF, FIFTH), Point(Decimal(1), Decimal(1)))
        plan = await company.plan(
            f"plan {name}",
            ("base", TieredCommission(tiers), WindowKind.PERIOD),
            ("whole", TieredCommission(by_quota, Method.WHOLE_AMOUNT, TiersIn.ATTAINMENT), WindowKind.QUARTER_TO_DATE),
            ("fast", Accelerator((Band(HALF, Decimal("1.5")),), "base"), WindowKind.QUARTER_TO_DATE),
            ("reach", Bonus(Decimal("999.99"), achieved=Achieved.ATTAINMENT, payout=pays), WindowKind.YEAR_TO_DATE),
            ("race", SpifContest((Decimal(500), Decimal(100))), WindowKind.QUARTER_TO_DATE),
            ("cap", EarningsCap(Decimal(1500), components=("base", "fast")), WindowKind.QUARTER_TO_DATE),
        )
        await company.assign(plan, *people)
        return telling

    def of(self, name: str | int) -> str:
        """The key of somebody or something in this telling."""
        return f"{self.name} {name}"

    async def tell(self, fact: Fact) -> bool:
        """Do what a fact says; false if it is about something that isn't known yet."""
        if fact.kind in ("refund", "split") and fact.deal not in self.known:
            return False
        match fact.kind:
            case "deal":
                await self.company.deal(self.of(fact.deal), str(fact.amount), self.of(fact.rep), fact.on, revision=fact.revision)
                self.known.add(fact.deal)
            case "refund":
                await self.company.refund(self.of(fact.deal), fact.on, str(fact.amount))
            case "split":
                await self.company.split(self.of(fact.deal), **{self.of("bo"): "0.4", self.of("cleo"): "0.6"})
            case "quota":
                await self.company.quota(self.of(fact.rep), fact.on, str(fact.amount))
        return True

    async def import_deals(self, told: list[Fact]) -> None:
        """All deals at once, as their last revision has them."""
        last = {fact.deal: fact for fact in sorted(told, key=lambda fact: fact.revision) if fact.kind == "deal"}
        given = tuple(
            records.OpportunityRecord(
                external_id=self.of(fact.deal),
                name=self.of(fact.deal),
                owner=self.of(fact.rep),
                stage="Won",
                forecast_category=ForecastCategory.CLOSED,
                probability=Decimal(1),
                amount=fact.amount,
                closed_on=date.fromisoformat(fact.on),
                outcome=Outcome.WON,
                revision=fact.revision,
            )
            for fact in last.values()
        )
        await self.company.do(records.import_records, records.RecordsImport(opportunities=given, strict=True))
        self.known |= set(last)

    async def ledger(self) -> list[Mapping[str, Any]]:
        """What is booked, by rep, component, window and key."""
        return await self.company.rows(LEDGER, telling=self.name)


async def in_order(telling: Telling, told: list[Fact], dice: Random) -> None:
    """Everything as it was written down."""
    for fact in told:
        assert await telling.tell(fact)


async def shuffled(telling: Telling, told: list[Fact], dice: Random) -> None:
    """In any order, with months calculated and posted in between."""
    waiting = deque(dice.sample(told, len(told)))
    while waiting:
        fact = waiting.popleft()
        if not await telling.tell(fact):
            waiting.append(fact)
        elif dice.random() < 0.2:
            await telling.company.run_and_post(dice.choice(MONTHS))


async def imported(telling: Telling, told: list[Fact], dice: Random) -> None:
    """Deals in one import, and everything else behind it, in any order."""
    await telling.import_deals(told)
    for fact in dice.sample(told, len(told)):
        if fact.kind != "deal":
            assert await telling.tell(fact)


WAYS: tuple[Callable[[Telling, list[Fact], Random], Any], ...] = (in_order, shuffled, shuffled, imported)


SEED = int(os.environ.get("SPM_SEED", "0")) or random.randrange(1, 2**32)
EXAMPLES = int(os.environ.get("SPM_EXAMPLES", "8"))
"""How many examples are made by chance, others each time: SPM_SEED, which a failure tells, makes the same again."""


@asynccontextmanager
async def another(server_url: str, template: str, role: str | None) -> AsyncIterator[Database]:
    """A database for one example: what earlier ones left in it would be calculated with it, again and again."""
    name = f"spm_facts_{os.getpid()}"
    await execute(server_url, copied(template, name))
    try:
        async with Database.connected(named(server_url, name), role=role) as database:
            yield database
    finally:
        await execute(server_url, f"drop database {name} with (force)")


@seed(SEED)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(told=facts(), dice=st.integers(0, 2**32).map(Random))
async def test_any_order_and_any_batches_of_the_same_facts_come_to_the_same_ledger_and_refunds_of_all_to_nothing(
    server_url: str, template: str, role: str | None, told: list[Fact], dice: Random
) -> None:
    note(f"SPM_SEED={SEED} SPM_EXAMPLES={EXAMPLES}")
    async with another(server_url, template, role) as database:
        await _tell_in_every_way(database, told, dice)


async def _tell_in_every_way(database: Database, told: list[Fact], dice: Random) -> None:
    company = await Company.founded(database)
    company.incentive_types = TYPES
    tellings = [await Telling.begun(company, letter) for letter in "abcd"]
    for telling, way in zip(tellings, WAYS, strict=True):
        await way(telling, told, dice)
    for month in MONTHS:
        await company.run_and_post(month)
    first, *others = [await telling.ledger() for telling in tellings]
    for telling, other in zip(tellings[1:], others, strict=True):
        assert other == first, telling.name
    await _refund_all(company)
    for month in dice.sample(MONTHS, len(MONTHS)):
        await company.run_and_post(month)
    assert [await telling.ledger() for telling in tellings] == [[]] * len(tellings)
    assert await company.rows(BY_DEAL) == []


async def _refund_all(company: Company) -> None:
    """Give back whatever is left of every deal."""
    left = await company.rows(
        "select deal.external_id as deal, sum(transaction.amount) as amount from transaction join opportunity as deal"
        " on deal.id = opportunity_id group by 1 having sum(transaction.amount) <> 0 order by 1"
    )
    for row in left:
        await company.refund(row["deal"], on="2026-03-31", amount=str(-row["amount"]))


async def test_runs_on_any_number_of_shards_stage_the_same_lines(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await Company.founded(database)
    company.incentive_types = TYPES
    dice = Random(1)
    for letter in "abc":
        telling = await Telling.begun(company, letter)
        for deal in range(6):
            day = date(2026, 1, 1) + timedelta(days=dice.randrange(85))
            await telling.tell(Fact("deal", deal, dice.choice(NAMES), Decimal(dice.randrange(1, 300_000)) / 100, str(day), 1))
        await telling.tell(Fact("split", dice.randrange(6)))
        await telling.tell(Fact("quota", rep="ana", amount=Decimal(2000), on="2026-02"))
    staged = {}
    for reps_a_shard in (1, 2, 7, 500):
        monkeypatch.setattr(calculation, "REPS_A_SHARD", reps_a_shard)
        staged[reps_a_shard] = await company.rows(STAGED, run=await company.run("2026-03"))
    assert len(staged[1]) > 20
    assert staged[1] == staged[2] == staged[7] == staged[500]
