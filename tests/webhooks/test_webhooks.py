"""Webhooks through the API: who may, what is refused, what is shown, and that no secret is ever told again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spm_graph.domain.terms import EventKind, Grant
from spm_graph.graph.nouns.events import EVENTS
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Serving, roomy, serve
from tests.company import Company

__all__ = ["serve"]

SHOWN = (
    "webhook { id name url kinds rep { externalId } state cursor lag failures failingSince nextAttemptAt attempts { totalCount } } secret"
)


@pytest.fixture
async def server(serve: Callable[[Settings], str], database: Database) -> Serving:
    """A server of a company with Ana."""
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana")
    return Serving(serve(roomy("2026-03-15")), database)


def test_each_kind_of_event_can_be_asked_for() -> None:
    assert sorted(EventKind) == sorted(event.__name__ for event in EVENTS)


async def test_a_webhook_is_registered_and_its_secret_is_told_once(server: Serving) -> None:
    administrator = await server.administrator()
    given = {
        "name": " payroll ",
        "url": "https://example.com/events",
        "kinds": ["PeriodClosed", "EarningsPosted"],
        "rep": {"externalId": "ana"},
    }
    made = await administrator.do("webhookCreate", SHOWN, given)
    assert made["secret"].startswith("whsec_")
    cursor = made["webhook"].pop("cursor")
    assert cursor == made["position"]
    assert made["webhook"] == {
        "id": made["webhook"]["id"],
        "name": "payroll",
        "url": "https://example.com/events",
        "kinds": ["EarningsPosted", "PeriodClosed"],
        "rep": {"externalId": "ana"},
        "state": "ENABLED",
        "lag": 0,
        "failures": 0,
        "failingSince": None,
        "nextAttemptAt": None,
        "attempts": {"totalCount": 0},
    }
    told = await administrator.do("webhookSecretRotate", "secret", {"webhook": made["webhook"]["id"]})
    assert told["secret"] != made["secret"]
    for secret in (told["secret"], made["secret"]):
        for table in ("audit", "event", "webhook", "once"):
            assert secret not in str(await server.database.pool.fetchval(f"select string_agg(row::text, '') from {table} as row"))
    audited = await administrator.ask('{ audit(where: {noun: "webhook"}) { nodes { action after } } }')
    assert [entry["action"] for entry in audited["audit"]["nodes"]] == ["webhookCreate"]


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"name": ""}, ["name"], "expected a name of 1 to 100 printable characters"),
        ({"url": "ftp://example.com"}, ["url"], "expected an address as in https://example.com/events"),
        ({"url": "https://"}, ["url"], "expected an address as in https://example.com/events"),
        ({"url": "https://example.com:99999/"}, ["url"], "expected an address as in https://example.com/events"),
        ({"url": "https://example.com/ a"}, ["url"], "expected an address as in https://example.com/events"),
        ({"url": "https://me:secret@example.com/"}, ["url"], "an address must not have a user, a password or a fragment"),
        ({"rep": {"externalId": "zoe"}}, ["rep", "externalId"], 'there is no rep "zoe"'),
        ({"after": "yesterday"}, ["after"], '"yesterday" is no cursor'),
    ],
)
async def test_what_can_be_no_webhook_is_refused(server: Serving, given: dict[str, Any], path: list[str], message: str) -> None:
    administrator = await server.administrator()
    refused = await administrator.attempt("webhookCreate", SHOWN, {"name": "ours", "url": "https://example.com/events", **given})
    (problem,) = refused["problems"]
    assert (refused["webhook"], refused["secret"], refused["position"], problem["path"]) == (None, None, None, path)
    assert problem["message"].startswith(message)
    assert await server.database.pool.fetchval("select count(*) from webhook") == 0


async def test_a_webhook_is_disabled_and_enabled_once(server: Serving) -> None:
    administrator = await server.administrator()
    made = await administrator.do("webhookCreate", SHOWN, {"name": "ours", "url": "https://example.com/events"})
    given = {"webhook": made["webhook"]["id"]}
    assert (await administrator.do("webhookDisable", "webhook { state }", given))["webhook"] == {"state": "DISABLED"}
    (problem,) = (await administrator.attempt("webhookDisable", "webhook { state }", given))["problems"]
    assert (problem["code"], problem["message"]) == ("WRONG_STATE", "the webhook is disabled already")
    assert (await administrator.do("webhookEnable", "webhook { state }", given))["webhook"] == {"state": "ENABLED"}
    (problem,) = (await administrator.attempt("webhookReplay", "webhook { id }", {"webhook": "webhook_99", "after": "0"}))["problems"]
    assert (problem["code"], problem["path"]) == ("NOT_FOUND", ["webhook"])


async def test_the_cursor_that_a_webhook_shows_is_one_to_go_on_from(server: Serving) -> None:
    administrator = await server.administrator()
    made = await administrator.do("webhookCreate", "webhook { id cursor }", {"name": "ours", "url": "https://example.com/events"})
    given = {"webhook": made["webhook"]["id"], "after": made["webhook"]["cursor"]}
    assert (await administrator.do("webhookReplay", "webhook { cursor }", given))["webhook"]["cursor"] == made["webhook"]["cursor"]
    assert (await administrator.ask("query ($after: Cursor!) { events(after: $after) { nodes { cursor } } }", after=given["after"])) == {
        "events": {"nodes": []}
    }


async def test_only_administrators_see_and_make_webhooks(server: Serving) -> None:
    administrator = await server.administrator()
    await administrator.do("webhookCreate", SHOWN, {"name": "ours", "url": "https://example.com/events"})
    every_other = await server.client(*(grant for grant in Grant if grant is not Grant.ADMIN), name="all but one")
    assert (await every_other.ask("{ webhooks { nodes { url } } }"))["webhooks"]["nodes"] == []
    assert (await every_other.ask('{ node(id: "webhook_1") { id } }'))["node"] is None
    (problem,) = (await every_other.attempt("webhookCreate", SHOWN, {"name": "ours", "url": "https://example.com/events"}))["problems"]
    assert problem["code"] == "NOT_PERMITTED"
