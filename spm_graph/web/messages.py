"""The messages of graphql-transport-ws: the client's as they are read, the server's as they are written."""

from __future__ import annotations

import json
from typing import Any

import msgspec

ACKNOWLEDGED = b'{"type":"connection_ack"}'
PONG = b'{"type":"pong"}'


class Message(msgspec.Struct, frozen=True):
    """One message of the client."""

    type: str
    id: str | None = None
    payload: dict[str, Any] | None = None


a_message = msgspec.json.Decoder(Message)


def about(id_: str, type_: bytes, payload: bytes | None = None) -> bytes:
    """A message of the server about one operation."""
    rest = b"" if payload is None else b',"payload":' + payload
    return b'{"id":' + json.dumps(id_).encode() + b',"type":"' + type_ + b'"' + rest + b"}"
