"""What PostgreSQL refuses on our behalf, as an error for the author of the request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from graphql import GraphQLError

from .document import Invalid

CURSOR_EXPIRED = "SPM01"
"""The SQLSTATE of the function `event_cursor_stands`."""


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a cursor behind which events are gone, or that lies ahead, into Invalid.

    Its extensions have a code, and the cursors to go on from.
    """
    try:
        yield
    except asyncpg.PostgresError as error:
        if error.sqlstate != CURSOR_EXPIRED:
            raise
        found = json.loads(error.detail or "{}")
        message = f"{error.args[0]}: read the state anew, and follow from the current cursor."
        raise Invalid([GraphQLError(message, extensions={"code": "CURSOR_EXPIRED", **found})]) from error
