"""What is planned: what is expected of people, and by which plans they are paid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from spm_accelerator import Accelerator, Band
from spm_bonus import Achieved, Bonus, Gate, Point
from spm_earnings_cap import EarningsCap
from spm_manager_override import ManagerOverride
from spm_spif import Pays, RankedBy, Spif, SpifContest, TeamPool
from spm_tiered_commission import Method, Tier, TieredCommission, TiersIn

from spm_graph.actions import (
    acceptance,
    allocations,
    company,
    components,
    feedback,
    goals,
    openings,
    plan_assignments,
    plans,
    quotas,
    targets,
)
from spm_graph.actions.refs import PeriodRef
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import AllocationBase, AllocationWeights, Carry, Proration, QuotaBasis, RefundDating, WindowKind
from spm_graph.plugin import Attained

from . import staffing
from .world import BEGINS, World, month_of, ref

MEASURES = ("bookings", "bookings", "bookings", "team", "units", "profit")
PLANS = ("Field", "Races", "Leads")


async def founded(world: World) -> None:
    """A year's quotas, and three plans."""
    for name in world.hired:
        await world.do(quotas.set_quota, quotas.QuotaSet(ref(name), "bookings", PeriodRef(name="2026"), Decimal(60000)))
    for name in PLANS:
        await _version(world, name, None, BEGINS)
    for number, name in enumerate(world.hired):
        await _assign(world, list(world.plans)[number % 2], name, BEGINS)
    opening = openings.OpeningBalanceSet(ref(world.hired[-1]), "bookings", BEGINS, date(2026, 2, 1), Decimal("4321.09"))
    await world.do(openings.set_opening_balance, opening)


async def quota(world: World) -> None:
    """A quota for a month, a quarter or a year, perhaps with seasons, proration and ramp; or none any more."""
    day = world.day(back=100, ahead=100)
    name = world.one((month_of(day), month_of(day), f"{day.year}-Q{(day.month + 2) // 3}", str(day.year)))
    measure = world.one(MEASURES)
    value = Decimal(0) if world.chance(0.1) else Decimal(world.dice.randrange(1, 200)) if measure == "units" else world.money(20000)
    seasons = (Decimal(1), Decimal(2), Decimal(0), Decimal(3)) if len(name) == 4 and world.chance(0.5) else ()
    ramp = (Decimal("0.25"), Decimal("0.5")) if world.chance(0.2) else ()
    command = quotas.QuotaSet(world.somebody(), measure, PeriodRef(name=name), value, seasons, world.one((None, *Proration)), ramp)
    await world.do(quotas.set_quota, command)


async def allocate(world: World) -> None:
    """A target is shared out: one that is given, a manager's own, or what was credited before; evenly, by weights or by what was sold."""
    base, weights = world.one(tuple(AllocationBase)), world.one(tuple(AllocationWeights))
    weigh = weights is AllocationWeights.GIVEN
    among = tuple(
        allocations.AllocationShare(ref(name), Decimal(world.dice.randrange(1, 9)) if weigh else None)
        for name in world.dice.sample(world.hired, 3)
    )
    below = base is AllocationBase.QUOTA or (not weigh and world.chance(0.3))
    command = allocations.QuotasAllocate(
        world.one(("bookings", "team")),
        world.month(ahead=90),
        base,
        weights,
        total=world.money(50000) if base is AllocationBase.TOTAL else None,
        manager=ref(world.one(world.hired[:4])) if below else None,
        reps=() if below and not weigh else among,
        growth=Decimal(world.one(("0", "0.15"))),
    )
    await world.do(allocations.allocate, command)


async def target(world: World) -> None:
    """Somebody is promised variable pay."""
    command = targets.TargetVariableSet(
        world.somebody(), Decimal(world.dice.randrange(100, 900) * 100), world.day(), None, world.one(tuple(Proration))
    )
    await world.do(targets.set_target_variable, command)


async def goal(world: World) -> None:
    """Somebody gets a goal, and perhaps reaches some of it; or has it no more."""
    who, during, name = world.somebody(), world.month(), world.one(("train", "hire"))
    weight = Decimal(world.dice.randrange(1, 100)) if world.chance(0.8) else None
    if await world.do(goals.set_goal, goals.GoalSet(who, during, name, weight)) and weight:
        done = Decimal(world.dice.randrange(0, 120)) / 100
        await world.do(goals.achieve, goals.GoalAchieve(who, during, name, done))


def _tiers(world: World, most: int) -> tuple[Tier, ...]:
    starts = [Decimal(0), *sorted(Decimal(each) / 10 for each in world.dice.sample(range(1, most * 10), 2))]
    return tuple(Tier(start, Decimal(world.dice.randrange(1, 150)) / 1000) for start in starts)


def _field(world: World) -> list[Any]:
    cap = Decimal(world.dice.randrange(100, 900)) if world.chance(0.3) else None
    by_quota = world.chance(0.4)
    tiers = _tiers(world, 2 if by_quota else 5000)
    base = TieredCommission(tiers, world.one(tuple(Method)), TiersIn.ATTAINMENT if by_quota else TiersIn.CREDITED, cap=cap)
    window = world.one(tuple(WindowKind)[:2])
    return [
        ("base", base, window, "bookings"),
        ("fast", Accelerator((Band(Decimal("0.5"), Decimal("1.5")),), "base"), WindowKind.QUARTER_TO_DATE, "bookings"),
        ("spif", Spif(world.one(tuple(Pays)), Decimal("0.5"), first_deals=world.one((None, 3))), world.one(tuple(WindowKind)), "units"),
        ("goals", Bonus(world.money(500), achieved=Achieved.GOALS), WindowKind.PERIOD, "bookings"),
        ("margin", TieredCommission((Tier(Decimal(0), Decimal("0.02")),)), WindowKind.PERIOD, "profit"),
        ("limit", EarningsCap(world.money(3000)), WindowKind.QUARTER_TO_DATE, "bookings"),
    ]


