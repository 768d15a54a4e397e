"""Writing a response in one piece.

ASGI takes a response in two messages; uvicorn looks through every header for what would break it, and writes twice. That is a
sixth of what a read of one field costs, and more than its statement. Where `send` is uvicorn's own, its exchange is written
to directly; where a middleware has wrapped it, or another server runs the application, there are two messages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.types import Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

Header = tuple[bytes, bytes]
Write = Callable[[int, Sequence[Header], bytes], Awaitable[None]]
"""Writes a response: its status, all its headers, and its body."""


def writing(scope: Scope, send: Send) -> Write:
    """The quickest way to respond to a request."""
    exchange = getattr(send, "__self__", None)
    if isinstance(exchange, RequestResponseCycle) and scope["method"] != "HEAD":
        return partial(_at_once, exchange)
    return partial(_in_two, send)


async def _in_two(send: Send, status: int, headers: Sequence[Header], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _at_once(exchange: RequestResponseCycle, status: int, headers: Sequence[Header], body: bytes) -> None:
    """What the exchange's own `send` does of both messages, but for looking at the headers: they are ours, and say the length."""
    if exchange.flow.write_paused and not exchange.disconnected:
        await exchange.flow.drain()
    if exchange.disconnected:
        return
    lines = [STATUS_LINE[status]]
    for name, value in (*exchange.default_headers, *headers):
        lines += (name, b": ", value, b"\r\n")
    lines.append(b"\r\n" if exchange.keep_alive else b"connection: close\r\n\r\n")
    exchange.transport.writelines((b"".join(lines), body))
    exchange.waiting_for_100_continue = False
    exchange.response_started = exchange.response_complete = True
    exchange.message_event.set()
    if not exchange.keep_alive:
        exchange.transport.close()
    exchange.on_response()
