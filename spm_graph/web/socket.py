"""GraphQL over WebSocket, the protocol graphql-transport-ws: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.

Every operation is a task of its own that waits for the client to take each message, so that a slow client costs no memory.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from spm_graph.auth import Authenticator, Unauthenticated, bearer
from spm_graph.graph.exchange import Answer, Asked, Execute, Kind
from spm_graph.store.following import AWAY, Following
from spm_graph.store.visibility import Actor

log = logging.getLogger("spm_graph.web")

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 3
OPERATIONS_MOST = 100

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_ACCEPTABLE, INIT_TIMEOUT = 4400, 4401, 4403, 4406, 4408
DUPLICATE_ID, DOUBLE_INIT, INTERNAL_ERROR = 4409, 4429, 4500


class Message(msgspec.Struct, frozen=True):
    """One message of the client."""

    type: str
    id: str | None = None
    payload: dict[str, Any] | None = None


class Ended(Exception):
    """The connection is closed with a code of the protocol, and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


LATER = Ended(1013, "The database does not answer: try again later")

a_message = msgspec.json.Decoder(Message)


class GraphQLSocket:
    """The route `/graphql` over WebSocket. The token comes in `connection_init`, as `authorization`, or in the header."""

    def __init__(self, authenticator: Authenticator, execute: Execute, following: Following, max_bytes: int) -> None:
        self.authenticator = authenticator
        self.execute = execute
        self.following = following
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until one of both sides ends it."""
        websocket = WebSocket(scope, receive, send)
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(NOT_ACCEPTABLE, "Subprotocol not acceptable")
            return
        await websocket.accept(PROTOCOL)
        await Connection(self, websocket).serve()


class Connection:
    """One client, and the operations that it has under way."""

    def __init__(self, door: GraphQLSocket, websocket: WebSocket) -> None:
        self.door = door
        self.websocket = websocket
        self.token: str | None = None
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.ended: asyncio.Future[Ended | None] = asyncio.get_running_loop().create_future()

    async def serve(self) -> None:
        """Read messages until the end, which also comes when an operation finds that the token is refused."""
        reader = asyncio.create_task(self.read())
        try:
            end = await self.ended
        finally:
            tasks = [reader, *self.tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if end is not None:
            with suppress(WebSocketDisconnect, RuntimeError):  # the client may have left meanwhile
                await self.websocket.close(end.code, end.reason)

    async def read(self) -> None:
        """Carry out message after message, until the connection is to be closed or the client is gone."""
        try:
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
        except Ended as ended:
            self.end(ended)
        except WebSocketDisconnect:
            self.end(None)
        except AWAY:
            self.end(LATER)
        except Exception:
            self.end(Ended(INTERNAL_ERROR, masked()))

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
            await self.actor()
        except Unauthenticated as problem:
            raise refused(problem) from None
        await self.websocket.send_text('{"type":"connection_ack"}')

    async def actor(self) -> Actor:
        """Who asks, by now: what a token stands for is looked up again every three seconds."""
        assert self.token is not None
        return await self.door.authenticator.actor(self.token)

    async def carry_out(self, message: Message) -> None:
        """One message after the acknowledgement."""
        match message:
            case Message(type="ping"):
                await self.websocket.send_text('{"type":"pong"}')
            case Message(type="pong"):
                pass
            case Message(type="subscribe", id=str(id_), payload=dict(payload)) if id_:
                self.begin(id_, payload)
            case Message(type="complete", id=str(id_)):
                if task := self.tasks.pop(id_, None):
                    task.cancel()
            case Message(type="connection_init"):
                raise Ended(DOUBLE_INIT, "Too many initialisation requests")
            case _:
                raise Ended(BAD_REQUEST, "Invalid message received")

    def begin(self, id_: str, payload: Mapping[str, Any]) -> None:
        """Start an operation."""
        if id_ in self.tasks:
            raise Ended(DUPLICATE_ID, "Subscriber already exists")
        if len(self.tasks) >= OPERATIONS_MOST:
            raise Ended(BAD_REQUEST, f"More than {OPERATIONS_MOST} operations at once")
        try:
            asked = msgspec.convert(payload, Asked)
        except (ValueError, RecursionError):
            raise Ended(BAD_REQUEST, "Expected a payload with the member query") from None
        self.tasks[id_] = task = asyncio.create_task(self.operate(id_, asked))
        task.add_done_callback(partial(self.done, id_))

    def done(self, id_: str, task: asyncio.Task[None]) -> None:
        """Forget an operation that has ended by itself; the client may use its id again."""
        if self.tasks.get(id_) is task:
            del self.tasks[id_]

    async def operate(self, id_: str, asked: Asked) -> None:
        """Carry out one operation: tell the client every answer and the end, or what is wrong with it."""
        try:
            actor = await self.actor()
            found = await self.door.execute.subscribe(asked, actor)
            if isinstance(found, Answer):
                await self.answer(id_, found)
                return
            async for answer in found.told(self.door.following, self.actor):
                await self.tell(id_, "next", answer)
        except Unauthenticated as problem:
            self.end(refused(problem))
        except WebSocketDisconnect:
            self.end(None)
        except AWAY:
            self.end(LATER)
        except Exception:
            await self.tell(id_, "error", json.dumps([{"message": masked()}]), last=True)

    async def answer(self, id_: str, answer: Answer) -> None:
        """The one answer of a query or a mutation, or the errors of what was refused."""
        if answer.revokes:
            self.door.authenticator.forget()
        if answer.kind is not Kind.ANSWERED:
            await self.tell(id_, "error", json.dumps(json.loads(answer.body)["errors"]), last=True)
            return
        await self.tell(id_, "next", answer.body.decode())
        await self.tell(id_, "complete", None, last=True)

    async def tell(self, id_: str, type_: str, payload: str | None, *, last: bool = False) -> None:
        """Send a message about an operation, and wait until there is room for it; `last` frees the id for another one."""
        rest = "" if payload is None else f',"payload":{payload}'
        if last:
            self.tasks.pop(id_, None)
        await self.websocket.send_text(f'{{"id":{json.dumps(id_)},"type":"{type_}"{rest}}}')

    def end(self, ended: Ended | None) -> None:
        """Have the connection closed; none: it is."""
        if not self.ended.done():
            self.ended.set_result(ended)


def refused(problem: Unauthenticated) -> Ended:
    """How a connection without a good token is closed."""
    return Ended(UNAUTHORIZED, "Unauthorized") if problem.reason == "missing" else Ended(FORBIDDEN, "Forbidden")


def masked() -> str:
    """What a client is told of a bug, which is logged."""
    reference = secrets.token_hex(6)
    log.exception("live operation failed: %s", reference)
    return f"internal error: give the operator the reference id {reference}"
