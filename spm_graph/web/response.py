"""Writing a response: its headers, compressed where that pays, and not at all where the client has it already.

Compression begins where a request's header takes gzip and the body has some kilobytes: measured on answers of this API,
level 1 makes 164 KB to 19 in 0.4 ms, and level 6 to 14 in 1.2 ms. Brotli would save a quarter of what gzip leaves for a third more time
(1,000 deals of 172 KB: level 4 makes 21 KB in 1.1 ms, gzip's level 1 29 in 0.8), and a compiled package: that is a proxy's to do.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from .negotiation import EVENTS, GRAPHQL, JSON, qualities
from .whole import Header, Write

COMPRESSED_FROM = 4_096
"""How many bytes a body has that is compressed: below that, one packet has it anyway."""

APART_FROM = 1_000_000
"""From how many bytes on a thread compresses: that takes milliseconds, in which others would wait."""

GZIP = 31
"""zlib's word for gzip's format."""

SHARED: Sequence[Header] = ((b"vary", b"accept, accept-encoding, authorization"), (b"x-content-type-options", b"nosniff"))
NOT_STORED: Header = (b"cache-control", b"no-store")
ASKED_AGAIN: Header = (b"cache-control", b"private, no-cache")
"""A client may keep the answer, and has to ask whether it still holds."""

TYPES: Mapping[bytes, Header] = {media: (b"content-type", media + b"; charset=utf-8") for media in (JSON, GRAPHQL, EVENTS)}
EVENT_HEADERS: Sequence[Header] = (TYPES[EVENTS], NOT_STORED, *SHARED, (b"x-accel-buffering", b"no"))


async def respond(
    write: Write,
    status: int,
    media: bytes,
    body: bytes,
    *,
    asked: Mapping[bytes, bytes],
    kept: bool = False,
    extra: Sequence[Header] = (),
) -> None:
    """Write a whole response; `asked` are the request's headers, and `kept` says that the client may keep it."""
    headers = (TYPES[media], ASKED_AGAIN if kept else NOT_STORED, *SHARED, *extra)
    if kept:
        tag = b'W/"' + blake2b(body, digest_size=16).hexdigest().encode() + b'"'
        headers += ((b"etag", tag),)
        if b"if-none-match" in asked and _is_kept(tag, asked[b"if-none-match"]):
            await write(304, headers, b"")
            return
    accepted = asked.get(b"accept-encoding", b"")
    if accepted and takes_gzip(accepted) and (len(body) >= COMPRESSED_FROM or not takes_plain(accepted)):
        body = _compressed(body) if len(body) < APART_FROM else await asyncio.to_thread(_compressed, body)
        headers += ((b"content-encoding", b"gzip"),)
    await write(status, headers, body)


def _compressed(body: bytes) -> bytes:
    return zlib.compress(body, 1, GZIP)


def _is_kept(tag: bytes, given: bytes) -> bool:
    """Whether a client has an answer already: it says `*`, or the tag, which is compared weakly (RFC 9110, 13.1.2)."""
    return any(each in (b"*", tag, tag[2:]) for each in (part.strip() for part in given.split(b",")))


@lru_cache(maxsize=256)
def takes_gzip(accepted: bytes) -> bool:
    """Whether a client takes gzip, by its Accept-Encoding header."""
    found = qualities(accepted)
    return found.get(b"gzip", found.get(b"*", 0.0)) > 0


@lru_cache(maxsize=256)
def takes_plain(accepted: bytes) -> bool:
    """Whether a client takes a body as it is: that has to be refused by name, or by `*`."""
    found = qualities(accepted)
    return found.get(b"identity", found.get(b"*", 1.0)) > 0
