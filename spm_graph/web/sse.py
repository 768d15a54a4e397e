"""GraphQL over Server-Sent Events, distinct connections: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.

Each event of a subscription carries its cursor as the event's id, so that a browser's EventSource, which sends the last one
as `Last-Event-ID` when it connects again, misses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import msgspec
from starlette.types import Send

from spm_graph.auth import Unauthenticated
from spm_graph.graph.exchange import Answer
from spm_graph.graph.masking import masked
from spm_graph.reading.document import Invalid
from spm_graph.reading.edge import Edge
from spm_graph.reading.feed import Asker
from spm_graph.reading.stream import Stream, Told
from spm_graph.store.seeing import Standing

from .outbox import Outbox

log = logging.getLogger("spm_graph.web")

KEEP_ALIVE_SECONDS = 12
"""After so long without an event a comment is sent, for proxies that close what is silent."""

COMPLETE = b"event: complete\ndata:\n\n"
SILENCE = b":\n\n"


class EventStream:
    """The body of one response: where the events of one subscription go, or a single answer."""

    transport = "sse"

    def __init__(self, send: Send) -> None:
        self.send = send
        self.outbox = Outbox()
        self.ended = False

    async def answer(self, answer: Answer) -> None:
        """Send the one answer of a query or a mutation, or the errors of what was refused."""
        await self._body(_next(answer.body) + COMPLETE, more=False)

    async def follow(self, edge: Edge, stream: Stream, ask: Asker, standing: Standing) -> None:
        """Send events until the client leaves, which cancels this, or there are no more."""
        await self._body(SILENCE)  # the response begins at once, though nothing may happen for long
        follower = edge.follow(stream, ask, standing, self)
        try:
            while not self.ended or self.outbox.waiting:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        text = await self.outbox.next()
                except TimeoutError:
                    text = SILENCE
                await self._body(text)
            await self._body(b"", more=False)
        finally:
            follower.stop()

    def tell(self, told: Told) -> bool:
        """Queue an event; whether there is room for more."""
        return self.outbox.write_text(b"id: %d.%d\n" % told.cursor + _next(told.data))

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self.outbox.room()

    def end(self, error: Exception) -> None:
        """Say why nothing more comes."""
        errors: Sequence[object]
        match error:
            case Unauthenticated():
                errors = [{"message": str(error), "extensions": {"code": "UNAUTHENTICATED"}}]
            case Invalid():
                errors = [each.formatted for each in error.errors]
            case _:
                errors = [{"message": masked(log, "live operation failed: %s", error)}]
        self.ended = True
        self.outbox.write_text(_next(msgspec.json.encode({"errors": errors})) + COMPLETE)

    def stop(self) -> None:
        """End the response and not the subscription, as the server stops: clients come back with their last cursor."""
        self.ended = True
        self.outbox.write_text(SILENCE)

    async def _body(self, text: bytes, *, more: bool = True) -> None:
        await self.send({"type": "http.response.body", "body": text, "more_body": more})


def _next(data: bytes) -> bytes:
    return b"event: next\ndata: " + data + b"\n\n"
