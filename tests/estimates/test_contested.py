"""Contests in what-ifs, best deals and estimates: judged anew with everybody in them, and equal to what a run then books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from spm_spif import PoolShared, SpifContest, TeamPool

from spm_graph.calculation import rivals
from spm_graph.domain.terms import Grant, WindowKind
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance, Step
from spm_graph.store.visibility import Actor
from tests.company import Company, Flat, Kicker

from .conftest import ask, estimates

PRIZES = SpifContest((Decimal(1000), Decimal(400)))
NAMES = ("ana", "bo", "cleo", "dora")


@dataclass(frozen=True)
class MostEarned:
    """Give a prize to whoever earned the most by an earlier component."""

    component: str
    prize: Decimal

    def award(self, performances: Sequence[Performance]) -> Iterable[tuple[str, Line]]:
        """One line each, of nothing for those who are behind."""
        earned = {each.rep_id: sum((line.amount for line in each.earned[self.component]), Decimal(0)) for each in performances}
        most = max(earned.values())
        for rep_id, amount in earned.items():
            yield rep_id, Line("most", (Step("earned the most" if amount == most else "behind", self.prize, Decimal(amount == most)),))


WHAT_IF = """query ($scenario: WhatIfInput!, $rep: String = "ana") { rep(ref: {externalId: $rep}) { whatIf(scenario: $scenario) {
    before { amount } after { amount } difference { amount } problems { message }
    byComponent { name before { amount } after { amount } lines { steps { says } } gapToNextTier { value } } } } }"""

BEST = """query ($rep: String = "ana") { rep(ref: {externalId: $rep}) { bestDeals(period: {name: "2026-03"}) {
    opportunity { name } adds { amount } leftOut { component name } problem } } }"""


@pytest.fixture
async def company(company: Company) -> Company:
    """Four reps in a contest of the quarter with a flat rate before it and a kicker on the prize behind it."""
    company.incentive_types = IncentiveTypes.of([Flat, Kicker, SpifContest, TeamPool, MostEarned])
    await company.hire(*NAMES)
    quarter = WindowKind.QUARTER_TO_DATE
    parts = (
        ("flat", Flat(Decimal("0.1"))),
        ("prize", PRIZES, quarter),
        ("kicker", Kicker("prize", Decimal("0.5")), quarter),
    )
    await company.assign(await company.plan("Plan", *parts), *NAMES)
    for name, amount in zip(NAMES, ("2000", "5000", "4000", "10"), strict=True):
        await company.won(amount, rep=name, on="2026-02-10")
    return company


async def supposed(company: Company, scenario: Any, rep: str = "ana") -> Any:
    """The answer about a rep."""
    body = await ask(company, WHAT_IF, scenario=scenario, rep=rep)
    assert "errors" not in body, body
    found = body["data"]["rep"]["whatIf"]
    assert found["problems"] == []
    return found


def paid(found: Any) -> dict[str, tuple[str, str]]:
    """Before and after, by component, of those that pay anything."""
    return {part["name"]: (part["before"]["amount"], part["after"]["amount"]) for part in found["byComponent"]}


async def test_a_deal_that_would_win_a_contest_adds_its_prize_and_what_builds_on_it(company: Company) -> None:
    found = await supposed(company, {"newDeals": [{"amount": "2500"}]})
    assert paid(found) == {"flat": ("0.00", "250.00"), "prize": ("0.00", "400.00"), "kicker": ("0.00", "200.00")}
    assert found["difference"]["amount"] == "850.00"
    prize = next(part for part in found["byComponent"] if part["name"] == "prize")
    assert [step["says"] for line in prize["lines"] for step in line["steps"]] == ["place 2 of 4 with 4,500"]
    assert paid(await supposed(company, {"newDeals": [{"amount": "3000.01"}]}))["prize"] == ("0.00", "1000.00")
    assert paid(await supposed(company, {"newDeals": [{"amount": "100"}]}))["prize"] == ("0.00", "0.00")


async def test_it_says_how_much_more_wins_the_next_place(company: Company) -> None:
    found = await supposed(company, {})
    gaps = {part["name"]: part["gapToNextTier"] for part in found["byComponent"]}
    assert gaps["prize"] == {"value": "2000.00"}  # to share the second place
    assert gaps["kicker"] == {"value": "2000.00"}


async def test_deals_that_others_share_or_own_move_the_prize_as_well(company: Company) -> None:
    await company.deal("shared", "4000", rep="ana", on=None, outcome=None)
    await company.split("shared", ana="0.5", cleo="0.5")
    scenario = {"deals": [{"opportunity": {"externalId": "shared"}}]}
    foreseen = {name: paid(await supposed(company, scenario, rep=name))["prize"] for name in ("ana", "bo", "cleo")}
    assert foreseen == {"ana": ("0.00", "0.00"), "bo": ("1000.00", "400.00"), "cleo": ("400.00", "1000.00")}
    await company.deal("bo's", "1", rep="bo", on=None, outcome=None)
    lost = {"deals": [{"opportunity": {"externalId": "deal 2"}, "outcome": "LOST"}]}
    assert paid(await supposed(company, lost))["prize"] == ("0.00", "400.00")


async def test_a_contest_that_looks_at_what_its_entrants_earn_besides_is_judged_with_all_of_that(company: Company) -> None:
    await company.plan("Plan", ("flat", Flat(Decimal("0.1"))), ("most", MostEarned("flat", Decimal(90))), starts="2026-01-01")
    assert paid(await supposed(company, {"newDeals": [{"amount": "3000", "closedOn": "2026-02-20"}]}))["most"] == ("0.00", "90.00")
    assert paid(await supposed(company, {"newDeals": [{"amount": "2999", "closedOn": "2026-02-20"}]}))["most"] == ("0.00", "0.00")
    await company.deal("open", "3000", rep="ana", on=None, outcome=None)
    (deal,) = (await ask(company, BEST))["data"]["rep"]["bestDeals"]
    assert (deal["adds"]["amount"], [each["name"] for each in deal["leftOut"]]) == ("300.00", ["most"])


async def test_the_best_deals_count_prizes_and_say_which_contests_are_too_large(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    await company.deal("wins", "2500", rep="ana", on=None, outcome=None)
    await company.deal("small", "900", rep="ana", on=None, outcome=None)
    best = (await ask(company, BEST))["data"]["rep"]["bestDeals"]
    assert [(deal["opportunity"]["name"], deal["adds"]["amount"], deal["leftOut"]) for deal in best] == [
        ("wins", "850.00", []),
        ("small", "90.00", []),
    ]
    monkeypatch.setattr(rivals, "MOST_AGAIN", 2)
    best = (await ask(company, BEST))["data"]["rep"]["bestDeals"]
    assert [(deal["adds"]["amount"], deal["leftOut"]) for deal in best] == [
        (amount, [{"component": "component_2", "name": "prize"}]) for amount in ("250.00", "90.00")
    ]


async def test_deals_that_the_asker_may_not_see_are_not_ranked(company: Company) -> None:
    await company.deal("of bo", "2500", rep="bo", on=None, outcome=None)
    await company.split("of bo", bo="0.5", ana="0.5")
    keys = {row["external_id"]: row["id"] for row in await company.rows("select id, external_id from rep")}
    body = await ask(company, BEST, Actor("ana", keys["ana"], frozenset()))
    assert body["data"]["rep"]["bestDeals"] == []
    body = await ask(company, BEST, Actor("admin", None, frozenset({Grant.SEE_ALL})))
    assert [deal["opportunity"]["name"] for deal in body["data"]["rep"]["bestDeals"]] == ["of bo"]


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_supposed_in_a_contest_is_what_recording_it_pays(company: Company, seed: int) -> None:
    """For everybody, whoever owns the deal, whatever it changes."""
    dice = Random(seed)
    pool = TeamPool(Decimal(300), goal=Decimal(dice.randrange(9_000, 16_000)), shared=PoolShared.BY_CREDITED)
    await company.assign(await company.plan("Pool", ("pool", pool, WindowKind.PERIOD)), "bo", "cleo")
    owner = dice.choice(NAMES)
    await company.deal("open", str(dice.randrange(1, 6000)), rep=owner, on=None, outcome=None)
    if dice.random() < 0.5:
        one, other = dice.sample(NAMES, 2)
        await company.split("open", **{one: "0.3", other: "0.7"})
    day = dice.choice(("2026-02-27", "2026-03-14"))
    scenario = {"deals": [{"opportunity": {"externalId": "open"}, "closedOn": day}]}
    foreseen = {name: Decimal((await supposed(company, scenario, rep=name))["difference"]["amount"]) for name in NAMES}
    before = await estimates(company)
    (row,) = await company.rows("select amount, owner_id from opportunity where external_id = 'open'")
    await company.deal("open", str(row["amount"]), rep=owner, on=day)
    after = await estimates(company)
    march = [
        {name: sum(amount for (rep, period, _), amount in each.items() if (rep, period) == (name, "2026-03")) for name in NAMES}
        for each in (before, after)
    ]
    if day < "2026-03-01":  # nothing was posted yet: February's own windows are February's
        late = [
            {
                name: sum(
                    amount
                    for (rep, period, part), amount in each.items()
                    if (rep, period) == (name, "2026-02") and part in ("flat", "pool")
                )
                for name in NAMES
            }
            for each in (before, after)
        ]
        march = [{name: both[0][name] + both[1][name] for name in NAMES} for both in zip(march, late, strict=True)]
    assert {name: march[1][name] - march[0][name] for name in NAMES} == foreseen, f"{owner} on {day}"
