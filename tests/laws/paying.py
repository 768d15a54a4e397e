"""How pay is settled: adjustments, draws, holds, disputes, runs and payouts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from spm_graph.actions import adjustments, disputes, draws, holds, openings, payouts, runs, statements
from spm_graph.actions.refs import PeriodRef
from spm_graph.actions.result import Result
from spm_graph.calculation import run as calculation
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import AdjustmentReason, Debt, DrawKind, Release
from tests.company import ADMINISTRATOR

from .world import CHECKER, TYPES, World, month_of, ref

PENDING = """
select id from adjustment
where pending and not exists (select from adjustment_decision where adjustment_id = adjustment.id) order by id
"""


async def adjust(world: World) -> None:
    """Somebody gets something, or loses it, by hand."""
    amount = world.money(300) * world.one((1, -1))
    deal = ref(world.one(world.deals)) if world.deals and world.chance(0.4) else None
    command = adjustments.EarningAdjust(world.somebody(), world.month(back=40, ahead=10), amount, AdjustmentReason.OTHER, "agreed", deal)
    if made := await world.do(adjustments.adjust, command):
        world.waiting.append(global_id("adjustment", made.values["adjustment_id"]))


async def decide(world: World) -> None:
    """Somebody else looks at an adjustment."""
    if world.waiting:
        given = world.waiting.pop(world.dice.randrange(len(world.waiting)))
        command = adjustments.AdjustmentApprove(given, world.chance(0.7))  # type: ignore[arg-type]
        await world.do(adjustments.approve, command, world.one((CHECKER, CHECKER, ADMINISTRATOR)))


async def decide_all(world: World) -> None:
    """Somebody else looks at whatever still waits, as who closes a month wants them to."""
    for row in await world.company.rows(PENDING):
        given: Any = global_id("adjustment", row["id"])
        if not await world.do(adjustments.approve, adjustments.AdjustmentApprove(given, world.chance(0.7)), CHECKER):
            await world.do(adjustments.approve, adjustments.AdjustmentApprove(given, approved=False), CHECKER)


async def draw(world: World) -> None:
    """Somebody gets a draw, another one, or none any more."""
    kind = world.one(tuple(DrawKind))
    starts = world.day(back=40)
    until = starts + timedelta(days=world.dice.randrange(10, 200)) if world.chance(0.5) else None
    forgiven = starts + timedelta(days=120) if kind is DrawKind.RECOVERABLE_THEN_FORGIVEN else None
    monthly = world.money(900) if world.chance(0.8) else None
    recovered = starts + timedelta(days=world.dice.randrange(0, 90)) if world.chance(0.3) else None
    share = Decimal(world.one(("1", "0.5", "0.3333")))
    on_top = (await _component(world),) if world.chance(0.3) else ()
    command = draws.DrawSet(world.somebody(), monthly, starts, until, kind, world.chance(0.5), recovered, share, forgiven, on_top)
    await world.do(draws.set_draw, command)


async def _component(world: World) -> Any:
    rows = await world.company.rows("select id from component order by id")
    return global_id("component", world.one(rows)["id"])


async def hold(world: World) -> None:
    """Something is kept back: of somebody, a deal, a component, or where several of them come together."""
    what: dict[str, Any] = (
        {"rep": world.somebody()} if world.chance(0.6) or not world.deals else {"opportunity": ref(world.one(world.deals))}
    )
    if world.chance(0.2):
        what = {**(what if world.chance(0.7) else {}), "component": await _component(world)}
    release = world.one(tuple(Release))
    on = world.day(back=0, ahead=90) if release is Release.BY_EVENT and world.chance(0.5) else None
    if made := await world.do(holds.place, holds.HoldPlace("to be seen", **what, release=release, releases_on=on)):
        world.holds.append(global_id("hold", made.values["hold_id"]))


async def release(world: World) -> None:
    """What was kept back may go."""
    if world.holds:
        given = world.holds.pop(world.dice.randrange(len(world.holds)))
        await world.do(holds.release, holds.HoldRelease(given))  # type: ignore[arg-type]


async def forgive(world: World) -> None:
    """A debt is written off, or some of it."""
    command = payouts.DebtWriteOff(world.somebody(), world.one(tuple(Debt)), "gone", world.money(100) if world.chance(0.5) else None)
    await world.do(payouts.write_off, command)


async def opening(world: World) -> None:
    """Somebody's year before they came is told."""
    starts = world.day().replace(month=1, day=1)
    command = openings.OpeningBalanceSet(world.somebody(), "bookings", starts, starts.replace(month=world.one((2, 4))), world.money(9000))
    await world.do(openings.set_opening_balance, command)


