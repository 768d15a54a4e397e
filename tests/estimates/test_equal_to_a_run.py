"""What is estimated is what a run then books, whatever happened before."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from spm_accelerator import Accelerator, Band
from spm_spif import RankedBy, SpifContest, TeamPool
from spm_tiered_commission import Tier, TieredCommission

from spm_graph.domain.terms import WindowKind
from spm_graph.incentive_types import IncentiveTypes
from tests.company import Bonus, Company, Flat, Kicker

from .conftest import estimates

MONTHS = ("2026-01", "2026-02", "2026-03")
TYPES = IncentiveTypes.of([Flat, Bonus, Kicker, TieredCommission, Accelerator, SpifContest, TeamPool])

BOOKED = """
select rep.external_id as rep, period.name as period, component_version.name as component, sum(earning.amount) as amount
from earning join rep on rep.id = earning.rep_id join period on period.id = earning.period_id
join (select distinct on (component_id) component_id, name from component_version order by component_id, plan_version_id desc)
     as component_version on component_version.component_id = earning.component_id
where period.name = :period group by 1, 2, 3 having sum(earning.amount) <> 0
"""


def parts(dice: Random) -> list[tuple[object, ...]]:
    """The components of a plan: tiers by month or quarter, an accelerator behind them, something on top; a contest and a pool."""
    rates = sorted(Decimal(dice.randrange(1, 15)) / 100 for _ in range(3))
    tiers = tuple(Tier(Decimal(start), rate) for start, rate in zip((0, 2000, 5000), rates, strict=True))
    windows = list(WindowKind)
    base = dice.choice(windows[:2])
    return [
        ("base", TieredCommission(tiers), base),
        ("fast", Accelerator((Band(Decimal("0.8"), Decimal("1.5")),), "base"), WindowKind.QUARTER_TO_DATE),
        ("kicker", Kicker("base", Decimal("0.137")), base),
        ("bonus", Bonus(Decimal(dice.randrange(1, 900))), dice.choice(windows)),
        (
            "race",
            SpifContest((Decimal(700), Decimal(301)), ranked_by=dice.choice((RankedBy.CREDITED, RankedBy.DEALS))),
            dice.choice(windows),
        ),
        ("pool", TeamPool(Decimal(100), goal=Decimal(dice.randrange(2000, 9000))), base),
        ("on the race", Kicker("race", Decimal("0.1")), WindowKind.YEAR_TO_DATE),
    ]


async def act(company: Company, dice: Random, names: list[str], deals: list[str]) -> str:  # noqa: PLR0911 - one for each act
    """One thing that happens, somewhere in the first quarter, said in a word."""
    name = dice.choice(names)
    day = f"{dice.choice(MONTHS)}-{dice.randrange(1, 28):02}"
    amount = Decimal(dice.randrange(1, 400_000)) / 100
    match dice.choice(("deal", "deal", "deal", "refund", "quota", "changed", "split", "managed", "lost")):
        case "refund" if deals:
            await company.refund(dice.choice(deals), on=day, amount=str(-amount))
            return f"refund {amount} on {day}"
        case "quota":
            await company.quota(name, dice.choice(MONTHS), str(amount + 1))
            return f"quota of {name}"
        case "changed" if deals:
            deal = dice.choice(deals)
            await company.deal(deal, str(amount), name, day)
            return f"{deal} is {name}'s, {amount} on {day}"
        case "split" if deals and len(names) > 1:
            one, other = dice.sample(names, 2)
            await company.split(dice.choice(deals), **{one: "0.4", other: "0.6"})
            return f"split between {one} and {other}"
        case "managed" if name != names[0]:
            await company.managed(name, names[0], "2026-02-01")
            return f"{name} reports to {names[0]}"
        case "lost" if deals:
            deal = deals.pop(dice.randrange(len(deals)))
            await company.deal(deal, str(amount), name, None, outcome=None)
            return f"{deal} is open again"
        case _:
            deals.append(await company.won(str(amount), rep=name, on=day))
            return f"{deals[-1]} of {name}, {amount} on {day}"


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
async def test_an_estimate_is_what_a_run_then_books(company: Company, seed: int) -> None:
    note(f"seed {seed}")
    dice = Random(seed)
    company.incentive_types = TYPES
    company.numbers += 1
    names = [f"{name}{company.numbers}" for name in ("ana", "bo", "cleo")]
    await company.hire(*names)
    plan = await company.plan(f"plan {company.numbers}", *parts(dice))
    await company.assign(plan, *names)
    deals: list[str] = []
    for month in dice.sample(MONTHS, 3) if dice.random() < 0.3 else MONTHS:
        for _ in range(dice.randrange(1, 7)):
            note(await act(company, dice, names, deals))
        if dice.random() < 0.3:
            await company.plan(f"plan {company.numbers}", *parts(dice), starts=dice.choice(("2026-02-01", "2026-02-15", "2026-03-01")))
            note("another version of the plan")
        foreseen = {key: amount for key, amount in (await estimates(company)).items() if key[1] == month}
        await company.run_and_post(month)
        booked = {(row["rep"], row["period"], row["component"]): row["amount"] for row in await company.rows(BOOKED, period=month)}
        assert foreseen == booked, f"{month} with seed {seed}"
        note(f"{month} is posted")
        after = {key: amount for key, amount in (await estimates(company)).items() if key[1] == month}
        assert after == booked, f"{month} again with seed {seed}"
