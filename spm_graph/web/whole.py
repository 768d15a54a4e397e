"""Writing a response in one piece, and taking a request's body that is there.

ASGI takes a response in two messages; uvicorn looks through every header for what would break it, and writes twice. That is a
sixth of what a read of one field costs, and more than its statement. Where `send` is uvicorn's own, its exchange is written
to directly; where a middleware has wrapped it, or another server runs the application, there are two messages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache, partial

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

NOT_MODIFIED = 304
"""The one status here without a body, and so without a length."""

Header = tuple[bytes, bytes]
Write = Callable[[int, tuple[Header, ...], bytes], Awaitable[None]]
"""Writes a response: its status, its headers but for the length, and its body."""


def writing(scope: Scope, send: Send) -> Write:
    """The quickest way to respond to a request."""
    exchange = getattr(send, "__self__", None)
    if isinstance(exchange, RequestResponseCycle) and scope["method"] != "HEAD":
        return partial(_at_once, exchange)
    return partial(_in_two, send)


def at_hand(receive: Receive) -> bytes | None:
    """The body of a request, if it has come in whole; None: it has to be received. What is received next is that the client leaves."""
    exchange = getattr(receive, "__self__", None)
    if not isinstance(exchange, RequestResponseCycle) or exchange.more_body or exchange.disconnected:
        return None
    body, exchange.body = bytes(exchange.body), bytearray()
    exchange.message_event.clear()
    return body


async def _in_two(send: Send, status: int, headers: tuple[Header, ...], body: bytes) -> None:
    headers = headers if status == NOT_MODIFIED else (*headers, (b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _at_once(exchange: RequestResponseCycle, status: int, headers: tuple[Header, ...], body: bytes) -> None:
    """What the exchange's own `send` does of both messages, but for looking at the headers: they are ours."""
    if exchange.flow.write_paused and not exchange.disconnected:
        await exchange.flow.drain()
    if exchange.transport.is_closing():  # what is written then is an error
        exchange.disconnected = True
    if exchange.disconnected:
        return
    if exchange.waiting_for_100_continue and exchange.more_body:
        exchange.keep_alive = False  # whoever was not asked for the body may not send it: what comes next could be either
    length = b"" if status == NOT_MODIFIED else b"content-length: %d\r\n" % len(body)
    end = b"\r\n" if exchange.keep_alive else b"connection: close\r\n\r\n"
    exchange.transport.writelines((STATUS_LINE[status], _lines(exchange.default_headers), _same(headers), length, end, body))
    exchange.waiting_for_100_continue = False
    exchange.response_started = exchange.response_complete = True
    exchange.message_event.set()
    if not exchange.keep_alive:
        exchange.transport.close()
    exchange.on_response()


def _lines(headers: Iterable[Header]) -> bytes:
    return b"".join([name + b": " + value + b"\r\n" for name, value in headers])


@lru_cache(maxsize=64)
def _same(headers: tuple[Header, ...]) -> bytes:
    """Nearly all responses have the same headers."""
    return _lines(headers)
