"""Compare this server's fan-out with idiomatic strawberry's and with graphql-ws on Node: many actors, one event.

`python -m benchmarks.live` opens 1,000, 5,000 and 10,000 subscriptions on one process of each, takes what memory a connection
costs, and publishes events that all of them are told. A subscriber is an actor of its own: a rep in a line where each reports
to the one before, so that no two see the same reps, and an event about the last of them is for everybody.

    last      from just before the commit to the receipt by the last subscriber, of a single event; the median of the rounds
    messages  of 20 events at once, as an import's, how many messages arrive in a second

Here the event is a row in PostgreSQL; to the others it is handed by a request, without a database. Subscribers are in a process
of their own that decodes nothing. The servers take turns. Node is left out where `python3 run.py clients` was not run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from benchmarks.reads.servers import Server, started
from spm_graph.actions.keys import hashed
from spm_graph.store import embedded, migrate
from spm_graph.store.database import plain
from tests.clients.conftest import HERE, PACKAGES

from .crowd import token

QUERY = "subscription { opportunityMoved { cursor toStage owner { name } opportunity { name } amount { amount } } }"
BURST = 20
SETTLE_SECONDS = 2
ATTEMPTS = 10
SERVER = {"shared_buffers": "256MB", "synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}
PAYLOAD = {
    "owner": {"id": "rep_1", "externalId": "1", "name": "Ana Berger", "title": "Account executive"},
    "opportunity": {"id": "opportunity_1", "externalId": "D-1", "name": "Kappa renewal 2026"},
    "fromStage": "Prospecting",
    "toStage": "Engaging",
    "outcome": None,
    "amount": {"amount": "12000.00", "currency": "USD"},
}
# A line of managers as long as the crowd: what each of them oversees would be half the square of it in rows, for reads that nobody does
# here. Subscriptions go by the lines, in memory.
COMPANY = """
select spm_tick('benchmark', 'company');
insert into rep (external_id, name, currency) select n::text, 'Rep ' || n, 'USD' from generate_series(1, {count}) as n;
set local session_replication_role = replica;
insert into reporting_line (rep_id, manager_id, effective)
select rep.id, above.id, daterange('2020-01-01', null) from rep join rep as above on above.external_id::int = rep.external_id::int - 1;
set local session_replication_role = origin;
"""

Publish = Callable[[int], Awaitable[float]]
"""Publishes so many events at once; when they were about to be committed."""


@dataclass
class Side:
    """One server that is compared, and what was measured of it."""

    name: str
    server: Server
    publish: Publish
    kilobytes: float = 0
    crowd: subprocess.Popen[str] | None = None
    single: list[list[float]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    lost: int = 0


def memory(pid: int) -> int:
    """The bytes that a process has in memory."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


async def told(crowd: subprocess.Popen[str], events: int) -> list[float]:
    """When each of the crowd's messages about so many events arrived."""
    assert crowd.stdin is not None and crowd.stdout is not None
    crowd.stdin.write(f"{events}\n")
    crowd.stdin.flush()
    line = await asyncio.to_thread(crowd.stdout.readline)
    if not line.startswith("["):
        raise SystemExit(f"the subscribers were told something else: {line}")
    found: list[float] = json.loads(line)
    return found


def posting(port: int, rep: int) -> Publish:
    """Publish by a request."""

    async def publish(count: int) -> float:
        body = json.dumps([{"cursor": f"1.{number}", "rep": rep, **PAYLOAD} for number in range(count)]).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/publish", body, method="POST")
        began = time.monotonic()
        await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=120).read())
        return began

    return publish


def committing(connection: asyncpg.Connection[asyncpg.Record], rep: int) -> Publish:
    """Publish by a commit."""

    async def publish(count: int) -> float:
        transaction = connection.transaction()
        await transaction.start()
        position = await connection.fetchval("select spm_tick('benchmark', 'tell')")
        row = "insert into event (position, ordinal, kind, rep_id, payload) values ($1, $2, 'OpportunityMoved', $3, $4)"
        await connection.executemany(row, [(position, ordinal, rep, json.dumps(PAYLOAD)) for ordinal in range(count)])
        began = time.monotonic()
        await transaction.commit()
        return began

    return publish


async def company(connection: asyncpg.Connection[asyncpg.Record], count: int) -> int:
    """A line of reps, each with a key; the number of the last of them."""
    async with connection.transaction():
        await connection.execute(COMPANY.format(count=count))
        ids = [row["id"] for row in await connection.fetch("select id from rep order by external_id::int")]
        keys = [(rep, hashed(token(number))) for number, rep in enumerate(ids, 1)]
        statement = "insert into api_key (name, rep_id, grants, hash, created_at) values ('benchmark', $1, '{}', $2, now())"
        await connection.executemany(statement, keys)
    return int(ids[-1])


