"""What is followed: exact events, filters, and who is told."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from tests.company import Flat

from .conftest import Socket, World, live

ATTAINED = """subscription ($after: Cursor, $reps: [ID!], $measure: String) {
  attainmentChanged(after: $after, reps: $reps, measure: $measure) {
  __typename cursor position at measure rep { id name } period { name kind } credited { value } quota { value } ratio } }"""
MOVED = """subscription ($after: Cursor) {
  opportunityMoved(after: $after) { cursor owner { name } opportunity { name } toStage amount { amount } } }"""
POSTED = (
    "subscription ($after: Cursor, $reps: [ID!]) { earningsPosted(after: $after, reps: $reps) { rep { name } amount { amount currency } } }"
)


async def told(socket: Socket, count: int) -> list[dict[str, Any]]:
    """The next so many events."""
    answers = [await socket.hear() for _ in range(count)]
    assert all(answer["type"] == "next" for answer in answers), answers
    return [next(iter(answer["payload"]["data"].values())) for answer in answers]


async def test_a_deal_changes_the_attainment_that_is_followed(world: World) -> None:
    async with live(world.askers["self"]) as socket:
        await socket.subscribe("1", ATTAINED, measure="bookings")
        assert await socket.silent()
        await world.company.won("250", "ana", "2026-01-10")
        found = {event["period"]["name"]: event for event in await told(socket, 3)}
        month = found["2026-01"]
        assert month["rep"]["name"] == "Ana"
        assert (month["__typename"], month["measure"], month["period"]["kind"]) == ("AttainmentChange", "bookings", "MONTH")
        assert (month["credited"], month["quota"], month["ratio"]) == ({"value": "250.00"}, {"value": "1000.00"}, "0.250000")
        assert found.keys() == {"2026-01", "2026-Q1", "2026"}
        assert await socket.silent()


async def test_filters_narrow_what_is_told(world: World) -> None:
    ids = {row["external_id"]: f"rep_{row['id']}" for row in await world.company.rows("select id, external_id from rep")}
    await world.company.won("250", "ana", "2026-01-10")
    await world.company.won("100", "cleo", "2026-01-10")
    async with live(world.askers["administrator"]) as socket:
        await socket.subscribe("1", ATTAINED, after="0", reps=[ids["cleo"], "rep_999"], measure="bookings")
        assert {event["rep"]["name"] for event in await told(socket, 3)} == {"Cleo"}
        assert await socket.silent()
        await socket.subscribe("2", ATTAINED, after="0", reps=[])
        await socket.subscribe("3", ATTAINED, after="0", measure="no such")
        assert await socket.silent()


async def test_earnings_and_runs_are_told_to_those_who_may_know(world: World) -> None:
    company = world.company
    await company.won("1000", "ana", "2026-01-10")
    await company.assign(await company.plan("plan", ("commission", Flat(Decimal("0.05")))), "ana")
    run = await company.run("2026-01")
    progress = "subscription ($run: ID!) { runProgressed(run: $run) { run state shards shardsDone } }"
    async with live(world.askers["runner"]) as runner, live(world.askers["self"]) as ana:
        await runner.subscribe("1", progress, run=f"run_{run}")
        await runner.subscribe("2", progress, run="run_999")
        await runner.subscribe("3", POSTED)
        await ana.subscribe("1", progress, run=f"run_{run}")
        await ana.subscribe("2", POSTED)
        assert await runner.silent()
        await company.post(run)
        (event,) = await told(runner, 1)
        assert (event["run"], event["state"]) == (f"run_{run}", "POSTED")
        assert await told(ana, 1) == [{"rep": {"name": "Ana"}, "amount": {"amount": "50.00", "currency": "USD"}}]
        assert await runner.silent()
        assert await ana.silent()


async def test_a_rep_is_followed_by_itself_its_managers_and_those_who_see_all(world: World) -> None:
    async with live(world.askers["stranger"]) as stranger, live(world.askers["runner"]) as runner:
        for socket in (stranger, runner):
            for id_, document in (("1", ATTAINED), ("2", MOVED), ("3", POSTED)):
                await socket.subscribe(id_, document, after="0")
        await world.company.won("250", "ana", "2026-01-10")
        for asker in ("self", "manager", "administrator"):
            async with live(world.askers[asker]) as socket:
                await socket.subscribe("1", MOVED, after="0")
                assert [event["owner"]["name"] for event in await told(socket, 1)] == ["Ana"]
        assert await stranger.silent(1.5)
        assert await runner.silent()


async def test_who_changes_teams_is_followed_by_the_new_manager_at_once_and_no_more_by_the_old(world: World) -> None:
    async with live(world.askers["manager"]) as bo, live(world.askers["stranger"]) as cleo:
        for socket in (bo, cleo):
            await socket.subscribe("1", MOVED)
            assert await socket.silent()
        await world.company.won("1", "ana", "2026-01-10")
        assert len(await told(bo, 1)) == 1
        await world.company.managed("ana", "cleo", "2026-03-15")
        await world.company.won("2", "ana", "2026-01-10")
        assert (await told(cleo, 1))[0]["amount"] == {"amount": "2.00"}
        assert await bo.silent()


async def test_many_events_are_told_in_order_behind_any_cursor(world: World) -> None:
    async with world.company.database.transaction() as tx:
        await tx.execute("select spm_tick('test', 'many')")
        await tx.execute(
            "insert into event (position, ordinal, kind, payload) select current_setting('spm.position')::bigint, n, 'OpportunityMoved',"
            " jsonb_build_object('toStage', n::text, 'owner', '{}'::jsonb, 'opportunity', '{}'::jsonb) from generate_series(0, 1000) n"
        )
    text = "subscription ($after: Cursor) { opportunityMoved(after: $after) { cursor toStage } }"
    async with live(world.askers["stranger"]) as socket, live(world.askers["self"]) as other:
        await asyncio.gather(socket.subscribe("1", text, after="0"), other.subscribe("1", text, after="0"))
        found = await told(socket, 1001)
        assert [event["toStage"] for event in found] == [str(number) for number in range(1001)]
        assert await told(other, 1001) == found
        await socket.subscribe("2", text, after=found[398]["cursor"])
        assert [event["toStage"] for event in await told(socket, 602)] == [str(number) for number in range(399, 1001)]
        assert await socket.silent()
