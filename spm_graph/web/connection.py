"""One WebSocket connection: what its client says, and the operations that it has under way.

A connection is one task, which reads. A subscription at the live edge is none: what it is told is written straight to the
connection, as long as that takes it. Queries, mutations, and subscriptions that catch up are tasks of their own.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from spm_graph.auth import Authenticator, Unauthenticated, bearer
from spm_graph.graph.exchange import Answer, Asked, Execute, Kind
from spm_graph.graph.masking import masked
from spm_graph.reading.document import Invalid
from spm_graph.reading.edge import Edge
from spm_graph.reading.stream import Told
from spm_graph.store.following import AWAY
from spm_graph.store.seeing import Standing

from .closing import BAD_REQUEST, DOUBLE_INIT, DUPLICATE_ID, INIT_TIMEOUT, INTERNAL_ERROR, LATER, UNAUTHORIZED, Ended, refused
from .frames import Frames
from .messages import ACKNOWLEDGED, PONG, Message, a_message, about
from .outbox import Outbox

log = logging.getLogger("spm_graph.web")

INIT_SECONDS = 10
"""How long a client may take to say who it is. It may have said so already, where a crowd keeps us from reading it."""

OPERATIONS_MOST = 100


class Door(Protocol):
    """What a connection knows of the process that it is in."""

    authenticator: Authenticator
    execute: Execute
    edge: Edge
    max_bytes: int


class Connection:
    """One client, and the operations that it has under way, each as the function that stops it."""

    __slots__ = ("door", "ended", "out", "reader", "stops", "token", "websocket")

    def __init__(self, door: Door, websocket: WebSocket, out: Frames | Outbox) -> None:
        self.door = door
        self.websocket = websocket
        self.out = out
        self.token: str | None = None
        self.stops: dict[str, Callable[[], object]] = {}
        self.reader = asyncio.current_task()
        self.ended: Ended | None = None

    async def serve(self) -> None:
        """Read messages until the end, which also comes when an operation finds that the token is refused."""
        try:
            await self.read()
        except Ended as ended:
            self.ended = ended
        except WebSocketDisconnect:
            self.ended = None
        except AWAY:
            self.ended = LATER
        except asyncio.CancelledError:
            assert self.reader is not None
            if self.ended is None or self.reader.uncancel() > 0:
                raise
        except Exception:
            self.ended = Ended(INTERNAL_ERROR, masked(log, "live operation failed: %s"))
        finally:
            self.reader = None
            for stop in list(self.stops.values()):
                stop()
        if self.ended is not None:
            with suppress(WebSocketDisconnect, RuntimeError):  # the client may have left meanwhile
                await self.websocket.close(self.ended.code, self.ended.reason)

    async def read(self) -> None:
        """Carry out message after message, until the connection is to be closed or the client is gone."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                first = await self.message()
                while first.type != "connection_init":
                    await self.early(first)
                    first = await self.message()
        except TimeoutError:
            raise Ended(INIT_TIMEOUT, "Connection initialisation timeout") from None
        await self.initialise(first.payload or {})
        while True:
            await self.carry_out(await self.message())

    async def message(self) -> Message:
        """The next message of the client."""
        event = await self.websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1006))
        text = event.get("text")
        if text is None or len(text) > self.door.max_bytes:
            raise Ended(BAD_REQUEST, "Expected a text message of a limited length")
        try:
            return a_message.decode(text)
        except (ValueError, RecursionError):
            raise Ended(BAD_REQUEST, "Invalid message received") from None

    async def early(self, message: Message) -> None:
        """A message before `connection_init`: only pings and pongs may be."""
        if message.type == "subscribe":
            raise Ended(UNAUTHORIZED, "Unauthorized")
        await self.carry_out(message)

    async def initialise(self, payload: Mapping[str, Any]) -> None:
        """Find out who asks, and acknowledge."""
        given = payload.get("authorization", payload.get("Authorization"))
        header = self.websocket.headers.get("authorization", "")
        try:
            self.token = bearer((given if isinstance(given, str) else header).encode())
            async with self.door.edge.database.pool.turns:
                await self.standing()
        except Unauthenticated as problem:
            raise refused(problem) from None
        await self.say(ACKNOWLEDGED)

    async def standing(self) -> Standing:
        """Who asks, by now."""
        assert self.token is not None
        return await self.door.authenticator.standing(self.token)

    async def carry_out(self, message: Message) -> None:
        """One message after the acknowledgement."""
        match message:
            case Message(type="ping"):
                await self.say(PONG)
            case Message(type="pong"):
                pass
            case Message(type="subscribe", id=str(id_), payload=dict(payload)) if id_:
                await self.out.room()  # who does not read answers must not fill the memory with them
                self.begin(id_, payload)
            case Message(type="complete", id=str(id_)):
                if stop := self.stops.pop(id_, None):
                    stop()
            case Message(type="connection_init"):
                raise Ended(DOUBLE_INIT, "Too many initialisation requests")
            case _:
                raise Ended(BAD_REQUEST, "Invalid message received")

    def begin(self, id_: str, payload: Mapping[str, Any]) -> None:
        """Start an operation."""
        if id_ in self.stops:
            raise Ended(DUPLICATE_ID, "Subscriber already exists")
        if len(self.stops) >= OPERATIONS_MOST:
            raise Ended(BAD_REQUEST, f"More than {OPERATIONS_MOST} operations at once")
        try:
            asked = msgspec.convert(payload, Asked)
        except (ValueError, RecursionError):
            raise Ended(BAD_REQUEST, "Expected a payload with the member query or documentId") from None
        self.stops[id_] = asyncio.create_task(self.operate(Operation(self, id_), asked)).cancel

    async def operate(self, operation: Operation, asked: Asked) -> None:
        """Carry out one operation: set out to follow, or tell the client the answer and the end."""
        try:
            async with self.door.edge.database.pool.turns:
                standing = await self.standing()
            found = await self.door.execute.subscribe(asked, standing.actor)
            if isinstance(found, Answer):
                await self.answer(operation, found)
            else:
                self.stops[operation.id] = self.door.edge.follow(found, self.standing, standing, operation).stop
        except Exception as error:
            operation.end(error)

    async def answer(self, operation: Operation, answer: Answer) -> None:
        """The one answer of a query or a mutation, or the errors of what was refused."""
        if answer.revokes:
            self.door.authenticator.forget()
        del self.stops[operation.id]  # the client may use the id again as soon as it has read the answer
        if answer.kind is not Kind.ANSWERED:
            await self.say(about(operation.id, b"error", json.dumps(json.loads(answer.body)["errors"]).encode()))
            return
        await self.say(about(operation.id, b"next", answer.body))
        await self.say(about(operation.id, b"complete"))

    async def say(self, text: bytes) -> None:
        """Send a message, and wait until there is room for another."""
        if not self.out.write_text(text):
            await self.out.room()

    def end(self, ended: Ended) -> None:
        """Have the connection closed."""
        if self.ended is None and self.reader is not None:
            self.ended = ended
            self.reader.cancel()


class Operation:
    """One operation of a connection, and where the events that it follows go."""

    __slots__ = ("connection", "id", "next")
    transport = "websocket"

    def __init__(self, connection: Connection, id_: str) -> None:
        self.connection = connection
        self.id = id_
        self.next = about(id_, b"next", b"")[:-1]

    def tell(self, told: Told) -> bool:
        """Send an event; whether the connection takes more."""
        return self.connection.out.write_text(self.next + told.data + b"}")

    async def room(self) -> None:
        """Wait until the connection takes more."""
        await self.connection.out.room()

    def end(self, error: Exception) -> None:
        """Say what is wrong with it, or close the connection where that concerns all."""
        match error:
            case Unauthenticated():
                self.connection.end(refused(error))
            case Invalid():
                self.errors([each.formatted for each in error.errors])
            case _ if isinstance(error, AWAY):
                self.connection.end(LATER)
            case _:
                self.errors([{"message": masked(log, "live operation failed: %s", error)}])

    def errors(self, errors: list[Any]) -> None:
        """End it with errors."""
        self.connection.stops.pop(self.id, None)
        self.connection.out.write_text(about(self.id, b"error", json.dumps(errors).encode()))
