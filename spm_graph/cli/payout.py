"""`spm payout`: write what a closed month pays as CSV, for payroll.

The month's payout batch has to be approved, with the mutation payoutApprove. However often it is written, the file is the
same to the byte. Columns: externalId, name, period, currency, amount. Texts that a spreadsheet would take for a formula
have an apostrophe before them.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from spm_graph.actions import payouts
from spm_graph.actions.refs import PeriodRef
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Grant
from spm_graph.settings import Settings
from spm_graph.store.opening import opened
from spm_graph.store.visibility import Actor

ACTOR = Actor("spm payout", None, frozenset({Grant.CLOSE, Grant.SEE_ALL}))


def configure(parser: argparse.ArgumentParser) -> None:
    """Which month, and where to."""
    parser.epilog = "example:\n  spm payout 2026-03 --csv march.csv"
    parser.add_argument("month", metavar="MONTH", help="the pay period, as in 2026-03")
    parser.add_argument("--csv", metavar="FILE", type=Path, required=True, help="the file to write; one that exists is overwritten")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the file. 1 if the batch is not there, not approved, or does not agree with the ledger, or the file can't be written."""
    try:
        text = asyncio.run(_exported(arguments.month, settings))
        arguments.csv.write_bytes(text.encode())
    except (Refused, OSError) as error:
        print(f"spm: {error}", file=sys.stderr)
        return 1
    print(f"Written to {arguments.csv}.")
    return 0


async def _exported(month: str, settings: Settings) -> str:
    async with opened(settings) as database, database.transaction() as tx:
        result = await payouts.export(tx, ACTOR, payouts.PayoutExport(PeriodRef(name=month)))
        return str(result.values["csv"])
