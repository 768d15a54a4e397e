"""One subscription over either transport, and the five that there are, in words that the tests of all of them share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed

from spm_graph.calculation.estimating import caught_up
from tests.api.conftest import Client
from tests.company import Company, Flat

from .conftest import SECONDS, World, live
from .test_events_over_http import Events, events

TRANSPORTS = ("websocket", "sse")

OF_REPS = {
    "AttainmentChange": "attainmentChanged",
    "EarningsPosted": "earningsPosted",
    "EstimateChange": "estimateChanged",
    "OpportunityMoved": "opportunityMoved",
}
"""The subscriptions about reps, by the kind of their events; `runProgressed` is the fifth."""

EVERY = OF_REPS | {"RunProgress": "runProgressed"}


@dataclass
class Ended(Exception):
    """No more is told: the code with which the connection was closed, or the extensions of the errors that were said."""

    how: Any


@dataclass
class Followed:
    """What one subscription is told, as it comes."""

    told: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)

    async def hear(self) -> dict[str, Any]:
        """The next event, or `Ended`."""
        async with asyncio.timeout(SECONDS):
            found = await self.told.get()
        if isinstance(found, Exception):
            raise found
        event: dict[str, Any] = found
        return event

    async def cursors(self, count: int) -> list[str]:
        """The cursors of the next so many events."""
        return [(await self.hear())["cursor"] for _ in range(count)]

    async def ended(self) -> Any:
        """How it ended, without an event before."""
        try:
            event = await self.hear()
        except Ended as ended:
            return ended.how
        raise AssertionError(f"{event} was told")


def document(kind: str, *filters: str) -> str:
    """The document of a subscription, with its cursor and, where it has one that must be given, its filter."""
    types = {"run": "ID!", "reps": "[ID!]", "measure": "String"}
    named = ["after", *filters, *(["run"] if kind == "RunProgress" else [])]
    declared = ", ".join(f"${name}: {types.get(name, 'Cursor')}" for name in named)
    return f"subscription ({declared}) {{ {EVERY[kind]}({', '.join(f'{name}: ${name}' for name in named)}) {{ __typename cursor }} }}"


@asynccontextmanager
async def following(
    transport: str, client: Client, query: str, variables: dict[str, Any], last: str | None = None
) -> AsyncIterator[Followed]:
    """Somebody who follows over a transport, from the header `Last-Event-ID` on if `last` is given, which only one of them has."""
    followed = Followed()
    if transport == "websocket":
        async with live(client) as socket:
            await socket.subscribe("1", query, **variables)
            async with _filling(followed, _of_socket(socket.connection)):
                yield followed
    else:
        headers = {"last-event-id": last} if last else {}
        async with events(client, query, variables=variables, headers=headers) as found, _filling(followed, _of_events(found)):
            yield followed


@asynccontextmanager
async def _filling(followed: Followed, answers: AsyncIterator[Any]) -> AsyncIterator[None]:
    async def fill() -> None:
        async for answer in answers:
            followed.told.put_nowait(answer)

    task = asyncio.create_task(fill())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _of_socket(connection: Any) -> AsyncIterator[Any]:
    try:
        async for text in connection:
            said = json.loads(text)
            yield _said(said["payload"] if said["type"] == "next" else {"errors": said["payload"]})
    except ConnectionClosed:
        pass
    yield Ended(connection.close_code)


async def _of_events(found: Events) -> AsyncIterator[Any]:
    try:
        while True:
            event = await found.next()
            if event.get("event") == "next":
                said = json.loads(event["data"])
                yield (
                    Ended([error.get("extensions") for error in said["errors"]]) if "errors" in said else next(iter(said["data"].values()))
                )
    except (EOFError, httpx.HTTPError) as error:
        yield Ended(type(error).__name__)


def _said(answer: dict[str, Any]) -> Any:
    if "errors" in answer:
        return Ended([error.get("extensions") for error in answer["errors"]])
    return next(iter(answer["data"].values()))


async def on_a_plan(world: World, *names: str) -> None:
    """Pay reps by a plan, so that they have earnings and estimates."""
    await world.company.assign(await world.company.plan("Commission", ("commission", Flat(Decimal("0.05")))), *names)


async def everything_happens(company: Company, *names: str) -> str:
    """Events of all five kinds about each rep; the id of the run in which they are paid."""
    for name in names:
        await company.won("1000", name, "2026-01-10")
    await caught_up(company.database, company.incentive_types)
    run = await company.run("2026-01")
    await company.post(run)
    return f"run_{run}"


async def told_about(company: Company, kind: str, start: str, names: Sequence[str] | None = None) -> list[str]:
    """The cursors of a kind's events behind a position, of these reps if they are given: what the event table says."""
    rows = await company.rows(
        "select concat_ws('.', position, ordinal) as cursor from event left join rep on rep.id = event.rep_id"
        " where kind = :kind and position > :start and (cast(:names as text[]) is null or rep.external_id = any(:names))"
        " order by position, ordinal",
        kind=kind,
        start=int(start),
        names=list(names) if names is not None else None,
    )
    return [row["cursor"] for row in rows]


async def now(company: Company) -> str:
    """The cursor of what happened last."""
    (row,) = await company.rows("select position::text as cursor from clock")
    cursor: str = row["cursor"]
    return cursor
