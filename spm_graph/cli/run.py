"""`spm run`: calculate what everybody earned in a month, and post it if asked.

Without --post, nothing is booked: look through the changes, and post the run with the mutation runPost.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from spm_graph.actions import runs
from spm_graph.actions.refs import PeriodRef
from spm_graph.calculation import run as calculation
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Grant
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from spm_graph.store.opening import opened
from spm_graph.store.visibility import Actor

ACTOR = Actor("spm run", None, frozenset({Grant.RUN, Grant.SEE_ALL}))

CHANGES = """
select rep.name as rep, part.name as component, change.key, change.currency,
       money_text(change.before, change.currency) as before, money_text(change.after, change.currency) as after,
       money_text(change.difference, change.currency) as difference
from run_change as change
join rep on rep.id = change.rep_id
join lateral (select name from component_version where component_id = change.component_id order by id desc limit 1) as part on true
where change.run_id = :run_id
order by rep.name, part.name, change.key
"""

PROBLEMS = "select message from run_problem where run_id = :run_id order by id"


def configure(parser: argparse.ArgumentParser) -> None:
    """Which month, and whether to book."""
    parser.epilog = "example:\n  spm run 2026-03\n  spm run 2026-03 --post"
    parser.add_argument("month", metavar="MONTH", help="the pay period, as in 2026-03")
    parser.add_argument("--post", action="store_true", help="book the changes in the ledger, if there are no problems")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Calculate, print what changes, and post if asked. 1 if something is in the way."""
    try:
        return asyncio.run(_run(arguments, settings))
    except Refused as refused:
        print(f"spm: {refused}", file=sys.stderr)
        return 1


async def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    async with opened(settings) as database:
        command = calculation.RunStart(PeriodRef(name=arguments.month))
        result = await calculation.start(database, IncentiveTypes.discover(settings.plugin_seconds), ACTOR, command)
        run_id = result.values["run_id"]
        failed = await _show(database, run_id)
        if failed:
            return 1
        if arguments.post:
            async with database.transaction() as tx:
                await runs.post(tx, ACTOR, runs.RunPost(Id(global_id("run", run_id))))
            print("Posted.")
        else:
            print(f"Nothing is booked yet: post {global_id('run', run_id)}, or run again with --post.")
    return 0


async def _show(database: Database, run_id: int) -> bool:
    """Print what the run would book, and what failed; whether anything did."""
    async with database.transaction() as tx:
        changes = await tx.rows(CHANGES, {"run_id": run_id})
        problems = await tx.rows(PROBLEMS, {"run_id": run_id})
    if changes:
        print(f"{'rep':28} {'component':20} {'line':24} {'before':>14} {'after':>14} {'difference':>14}")
        for row in changes:
            amounts = " ".join(f"{row[name]:>14}" for name in ("before", "after", "difference"))
            print(f"{row['rep']:28.28} {row['component']:20.20} {row['key']:24.24} {amounts} {row['currency']}")
    else:
        print("Nothing changes: the ledger is right as it is.")
    for problem in problems:
        print(f"problem: {problem['message']}", file=sys.stderr)
    return bool(problems)
