"""Compare this server's reads with PostGraphile 5, with idiomatic strawberry, and with what PostgreSQL and asyncpg allow.

The data set is built in a database of its own, which is dropped at the end. All servers answer from it; that their answers
are equal is checked first. They then take turns, so that what else the machine does meets all of them alike.
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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from spm_graph.actions.keys import hashed
from spm_graph.domain.terms import Grant, names
from spm_graph.store import embedded, migrate
from spm_graph.store.database import plain

from . import servers
from .company import DEALS, MANAGER, TODAY, VICE_PRESIDENT, build
from .growth import grown
from .questions import DASHBOARD, FLAT, ONE_FIELD, QUESTIONS, Question, Shown
from .servers import Server, started

DATABASE = "spm_benchmark"
SERVER = {"shared_buffers": "512MB", "max_wal_size": "4GB", "synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}
WARM_SECONDS = 0.5
TOKENS = {name: f"spm_{name:x<43}" for name in ("administrator", "president", "manager")}

# What PostGraphile's users write for sums and for orders of their own: functions over a row, which it offers as fields.
COMPUTED = """
create function rep_latest_opportunities(rep rep) returns setof opportunity language sql stable as $$
    select * from opportunity where owner_id = rep.id
    order by coalesce(closed_on, expected_close_on, opened_on, date '1900-01-01') desc, id desc
$$;
create function rep_open_opportunities(rep rep) returns setof opportunity language sql stable as $$
    select * from opportunity where owner_id = rep.id and outcome is null order by id
$$;
create function rep_earnings_total(rep rep) returns numeric language sql stable as $$
    select coalesce(sum(amount), 0) from earned where rep_id = rep.id
$$;
create function rep_quota_of_quarter(rep rep) returns numeric language sql stable as $$
    select sum(part.value) from quota_part as part
    where part.rep_id = rep.id and part.measure_id = 1 and part.period_id in (
        select month.id from period as month, period as whole
        where month.kind = 'MONTH' and whole.name = '2026-Q2' and month.effective <@ whole.effective)
$$;
"""


@dataclass
class Contestant:
    """One who answers: where, as whom, which documents, and what was measured, by question."""

    name: str
    server: Server
    body: Callable[[Question], bytes]
    shown: Callable[[Question, Any], Shown] | None
    token: str = ""
    path: Callable[[Question], str] = lambda question: "/graphql"
    questions: tuple[Question, ...] = QUESTIONS
    measured: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def answer(self, question: Question) -> Any:
        """The data of its answer."""
        address = f"http://127.0.0.1:{self.server.port}{self.path(question)}"
        headers = {"content-type": "application/json", "accept": "application/json", "authorization": f"Bearer {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(address, self.body(question), headers), timeout=60) as response:
            found = json.loads(response.read())
        if found.get("errors"):
            raise RuntimeError(f"{self.name}: {found['errors']}")
        return found["data"]

    def load(self, question: Question, connections: int, seconds: float) -> dict[str, float]:
        """Let a client of its own process ask for some seconds."""
        given = [str(self.server.port), self.path(question), self.token, str(connections), str(seconds)]
        command = [sys.executable, "-m", "benchmarks.reads.load", *given]
        done = subprocess.run(command, input=self.body(question), capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        found: dict[str, float] = json.loads(done.stdout)
        return found

    def median(self, question: Question, figure: str) -> float:
        """The median of a figure over the rounds."""
        return statistics.median(each[figure] for each in self.measured[question.name])


def document(text: str) -> bytes:
    """The body of a request."""
    return json.dumps({"query": text}).encode()


def main() -> None:
    """Parse the arguments, build, compare, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reads",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="examples:\n  python -m benchmarks.reads --rounds 5\n  python -m benchmarks.reads --size 2000000",
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each server has its turn at each question (default: 3)")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a turn is (default: 2)")
    parser.add_argument("--connections", type=int, default=8, help="how many connections ask at once (default: 8)")
    parser.add_argument(
        "--peers", type=Path, default=Path(".spm/peers"), help="the folder PostGraphile is installed in (default: .spm/peers)"
    )
    parser.add_argument("--database-url", help="the PostgreSQL to use, as its superuser; without it one of our own is started")
    parser.add_argument("--size", type=int, help=f"instead: show what reads cost with {DEALS:,} and with this many opportunities")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spm-benchmark-") as folder, postgresql(Path(folder), arguments.database_url) as url:
        if arguments.size:
            asyncio.run(grown(url, (DEALS, arguments.size)))
        else:
            compare(url, arguments)


@contextmanager
def postgresql(folder: Path, url: str | None) -> Iterator[str]:
    """The address of a PostgreSQL server."""
    if url:
        yield url
        return
    folder.chmod(0o755)  # root's server runs under another account, which has to get in
    with embedded.server(folder, SERVER) as address:
        yield address


def compare(url: str, arguments: argparse.Namespace) -> None:
    """Build the data set, start everybody, and let them take turns."""
    begun = time.perf_counter()
    address, postmaster = asyncio.run(prepared(url))
    print(f"Built in {time.perf_counter() - begun:.0f} seconds.", flush=True)
    try:
        with ExitStack() as stack:
            contestants = entered(stack, address, arguments.peers.resolve())
            check(contestants)
            for contestant in contestants:
                for question in contestant.questions:
                    contestant.load(question, arguments.connections, WARM_SECONDS)
            for _ in range(arguments.rounds):
                for question in QUESTIONS:
                    for contestant in contestants:
                        if question in contestant.questions:
                            turn(contestant, question, arguments, postmaster)
            report(contestants)
    finally:
        asyncio.run(dropped(url))


