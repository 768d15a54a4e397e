"""A connection of HTTP: the head of a request has an end, and whoever leaves has left each of their requests.

What a body may be the endpoint says, once it knows who asks. The head comes before that, from anybody: without a limit of its
own, 36 MB of short headers took 600 MB of memory, and a connection that says nothing stayed for ever.
Of several requests that were sent at once uvicorn tells only the last one that the client is gone. The first one is worked on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from .endpoint import Refusal

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

LONGEST_HEAD = 131_072
"""How many bytes a head may have: a GET has its document in it, and the longest has 30,000 characters, most of them percent-encoded."""

HEAD_SECONDS = 20
"""How long a head may take to come, and the first byte of a connection."""


class Wire(HttpToolsProtocol):
    """uvicorn's connection, which looks at the part of a head that has come, and knows which request is worked on."""

    come = 0
    """How many bytes have come of a head that is not whole yet."""
    patience: asyncio.TimerHandle | None = None
    """What ends the connection unless its head is whole by then."""
    answering: RequestResponseCycle | None = None
    """The request that is worked on: others may have come behind it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more, and have what is worked on given up."""
        self._stop_waiting()
        if self.answering is not None and not self.answering.response_complete:
            self.answering.disconnected = True
            self.answering.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; most heads come at once. What is known of one that is whole is its method."""
        super().data_received(data)
        if self.scope is not None and "method" in self.scope:
            if self.patience is not None:
                self._stop_waiting()
            self.come = 0
            return
        self.come += len(data)
        if self.come > LONGEST_HEAD:
            self._refuse(431, f"the head of the request exceeds the limit of {LONGEST_HEAD} bytes")
        elif self.patience is None:
            self._wait()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self.answering = cycle
        super()._start_asgi_task(cycle, app)

    def _wait(self) -> None:
        self.patience = self.loop.call_later(HEAD_SECONDS, self._refuse, 408, f"the head of a request took longer than {HEAD_SECONDS} s")

    def _stop_waiting(self) -> None:
        if self.patience is not None:
            self.patience.cancel()
            self.patience = None

    def _refuse(self, status: int, message: str) -> None:
        """Say what is wrong, unless an answer is on its way to which it would not belong, and close the connection."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            body = Refusal(status, message).body
            length = b"content-length: %d\r\n" % len(body)
            kind = b"content-type: application/json; charset=utf-8\r\n"
            self.transport.write(STATUS_LINE[status] + kind + length + b"connection: close\r\n\r\n" + body)
        self.transport.close()
