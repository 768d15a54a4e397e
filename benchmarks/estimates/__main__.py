"""From a closed deal to its live estimate at a subscriber, in a company of 1,000 reps and in one of 10,000, side by side.

`python -m benchmarks.estimates` builds both (200,000 and 2,000,000 credits), starts a server on each, and closes deals by
`opportunityUpsert`, in turns. Each credits a seller and a manager, so that both are estimated again.

    write     the mutation's answer: the deal, its credits, balances and events are committed
    seen      from the mutation's start to the event `estimateChanged` of the seller at a subscriber over WebSocket
    without   the mutation's answer from a server with SPM_ESTIMATES=off: what estimates cost those who write

Figures are medians in milliseconds, and the ratio of the two companies.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import make_url
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.reads.servers import Server, ours, started
from spm_graph.store import embedded

from .company import SERVER, TODAY, TOKEN, build, connected

SIZES = {"1,000 reps": (1_000, 200_000), "10,000 reps": (10_000, 2_000_000)}
CLOSE = "mutation ($input: OpportunityUpsertInput!) { opportunityUpsert(input: $input) { problems { message } position } }"
FOLLOW = "subscription { estimateChanged { cursor rep { externalId } total { amount } } }"
PATIENCE_SECONDS = 30

Times = Mapping[str, list[float]]


async def main() -> None:
    """Build, close deals in turns, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.estimates", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deals", type=int, default=100, help="how many deals are closed in each company and way (default: 100)")
    arguments = parser.parse_args()
    found: dict[str, Times] = {}
    with tempfile.TemporaryDirectory(prefix="spm-benchmark-") as folder, ExitStack() as servers:
        Path(folder).chmod(0o755)
        url = servers.enter_context(embedded.server(Path(folder), SERVER))
        addresses = {}
        for number, (name, (reps, credited)) in enumerate(SIZES.items()):
            database = f"estimates_{number}"
            async with connected(url) as connection:
                await connection.execute(f"create database {database}")
            addresses[name] = make_url(url).set(database=database).render_as_string(hide_password=False)
            begun = time.perf_counter()
            await build(addresses[name], reps, credited)
            print(f"{name} with {credited:,} credits built in {time.perf_counter() - begun:.0f} s", flush=True)
        for way in ("on", "off"):
            with ExitStack() as running:
                ports = {name: running.enter_context(_served(address, way)) for name, address in addresses.items()}
                measured = await closed(ports, way, arguments.deals)
            for name, times in measured.items():
                found[name] = {**found.get(name, {}), **times}
    shown(found)


def _served(address: str, estimates: str) -> Any:
    command, environment = ours(address, TODAY)
    return started(command, environment | {"SPM_ESTIMATES": estimates})


async def closed(servers: Mapping[str, Server], way: str, deals: int) -> dict[str, Times]:
    """Close deals in every company, in turns."""
    found: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in servers}
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, headers={"authorization": f"Bearer {TOKEN}"}) as http:
        for number in range(-5, deals):  # the first ones warm up
            for name, server in servers.items():
                reps = SIZES[name][0]
                seller = reps // 10 + 1 + (number * 7919) % (reps - reps // 10)
                write, seen = await once(http, server, f"{way} {number}", f"rep-{seller}", way == "on")
                if number >= 0:
                    found[name]["write" if way == "on" else "without"].append(write)
                    if way == "on":
                        found[name]["seen"].append(seen)
    return {name: dict(times) for name, times in found.items()}


async def once(http: httpx.AsyncClient, server: Server, key: str, seller: str, follows: bool) -> tuple[float, float]:
    """Close one deal beside a subscriber; the milliseconds until the answer, and, if it `follows`, until the seller's estimate arrives."""
    given = {
        "externalId": f"new {key}",
        "name": key,
        "owner": {"externalId": seller},
        "stage": "Won",
        "forecastCategory": "CLOSED",
        "probability": "1",
        "amount": "4321.00",
        "closedOn": TODAY,
        "outcome": "WON",
    }

    async def close() -> float:
        answer = await http.post(f"http://127.0.0.1:{server.port}/graphql", json={"query": CLOSE, "variables": {"input": given}})
        payload = answer.json()["data"]["opportunityUpsert"]
        assert payload["problems"] == [], payload
        return (time.perf_counter() - begun) * 1000

    async with connect(f"ws://127.0.0.1:{server.port}/graphql", subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await _say(socket, "connection_init", payload={"authorization": f"Bearer {TOKEN}"})
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        await _say(socket, "subscribe", id="1", payload={"query": FOLLOW})
        await asyncio.sleep(0.05)  # until it follows
        begun = time.perf_counter()
        if not follows:
            return await close(), 0.0
        write, seen = await asyncio.gather(close(), _arrival(socket, seller))
        return write, (seen - begun) * 1000


async def _arrival(socket: ClientConnection, seller: str) -> float:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            told = json.loads(await socket.recv())
            if told["type"] == "next" and told["payload"]["data"]["estimateChanged"]["rep"]["externalId"] == seller:
                return time.perf_counter()


async def _say(socket: ClientConnection, type_: str, **more: Any) -> None:
    await socket.send(json.dumps({"type": type_, **more}))


def shown(found: Mapping[str, Times]) -> None:
    """Print the medians and their ratio."""
    print(f"\n{'median ms':>12}" + "".join(f"{name:>14}" for name in found) + f"{'ratio':>8}")
    for figure in ("write", "without", "seen"):
        medians = [statistics.median(times[figure]) for times in found.values()]
        print(f"{figure:>12}" + "".join(f"{median:>14.1f}" for median in medians) + f"{medians[-1] / medians[0]:>8.2f}")


if __name__ == "__main__":
    asyncio.run(main())
