"""The WebSocket protocol of the server, with a way to write frames that are made already.

A message that goes to thousands is the same but for the client's own id of the operation, and an event loop's task for each
costs more than the writing. So the connection's protocol is handed to the application in the scope's extensions.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .arrivals import Arrivals
from .closing import RESTART, RESTART_REASON

EXTENSION = "spm.frames"
TEXT = 0x81
"""The first byte of a frame that is a whole text message."""


def header(length: int) -> bytes:
    """How a frame of a text message of so many bytes begins: RFC 6455, section 5.2. A server does not mask."""
    if length < 126:
        return bytes((TEXT, length))
    if length < 65_536:
        return bytes((TEXT, 126)) + length.to_bytes(2, "big")
    return bytes((TEXT, 127)) + length.to_bytes(8, "big")


class Frames(WebSocketsSansIOProtocol):
    """Give it to uvicorn as `ws`, with the line that its clients stand in, and without compression."""

    def __init__(self, *given: Any, arrivals: Arrivals, **named: Any) -> None:
        super().__init__(*given, **named)
        self.arrivals = arrivals

    def handle_connect(self, event: Any) -> None:
        """Have the client stand in line."""
        self.arrivals.come(partial(self.let_in, event))

    def let_in(self, event: Any) -> None:
        """Offer this connection to the application that it is handed to, unless the client has left or spoken meanwhile."""
        if self.disconnected or self.transport.is_closing() or not self.queue.empty():
            self.transport.close()
            return
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]

    def shutdown(self) -> None:
        """Close the connection because the server stops, and say what to do: uvicorn's own way leaves the reason out."""
        if self.handshake_complete and not (self.close_sent or self.transport.is_closing()):
            self.queue.put_nowait({"type": "websocket.disconnect", "code": RESTART})
            self.conn.send_close(RESTART, RESTART_REASON)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        super().shutdown()
        if not self.writable.is_set():  # a client that does not read would be waited for
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """Cut off a client that answers no ping. To close in order would wait until it reads, which it may never do."""
        super().keepalive_timeout()
        self.transport.abort()

    def write_text(self, text: bytes) -> bool:
        """Send a text message at once; whether there is room for more. To a connection that is closing nothing is sent."""
        if not (self.close_sent or self.disconnected or self.transport.is_closing()):
            self.transport.write(header(len(text)) + text)
        return self.writable.is_set()

    async def room(self) -> None:
        """Wait until there is room for another message, or the client has left."""
        await self.writable.wait()
