"""What is promised of subscriptions, of each of the five over both transports: cursors, filters, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spm_graph.actions import events as kept
from spm_graph.domain.terms import Grant
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Client, roomy
from tests.company import Company

from .conftest import World
from .following import (
    EVERY,
    OF_REPS,
    TRANSPORTS,
    Followed,
    document,
    everything_happens,
    following,
    now,
    on_a_plan,
    told_about,
)
from .test_expiring_tokens import EXPIRES, LEEWAY_SECONDS, Clock, issued

ENDED = {"websocket": 4403, "sse": [{"code": "UNAUTHENTICATED"}]}
"""How a subscription ends whose token is no good any more."""


def given(kind: str, run: str, **more: Any) -> dict[str, Any]:
    """The variables of a subscription."""
    return more | ({"run": run} if kind == "RunProgress" else {})


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_it_is_resumed_on_another_process_from_the_last_cursor_on(
    world: World, serve: Callable[[Settings], str], transport: str
) -> None:
    company = world.company
    await on_a_plan(world, "ana", "cleo")
    start = await now(company)
    run = await everything_happens(company, "ana", "cleo")
    one = world.askers["administrator"]
    other = replace(one, url=serve(roomy("2026-03-15")))

    async def resumed(kind: str) -> None:
        expected = await told_about(company, kind, start)
        assert len(expected) > 1, kind
        async with following(transport, one, document(kind), given(kind, run, after=start)) as first:
            heard = await first.cursors(1)
        async with following(transport, other, document(kind), given(kind, run, after=heard[-1])) as second:
            heard += await second.cursors(len(expected) - 1)
        assert heard == expected, kind

    for kind in EVERY:
        await resumed(kind)


async def test_a_browser_that_comes_back_says_its_last_cursor_in_a_header(world: World) -> None:
    company, administrator = world.company, world.askers["administrator"]
    await on_a_plan(world, "ana", "cleo")
    start = await now(company)
    run = await everything_happens(company, "ana", "cleo")
    for kind in EVERY:
        first, *others = await told_about(company, kind, start)
        async with following("sse", administrator, document(kind), given(kind, run, after=start), last=first) as followed:
            assert await followed.cursors(len(others)) == others, kind


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_cursor_that_is_no_longer_served_is_answered_with_the_current_one(world: World, transport: str) -> None:
    company, administrator = world.company, world.askers["administrator"]
    await on_a_plan(world, "ana")
    run = await everything_happens(company, "ana")
    horizon = await now(company)
    gone = await kept.prune(company.database, timedelta(days=1), datetime.now(UTC) + timedelta(days=1))
    assert gone > 0
    says = [{"code": "CURSOR_EXPIRED", "cursor": await now(company), "oldest": horizon}]
    for kind in EVERY:
        for after in ("0", f"{horizon}.0"):
            async with following(transport, administrator, document(kind), given(kind, run, after=after)) as followed:
                assert await followed.ended() == says, kind


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_filters_hold_for_what_happened_and_for_what_happens(world: World, transport: str) -> None:
    company, administrator = world.company, world.askers["administrator"]
    await on_a_plan(world, "ana", "cleo")
    start = await now(company)
    run = await everything_happens(company, "cleo", "ana", "cleo")
    ids = {row["external_id"]: f"rep_{row['id']}" for row in await company.rows("select id, external_id from rep")}
    async with AsyncExitStack() as stack:

        async def follow(kind: str, *filters: str, **values: Any) -> Followed:
            variables = given(kind, run, after=start, **values)
            return await stack.enter_async_context(following(transport, administrator, document(kind, *filters), variables))

        of_cleo = {kind: await follow(kind, "reps", reps=[ids["cleo"], "rep_999"]) for kind in OF_REPS}
        of_run = await follow("RunProgress")
        of_team = await follow("AttainmentChange", "measure", measure="team")
        before = {kind: await told_about(company, kind, start, ["cleo"]) for kind in OF_REPS}
        for kind, followed in of_cleo.items():
            assert await followed.cursors(len(before[kind])) == before[kind], kind
        of_this = await told_about(company, "RunProgress", start)
        assert await of_run.cursors(len(of_this)) == of_this
        # Two more runs, and a deal of each; what Cleo is credited with comes last.
        middle = await now(company)
        await everything_happens(company, "ana")
        await everything_happens(company, "cleo")
        for kind, followed in of_cleo.items():
            expected = await told_about(company, kind, middle, ["cleo"])
            assert expected, kind
            assert await followed.cursors(len(expected)) == expected, kind
        rows = await company.rows(
            "select concat_ws('.', position, ordinal) as cursor from event where position > :start and payload ->> 'measure' = 'team'"
            " order by position, ordinal",
            start=int(start),
        )
        assert await of_team.cursors(len(rows)) == [row["cursor"] for row in rows]
        await asyncio.sleep(0.2)
        assert [each.told.qsize() for each in (*of_cleo.values(), of_run, of_team)] == [0] * 6


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_everybody_is_told_of_those_whom_they_see_and_of_runs_with_the_grant(world: World, transport: str) -> None:
    company = world.company
    await on_a_plan(world, "ana", "bo", "cleo")
    start = await now(company)
    sees = {"self": ["ana"], "manager": ["ana", "bo"], "stranger": ["cleo"], "runner": ["cleo"], "administrator": ["ana", "bo", "cleo"]}
    async with AsyncExitStack() as stack:
        followed = {
            (asker, kind): await stack.enter_async_context(
                following(transport, world.askers[asker], document(kind), given(kind, "run_1", after=start))
            )
            for asker in sees
            for kind in EVERY
        }
        assert await everything_happens(company, "bo", "ana", "cleo") == "run_1"
        for (asker, kind), each in followed.items():
            names = sees[asker] if kind in OF_REPS else None if asker in ("runner", "administrator") else []
            expected = await told_about(company, kind, start, names)
            assert bool(expected) is (names != []), (asker, kind)
            assert await each.cursors(len(expected)) == expected, (asker, kind)
        await asyncio.sleep(0.2)
        assert {key: each.told.qsize() for key, each in followed.items() if each.told.qsize()} == {}


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_rep_who_moves_teams_stops_being_seen_at_once(world: World, transport: str) -> None:
    company = world.company
    await on_a_plan(world, "ana", "bo", "cleo")
    start = await now(company)
    bo, cleo = world.askers["manager"], world.askers["stranger"]
    await everything_happens(company, "ana")
    async with AsyncExitStack() as stack:

        async def follow(client: Client, kind: str) -> Followed:
            return await stack.enter_async_context(following(transport, client, document(kind), {"after": start}))

        old = {kind: await follow(bo, kind) for kind in OF_REPS}
        new = {kind: await follow(cleo, kind) for kind in OF_REPS}
        for kind, followed in old.items():
            expected = await told_about(company, kind, start, ["ana", "bo"])
            assert await followed.cursors(len(expected)) == expected, kind
        moved = await now(company)
        await company.managed("ana", "cleo", "2026-03-15")
        await everything_happens(company, "ana")
        await everything_happens(company, "bo", "cleo")
        for kind in OF_REPS:
            for followed, names in ((old[kind], ["bo"]), (new[kind], ["ana", "cleo"])):
                expected = await told_about(company, kind, moved, names)
                assert await followed.cursors(len(expected)) == expected, (kind, names)
        # History goes with the rep: who comes later reads it by the reporting lines of now.
        for kind in OF_REPS:
            for client, names in ((bo, ["bo"]), (cleo, ["ana", "cleo"])):
                expected = await told_about(company, kind, start, names)
                late = await follow(client, kind)
                assert await late.cursors(len(expected)) == expected, (kind, names)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_it_ends_when_the_token_expires_though_nothing_happens(
    serve: Callable[[Settings], str], database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, transport: str
) -> None:
    clock = Clock()
    settings, token = issued(clock, monkeypatch, tmp_path, "ana", Grant.RUN)
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana")
    ana = Client(serve(settings), token)
    async with AsyncExitStack() as stack:
        each = {
            kind: await stack.enter_async_context(following(transport, ana, document(kind), given(kind, "run_1", after="0")))
            for kind in EVERY
        }
        await company.won("100", "ana", "2026-01-10")
        for kind, followed in each.items():
            expected = await told_about(company, kind, "0")
            assert await followed.cursors(len(expected)) == expected, kind
        clock.now = EXPIRES + LEEWAY_SECONDS
        assert [await followed.ended() for followed in each.values()] == [ENDED[transport]] * 5


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_it_ends_when_the_key_is_revoked(world: World, transport: str) -> None:
    administrator, runner = world.askers["administrator"], world.askers["runner"]
    (key,) = await world.company.rows("select id from api_key where name = 'runner'")
    async with AsyncExitStack() as stack:
        each = [await stack.enter_async_context(following(transport, runner, document(kind), given(kind, "run_1"))) for kind in EVERY]
        await asyncio.sleep(0.2)
        await administrator.do("apiKeyRevoke", "", {"key": f"key_{key['id']}"})
        assert [await followed.ended() for followed in each] == [ENDED[transport]] * 5