async def payout(world: World) -> None:
    """A month's batch is approved, and goes to payroll."""
    during = PeriodRef(name=month_of(world.today - timedelta(days=world.dice.randrange(20, 90))))
    await world.do(payouts.approve, payouts.PayoutApprove(during), CHECKER)
    if world.chance(0.7):
        await world.do(payouts.export, payouts.PayoutExport(during))


async def dispute(world: World) -> None:
    """Somebody doubts an earning, or what a deal paid, or has no doubts about a statement."""
    name = world.one(world.hired)
    actor = await world.themselves(name)
    if world.chance(0.4):
        during = PeriodRef(name=month_of(world.today - timedelta(days=world.dice.randrange(20, 90))))
        await world.do(statements.acknowledge, statements.StatementAcknowledge(ref(name), during), actor)
        return
    rows = await world.company.rows("select id from earning where rep_id = :rep order by id desc limit 5", rep=actor.rep_id)
    about: dict[str, Any] = {"earning": global_id("earning", world.one(rows)["id"])} if rows and world.chance(0.7) else {}
    command = disputes.DisputeOpen("it was more", **(about or {"opportunity": ref(world.one(world.deals or ["none"]))}))
    if made := await world.do(disputes.open_dispute, command, actor):
        world.disputes.append(global_id("dispute", made.values["dispute_id"]))


async def resolve(world: World) -> None:
    """A doubt is answered."""
    if world.disputes:
        given: Any = world.disputes.pop(world.dice.randrange(len(world.disputes)))
        await world.do(disputes.resolve, disputes.DisputeResolve(given, world.chance(0.5), "looked at"))


async def start(world: World, month: str) -> int | None:
    """Calculate a month, over any number of shards; the run's key."""
    calculation.REPS_A_SHARD = world.one((3, 500, 500, 500))
    command = calculation.RunStart(PeriodRef(name=month))
    made = await world.noted(calculation.start(world.company.database, TYPES, ADMINISTRATOR, command), command)
    if made is None:
        return None
    world.runs.append(made.values["run_id"])
    return world.runs[-1]


async def recalculate(world: World, run_id: int) -> None:
    """Calculate what is stale in a run again."""
    command = calculation.RunRecalculate(global_id("run", run_id))  # type: ignore[arg-type]
    await world.noted(calculation.recalculate(world.company.database, TYPES, ADMINISTRATOR, command), command)


async def post(world: World, run_id: int) -> Result | None:
    """Book a run; who can't be calculated is left out, and who made the run does not approve it."""
    mine = global_id("run", run_id)
    failed = await world.company.rows(
        "select distinct rep.external_id as name from run_problem join rep on rep.id = rep_id where run_id = :run order by 1", run=run_id
    )
    for row in failed:
        await world.do(runs.exclude, runs.RunExclude(mine, ref(row["name"])))  # type: ignore[arg-type]
    if made := await world.do(runs.post, runs.RunPost(mine)):  # type: ignore[arg-type]
        return made
    await world.do(runs.approve, runs.RunApprove(mine), CHECKER)  # type: ignore[arg-type]
    return await world.do(runs.post, runs.RunPost(mine))  # type: ignore[arg-type]


async def run(world: World) -> None:
    """Somebody calculates a month around now, and perhaps forgets about it."""
    await start(world, month_of(world.day(back=60, ahead=0)))


async def go_on(world: World) -> None:
    """Somebody finds a run from before, and recalculates it, leaves somebody out, gives it up or posts it."""
    if not world.runs:
        return
    run_id = world.one(world.runs[-3:])
    mine = global_id("run", run_id)
    match world.dice.randrange(5):
        case 0:
            await world.do(runs.exclude, runs.RunExclude(mine, world.somebody()))  # type: ignore[arg-type]
        case 1:
            await world.do(runs.cancel, runs.RunCancel(mine))  # type: ignore[arg-type]
        case 2:
            await post(world, run_id)
        case _:
            await recalculate(world, run_id)
            await post(world, run_id)
