"""How a WebSocket connection is closed: the codes of graphql-transport-ws, and the reasons that clients are given."""

from __future__ import annotations

from spm_graph.auth import Unauthenticated

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_ACCEPTABLE, INIT_TIMEOUT = 4400, 4401, 4403, 4406, 4408
DUPLICATE_ID, DOUBLE_INIT, INTERNAL_ERROR = 4409, 4429, 4500

RESTART = 1012
"""The server stops, as in a deployment. Of RFC 6455's own codes this one and TRY_LATER have clients connect again."""

RESTART_REASON = "The server stops: connect again, and follow from the last cursor"
TRY_LATER = 1013


class Ended(Exception):
    """The connection is closed with a code of the protocol, and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


LATER = Ended(TRY_LATER, "The database does not answer: try again later")


def refused(problem: Unauthenticated) -> Ended:
    """How a connection without a good token is closed."""
    return Ended(UNAUTHORIZED, "Unauthorized") if problem.reason == "missing" else Ended(FORBIDDEN, "Forbidden")
