"""`spm schema`: print the GraphQL schema of what is installed here.

Every installed incentive type is in it, so two machines with other packages have other schemas.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from spm_graph.graph.mutations import mutation_type
from spm_graph.graph.schema import build, printed
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.settings import Settings

FILE = Path("schema.graphql")
SHOWN_LINES = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """Where to compare with or to write to."""
    parser.epilog = "example:\n  spm schema > schema.graphql\n  spm schema --check"
    parser.add_argument("--check", action="store_true", help=f"print nothing; exit with 1 if {FILE} in this folder differs")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the schema, or say in which lines the file differs from it."""
    text = printed(build(IncentiveTypes.discover(), mutation_type))
    if not arguments.check:
        print(text, end="")
        return 0
    held = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    if held == text:
        print(f"{FILE} is what the code says.")
        return 0
    changed = list(difflib.unified_diff(held.splitlines(), text.splitlines(), str(FILE), "the code", lineterm="", n=1))
    print("\n".join(changed[:SHOWN_LINES]), file=sys.stderr)
    print(f"{FILE} is not what the code says: run spm schema > {FILE}, and look at what that changes.", file=sys.stderr)
    return 1
