"""A client of its own process: `python -m benchmarks.reads.load PORT PATH TOKEN CONNECTIONS SECONDS`, the body on standard input.

Each connection is kept alive and asks again as soon as it was answered. Says as JSON what was answered, and how fast.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time


async def ask(port: int, request: bytes, until: float, took: list[float]) -> None:
    """One connection: ask until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    while (asked := time.perf_counter()) < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(head.decode(errors="replace"))
        if b"transfer-encoding: chunked" in head:
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        else:
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        took.append(time.perf_counter() - asked)
    writer.close()


async def load(port: int, path: str, token: str, connections: int, seconds: float, body: bytes) -> dict[str, float]:
    """How many requests were answered, in how many seconds, and the median and 99th percentile of the milliseconds that one took."""
    headers = f"POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
    request = f"{headers}accept: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
    took: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(ask(port, request, begun + seconds, took) for _ in range(connections)))
    took.sort()
    whole = time.perf_counter() - begun
    return {"requests": len(took), "seconds": whole, "p50": took[len(took) // 2] * 1e3, "p99": took[len(took) * 99 // 100] * 1e3}


if __name__ == "__main__":
    port, path, token, connections, seconds = sys.argv[1:]
    found = asyncio.run(load(int(port), path, token, int(connections), float(seconds), sys.stdin.buffer.read()))
    print(json.dumps(found))