@contextmanager
def gathered(side: Side, count: int) -> Iterator[None]:
    """A crowd that has subscribed, and what it costs the server in memory."""
    before = memory(side.server.process.pid)
    command = [sys.executable, "-m", "benchmarks.live.crowd", str(side.server.port), str(count), QUERY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdout is not None
        if crowd.stdout.readline().strip() != "ready":
            raise SystemExit(f"{side.name}: the subscribers did not get in")
        time.sleep(SETTLE_SECONDS)
        side.kilobytes = (memory(side.server.process.pid) - before) / count / 1024
        side.crowd = crowd
        yield
        crowd.kill()


async def measure(sides: list[Side], count: int, rounds: int) -> None:
    """Single events, and then bursts, the servers taking turns, once all subscribers have been told of something."""
    for side in sides:
        for _ in range(ATTEMPTS):
            if len((await published(side, 1))[1]) == count:
                break
    for _ in range(rounds):
        for side in sides:
            for events in (1, BURST):
                began, receipts = await published(side, events)
                if missing := events * count - len(receipts):
                    if side is sides[0]:
                        raise SystemExit(f"{side.name}: {events * count} messages were expected, and {len(receipts)} came")
                    side.lost += missing
                if events == 1:
                    side.single.append([receipt - began for receipt in receipts])
                else:
                    side.rates.append(len(receipts) / (receipts[-1] - began))


async def published(side: Side, events: int) -> tuple[float, list[float]]:
    """When so many events began to be published, and when each message about them arrived."""
    assert side.crowd is not None
    waiting = asyncio.create_task(told(side.crowd, events))
    began = await side.publish(events)
    return began, await waiting


def show(sides: list[Side], count: int) -> None:
    """What was measured, and how the others compare."""
    print(f"\n{count:,} subscribers     KB a connection    p50 ms    p99 ms    last ms    messages/s")
    for side in sides:
        middle = statistics.median(receipts[len(receipts) // 2] for receipts in side.single) * 1000
        late = statistics.median(receipts[int(len(receipts) * 0.99)] for receipts in side.single) * 1000
        last = statistics.median(receipts[-1] for receipts in side.single) * 1000
        rate = statistics.median(side.rates)
        print(f"{side.name:24}{side.kilobytes:12.1f}{middle:10.0f}{late:10.0f}{last:11.0f}{rate:14,.0f}")
    for side in sides[1:]:
        ratio = statistics.median(sides[0].rates) / statistics.median(side.rates)
        print(f"  {ratio:.1f} times {side.name}" + f", which lost {side.lost:,} messages" * bool(side.lost))


async def compared(url: str, folder: Path, count: int, rounds: int) -> None:
    """One size, in a database of its own."""
    name = f"spm_live_{count}"
    address = make_url(url)
    owner = await asyncpg.connect(plain(address))
    await owner.execute(f"create database {name}")
    mine = address.set(database=name).render_as_string(hide_password=False)
    await migrate.upgrade(mine)
    connection = await asyncpg.connect(plain(make_url(mine)))
    last = await company(connection, count)
    with ExitStack() as stack:
        environment = {"DATABASE_URL": mine, "SPM_PORT": "{port}", "SPM_FOLDER": str(folder), "SPM_ESTIMATES": "off"}
        ours = stack.enter_context(started([str(Path(sys.executable).with_name("spm")), "serve"], environment))
        idiomatic = stack.enter_context(started([sys.executable, "-m", "benchmarks.live.peers.idiomatic", "{port}"]))
        sides = [
            Side("spm_graph", ours, committing(connection, last)),
            Side("strawberry", idiomatic, posting(idiomatic.port, count)),
        ]
        if PACKAGES.exists():
            script = str(Path(__file__).parent / "peers" / "node.mjs")
            peer = stack.enter_context(started(["node", script, "{port}", str(HERE)]))
            sides.append(Side("graphql-ws on Node", peer, posting(peer.port, count)))
        for side in sides:
            stack.enter_context(gathered(side, count))
        await measure(sides, count, rounds)
        show(sides, count)
    await connection.close()
    await owner.execute(f"drop database {name} with (force)")
    await owner.close()


def main() -> None:
    """Read the arguments and run every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000, 5_000, 10_000], help="how many subscriptions")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured, after one that warms up")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as written:
        folder = Path(written)
        folder.chmod(0o755)
        with embedded.server(folder, SERVER) as url:
            for count in given.sizes:
                asyncio.run(compared(url, folder, count, given.rounds))


if __name__ == "__main__":
    main()
