"""Who is compared, that their answers are equal, their turns, and the tables that are printed of them."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import servers
from .company import TODAY
from .prepared import TOKENS
from .questions import DASHBOARD, FLAT, ONE_FIELD, QUESTIONS, Question, Shown
from .servers import Server, started


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

    def behind(self, first: Contestant, question: Question) -> float:
        """How many times its rate the first one's is: the median over the rounds, for a slow moment of the machine meets both in one."""
        pairs = zip(first.measured[question.name], self.measured[question.name], strict=True)
        return statistics.median(fast["rate"] / slow["rate"] for fast, slow in pairs)


def document(text: str) -> bytes:
    """The body of a request."""
    return json.dumps({"query": text}).encode()


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
        for contestant in contestants:
            if question in contestant.questions:
                rate, *rest = (contestant.median(question, name) for name in ("rate", "p50", "p99", "server", "database"))
                shown = "".join(f"{figure:>{width}.2f}" for figure, width in zip(rest, (9, 9, 9, 11), strict=True))
                print(f"{contestant.name:26}{rate:>11.1f}{shown}{contestant.behind(contestants[0], question):>9.2f} x")
