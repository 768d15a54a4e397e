"""What monitoring is told: to whom, and that the numbers are those of what was done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url

from spm_graph.domain.terms import Grant
from spm_graph.reading.tally import Durations
from spm_graph.store.database import Database, plain
from spm_graph.store.lag import Lag
from spm_graph.web import metrics
from spm_graph.web.metrics import by_consumer
from tests.api.conftest import Client, serve
from tests.live.conftest import World, live, world
from tests.live.test_events_over_http import events

__all__ = ["serve", "world"]

MOVED = "subscription { opportunityMoved { toStage } }"


async def got(client: Client) -> httpx.Response:
    """The response of `/metrics`."""
    headers = {"authorization": f"Bearer {client.token}"} if client.token else {}
    async with httpx.AsyncClient(timeout=60, verify=False) as http:
        return await http.get(client.url.replace("/graphql", "/metrics"), headers=headers)


async def values(client: Client) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and the values of its labels, in the order of their names."""
    families = text_string_to_metric_families((await got(client)).text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


@asynccontextmanager
async def owning(database: Database) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A transaction of the database's owner, which is undone at the end."""
    connection = await asyncpg.connect(plain(make_url(database.url)))
    try:
        async with connection.transaction():
            yield connection
    finally:
        await connection.close()


async def until(client: Client, expected: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """The samples, as soon as some are as expected."""
    found: dict[tuple[str, ...], float] = {}
    for _ in range(200):
        found = await values(client)
        if expected.items() <= found.items():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError({key: found.get(key) for key in expected})


async def test_only_the_grant_admin_is_told(world: World) -> None:
    administrator = world.askers["administrator"]
    anonymous, unknown = Client(administrator.url, None), Client(administrator.url, "nobody")
    assert [(await got(each)).status_code for each in (anonymous, unknown)] == [401, 401]
    assert (await got(anonymous)).headers["www-authenticate"] == 'Bearer realm="spm"'
    others = await world.server.client(*set(Grant) - {Grant.ADMIN}, name="others")
    for client in (world.askers["self"], others):
        refused = await got(client)
        assert (refused.status_code, refused.json()) == (403, {"errors": [{"message": "this needs the grant ADMIN"}]})
    told = await got(await world.server.client(Grant.ADMIN, name="monitor"))
    assert (told.status_code, told.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert told.headers["cache-control"] == "no-store"


async def test_requests_are_counted_by_operation_and_outcome(world: World) -> None:
    administrator = world.askers["administrator"]
    for _ in range(3):
        await administrator.ask("{ company { name } }")
    await administrator.do("companySet", "", {"name": "Kappa"})
    await administrator.answer("{ nothing }")
    await Client(administrator.url, None).answer("{ company { name } }")
    async with live(administrator) as socket:
        await socket.subscribe("q", "{ company { name } }")
        await socket.hear()
        found = await values(administrator)
    assert found["spm_request_seconds_count", "query", "answered"] == 4
    assert found["spm_request_seconds_count", "mutation", "answered"] == 1
    assert found["spm_request_seconds_count", "unknown", "refused"] == 1
    assert 0 < found["spm_request_seconds_sum", "query", "answered"] < 60
    assert found["spm_request_seconds_bucket", "+Inf", "query", "answered"] == 4
    assert found["spm_requests_refused_total", "401"] == 1
    assert found["spm_clock_position",] == await world.server.database.pool.fetchval("select position from clock")
    assert found["spm_database_connections_most", "reads"] == found["spm_database_connections_most", "writes"] == 10
    assert 0 <= found["spm_database_connections_in_use", "reads"] <= 10
    assert found["process_resident_memory_bytes",] > 10_000_000


async def test_who_follows_and_what_they_were_told(world: World) -> None:
    administrator, ana = world.askers["administrator"], world.askers["self"]
    async with live(ana) as socket, events(ana, MOVED), live(administrator) as other:
        for id_ in ("1", "2"):
            await socket.subscribe(id_, MOVED)
        await other.subscribe("1", MOVED)
        open_ = {("spm_connections", "websocket"): 2.0, ("spm_connections", "sse"): 1.0}
        await until(administrator, open_ | {("spm_subscriptions", "websocket"): 3.0, ("spm_subscriptions", "sse"): 1.0})
        await world.company.won("100", "ana", "2026-01-10")
        (count,) = await world.company.rows("select count(*) from event where kind = 'OpportunityMoved'")
        told = await until(administrator, {("spm_events_told_total", "OpportunityMoved"): 4.0 * count["count"]})
        name = next(key[1] for key in told if key[0] == "spm_consumer_lag_seconds" and key[1].endswith(" ana"))
        consumers = {key[1].split(" ")[1] for key in told if key[0] == "spm_consumer_lag_positions"}
        assert consumers == {"ana", "administrator"}
        caught_up = {("spm_consumer_lag_positions", name): 0.0, ("spm_consumer_lag_seconds", name): 0.0}
        found = await until(administrator, caught_up | {("spm_subscription_lag_seconds_bucket", "0.0"): 4.0})
        assert found["spm_event_seconds_count",] >= 1
    await until(administrator, {("spm_connections", "websocket"): 0.0, ("spm_subscriptions", "sse"): 0.0})


async def test_who_is_not_sent_what_happened_is_behind(world: World) -> None:
    administrator, ana = world.askers["administrator"], world.askers["self"]
    database = world.server.database
    (row,) = await world.company.rows("select 'key_' || id || ' ana' as name from api_key where name = 'ana'")
    name = row["name"]
    async with live(ana) as socket:
        await socket.subscribe("1", MOVED)
        assert await socket.silent()
        async with owning(database) as connection:
            await connection.execute("lock table event in access exclusive mode")  # what happened can't be read meanwhile
            for _ in range(2):
                await database.pool.execute("select spm_tick('test', 'later')")
            found = await until(administrator, {("spm_consumer_lag_positions", name): 2.0})
            assert 0 < found["spm_consumer_lag_seconds", name] < 60
            assert found["spm_subscription_lag_seconds_bucket", "0.0"] == 0
            assert found["spm_subscription_lag_seconds_bucket", "+Inf"] == 1
        await until(administrator, {("spm_consumer_lag_positions", name): 0.0, ("spm_consumer_lag_seconds", name): 0.0})


async def test_a_subscription_that_ends_and_a_connection_that_is_closed_are_counted(world: World) -> None:
    administrator, ana = world.askers["administrator"], world.askers["self"]
    async with live(ana) as socket:
        await socket.subscribe("1", MOVED)
        assert await socket.silent()
        (row,) = await world.company.rows("select id from api_key where name = 'ana'")
        await administrator.do("apiKeyRevoke", "", {"key": f"key_{row['id']}"})
        assert await socket.closed() == 4403
    await until(administrator, {("spm_subscriptions_failed_total", "Unauthenticated"): 1.0, ("spm_websockets_closed_total", "4403"): 1.0})


async def test_a_webhook_and_live_estimates_that_are_behind(world: World) -> None:
    administrator, database = world.askers["administrator"], world.server.database
    made = await administrator.do("webhookCreate", "webhook { id }", {"name": "ledger", "url": "https://hooks.example/in"})
    webhook = ("ledger", made["webhook"]["id"])
    async with database.transaction() as tx:
        await tx.execute("select spm_tick('test', 'behind')")
        await tx.execute(
            "update webhook_progress set position = 2, ordinal = 0, failures = 3, failing_since = now(), due_at = now() + interval '1 day'"
        )
        await tx.execute("update estimate_progress set position = 4")
        await tx.execute("delete from estimate_due")
    position = await database.pool.fetchval("select position from clock")
    found = await values(administrator)
    # The first event of position 2 was sent: perhaps not its last.
    assert found["spm_webhook_lag_positions", *webhook] == position - 1
    assert found["spm_webhook_failures", *webhook] == 3
    assert found["spm_estimates_lag_positions",] == position - 4
    ages = await database.pool.fetch(
        "select extract(epoch from now() - at)::float8 as age from tick where position in (2, 5) order by position"
    )
    assert found["spm_webhook_lag_seconds", *webhook] == pytest.approx(ages[0]["age"], abs=5)
    assert found["spm_estimates_lag_seconds",] == pytest.approx(ages[1]["age"], abs=5)


def test_consumers_are_few_whatever_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "CONSUMERS_MOST", 2)
    behind = [("a", Lag(1, 1.0)), ("b", Lag(9, 9.0)), ("a", Lag(5, 0.5)), ("c", Lag(0, 0.0)), ("d", Lag(7, 0.25))]
    assert by_consumer(behind) == {"b": Lag(9, 9.0), "a": Lag(5, 1.0), "others": Lag(7, 0.25)}


def test_a_duration_is_counted_in_the_bucket_that_it_fits_into() -> None:
    durations = Durations()
    for seconds in (0.0005, 0.001, 0.3, 99.0):
        durations.add(("query",), seconds)
    ((labels, buckets, total),) = durations.histograms()
    found = dict(buckets)
    assert (labels, total) == (("query",), pytest.approx(99.3015))
    assert (found["0.001"], found["0.0025"], found["0.25"], found["0.5"], found["30.0"], found["+Inf"]) == (2, 2, 2, 3, 3, 4)
