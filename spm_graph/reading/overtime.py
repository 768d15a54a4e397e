"""A read that PostgreSQL stopped, because it took longer than a read may."""

from __future__ import annotations

from graphql import GraphQLError


class TimedOut(Exception):
    """A read was stopped, with the error for its author: its code is TIMEOUT, and it says what the limit is."""

    def __init__(self, seconds: int | None) -> None:
        limit = f"the limit of {seconds} s" if seconds else "what PostgreSQL allows"
        message = f"The read took longer than {limit} and was stopped: ask for less at once, or narrow it down."
        super().__init__(message)
        self.error = GraphQLError(message, extensions={"code": "TIMEOUT"})
