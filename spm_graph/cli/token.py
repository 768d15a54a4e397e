"""`spm token`: make an API key and print it.

A key stands for a rep, has grants, or both: it sees and may do what they say. It is shown this once; only its hash is
stored. Revoke it with the mutation apiKeyRevoke.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from spm_graph.actions import keys
from spm_graph.actions.keys import ApiKeyCreate
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Grant
from spm_graph.settings import Settings
from spm_graph.store.opening import opened
from spm_graph.store.visibility import Actor

ACTOR = Actor("spm token", None, frozenset(Grant))


def configure(parser: argparse.ArgumentParser) -> None:
    """Whom the key stands for, what it may do, and until when."""
    grants = "\n".join(f"  {grant.value:8}  {grant.description}" for grant in Grant)
    parser.epilog = f"grants:\n{grants}\n\nexample:\n  spm token --rep E-1024 --expires 2027-01-01\n  spm token --grant SEE_ALL --grant RUN"
    parser.add_argument("--rep", metavar="EXTERNAL_ID", help="the rep that the key stands for, by the key in the company's CRM")
    parser.add_argument("--grant", metavar="NAME", type=str.upper, action="append", choices=[grant.value for grant in Grant], default=[])
    parser.add_argument("--admin", action="store_true", help="all grants")
    parser.add_argument("--person", help="who has the key, if that is no rep: as the company's sign-on names them")
    parser.add_argument("--expires", metavar="DATE", type=_moment, help="when the key stops working, as in 2027-01-01; UTC unless said")
    parser.add_argument("--name", help="what the key is for: the audit shows it; default: whom it stands for")
    parser.set_defaults(usage_error=parser.error)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make the key, and print nothing else on standard output."""
    grants = tuple(Grant) if arguments.admin else tuple(Grant[name] for name in arguments.grant)
    if arguments.rep is None and not grants:
        arguments.usage_error("--rep, --grant or --admin is needed: a key without any would open nothing")
    rep = Ref(external_id=arguments.rep) if arguments.rep is not None else None
    command = ApiKeyCreate(arguments.name or arguments.rep or "service", rep, grants, arguments.expires, arguments.person)
    try:
        print(asyncio.run(_made(settings, command)))
    except Refused as refused:
        print(f"spm: {refused}", file=sys.stderr)
        return 1
    return 0


async def _made(settings: Settings, command: ApiKeyCreate) -> str:
    async with opened(settings) as database, database.transaction() as tx:
        result = await keys.create(tx, ACTOR, command)
    return str(result.values["token"])


def _moment(written: str) -> datetime:
    try:
        given = datetime.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no date; expected one as in 2027-01-01") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
