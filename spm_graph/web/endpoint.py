"""GraphQL over HTTP on a bare ASGI route: https://graphql.github.io/graphql-over-http/draft/.

POST takes any operation, and GET those that change nothing. Subscriptions are answered with events. Everything that is
wrong with a request is answered as `{"errors": [...]}`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope, Send

from spm_graph.auth import Authenticator, Unauthenticated, bearer
from spm_graph.graph.exchange import ANSWERED, Answer, Asked, Execute, Kind
from spm_graph.graph.masking import masked
from spm_graph.reading.edge import Edge
from spm_graph.reading.stream import Stream
from spm_graph.store.seeing import Standing

from .arrivals import Arrivals
from .attendance import Attendance, Attended
from .negotiation import EVENTS, GRAPHQL, JSON, is_json, response_type, takes_events
from .response import EVENT_HEADERS, respond
from .sse import EventStream
from .whole import Header, at_hand, writing

log = logging.getLogger("spm_graph.web")

a_request = msgspec.json.Decoder(Asked)
an_object = msgspec.json.Decoder(dict[str, Any] | None)


class Refusal(Exception):
    """A request that is answered with a status and a sentence, and carries nothing out."""

    def __init__(self, status: int, message: str, *headers: Header) -> None:
        super().__init__(message)
        self.status = status
        self.body = msgspec.json.encode({"errors": [{"message": message}]})
        self.headers = headers


class GraphQLEndpoint:
    """The route `/graphql`: authenticates, reads the request, has it answered, and writes the answer."""

    def __init__(self, authenticator: Authenticator, execute: Execute, edge: Edge, max_body_bytes: int) -> None:
        self.authenticator = authenticator
        self.execute = execute
        self.edge = edge
        self.max_body_bytes = max_body_bytes
        self.refused: Counter[int] = Counter()
        """How many requests were refused before anything was read of their documents, by status."""
        self.attendance = Attendance()
        self.arrivals = Arrivals()
        self.streams: set[EventStream] = set()
        """The responses of events under way."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        write = writing(scope, send)
        headers = _wanted(scope["headers"])
        accept = headers.get(b"accept")
        media = response_type(accept)
        plain = media if media in (JSON, GRAPHQL) else JSON
        try:
            if media is None:
                raise Refusal(406, f"the answer is {JSON.decode()} or {GRAPHQL.decode()}, and the Accept header takes neither")
            if scope["method"] not in ("GET", "POST"):
                raise Refusal(405, f"{scope['method']} is not supported: use POST, or GET for queries", (b"allow", b"GET, POST"))
            if media == EVENTS:
                await self.arrivals.turn()
            standing = await self.standing(headers.get(b"authorization"))
            asked = await self.asked(scope, headers, receive)
            if asked is None:
                return
            with Attended(self.attendance, receive) as attended:
                answer = await self.answer(asked, standing, scope["method"] == "GET", takes_events(accept), headers.get(b"last-event-id"))
            if attended.gone:
                return
        except Refusal as refusal:
            self.refused[refusal.status] += 1
            await respond(write, refusal.status, plain, refusal.body, asked=headers, extra=refusal.headers)
        except Exception:
            bug = Refusal(500, masked(log, "request %s failed"))
            await respond(write, bug.status, plain, bug.body, asked=headers)
        else:
            if isinstance(answer, Stream) or (media == EVENTS and answer.kind is not Kind.QUERIES_ONLY):
                await self.tell(answer, standing, headers.get(b"authorization"), receive, send)
                return
            status, extra = _status(answer.kind, plain)
            kept = answer.kind is ANSWERED and scope["method"] == "GET"
            await respond(write, status, plain, answer.body, asked=headers, kept=kept, extra=extra)

    async def asked(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Asked | None:
        """The request that was made, or none if the client left while it was being read."""
        if scope["method"] == "GET":
            return _from_parameters(scope["query_string"])
        if not is_json(headers.get(b"content-type")):
            raise Refusal(415, "expected a body of content type application/json in UTF-8")
        body = await self.body(headers.get(b"content-length"), receive)
        return None if body is None else _from_body(body)

    async def answer(self, asked: Asked, standing: Standing, queries_only: bool, events: bool, after: bytes | None) -> Answer | Stream:
        """The answer, or what a subscription follows if the client takes events."""
        if events:
            last = after.decode("latin-1") if after else None
            answer = await self.execute.subscribe(asked, standing.actor, queries_only, last)
        else:
            answer = await self.execute.answer(asked, standing.actor, queries_only)
        if isinstance(answer, Answer) and answer.revokes:
            self.authenticator.forget()
        return answer

    async def tell(self, answer: Answer | Stream, standing: Standing, authorization: bytes | None, receive: Receive, send: Send) -> None:
        """Answer with events: one, or those of a subscription until the client leaves."""
        await send({"type": "http.response.start", "status": 200, "headers": EVENT_HEADERS})
        events, token = EventStream(send), bearer(authorization)
        self.streams.add(events)
        try:
            with Attended(self.attendance, receive):
                if isinstance(answer, Answer):
                    await events.answer(answer)
                else:
                    await events.follow(self.edge, answer, lambda: self.authenticator.standing(token), standing)
        finally:
            self.streams.discard(events)

    def stop(self) -> None:
        """End the responses that would not end by themselves: the server stops."""
        for events in self.streams:
            events.stop()

    async def standing(self, authorization: bytes | None) -> Standing:
        """Who asks, or a refusal that says how to authenticate (RFC 6750)."""
        try:
            return await self.authenticator.standing(bearer(authorization))
        except Unauthenticated as problem:
            challenge = b'Bearer realm="spm"'
            if problem.reason != "missing":
                challenge += b', error="invalid_token", error_description="' + str(problem).encode() + b'"'
            raise Refusal(401, str(problem), (b"www-authenticate", challenge)) from None

    async def body(self, length: bytes | None, receive: Receive) -> bytes | None:
        """The whole body, or none if the client left before its end. No more than the limit is ever read."""
        if length is not None and length.isdigit() and int(length[:20]) > self.max_body_bytes:
            raise self.too_long()
        body = at_hand(receive)
        return await self.received(receive) if body is None else self.short_enough(body)

    async def received(self, receive: Receive) -> bytes | None:
        """A body that comes in parts."""
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            body = self.short_enough(body + part if body else part)
            more = message.get("more_body", False)
        return body

    def short_enough(self, body: bytes) -> bytes:
        """A body that does not exceed the limit."""
        if len(body) > self.max_body_bytes:
            raise self.too_long()
        return body

    def too_long(self) -> Refusal:
        """A body that exceeds the limit."""
        return Refusal(413, f"the body exceeds the limit of {self.max_body_bytes} bytes")


def _wanted(headers: Sequence[Header]) -> dict[bytes, bytes]:
    """The headers as a mapping; a repeated one is a list, as HTTP has it."""
    found = dict(headers)
    if len(found) == len(headers):
        return found
    found.clear()
    for name, value in headers:
        found[name] = found[name] + b"," + value if name in found else value
    return found


def _status(kind: Kind, media: bytes) -> tuple[int, Sequence[Header]]:
    """The older media type says 200 to everything that was understood, because old clients look at nothing else."""
    if kind is ANSWERED:
        return 200, ()
    if kind is Kind.QUERIES_ONLY:
        return 405, ((b"allow", b"POST"),)
    return {Kind.REFUSED: 400, Kind.TIMED_OUT: 504}[kind] if media == GRAPHQL else 200, ()


def _from_body(body: bytes) -> Asked:
    try:
        return a_request.decode(body)
    except (ValueError, RecursionError) as error:
        if body.lstrip()[:1] == b"[":
            raise Refusal(400, "expected one operation: batches are not supported") from None
        raise Refusal(400, f"expected a JSON object with the member query or documentId: {error}") from None


def _from_parameters(query_string: bytes) -> Asked:
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=20)
        given = dict(pairs)
        if len(given) < len(pairs):
            raise ValueError("a parameter is given twice")
        return Asked(
            query=given.get("query", ""),
            document_id=given.get("documentId"),
            operation_name=given.get("operationName") or None,
            variables=an_object.decode(given.get("variables") or "null"),
            extensions=an_object.decode(given.get("extensions") or "null"),
        )
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"expected the parameters query or documentId, operationName, variables and extensions: {error}") from None
