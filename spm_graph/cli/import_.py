"""`spm import`: load a CRM's export from CSV files.

A mapping file says which files there are, what their columns mean, and how they write things. Only what differs from
what is stored is written, so that an export can be loaded again and again. Bad rows are left out and reported, and
alone they don't change the exit status unless --strict is given: then nothing is loaded, and it is 1.

Start with a copy of the example:

  spm import --example > mapping.toml
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import date
from pathlib import Path

from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Grant
from spm_graph.importing import ExportUnreadable, Mapping, MappingError, Report, load
from spm_graph.importing.mapping import example
from spm_graph.settings import Settings
from spm_graph.store.opening import opened
from spm_graph.store.visibility import Actor

ACTOR = Actor("spm import", None, frozenset({Grant.IMPORT, Grant.SEE_ALL, Grant.PLAN}))


def configure(parser: argparse.ArgumentParser) -> None:
    """What to load, and what to do about bad rows."""
    parser.epilog = "example:\n  spm import --mapping mapping.toml exports/2026-03-31"
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="where the files are that the mapping names")
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="the mapping, in TOML")
    parser.add_argument("--strict", action="store_true", help="load nothing if any row is bad; without it, the good rows are loaded")
    parser.add_argument("--dry-run", action="store_true", help="say what would be loaded, and load nothing")
    parser.add_argument(
        "--changes-from",
        metavar="DATE",
        type=date.fromisoformat,
        help="the day, as in 2026-04-01, from which a changed manager holds; deals since then are credited to the new one; default: today",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--example", action="store_true", help="print an example of a mapping, and stop")
    parser.set_defaults(usage_error=parser.error)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Load and print the report. 1 if nothing was loaded because of a fault; bad rows alone are a fault with --strict only."""
    if arguments.example:
        print(example(), end="")
        return 0
    if arguments.folder is None or arguments.mapping is None:
        arguments.usage_error("FOLDER and --mapping FILE are needed, or --example")
    try:
        mapping = Mapping.read(arguments.mapping)
        report = asyncio.run(_load(arguments, settings, mapping))
    except (MappingError, ExportUnreadable, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(report.data(), indent=2, ensure_ascii=False) if arguments.json else report)
    return 1 if report.refused else 0


async def _load(arguments: argparse.Namespace, settings: Settings, mapping: Mapping) -> Report:
    async with opened(settings) as database:
        with _Progress() as progress:
            return await load(
                database,
                ACTOR,
                mapping,
                arguments.folder,
                strict=arguments.strict,
                dry_run=arguments.dry_run,
                changes_from=arguments.changes_from,
                progress=progress.tell,
            )


class _Progress:
    """One line on standard error that says what is being done; where that is no terminal, a line for each phase."""

    def __init__(self) -> None:
        self.live = sys.stderr.isatty()
        self.said = ""

    def tell(self, phase: str, done: int) -> None:
        """Say it."""
        if self.live:
            print(f"\r\x1b[K{phase}{f': {done:,}' if done else ''}", end="", file=sys.stderr, flush=True)
        elif phase != self.said:
            print(f"{phase} …", file=sys.stderr, flush=True)
        self.said = phase

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
