"""GraphQL over WebSocket, the protocol graphql-transport-ws: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from spm_graph.auth import Authenticator
from spm_graph.graph.exchange import Execute
from spm_graph.reading.edge import Edge

from .closing import NOT_ACCEPTABLE
from .connection import Connection
from .frames import EXTENSION, Frames
from .outbox import Outbox

PROTOCOL = "graphql-transport-ws"


class GraphQLSocket:
    """The route `/graphql` over WebSocket. The token comes in `connection_init`, as `authorization`, or in the header."""

    def __init__(self, authenticator: Authenticator, execute: Execute, edge: Edge, max_bytes: int) -> None:
        self.authenticator = authenticator
        self.execute = execute
        self.edge = edge
        self.max_bytes = max_bytes
        self.connections = 0
        self.closed: Counter[int] = Counter()
        """How many connections this side closed, by the codes of the protocol."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until one of both sides ends it."""
        websocket = WebSocket(scope, receive, send)
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(NOT_ACCEPTABLE, "Subprotocol not acceptable")
            return
        await websocket.accept(PROTOCOL)
        self.connections += 1
        try:
            await self.serve(websocket, scope.get("extensions", {}).get(EXTENSION))
        finally:
            self.connections -= 1

    async def serve(self, websocket: WebSocket, frames: Frames | None) -> None:
        """Serve a connection of our protocol, through frames of our own where the server has them."""
        if frames is not None:
            await self.converse(Connection(self, websocket, frames))
            return
        outbox = Outbox()
        sending = asyncio.create_task(_send(outbox, websocket))
        try:
            await self.converse(Connection(self, websocket, outbox))
        finally:
            sending.cancel()

    async def converse(self, connection: Connection) -> None:
        """Serve it, and count how it was closed."""
        await connection.serve()
        if connection.ended is not None:
            self.closed[connection.ended.code] += 1


async def _send(outbox: Outbox, websocket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # the reader finds out as well
        while True:
            await websocket.send_text((await outbox.next()).decode())
