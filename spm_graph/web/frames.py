"""The WebSocket protocol of the server, with a way to write frames that are made already.

A message that goes to thousands is the same but for the client's own id of the operation, and an event loop's task for each
costs more than the writing. So the connection's protocol is handed to the application in the scope's extensions.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

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
    """Give it to uvicorn as `ws`, without compression."""

    def handle_connect(self, event: Any) -> None:
        """Offer this connection to the application that it is handed to."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]

    def write_text(self, text: bytes) -> bool:
        """Send a text message at once; whether there is room for more. To a connection that is closing nothing is sent."""
        if not (self.close_sent or self.disconnected or self.transport.is_closing()):
            self.transport.write(header(len(text)) + text)
        return self.writable.is_set()

    async def room(self) -> None:
        """Wait until there is room for another message, or the client has left."""
        await self.writable.wait()
