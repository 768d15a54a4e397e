"""What a client is told of a bug: a number under which the operator finds it in the log."""

from __future__ import annotations

import logging
import secrets

log = logging.getLogger("spm_graph.web")


def masked(error: BaseException | None = None) -> str:
    """A sentence for the client; the error, or the one that is being handled, is logged."""
    reference = secrets.token_hex(6)
    log.error("live operation failed: %s", reference, exc_info=error or True)
    return f"internal error: give the operator the reference id {reference}"
