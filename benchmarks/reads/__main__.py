"""Compare this server's reads with PostGraphile 5, with idiomatic strawberry, and with what PostgreSQL and asyncpg allow.

The data set is built in a database of its own, which is dropped at the end. All servers answer from it; that their answers
are equal is checked first. They then take turns, so that what else the machine does meets all of them alike.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from spm_graph.store import embedded

from .company import DEALS
from .contest import check, entered, report, turn
from .growth import grown
from .prepared import dropped, prepared
from .questions import QUESTIONS

SERVER = {"shared_buffers": "512MB", "max_wal_size": "4GB", "synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}
WARM_SECONDS = 0.5


def main() -> None:
    """Parse the arguments, build, compare, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reads",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="examples:\n  python -m benchmarks.reads --rounds 5 --seconds 2\n  python -m benchmarks.reads --size 2000000",
    )
    parser.add_argument("--rounds", type=int, default=9, help="how often each server has its turn at each question (default: 9)")
    parser.add_argument("--seconds", type=float, default=0.7, help="how long a turn is (default: 0.7)")
    parser.add_argument("--connections", type=int, default=8, help="how many connections ask at once (default: 8)")
    parser.add_argument(
        "--peers", type=Path, default=Path(".spm/peers"), help="the folder PostGraphile is installed in (default: .spm/peers)"
    )
    parser.add_argument("--database-url", help="the PostgreSQL to use, as its superuser; without it one of our own is started")
    parser.add_argument("--size", type=int, help=f"instead: show what reads cost with {DEALS:,} and with this many opportunities")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spm-benchmark-") as folder, postgresql(Path(folder), arguments.database_url) as url:
        if arguments.size:
            asyncio.run(grown(url, (DEALS, arguments.size)))
        else:
            compare(url, arguments)


@contextmanager
def postgresql(folder: Path, url: str | None) -> Iterator[str]:
    """The address of a PostgreSQL server."""
    if url:
        yield url
        return
    folder.chmod(0o755)  # root's server runs under another account, which has to get in
    with embedded.server(folder, SERVER) as address:
        yield address


def compare(url: str, arguments: argparse.Namespace) -> None:
    """Build the data set, start everybody, and let them take turns."""
    begun = time.perf_counter()
    address, postmaster = asyncio.run(prepared(url))
    print(f"Built in {time.perf_counter() - begun:.0f} seconds.", flush=True)
    try:
        with ExitStack() as stack:
            contestants = entered(stack, address, arguments.peers.resolve())
            check(contestants)
            for contestant in contestants:
                for question in contestant.questions:
                    contestant.load(question, arguments.connections, WARM_SECONDS)
            for _ in range(arguments.rounds):
                for question in QUESTIONS:
                    for contestant in contestants:
                        if question in contestant.questions:
                            turn(contestant, question, arguments, postmaster)
            report(contestants)
    finally:
        asyncio.run(dropped(url))


if __name__ == "__main__":
    main()
