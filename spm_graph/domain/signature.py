"""Signatures of webhooks, as Standard Webhooks 1.0 has them: https://www.standardwebhooks.com."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
SECRET_BYTES = 32


def written(secret: bytes) -> str:
    """A secret as receivers are given it, and as their libraries take it."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secret: bytes, message: str, at: int, body: bytes) -> str:
    """The HMAC-SHA256 of a message's id, its time in seconds since 1970, and its body."""
    digest = hmac.new(secret, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(secrets: Iterable[bytes], message: str, at: int, body: bytes) -> Mapping[str, str]:
    """What a message carries. While a secret is changed for another, it is signed with both."""
    signed = " ".join(signature(secret, message, at, body) for secret in secrets)
    return {"webhook-id": message, "webhook-timestamp": str(at), "webhook-signature": signed}
