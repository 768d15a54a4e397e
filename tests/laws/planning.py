"""What is planned: who works for whom, what is expected of them, and by which plans they are paid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from spm_accelerator import Accelerator, Band
from spm_bonus import Achieved, Bonus, Gate, Point
from spm_earnings_cap import EarningsCap
from spm_manager_override import ManagerOverride
from spm_spif import Pays, RankedBy, Spif, SpifContest, TeamPool
from spm_tiered_commission import Method, Tier, TieredCommission, TiersIn

from spm_graph.actions import allocations, company, components, goals, openings, plan_assignments, plans, quotas, reps, targets
from spm_graph.actions.refs import PeriodRef
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import AllocationBase, AllocationWeights, Backdating, Carry, Proration, QuotaBasis, RefundDating, WindowKind
from spm_graph.plugin import Attained

from .world import BEGINS, World, month_of, ref

MEASURES = ("bookings", "bookings", "bookings", "team", "units")
TITLES = ("Seller", "Hunter", "Lead")
PLANS = ("Field", "Races", "Leads")


async def founded(world: World) -> None:
    """Ten people in three levels, a year's quotas, and three plans."""
    for number in range(10):
        await _hire(world, BEGINS, manager=world.hired[(number - 1) // 3] if number else None)
    for name in world.hired:
        await world.do(quotas.set_quota, quotas.QuotaSet(ref(name), "bookings", PeriodRef(name="2026"), Decimal(60000)))
    for name in PLANS:
        await _version(world, name, None, BEGINS)
    for number, name in enumerate(world.hired):
        await _assign(world, list(world.plans)[number % 2], name, BEGINS)
    opening = openings.OpeningBalanceSet(ref(world.hired[-1]), "bookings", BEGINS, date(2026, 2, 1), Decimal("4321.09"))
    await world.do(openings.set_opening_balance, opening)


async def _hire(world: World, starts: date, manager: str | None) -> None:
    name = world.named("rep")
    command = reps.RepUpsert(name, name.title(), title=world.one(TITLES), currency=world.one(("USD", "USD", "USD", "EUR")), hired_on=starts)
    if await world.do(reps.upsert, command):
        world.hired.append(name)
        if manager:
            await world.do(reps.set_manager, reps.ManagerSet(ref(name), ref(manager), starts, Backdating.RESTATE))


async def hire(world: World) -> None:
    """Somebody joins, and is mostly put on a plan."""
    if len(world.hired) < 16:
        await _hire(world, world.day(back=20, ahead=20), world.one(world.hired))
        if world.chance(0.8):
            await _assign(world, world.one(list(world.plans)), world.hired[-1], world.day(back=20))


async def leave(world: World) -> None:
    """Somebody leaves; deals of theirs may still come in, be changed and refunded."""
    if len(world.hired) > 6:
        await world.do(reps.leave, reps.RepLeave(world.somebody(), world.day(back=40), world.one(tuple(Backdating))))


async def employ(world: World) -> None:
    """Another first day, title or name."""
    name = world.one(world.hired)
    (row,) = await world.company.rows("select currency, hired_on, left_on from rep where external_id = :name", name=name)
    hired = row["hired_on"] if world.chance(0.7) else world.day(back=200)
    title, since = world.one(TITLES), world.day() if world.chance(0.5) else None
    command = reps.RepUpsert(name, name.title(), None, title, None, row["currency"], hired, row["left_on"], since)
    await world.do(reps.upsert, command)


async def manage(world: World) -> None:
    """Somebody gets another manager."""
    manager = world.somebody() if world.chance(0.9) else None
    await world.do(reps.set_manager, reps.ManagerSet(world.somebody(), manager, world.day(back=120), world.one((None, *Backdating))))


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
    """A manager's target is shared out."""
    among = tuple(allocations.AllocationShare(ref(name)) for name in world.dice.sample(world.hired, 3))
    command = allocations.QuotasAllocate(
        "bookings", world.month(ahead=90), AllocationBase.TOTAL, AllocationWeights.EQUAL, total=world.money(50000), reps=among
    )
    await world.do(allocations.allocate, command)


async def target(world: World) -> None:
    """Somebody is promised variable pay."""
    command = targets.TargetVariableSet(
        world.somebody(), Decimal(world.dice.randrange(100, 900) * 100), world.day(), None, world.one(tuple(Proration))
    )
    await world.do(targets.set_target_variable, command)


async def goal(world: World) -> None:
    """Somebody gets a goal, and perhaps reaches some of it."""
    who, during = world.somebody(), world.month()
    if await world.do(goals.set_goal, goals.GoalSet(who, during, world.one(("train", "hire")), Decimal(world.dice.randrange(1, 100)))):
        done = Decimal(world.dice.randrange(0, 120)) / 100
        await world.do(goals.achieve, goals.GoalAchieve(who, during, world.one(("train", "hire")), done))


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


async def _version(world: World, name: str, key: int | None, starts: date) -> None:
    parts = PARTS[name](world)
    if key is not None and world.chance(0.3):
        parts = parts[: world.dice.randrange(1, len(parts))]
    basis, carry = world.one(tuple(QuotaBasis)), world.one(tuple(Carry))
    drafts = tuple(components.ComponentDraft(part, measure, config, window, basis, carry=carry) for part, config, window, measure in parts)
    given: dict[str, Any] = {"name": name} if key is None else {"plan": global_id("plan", key)}
    made = await world.do(plans.create, plans.PlanCreate(drafts, starts, **given))
    if made:
        world.plans[made.values["plan_id"]] = name
        await world.do(plans.publish, plans.PlanPublish(global_id("version", made.values["plan_version_id"])))  # type: ignore[arg-type]


async def version(world: World) -> None:
    """A plan's next version, perhaps from a day long past on."""
    key = world.one(list(world.plans))
    await _version(world, world.plans[key], key, world.day(back=150, ahead=40))


async def _assign(world: World, plan: int, name: str, starts: date) -> None:
    ends = starts + timedelta(days=world.dice.randrange(1, 300)) if world.chance(0.2) else None
    taken = world.chance(0.85)
    await world.do(plan_assignments.assign, plan_assignments.PlanAssign(global_id("plan", plan), ref(name), starts, ends, taken))  # type: ignore[arg-type]


async def assign(world: World) -> None:
    """Somebody, or everybody with a title, gets on a plan or off it."""
    plan = world.one(list(world.plans))
    if world.chance(0.7):
        await _assign(world, plan, world.one(world.hired), world.day())
    else:
        command = plan_assignments.PlanAssign(global_id("plan", plan), None, world.day(), None, world.chance(0.6), world.one(TITLES))  # type: ignore[arg-type]
        await world.do(plan_assignments.assign, command)


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
