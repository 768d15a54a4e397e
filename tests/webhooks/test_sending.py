"""Events reach an address in order, signed, each until it is taken, and whatever happens on the way none is lost."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from spm_graph.actions import events, webhooks
from spm_graph.actions.webhooks import WebhookDisable, WebhookEnable, WebhookReplay, WebhookSecretRotate
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import EventKind
from spm_graph.incentive_types import Id

from .conftest import QUICKLY, Received, Receiver, World, listening

EVENTS = "select position, ordinal, kind, payload::text as payload from event order by position, ordinal"
TAKEN = "select count(*) from webhook_attempt where status = 204"


async def happened(world: World) -> list[tuple[str, str, Any]]:
    """Every event: cursor, kind and payload."""
    rows = await world.database.pool.fetch(EVENTS)
    return [(f"{row['position']}.{row['ordinal']}", row["kind"], json.loads(row["payload"])) for row in rows]


def told(messages: list[Received]) -> list[tuple[str, str, Any]]:
    """What messages say: cursor, kind and payload."""
    return [(each.told["cursor"], each.told["type"], each.told["data"]) for each in messages]


async def test_every_event_is_sent_once_in_order_and_signed(world: World, receiver: Receiver) -> None:
    secret = (await world.hook(receiver.url)).values["secret"]
    await world.company.won("1000", "ana", "2026-03-10")
    async with world.sent():
        await world.until("select position < (select position from clock) from webhook_progress", False)
        await world.company.won("500", "bo", "2026-03-11")
        expected = await happened(world)
        messages = await receiver.heard(len(expected))
        await world.until(TAKEN, len(expected))
    assert len(expected) > 10
    assert told(messages) == expected
    assert all(each.is_signed_with(secret) for each in messages)
    assert not any(each.is_signed_with("whsec_" + "A" * 44) for each in messages)
    assert len({each.headers["webhook-id"] for each in messages}) == len(messages)
    assert {each.headers["content-type"] for each in messages} == {"application/json"}


async def test_only_the_kinds_that_are_asked_for_are_sent_and_only_what_the_rep_may_see(world: World, receiver: Receiver) -> None:
    await world.hook(receiver.url, kinds=(EventKind.OpportunityMoved,), rep="bo")
    await world.company.won("1000", "ana", "2026-03-10")
    await world.company.won("1000", "cleo", "2026-03-10")
    await world.company.won("1000", "bo", "2026-03-10")
    async with world.sent():
        messages = await receiver.heard(2)
        await world.until("select position = (select position from clock) from webhook_progress", True)
    assert [each.told["type"] for each in messages] == ["OpportunityMoved", "OpportunityMoved"]
    assert [each.told["data"]["owner"]["externalId"] for each in messages] == ["ana", "bo"]


async def test_an_event_is_sent_again_until_it_is_taken_and_none_overtakes_it(world: World, receiver: Receiver) -> None:
    await world.hook(receiver.url)
    receiver.statuses = [204, 500, 302, 429, 204]
    async with world.sent():
        expected = await happened(world)
        messages = await receiver.heard(len(expected) + 3)
        await world.until(TAKEN, len(expected))
    assert told(messages[1:5]) == [expected[1]] * 4
    assert len({each.headers["webhook-id"] for each in messages[1:5]}) == 1
    assert told([messages[0], *messages[4:]]) == expected
    rows = await world.database.pool.fetch("select status, number from webhook_attempt order by id limit 6")
    assert [(row["status"], row["number"]) for row in rows] == [(204, 1), (500, 1), (302, 2), (429, 3), (204, 4), (204, 1)]


async def test_an_address_that_fails_for_long_is_disabled_with_an_event_and_goes_on_when_enabled(world: World, receiver: Receiver) -> None:
    made = await world.hook(receiver.url)
    receiver.statuses = [500] * 3
    async with world.sent(schedule=QUICKLY[:2]):
        await world.until("select state from webhook", "DISABLED")
        assert len(receiver.messages) == 3
        kind, payload = (await happened(world))[-1][1:]
        assert (kind, payload) == (
            "WebhookDisabled",
            {"webhook": f"webhook_{made.values['webhook_id']}", "name": "ours", "attempts": 3, "problem": "status 500"},
        )
        await world.act(webhooks.enable, WebhookEnable(Id(f"webhook_{made.values['webhook_id']}")))
        expected = await happened(world)
        messages = await receiver.heard(3 + len(expected))
    assert told(messages[3:]) == expected


async def test_an_address_that_is_gone_is_disabled_at_once(world: World, receiver: Receiver) -> None:
    await world.hook(receiver.url)
    receiver.statuses = [410]
    async with world.sent():
        await world.until("select state from webhook", "DISABLED")
    assert len(receiver.messages) == 1


async def test_the_next_attempt_waits_as_the_schedule_says(world: World, receiver: Receiver) -> None:
    await world.hook(receiver.url)
    receiver.statuses = [500]
    async with world.sent(schedule=(timedelta(hours=2),)):
        await world.until("select failures from webhook_progress", 1)
        await asyncio.sleep(0.2)
    assert len(receiver.messages) == 1
    row = await world.database.pool.fetchrow("select due_at - failing_since as wait from webhook_progress")
    assert row["wait"] == timedelta(hours=2)


async def test_what_is_behind_a_cursor_is_sent_again_with_the_same_ids(world: World, receiver: Receiver) -> None:
    made = await world.hook(receiver.url)
    async with world.sent():
        expected = await happened(world)
        first = list(await receiver.heard(len(expected)))
        await world.until(TAKEN, len(expected))
        await world.act(webhooks.replay, WebhookReplay(Id(f"webhook_{made.values['webhook_id']}"), after=expected[1][0]))
        again = (await receiver.heard(2 * len(expected) - 2))[len(expected) :]
    assert told(again) == expected[2:]
    assert [each.headers["webhook-id"] for each in again] == [each.headers["webhook-id"] for each in first[2:]]


async def test_both_secrets_sign_for_a_day_after_a_change(world: World, receiver: Receiver) -> None:
    made = await world.hook(receiver.url)
    former = made.values["secret"]
    secret = (await world.act(webhooks.rotate, WebhookSecretRotate(Id(f"webhook_{made.values['webhook_id']}")))).values["secret"]
    async with world.sent():
        first = (await receiver.heard(1))[0]
        assert first.is_signed_with(secret)
        assert first.is_signed_with(former)
        async with world.database.transaction() as tx:
            await tx.execute("update webhook_secret set former_until = now()")
        await world.until("select position < (select position from clock) from webhook_progress", False)
        sent = len(receiver.messages)
        await world.company.won("1000", "ana", "2026-03-10")
        later = (await receiver.heard(sent + 1))[sent]
    assert later.is_signed_with(secret)
    assert not later.is_signed_with(former)


async def test_who_is_slow_to_answer_delays_no_other(world: World, receiver: Receiver) -> None:
    async with listening() as slow:
        slow.delay = 3_600
        await world.hook(slow.url)
        await world.hook(receiver.url)
        async with world.sent():
            expected = await happened(world)
            assert told(await receiver.heard(len(expected))) == expected
        assert slow.messages == []


async def test_nothing_is_sent_while_it_is_disabled_and_nothing_is_missed(world: World, receiver: Receiver) -> None:
    made = await world.hook(receiver.url)
    hook = Id(f"webhook_{made.values['webhook_id']}")
    await world.act(webhooks.disable, WebhookDisable(hook))
    async with world.sent():
        await asyncio.sleep(0.3)
        assert receiver.messages == []
        await world.act(webhooks.enable, WebhookEnable(hook))
        expected = await happened(world)
        assert told(await receiver.heard(len(expected))) == expected


async def test_two_processes_share_the_work_and_a_third_goes_on_where_they_were_killed(world: World, receiver: Receiver) -> None:
    await world.hook(receiver.url)
    for day in range(1, 11):
        await world.company.won("100", "ana", f"2026-03-{day:02}")
    receiver.delay = 0.002
    async with world.sent(), world.sent():
        await receiver.heard(20)
    expected = await happened(world)
    async with world.sent():
        await world.until("select position = (select position from clock) and ordinal = 2147483647 from webhook_progress", True)
    cursors = [each.told["cursor"] for each in receiver.messages]
    # What was under way when they were killed may come twice; one after the other, all came.
    assert list(dict.fromkeys(cursors)) == [cursor for cursor, _, _ in expected]
    assert len(cursors) <= len(expected) + 1


async def test_events_are_kept_until_every_enabled_webhook_has_taken_them(world: World, receiver: Receiver) -> None:
    made = await world.hook(receiver.url)
    hook = Id(f"webhook_{made.values['webhook_id']}")
    later = datetime.now(UTC) + timedelta(days=2)
    assert await events.prune(world.database, timedelta(days=1), later) == 0
    expected = await happened(world)
    async with world.sent():
        assert told(await receiver.heard(len(expected))) == expected
        await world.until("select ordinal from webhook_progress", 2147483647)
    assert await events.prune(world.database, timedelta(days=1), later) == len(expected)
    with pytest.raises(Refused, match="events behind this cursor are gone: replay from"):
        await world.act(webhooks.replay, WebhookReplay(hook, after="0"))
    with pytest.raises(Refused, match="the cursor lies ahead"):
        await world.act(webhooks.replay, WebhookReplay(hook, after="999999"))
    await world.act(webhooks.disable, WebhookDisable(hook))
    await world.company.won("10", "ana", "2026-03-12")
    await events.prune(world.database, timedelta(days=1), later)
    with pytest.raises(Refused, match="events behind this cursor are gone: replay from"):
        await world.act(webhooks.enable, WebhookEnable(hook))
