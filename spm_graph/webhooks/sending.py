"""One message to one address, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpcore

from .network import NotPublic, PublicNetwork

SECONDS = 15
"""How long an address may take to answer."""

LONGEST_PROBLEM = 300
MOST_READ = 65_536


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, and where to."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a message: the status that was answered, or why none was."""

    status: int | None
    problem: str | None
    milliseconds: int

    @property
    def taken(self) -> bool:
        """Whether the message was taken: any status of success says so."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the address says that nobody wants messages there any more."""
        return self.status == 410


class Sender:
    """The connections to the addresses of this process. `private` lets them be any address, and without TLS."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._connections = httpcore.AsyncConnectionPool(
            max_connections=100, keepalive_expiry=30, network_backend=None if private else PublicNetwork()
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.aclose()

    async def send(self, message: Message) -> Sent:
        """Send a message. Redirections are not followed; of the answer, only the status is looked at."""
        begun = time.monotonic()
        status: int | None = None
        problem: str | None = None
        if not self._private and not message.url.startswith("https:"):
            problem = "only https addresses are sent to; SPM_WEBHOOKS_PRIVATE allows others"
        else:
            try:
                async with asyncio.timeout(SECONDS):
                    status = await self._status(message)
            except TimeoutError:
                problem = f"no answer within {SECONDS} seconds"
            except (NotPublic, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError, ValueError) as error:
                problem = f"{type(error).__name__}: {error}"[:LONGEST_PROBLEM]
        return Sent(status, problem, round((time.monotonic() - begun) * 1_000))

    async def _status(self, message: Message) -> int:
        headers = [*message.headers.items(), ("content-type", "application/json"), ("user-agent", "spm_graph")]
        async with self._connections.stream("POST", message.url, headers=headers, content=message.body) as response:
            read = 0
            async for chunk in response.aiter_stream():  # to the end, so that the connection can be used again
                read += len(chunk)
                if read > MOST_READ:
                    break
            return response.status
