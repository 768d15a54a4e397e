"""A server on a port of this machine, its administrator's token, and a client that asks it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import httpx
import pytest
import uvicorn

from spm_graph.actions import keys
from spm_graph.actions.refs import Ref
from spm_graph.cli.serve import configured, listening
from spm_graph.domain.terms import Grant
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

OPERATOR = Actor("operator", None, frozenset(Grant))
STARTUP_SECONDS = 30


@dataclass(frozen=True)
class Client:
    """Somebody who asks over HTTP, with a token or without."""

    url: str
    token: str | None

    async def answer(self, document: str, **variables: Any) -> httpx.Response:
        """The whole response."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        async with httpx.AsyncClient(timeout=120, verify=False) as http:  # plain HTTP: loading certificates takes 40 ms a request
            return await http.post(self.url, json={"query": document, "variables": variables}, headers=headers)

    async def ask(self, document: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        response = await self.answer(document, **variables)
        body = response.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def do(self, mutation: str, shows: str, given: dict[str, Any]) -> Any:
        """The payload of a mutation that is not refused."""
        payload = await self.attempt(mutation, shows, given)
        assert payload["problems"] == [], payload["problems"]
        return payload

    async def attempt(self, mutation: str, shows: str, given: dict[str, Any]) -> Any:
        """The payload of a mutation, refused or not."""
        type_ = f"{mutation[:1].upper()}{mutation[1:]}Input!"
        document = f"mutation ($input: {type_}) {{ {mutation}(input: $input) {{ {shows} problems {{ code message path }} position }} }}"
        return (await self.ask(document, input=given))[mutation]


@dataclass(frozen=True)
class Serving:
    """A running server, and the database behind it."""

    url: str
    database: Database

    async def client(self, *grants: Grant, rep: str | None = None, name: str = "somebody") -> Client:
        """Somebody with grants, standing for a rep or not."""
        async with self.database.transaction() as tx:
            given = keys.ApiKeyCreate(name, Ref(external_id=rep) if rep else None, grants)
            result = await keys.create(tx, OPERATOR, given)
        return Client(self.url, str(result.values["token"]))

    async def administrator(self) -> Client:
        """Somebody with every grant."""
        return await self.client(*Grant, name="administrator")


@pytest.fixture
def serve(database_url: str) -> Iterator[Callable[[Settings], str]]:
    """Start a server on a free port, over the test's database unless the settings name another; it stops with the test."""
    started: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(settings: Settings) -> str:
        door = listening(replace(settings, port=0) if settings.port == 8000 else settings)
        server = configured(replace(settings, database_url=settings.database_url or database_url))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])), daemon=True)
        thread.start()
        started.append((server, thread))
        deadline = time.monotonic() + STARTUP_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started, "the server did not start"
        return f"http://127.0.0.1:{door.getsockname()[1]}/graphql"

    yield start
    for server, thread in started:
        server.should_exit = True
        thread.join(STARTUP_SECONDS)


def roomy(today: str, estimates: bool = False) -> Settings:
    """Settings for a given day, with limits that generated documents stay within. Estimates would take positions of their own."""
    room = {"max_tokens": 50_000, "max_characters": 500_000, "max_nodes": 1_000_000_000, "max_aliases": 10_000, "max_fields": 10_000}
    return Settings(today=date.fromisoformat(today), estimates=estimates, **room)


@pytest.fixture
async def server(serve: Callable[[Settings], str], database: Database) -> Serving:
    """A server whose today is the 15th of January 2018."""
    database.today = lambda: date(2018, 1, 15)
    return Serving(serve(roomy("2018-01-15")), database)


@pytest.fixture
async def administrator(server: Serving) -> Client:
    """Somebody with every grant."""
    return await server.administrator()
