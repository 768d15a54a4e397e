"""A client of its own process: `python -m benchmarks.reads.load PORT PATH TOKEN CONNECTIONS SECONDS`, the body on standard input.

Each connection is kept alive and asks again as soon as it was answered. Says as JSON what was answered, and how fast.
It shares its cores with the servers that it asks, so it is bare sockets and one `epoll`: asyncio's streams would take as
long to ask for one field as this server takes to answer, and what was measured would be the client.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time

TAKEN = memoryview(bytearray(2**20))
"""Where what comes from a socket is put: to have room made for each piece is half of what a small answer costs to take."""


class Asker:
    """One connection: it asks, and reads its answer piece by piece."""

    def __init__(self, port: int, request: bytes) -> None:
        self.request = request
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = self.socket.fileno()

    def ask(self) -> None:
        """Send the request."""
        self.asked = time.perf_counter()
        self.head = b""
        self.missing: int | None = None
        self.socket.sendall(self.request)

    def answered(self) -> bool:
        """Read what has come; whether the answer is whole. Raises RuntimeError for anything but 200."""
        come = self.socket.recv_into(TAKEN)
        if not come:
            raise RuntimeError("the server closed the connection")
        if self.missing is None:
            head, ends, body = (self.head + TAKEN[:come]).partition(b"\r\n\r\n")
            if not ends:
                self.head = head
                return False
            self.missing, come = length(head), len(body)
        self.missing -= come
        return self.missing == 0


def length(head: bytes) -> int:
    """How many bytes the body has that comes behind these headers."""
    lower = head.lower()
    _, given, behind = lower.partition(b"\r\ncontent-length:")
    if not lower.startswith(b"http/1.1 200") or not given:
        raise RuntimeError(head.decode(errors="replace"))
    return int(behind.partition(b"\r\n")[0])


def load(port: int, path: str, token: str, connections: int, seconds: float, body: bytes) -> dict[str, float]:
    """How many requests were answered, in how many seconds, and the median and 99th percentile of the milliseconds that one took."""
    headers = f"POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
    request = f"{headers}accept: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
    asking = {asker.number: asker for asker in (Asker(port, request) for _ in range(connections))}
    took: list[float] = []
    with select.epoll() as readable:
        begun = time.perf_counter()
        for asker in asking.values():
            readable.register(asker.number, select.EPOLLIN)
            asker.ask()
        while asking:
            for number, _ in readable.poll():
                if not asking[number].answered():
                    continue
                now = time.perf_counter()
                took.append(now - asking[number].asked)
                if now < begun + seconds:
                    asking[number].ask()
                else:
                    asking.pop(number).socket.close()
        whole = time.perf_counter() - begun
    took.sort()
    return {"requests": len(took), "seconds": whole, "p50": took[len(took) // 2] * 1e3, "p99": took[len(took) * 99 // 100] * 1e3}


if __name__ == "__main__":
    port, path, token, connections, seconds = sys.argv[1:]
    print(json.dumps(load(int(port), path, token, int(connections), float(seconds), sys.stdin.buffer.read())))
