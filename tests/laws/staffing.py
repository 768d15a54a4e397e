"""Who works here: people are hired, promoted, paid in another currency and given other managers, and they leave."""

from __future__ import annotations

from datetime import date, timedelta

from spm_graph.actions import pay_currencies, reps
from spm_graph.domain.terms import Backdating
from spm_graph.importing import records

from .world import BEGINS, World, ref

TITLES = ("Seller", "Hunter", "Lead")
PEOPLE = 10
MOST_PEOPLE = 16


async def founded(world: World) -> None:
    """Ten people in three levels."""
    for number in range(PEOPLE):
        await _hire(world, BEGINS, manager=world.hired[(number - 1) // 3] if number else None)


async def _hire(world: World, starts: date, manager: str | None) -> None:
    name = world.named("rep")
    command = reps.RepUpsert(name, name.title(), title=world.one(TITLES), currency=world.one(("USD", "USD", "USD", "EUR")), hired_on=starts)
    if await world.do(reps.upsert, command):
        world.hired.append(name)
        if manager:
            await world.do(reps.set_manager, reps.ManagerSet(ref(name), ref(manager), starts, Backdating.RESTATE))


async def hire(world: World) -> None:
    """Somebody joins."""
    if len(world.hired) < MOST_PEOPLE:
        await _hire(world, world.day(back=20, ahead=20), world.one(world.hired))


async def leave(world: World) -> None:
    """Somebody leaves; deals of theirs may still come in, be changed and refunded."""
    if len(world.hired) > 6:
        await world.do(reps.leave, reps.RepLeave(world.somebody(), world.day(back=40), world.one(tuple(Backdating))))


async def employ(world: World) -> None:
    """Another first day, title or name."""
    name = world.one(world.hired)
    (row,) = await world.company.rows("select hired_on, left_on from rep where external_id = :name", name=name)
    hired = row["hired_on"] if world.chance(0.7) else world.day(back=200)
    title, since = world.one(TITLES), world.day() if world.chance(0.5) else None
    left = None if row["left_on"] and world.chance(0.3) else row["left_on"]
    command = reps.RepUpsert(name, name.title(), None, title, hired_on=hired, left_on=left, title_from=since)
    await world.do(reps.upsert, command)


async def manage(world: World) -> None:
    """Somebody gets another manager."""
    manager = world.somebody() if world.chance(0.9) else None
    await world.do(reps.set_manager, reps.ManagerSet(world.somebody(), manager, world.day(back=120), world.one((None, *Backdating))))


async def pay_in(world: World) -> None:
    """Somebody is paid in another currency from a month on, or in the one before again."""
    starts = world.day(back=60, ahead=60).replace(day=1)
    command = pay_currencies.PayCurrencySet(world.somebody(), world.one(("USD", "EUR")), starts, world.one(tuple(Backdating)))
    await world.do(pay_currencies.set_pay_currency, command)


async def import_people(world: World) -> None:
    """HR tells what some are called, whom they report to and when they came and left."""
    given = []
    for name in world.dice.sample(world.hired, 2):
        (row,) = await world.company.rows("select hired_on, left_on from rep where external_id = :name", name=name)
        hired = row["hired_on"] if world.chance(0.8) else row["hired_on"] + timedelta(days=world.dice.randrange(-40, 40))
        left = row["left_on"] if world.chance(0.9) else world.day(back=20, ahead=40)
        manager = world.one(world.hired) if world.chance(0.5) else None
        given.append(records.RepRecord(name, name.title(), None, world.one(TITLES), None, hired, left, manager))
    await world.do(records.import_records, records.RecordsImport(reps=tuple(given)))
