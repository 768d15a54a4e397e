"""`spm migrate`: bring the database to the schema of this release.

`spm serve` does the same at its start. Run it by itself where the server's user may not change the schema, with a
DATABASE_URL whose user may.
"""

from __future__ import annotations

import argparse
import asyncio

from spm_graph.settings import Settings
from spm_graph.store import embedded, migrate


def configure(parser: argparse.ArgumentParser) -> None:
    """Whether to look only."""
    parser.epilog = "example:\n  DATABASE_URL=postgresql://owner@db.example.com/spm spm migrate"
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if the database is behind")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Migrate, and say what guards the ledgers."""
    with embedded.address(settings.database_url, settings.folder) as url:
        return asyncio.run(_look(url) if arguments.check else _migrate(url))


async def _migrate(url: str) -> int:
    await migrate.upgrade(url)
    role = await migrate.application_role(url)
    print(f"The database is at revision {await migrate.current(url)}.")
    print(f"The ledgers are guarded by the role {role} and by triggers." if role else migrate.TRIGGERS_ONLY)
    return 0


async def _look(url: str) -> int:
    if await migrate.is_current(url):
        print("The database is up to date.")
        return 0
    print(f"The database is behind, at revision {await migrate.current(url)}: run spm migrate.")
    return 1
