"""`spm demo`: start the server with a company to look at.

At the first start the database is filled with a company as of today: three regions, two years of deals, quotas and plans,
and every month that is over calculated and posted. With --crm it is a made-up CRM export of 2017 instead, imported as
yours would be. Later starts find it as it was left; a database with something else in it is served as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from spm_graph.demonstration import company, crm_year
from spm_graph.demonstration.filling import Fill, filled
from spm_graph.demonstration.tokens import demonstration_tokens
from spm_graph.settings import Settings
from spm_graph.store import embedded
from spm_graph.store.opening import opened

from .serve import configured, listening, served

WELCOME = """
spm_graph is ready at {url}

Bearer tokens, the same at each start:
  a rep            {rep}
  a manager        {manager}
  an administrator {administrator}

Try it on the page at the address above, or so:

  curl {url}graphql -H 'content-type: application/json' \\
    -H 'authorization: Bearer {administrator}' \\
    -d '{{"query": "{{ reps(first: 3) {{ nodes {{ name earningsTotal {{ amount currency }} }} }} }}"}}'

Stop it with Ctrl-C.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """What to fill an empty database with; the environment says the rest."""
    parser.epilog = "example:\n  spm demo\n  SPM_PORT=9000 spm demo --crm"
    parser.add_argument("--crm", action="store_true", help="fill it with a made-up CRM export of 2017")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Fill the database if it is empty, say how to ask it, and serve until interrupted."""
    with listening(settings) as door, embedded.address(settings.database_url, settings.folder) as url:
        at_hand = replace(settings, database_url=url)
        server = configured(at_hand)
        tokens = asyncio.run(_prepare(at_hand, settings.folder, crm_year.fill if arguments.crm else company.fill))
        print(WELCOME.format(url=f"http://{settings.host}:{settings.port}/", **tokens), flush=True)
        return served(server, door)


async def _prepare(settings: Settings, folder: Path, fill: Fill) -> dict[str, str]:
    await filled(settings, fill, _say)
    async with opened(settings) as database:
        return await demonstration_tokens(database, folder)


def _say(doing: str) -> None:
    print(f"{doing} …", file=sys.stderr, flush=True)
