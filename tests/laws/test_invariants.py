"""Each invariant of the simulation fails where what it guards is broken past every guard of the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import Release
from spm_graph.store.database import Database, Transaction
from tests.company import Company, Flat
from tests.payments.conftest import Payroll

from . import simulation as simulating
from .invariants import INVARIANTS, Archive, Broken, Touched, audited, require, told
from .simulation import Simulation
from .world import World

UNDERPAID = "update payment set amount = amount - 1 where kind = 'PAID'"
OVERPAID = "update payment set amount = amount + 1 where kind = 'PAID'"
RECIPROCAL = "insert into reporting_line (rep_id, manager_id, effective) select manager_id, rep_id, effective from reporting_line"

BREAKS = {
    "the clock has every position once": "delete from tick where position = (select max(position) from tick)",
    "events are numbered without gaps": "update event set ordinal = ordinal + 100 where ordinal = 0",
    "audits are numbered without gaps": "delete from audit where ordinal = 0",
    "what is earned is the sum of the earnings": "update earned set amount = amount + 0.01",
    "what is credited is the sum of the credits": "delete from credited",
    "whoever is credited on a deal of somebody else has it listed": "update opportunity set amount = amount + 1",
    "the parts of a quota sum to it": "delete from quota_part",
    "nothing is booked in a month after its close": "update earning set position = position + 1000",
    "the steps of an earning sum to its amount": "update earning set steps = '[]'",
    "the parts of an earning by deal sum to it": "update earning_credit set amount = amount + 0.01",
    "what is split is shared out whole": "delete from split where id in (select min(id) from split)",
    "owner and split are credited with all that was sold": "update credit set sold_amount = sold_amount + 1",
    "what attainment changes to is announced": "delete from event where kind = 'AttainmentChange'",
    "nothing is held below zero": "update payment set amount = amount + 1 where kind = 'RELEASED'",
    "what rep and company owe each other is what was earned, paid, held and drawn": UNDERPAID,
    "a closed month paid what its statement came to, and no less than nothing": OVERPAID,
    "a batch pays what its month paid": "delete from payout_line",
    "nobody reports to themselves": RECIPROCAL,
    "who oversees whom follows from the reporting lines of each day": "update reporting_line set effective = '[2026-02-01,)'",
}


async def lived(database: Database) -> int:
    """A quarter in which something of everything is there; the position at which its first month was closed."""
    payroll = Payroll(await Company.founded(database))
    company = payroll.company
    await payroll.pays("ana", "bo", plan="Tenth", commission=Flat(Decimal("0.1")))
    await company.managed("bo", "ana", "2026-01-01")
    await company.quota("ana", "2026-Q1", "3000")
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.split(deal, ana="0.6", bo="0.4")
    hold = await payroll.hold(rep=Ref(external_id="bo"), release=Release.BY_EVENT)
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    (closed,) = await company.rows("select position from clock")
    await payroll.release(hold)
    await company.won("500", rep="bo", on="2026-02-10")
    await company.run_and_post("2026-02")
    await company.close("2026-02")
    return int(closed["position"])


@asynccontextmanager
async def unguarded(database_url: str) -> AsyncIterator[Transaction]:
    """A transaction that no trigger, role or foreign key watches, and that is undone."""
    async with Database.connected(database_url) as privileged, privileged.engine.connect() as connection, connection.begin() as undone:
        tx = Transaction(connection, privileged.today())
        await tx.execute("set local session_replication_role = replica")
        yield tx
        await undone.rollback()


async def broken_by(tx: Transaction, name: str, statement: str, touched: Touched) -> str:
    """What is said of an invariant that is broken; nothing if it holds."""
    try:
        await require(tx, {name: statement}, touched)
    except Broken as broken:
        return str(broken)
    return ""


def test_every_invariant_is_broken_here() -> None:
    assert set(BREAKS) == set(INVARIANTS)


@pytest.mark.parametrize("of_all", [True, False])
async def test_every_invariant_holds_and_finds_what_breaks_it_among_all_and_among_what_was_touched(
    database: Database, database_url: str, of_all: bool
) -> None:
    closed = await lived(database)
    async with unguarded(database_url) as tx:
        touched = await Touched.after(tx, 0 if of_all else closed)
        await require(tx, {**INVARIANTS, **told(await audited(tx) if of_all else touched.nouns)}, touched)
        for name, breaking in BREAKS.items():
            async with tx.connection.begin_nested() as undone:
                assert await tx.execute(breaking), f"nothing to break: {name}"
                found = await broken_by(tx, name, INVARIANTS[name], touched)
                assert found.startswith(f"{name}, but:"), f"not found: {name}"
                await undone.rollback()


async def test_what_was_not_touched_is_not_looked_at(database: Database, database_url: str) -> None:
    await lived(database)
    async with unguarded(database_url) as tx:
        touched = await Touched.after(tx, await tx.scalar("select position from clock"))
        assert (touched.since, touched.reps, touched.paid, touched.nouns) == (touched.until, [], [], [])


CHANGED = ("opportunity", "period", "hold")
"""What was written after the first month was closed."""


@pytest.mark.parametrize("of_all", [True, False])
async def test_a_row_that_the_audit_does_not_know_as_it_is_is_found(database: Database, database_url: str, of_all: bool) -> None:
    closed = await lived(database)
    async with unguarded(database_url) as tx:
        touched = await Touched.after(tx, 0 if of_all else closed)
        names = await audited(tx)
        assert len(names) > 30
        assert {"rep", "opportunity", "quota", "split", "hold", "plan_version", "period"} <= {*(await Touched.after(tx, 0)).nouns}
        assert {*CHANGED} <= {*touched.nouns}
        for noun in touched.nouns if of_all else CHANGED:
            async with tx.connection.begin_nested() as undone:
                await tx.execute('update audit set after = after || \'{"name": "another"}\' where noun = :noun', {"noun": noun})
                with pytest.raises(Broken, match=f"^the audit knows every {noun} as it is, but"):
                    await require(tx, told(touched.nouns), touched)
                await undone.rollback()


async def test_a_row_that_the_audit_knows_nothing_of_is_found(database: Database, database_url: str) -> None:
    await lived(database)
    async with unguarded(database_url) as tx:
        touched = await Touched.after(tx, 0)
        await tx.execute("delete from audit where noun = 'hold'")
        with pytest.raises(Broken, match="the audit knows every hold as it is"):
            await require(tx, told(touched.nouns), touched)


@pytest.mark.parametrize("change", ["update {0} set position = 0 where position = {1}", "delete from {0} where position = {1}"])
async def test_what_is_only_ever_added_to_is_known_as_it_was(database: Database, database_url: str, change: str) -> None:
    await lived(database)
    archive = Archive()
    async with unguarded(database_url) as tx:
        await archive.unchanged(tx)
        await archive.unchanged(tx)
        for name in ("tick", "audit", "posting", "earning", "payment", "event"):
            async with tx.connection.begin_nested() as undone:
                await tx.execute(change.format(name, f"(select max(position) from {name})"))
                with pytest.raises(Broken, match=f"only ever added to changed: {name}"):
                    await archive.unchanged(tx)
                await undone.rollback()


@pytest.fixture
async def settled(database: Database) -> Simulation:
    """A company of the simulation with some deals in its first month."""
    simulation = await Simulation.founded(database, seed=7, acts=1)
    company = simulation.world.company
    for name in simulation.world.hired[:6]:
        await company.won("1000", rep=name, on="2026-01-10")
    simulation.world.today = simulation.world.today.replace(month=2)
    return simulation


async def broken(database_url: str, statement: str) -> None:
    """Break something for good."""
    async with Database.connected(database_url) as privileged, privileged.transaction() as tx:
        await tx.execute("set local session_replication_role = replica")
        assert await tx.execute(statement)


async def test_estimates_that_tell_something_else_than_the_run_are_found(
    settled: Simulation, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await settled.estimates_foretell("2026-01")

    async def stale(*_: object) -> None:
        """Nobody estimates any more."""

    monkeypatch.setattr(simulating, "caught_up", stale)
    await broken(database_url, "update estimate_part set amount = amount + 1")
    with pytest.raises(Broken, match="estimates are what a run then books"):
        await settled.estimates_foretell("2026-01")


async def test_a_ledger_that_a_full_run_would_change_is_found(settled: Simulation, database_url: str) -> None:
    assert await settled.estimates_foretell("2026-01")
    await settled.nothing_changes_without_a_reason("2026-01", foretold=True, in_full=True)
    await broken(database_url, "update earning set amount = amount + 1 where amount <> 0")
    with pytest.raises(Broken, match="calculated again, in full: True"):
        await settled.nothing_changes_without_a_reason("2026-01", foretold=True, in_full=True)


async def test_credits_that_do_not_follow_from_the_facts_are_found(settled: Simulation, database_url: str) -> None:
    await settled.credits_follow_from_facts()
    await broken(database_url, "update credit set amount = amount + 1")
    with pytest.raises(Broken, match="credits follow from the facts"):
        await settled.credits_follow_from_facts()


async def test_who_is_told_of_others_is_found(settled: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    await settled.nobody_is_told_of_others()
    monkeypatch.setattr(simulating, "tells", lambda *_: True)
    with pytest.raises(Broken, match="is told of"):
        await settled.nobody_is_told_of_others()


async def test_what_breaks_is_told_with_all_that_it_takes_to_see_it_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def absurd(world: World) -> None:
        raise ZeroDivisionError(f"on {world.today}")

    simulation = await Simulation.founded(database, seed=7, acts=5)
    monkeypatch.setattr(simulating, "ACTS", {absurd: 1})
    with pytest.raises(AssertionError, match=r"(?s)^SPM_SEED=7 SPM_ACTS=5 broke at act 1: on 20.*OpeningBalanceSet\(rep="):
        await simulation.run()
