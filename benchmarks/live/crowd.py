"""A crowd of subscribers in a process of its own: one raw connection each, nothing decoded but the length of a frame.

`python -m benchmarks.live.crowd PORT COUNT QUERY` connects COUNT actors, the tokens of which are `token(number)`, says `ready`,
and answers each line of its input, the number of messages that each of them is to get, with a line of JSON: the time of every
receipt on the machine's monotonic clock, in order.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import resource
import sys
import time
from typing import cast

AT_ONCE = 100
"""How many connect at the same time."""

CONNECT_SECONDS = 60
"""How long one of them may take."""

PATIENCE_SECONDS = 20
"""How long the next message is waited for before those that came are shown."""


def token(number: int) -> str:
    """The API key of the actor with this number."""
    return f"spm_{number:x<43}"


class Subscriber(asyncio.Protocol):
    """One connection: the handshake, `connection_init`, `subscribe`, and then it counts."""

    def __init__(self, number: int, query: str, receipts: list[float]) -> None:
        self.number = number
        self.query = query
        self.receipts = receipts
        self.buffer = b""
        self.shaken = asyncio.get_running_loop().create_future()
        self.acknowledged = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the protocol."""
        self.transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            "GET /graphql HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
        )
        transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        """Count the messages that are whole."""
        now = time.monotonic()
        self.buffer += data
        if not self.shaken.done():
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            assert b" 101 " in head.split(b"\r\n")[0], head
            self.buffer = rest
            self.shaken.set_result(None)
        while (length := whole(self.buffer)) is not None:
            message, self.buffer = self.buffer[:length], self.buffer[length:]
            if message[0] == 0x89:
                self.say(message[2:], 0x8A)  # what it said, or the server takes the connection for dead
            elif not self.acknowledged.done():
                assert b"connection_ack" in message, message
                self.acknowledged.set_result(None)
            elif b'"next"' in message:
                self.receipts.append(now)
            elif b'"error"' in message:
                print(message.decode(errors="replace"), flush=True)

    def say(self, text: bytes, kind: int = 0x81) -> None:
        """Send a frame; the mask is zeros, which is allowed and costs nothing."""
        size = bytes((0x80 | len(text),)) if len(text) < 126 else bytes((0x80 | 126,)) + len(text).to_bytes(2, "big")
        self.transport.write(bytes((kind,)) + size + b"\0\0\0\0" + text)

    async def subscribe(self) -> None:
        """Go through the protocol up to the subscription."""
        await self.shaken
        authorization = f"Bearer {token(self.number)}"
        self.say(json.dumps({"type": "connection_init", "payload": {"authorization": authorization}}).encode())
        await self.acknowledged
        self.say(json.dumps({"id": f"{self.number:08x}-4d5e", "type": "subscribe", "payload": {"query": self.query}}).encode())


def whole(buffer: bytes) -> int | None:
    """The length of the first frame, if all of it is there."""
    if len(buffer) < 2:
        return None
    length, head = buffer[1] & 0x7F, 2
    if length == 126:
        length, head = int.from_bytes(buffer[2:4], "big"), 4
    elif length == 127:
        length, head = int.from_bytes(buffer[2:10], "big"), 10
    return head + length if len(buffer) >= head + length else None


async def main(port: int, count: int, query: str) -> None:
    """Connect the crowd, and count what is asked for."""
    loop = asyncio.get_running_loop()
    receipts: list[float] = []
    slots = asyncio.Semaphore(AT_ONCE)

    async def come(number: int) -> None:
        async with slots, asyncio.timeout(CONNECT_SECONDS):
            _, subscriber = await loop.create_connection(lambda: Subscriber(number, query, receipts), "127.0.0.1", port)
            await subscriber.subscribe()

    await asyncio.gather(*(come(number) for number in range(1, count + 1)))
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        expected = int(line) * count
        asked = time.monotonic()
        while len(receipts) < expected and time.monotonic() < max([asked, *receipts[-1:]]) + PATIENCE_SECONDS:
            await asyncio.sleep(0.005)
        print(json.dumps(receipts), flush=True)
        receipts.clear()


if __name__ == "__main__":
    import uvloop

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