async def prepared(url: str) -> tuple[str, int | None]:
    """The address of the filled database, and PostgreSQL's process where it is one of this machine."""
    await dropped(url)
    server = await asyncpg.connect(plain(make_url(url)))
    await server.execute(f"create database {DATABASE}")
    await server.close()
    address = make_url(url).set(database=DATABASE).render_as_string(hide_password=False)
    await migrate.upgrade(address)
    await build(address)
    connection = await asyncpg.connect(plain(make_url(address)))
    await connection.execute(COMPUTED)
    await connection.execute("set session_replication_role = replica")  # keys are audited, and the clock need not tick here
    keys = [("administrator", None, names(Grant)), ("president", VICE_PRESIDENT, []), ("manager", MANAGER, [])]
    for name, rep, grants in keys:
        await connection.execute(
            "insert into api_key (name, hash, rep_id, grants, created_at) values ($1, $2, $3, $4, now())",
            name,
            hashed(TOKENS[name]),
            rep,
            list(grants),
        )
    stat = Path(f"/proc/{await connection.fetchval('select pg_backend_pid()')}/stat")
    await connection.close()
    here = stat.exists() and "postgres" in stat.read_text()
    return address, int(stat.read_text().rpartition(")")[2].split()[1]) if here else None


async def dropped(url: str) -> None:
    """Remove the database."""
    server = await asyncpg.connect(plain(make_url(url)))
    await server.execute(f"drop database if exists {DATABASE} with (force)")
    await server.close()


def entered(stack: ExitStack, address: str, peers: Path) -> list[Contestant]:
    """Everybody who takes part, started."""
    server = stack.enter_context(started(*servers.ours(address, TODAY.isoformat())))
    bare = stack.enter_context(started(servers.python("bare", address)))
    usual = stack.enter_context(started(servers.python("idiomatic", address)))

    def own(name: str, token: str, questions: tuple[Question, ...] = QUESTIONS) -> Contestant:
        shown = (lambda question, data: question.shown_by_ours(data)) if name != "manager" else None
        return Contestant(name, server, lambda question: document(question.ours), shown, TOKENS[token], questions=questions)

    contestants = [
        own("ours", "administrator"),
        own("ours, seeing 1,000 reps", "president"),
        own("ours, seeing 10 reps", "manager", (DASHBOARD, FLAT, ONE_FIELD)),
        Contestant(
            "the limit",
            bare,
            lambda question: b"",
            lambda question, data: question.shown_by_ours(data),
            path=lambda question: f"/{QUESTIONS.index(question)}",
        ),
        Contestant(
            "strawberry",
            usual,
            lambda question: document(question.idiomatic),
            lambda question, data: question.shown_by_idiomatic(data),
        ),
    ]
    contestants[2].shown = lambda question, data: None if question is FLAT else question.shown_by_ours(data)
    command = servers.postgraphile(peers, address)
    if command is None:
        print(f"PostGraphile is left out: it needs npm and a node of version {servers.NODE_MAJOR} or later.")
    else:
        contestants.append(
            Contestant(
                "PostGraphile 5",
                stack.enter_context(started(command)),
                lambda question: document(question.postgraphile),
                lambda question, data: question.shown_by_postgraphile(data),
            )
        )
    return contestants


def check(contestants: list[Contestant]) -> None:
    """Raise unless everybody answers every question alike; a manager's list has other rows, but as many."""
    for question in QUESTIONS:
        expected = contestants[0].answer(question)
        for contestant in contestants[1:]:
            if question in contestant.questions and contestant.shown is not None:
                shown = contestant.shown(question, contestant.answer(question))
                wanted = question.shown_by_ours(expected)
                if shown is not None and shown != wanted:
                    unlike = next(pair for pair in zip(shown, wanted or (), strict=False) if pair[0] != pair[1])
                    raise RuntimeError(f"{contestant.name} answers otherwise: {question.name}: {unlike}")


def turn(contestant: Contestant, question: Question, arguments: argparse.Namespace, postmaster: int | None) -> None:
    """One turn: what was answered, and the milliseconds of CPU that a request took."""
    server, database = contestant.server.cpu(), servers.used_by_family(postmaster) if postmaster else 0.0
    found = contestant.load(question, arguments.connections, arguments.seconds)
    spent = servers.used_by_family(postmaster) - database if postmaster else float("nan")
    cpu = {"server": (contestant.server.cpu() - server) * 1e3, "database": spent * 1e3}
    found |= {name: value / found["requests"] for name, value in cpu.items()}
    found["rate"] = found["requests"] / found["seconds"]
    contestant.measured.setdefault(question.name, []).append(found)


def report(contestants: list[Contestant]) -> None:
    """Print a table for each question. Ratios are of our rate, for an administrator, to the other's."""
    for question in QUESTIONS:
        print(f"\n{question.name}\n{'':26}{'requests/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'+ database':>11}{'ours is':>10}")
        first = contestants[0].median(question, "rate")
        for contestant in contestants:
            if question in contestant.questions:
                rate, *rest = (contestant.median(question, name) for name in ("rate", "p50", "p99", "server", "database"))
                shown = "".join(f"{figure:>{width}.2f}" for figure, width in zip(rest, (9, 9, 9, 11), strict=True))
                print(f"{contestant.name:26}{rate:>11.1f}{shown}{first / rate:>9.2f} x")


if __name__ == "__main__":
    main()
