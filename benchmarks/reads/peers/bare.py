"""The limit: the statements that the server would send, by asyncpg, behind nothing but an ASGI function.

`python -m benchmarks.reads.peers.bare ADDRESS PORT`; the path `/0` answers the first question, `/1` the second …
"""

from __future__ import annotations

import sys
from typing import Any

import asyncpg
import uvicorn
from sqlalchemy import make_url

from benchmarks.reads.company import TODAY
from benchmarks.reads.questions import QUESTIONS
from spm_graph.domain.terms import Grant
from spm_graph.graph.schema import brought, build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.reading.answer import Reads
from spm_graph.reading.arguments import Inputs
from spm_graph.store.database import SETTINGS, plain
from spm_graph.store.visibility import Actor

ADMINISTRATOR = Actor("administrator", None, frozenset(Grant))


class PlainConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that asyncpg's pool does not reset on its way back: that would be a round trip more."""

    async def reset(self, *, timeout: float | None = None) -> None:
        """Do nothing."""


def statements() -> list[tuple[str, list[Any]]]:
    """The statement of each question for an administrator, and its values."""
    types = IncentiveTypes.of([])
    reads = Reads(core(build(types)), values=brought(types))
    made: list[tuple[str, list[Any]]] = []
    for question in QUESTIONS:
        request = reads.request(question.ours)
        plan = reads.query_plan(ADMINISTRATOR, request)
        inputs = Inputs(request.variables, request.literals.values, ADMINISTRATOR, TODAY, {})
        made.append((plan.sql, [read(inputs) for read in plan.reads]))
    return made


def application(address: str) -> Any:
    """The ASGI application on a database."""
    known = statements()
    pools: list[asyncpg.Pool[Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if not pools:
            pools.append(
                await asyncpg.create_pool(
                    plain(make_url(address)), max_cacheable_statement_size=0, connection_class=PlainConnection, server_settings=SETTINGS
                )
            )
        await receive()
        sql, values = known[int(scope["path"][1:])]
        body = ('{"data":' + await pools[0].fetchval(sql, *values) + "}").encode()
        length = str(len(body)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        await send({"type": "http.response.body", "body": body})

    return app


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="warning", lifespan="off")
