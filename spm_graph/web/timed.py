"""How many requests there were of which kind, what became of them, and how long they took, over whichever transport."""

from __future__ import annotations

from time import perf_counter

from spm_graph.graph.exchange import ANSWERED, QUERY, Answer, Asked, Execute
from spm_graph.reading.stream import Stream
from spm_graph.reading.tally import Durations
from spm_graph.store.visibility import Actor

READ = ("query", "answered")
"""What nearly all requests are: finding these labels takes longer than counting."""


class Timed:
    """Answers requests, and counts them by operation and outcome."""

    def __init__(self, execute: Execute) -> None:
        self.execute = execute
        self.durations = Durations()

    async def answer(self, asked: Asked, actor: Actor, queries_only: bool = False) -> Answer:
        """Carry out the operation, if it is a query or anything is allowed."""
        began, answer = perf_counter(), None
        try:
            answer = await self.execute.answer(asked, actor, queries_only)
            return answer
        finally:
            seconds = perf_counter() - began
            read = answer is not None and answer.operation is QUERY and answer.kind is ANSWERED
            self.durations.add(READ if read else _labels(answer), seconds)

    async def subscribe(self, asked: Asked, actor: Actor, queries_only: bool = False, after: str | None = None) -> Answer | Stream:
        """The events of a subscription, behind the cursor `after` if it is given; the answer to anything else."""
        began, answer = perf_counter(), None
        try:
            answer = await self.execute.subscribe(asked, actor, queries_only, after)
            return answer
        finally:
            self.durations.add(_labels(answer), perf_counter() - began)


def _labels(answer: Answer | Stream | None) -> tuple[str, str]:
    """The operation and its outcome. What ended in an exception failed, or was given up because its client had left."""
    match answer:
        case None:
            return "unknown", "failed"
        case Stream():
            return "subscription", "answered"
        case Answer(kind=kind, operation=operation):
            return "unknown" if operation is None else operation.value, kind.name.lower()