def _races(world: World) -> list[Any]:
    pays = (Point(Decimal("0.5"), Decimal("0.25")), Point(Decimal(1), Decimal(1)), Point(Decimal(2), Decimal(3)))
    # A pool is not shared out where people are paid in several currencies: that is a problem of the run, which leaves them out.
    pool = [("pool", TeamPool(Decimal(world.dice.randrange(100, 1000))), WindowKind.QUARTER_TO_DATE, "units")] if world.chance(0.15) else []
    return [
        ("base", TieredCommission(_tiers(world, 3000), world.one(tuple(Method))), world.one(tuple(WindowKind)[:2]), "bookings"),
        ("race", SpifContest((Decimal(500), Decimal(200), Decimal("33.33")), ranked_by=RankedBy.DEALS), WindowKind.PERIOD, "bookings"),
        *pool,
        ("reach", Bonus(world.money(800), achieved=Achieved.ATTAINMENT, payout=pays), world.one(tuple(WindowKind)), "bookings"),
        ("cap", EarningsCap(world.money(2000)), WindowKind.PERIOD, "bookings"),
    ]


def _leads(world: World) -> list[Any]:
    gates = (Gate(Decimal("0.3"), Attained("bookings", WindowKind.YEAR_TO_DATE)),)  # type: ignore[arg-type]
    return [
        ("override", ManagerOverride(Decimal(world.dice.randrange(1, 60)) / 1000), world.one(tuple(WindowKind)), "team"),
        ("gated", Bonus(world.money(400), gates=gates), WindowKind.QUARTER_TO_DATE, "bookings"),
    ]


PARTS = {"Field": _field, "Races": _races, "Leads": _leads}


def _drafts(world: World, name: str, whole: bool) -> tuple[components.ComponentDraft, ...]:
    parts = PARTS[name](world)
    if not whole and world.chance(0.3):
        parts = parts[: world.dice.randrange(1, len(parts))]
    basis, carry = world.one(tuple(QuotaBasis)), world.one(tuple(Carry))
    return tuple(components.ComponentDraft(part, measure, config, window, basis, carry=carry) for part, config, window, measure in parts)


async def _version(world: World, name: str, key: int | None, starts: date) -> None:
    given: dict[str, Any] = {"name": name} if key is None else {"plan": global_id("plan", key)}
    text = f"{name}, as of {starts}"
    made = await world.do(plans.create, plans.PlanCreate(_drafts(world, name, key is None), starts, document=text, **given))
    if made:
        world.plans[made.values["plan_id"]] = name
        draft: Any = global_id("version", made.values["plan_version_id"])
        if key is not None and world.chance(0.3):
            await world.do(plans.revise, plans.PlanRevise(draft, _drafts(world, name, False), starts, document=text))
        await world.do(plans.publish, plans.PlanPublish(draft))


async def version(world: World) -> None:
    """A plan's next version, perhaps from a day long past on."""
    key = world.one(list(world.plans))
    await _version(world, world.plans[key], key, world.day(back=150, ahead=40))


async def _assign(world: World, plan: int, name: str, starts: date) -> None:
    ends = starts + timedelta(days=world.dice.randrange(1, 300)) if world.chance(0.2) else None
    taken = world.chance(0.85)
    await world.do(plan_assignments.assign, plan_assignments.PlanAssign(global_id("plan", plan), ref(name), starts, ends, taken))  # type: ignore[arg-type]


async def join(world: World) -> None:
    """Somebody is hired, and mostly put on a plan."""
    before = len(world.hired)
    await staffing.hire(world)
    if len(world.hired) > before and world.chance(0.8):
        await _assign(world, world.one(list(world.plans)), world.hired[-1], world.day(back=20))


async def assign(world: World) -> None:
    """Somebody, or everybody with a title, gets on a plan or off it."""
    plan = world.one(list(world.plans))
    if world.chance(0.7):
        await _assign(world, plan, world.one(world.hired), world.day())
    else:
        title = world.one(staffing.TITLES)
        command = plan_assignments.PlanAssign(global_id("plan", plan), None, world.day(), None, world.chance(0.6), title)  # type: ignore[arg-type]
        await world.do(plan_assignments.assign, command)


async def answer(world: World) -> None:
    """Somebody reads the text of a plan, accepts it, and says what they think of it."""
    rows = await world.company.rows("select id, document from plan_version where state = 'PUBLISHED' order by id")
    read, actor = world.one(rows), await world.themselves(world.one(world.hired))
    version: Any = global_id("version", read["id"])
    seen = sha256(read["document"].encode()).hexdigest()
    await world.do(acceptance.accept, acceptance.PlanAccept(version, seen), actor)
    await world.do(feedback.give, feedback.PlanFeedback(version, world.dice.randrange(11)), actor)


async def settings(world: World) -> None:
    """The company changes its mind about refunds, proration or four eyes."""
    command = world.one(
        (
            company.CompanySet(refund_dating=world.one(tuple(RefundDating))),
            company.CompanySet(proration=world.one(tuple(Proration))),
            company.CompanySet(maker_checker=world.chance(0.5)),
        )
    )
    await world.do(company.set_company, command)
