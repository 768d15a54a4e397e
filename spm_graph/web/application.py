"""The routes, and what opens and closes with the application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from spm_graph.actions import events
from spm_graph.actions.titles import turn_of_day
from spm_graph.auth import Authenticator, Issuer
from spm_graph.calculation.estimating import estimating
from spm_graph.graph.exchange import Execute, Graph
from spm_graph.graph.limits import Limits
from spm_graph.graph.trusted import Documents, Trusting
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.reading.edge import Edge
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from spm_graph.store.following import Following
from spm_graph.store.opening import opened
from spm_graph.webhooks.worker import sending

from .endpoint import GraphQLEndpoint
from .metrics import Metrics
from .socket import GraphQLSocket
from .start_page import BUNDLE, NOT_SNIFFED, start_page
from .timed import Timed

log = logging.getLogger("spm_graph.web")

READY_SECONDS = 2
HOUR_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Service:
    """What serves requests while the application is up."""

    database: Database
    authenticator: Authenticator
    execute: Execute
    sdl: str
    besides: tuple[Beside, ...] = ()


Beside = Callable[[Following], Awaitable[None]]
"""What runs beside the requests until it is cancelled, as long as the application is up."""

Opening = Callable[[], AbstractAsyncContextManager[Service]]


def create_app(settings: Settings, graph: Graph) -> Application:
    """The application of a deployment. At its start it starts the embedded server or connects to the database, and migrates.

    Raises SettingsError for trusted documents or keys of an issuer that can't be read.
    """
    limits = Limits(
        characters=settings.max_characters,
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        fields=settings.max_fields,
        aliases=settings.max_aliases,
        nodes=settings.max_nodes,
    )
    issuer = None
    if settings.jwt_issuer and settings.jwt_audience and settings.jwt_jwks:
        issuer = Issuer(settings.jwt_issuer, settings.jwt_audience, settings.jwt_jwks)
        issuer.check()
    documents = Documents.read(settings.documents, graph.sdl) if settings.documents else Documents({})

    @asynccontextmanager
    async def opening() -> AsyncIterator[Service]:
        async with opened(settings) as database:
            trusting = Trusting(graph.on(database, limits), documents, only=settings.documents_only)
            besides: list[Beside] = [partial(_daily, database, settings.event_retention)]
            if settings.estimates:
                besides.append(partial(estimating, database, IncentiveTypes.discover(settings.plugin_seconds)))
            if settings.webhooks:
                besides.append(partial(sending, database, private=settings.webhooks_private))
            yield Service(database, Authenticator(database.pool, issuer), trusting, graph.sdl, tuple(besides))

    return application(opening, cors_origins=settings.cors_origins, page=BUNDLE)


@asynccontextmanager
async def _running(besides: tuple[Beside, ...], following: Following) -> AsyncIterator[None]:
    """Run these beside what happens in the block."""
    tasks = [asyncio.ensure_future(beside(following)) for beside in besides]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _daily(database: Database, event_retention: int | None, following: Following) -> None:
    """What a new day brings, looked for every hour; what goes wrong is logged, and tried again an hour later."""
    while True:
        try:
            await turn_of_day(database)
            if event_retention is not None:
                await events.prune(database, timedelta(days=event_retention))
        except Exception:  # the database may be away for a while
            log.exception("what a new day brings could not be done")
        await asyncio.sleep(HOUR_SECONDS)


def application(
    opening: Opening, *, max_body_bytes: int = 1_000_000, cors_origins: tuple[str, ...] = (), page: Path | None = None
) -> Application:
    """The application around a service, which is opened at start-up and closed at shutdown.

    `page` is the folder of the built page at `/`; where there is none, a small one takes its place. Pages of other
    origins can't read answers unless their origin is listed. The schema and the start page are open to everybody: they
    say what can be asked, and no data. Everything at `/graphql`, introspection too, needs a token.
    """

    @asynccontextmanager
    async def lifespan(app: Application) -> AsyncIterator[None]:
        async with (
            opening() as service,
            Following.started(service.database) as following,
            Edge.started(service.database, following, service.authenticator.forget) as edge,
            _running(service.besides, following),
        ):
            app.state.service = service
            execute = Timed(service.execute)
            app.state.socket = GraphQLSocket(service.authenticator, execute, edge, max_body_bytes)
            app.endpoint = GraphQLEndpoint(service.authenticator, execute, edge, max_body_bytes)
            app.state.metrics = Metrics(service.database, execute, edge, app.endpoint, app.state.socket)
            yield

    routes = [
        Route("/graphql", GraphQL()),
        WebSocketRoute("/graphql", Live()),
        Route("/schema.graphql", schema),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        *start_page(page, today),
    ]
    methods, allowed = ["GET", "POST"], ["authorization", "content-type", "last-event-id"]
    cors = Middleware(CORSMiddleware, allow_origins=cors_origins, allow_methods=methods, allow_headers=allowed, max_age=600)
    return Application(routes=routes, lifespan=lifespan, middleware=[cors] if cors_origins else [])


class Application(Starlette):
    """Starlette with a door of its own for what is asked most: the way through its routes costs a small read a quarter more CPU."""

    endpoint: GraphQLEndpoint
    """There from start-up on."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request of the API to the endpoint at once, where no middleware wants to see it."""
        if scope["type"] == "http" and scope["path"] == "/graphql" and not self.user_middleware:
            await self.endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class GraphQL:
    """The route `/graphql`. It is no function, so that Starlette hands it the bare request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the endpoint of the service that is open."""
        await scope["app"].endpoint(scope, receive, send)


class Live:
    """The route `/graphql` over WebSocket."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the connection to the socket of the service that is open."""
        await scope["app"].state.socket(scope, receive, send)


def today(request: Request) -> date:
    """What "today" is to the server."""
    database: Database = request.app.state.service.database
    return database.today()


async def schema(request: Request) -> Response:
    """The schema in GraphQL's own language."""
    return PlainTextResponse(request.app.state.service.sdl, headers=NOT_SNIFFED)


async def metrics(request: Request) -> Response:
    """What monitoring asks for, with a token of the grant ADMIN."""
    measured: Metrics = request.app.state.metrics
    return await measured.answer(request.headers.get("authorization"))


async def healthz(request: Request) -> Response:
    """200 as long as the process serves requests."""
    return PlainTextResponse("ok", headers=NOT_SNIFFED)


async def readyz(request: Request) -> Response:
    """200 if the database answers within two seconds, else 503."""
    database: Database = request.app.state.service.database
    try:
        async with asyncio.timeout(READY_SECONDS):
            await database.pool.fetchval("select 1")
    except Exception as error:  # whatever is wrong with the database, the process is up and says so
        log.warning("the database does not answer: %r", error)
        return PlainTextResponse("the database does not answer", status_code=503, headers=NOT_SNIFFED)
    return PlainTextResponse("ready", headers=NOT_SNIFFED)
