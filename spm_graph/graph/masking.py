"""What a client is told of a bug: a number under which the operator finds it in the log."""

from __future__ import annotations

import logging
import secrets


def masked(log: logging.Logger, said: str, error: BaseException | None = None) -> str:
    """A sentence for the client. The error, or the one that is being handled, is logged with what is said; `%s` is the number."""
    reference = secrets.token_hex(6)
    log.error(said, reference, exc_info=error or True)
    return f"internal error: give the operator the reference id {reference}"
