"""The same subscription as strawberry's documentation writes it: a generator for each subscriber, executed for each event.

Events come by `POST /publish`, so that no database is in the way; who may see them is decided in memory.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from typing import Any

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.types import Info

queues: set[asyncio.Queue[dict[str, Any]]] = set()


@strawberry.type
class Rep:
    name: str


@strawberry.type
class Opportunity:
    name: str


@strawberry.type
class Money:
    amount: str


@strawberry.type
class OpportunityMoved:
    cursor: str
    to_stage: str
    owner: Rep
    opportunity: Opportunity
    amount: Money


@strawberry.type
class Query:
    @strawberry.field
    def ready(self) -> bool:
        return True


def sees(number: int, rep: int) -> bool:
    """Each rep reports to the one before it."""
    return number <= rep


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def opportunity_moved(self, info: Info) -> AsyncGenerator[OpportunityMoved, None]:
        number = int(info.context["connection_params"]["authorization"].removeprefix("Bearer spm_").rstrip("x"))
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        queues.add(queue)
        try:
            while True:
                event = await queue.get()
                if sees(number, event["rep"]):
                    yield OpportunityMoved(
                        cursor=event["cursor"],
                        to_stage=event["toStage"],
                        owner=Rep(name=event["owner"]["name"]),
                        opportunity=Opportunity(name=event["opportunity"]["name"]),
                        amount=Money(amount=event["amount"]["amount"]),
                    )
        finally:
            queues.discard(queue)


async def publish(request: Request) -> Response:
    """Hand events to every subscriber."""
    for event in json.loads(await request.body()):
        for queue in queues:
            queue.put_nowait(event)
    return Response()


if __name__ == "__main__":
    graphql: GraphQL[Any, Any] = GraphQL(strawberry.Schema(Query, subscription=Subscription))
    app = Starlette(routes=[Route("/publish", publish, methods=["POST"]), WebSocketRoute("/graphql", graphql)])
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", ws_per_message_deflate=False)
