"""`spm plugin`: write a new package with an incentive type, or try one on a worked example."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from pathlib import Path

from spm_graph.settings import Settings
from spm_graph.testing import read_example
from spm_graph.testing.scaffold import ScaffoldError, written
from spm_graph.testing.showing import shown

EXAMPLES = "example:\n  spm plugin new quota-kicker\n  spm plugin try spm-quota-kicker/tests/examples/above_quota.toml"


def configure(parser: ArgumentParser) -> None:
    """`new` and `try`, each with its own help."""
    parser.epilog = EXAMPLES
    choices = parser.add_subparsers(metavar="WHAT", required=True)
    new = choices.add_parser(
        "new",
        help="write a package with an incentive type that works, its tests and its examples",
        epilog="example:\n  spm plugin new quota-kicker --into ../partners",
        formatter_class=RawDescriptionHelpFormatter,
    )
    new.add_argument("name", help="what the incentive type is called, as in quota-kicker")
    new.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help="where the package's folder is made (default: here)")
    new.set_defaults(carry_out=make)
    attempt = choices.add_parser(
        "try",
        help="print the statement of a worked example, and whether it pays what it says",
        epilog="example:\n  spm plugin try spm-quota-kicker/tests/examples/above_quota.toml",
        formatter_class=RawDescriptionHelpFormatter,
    )
    attempt.add_argument("example", type=Path, nargs="+", help="a worked example, as TOML; several are tried one after the other")
    attempt.set_defaults(carry_out=attempted)


def run(arguments: Namespace, settings: Settings) -> int:
    """Carry out what is asked for."""
    status: int = arguments.carry_out(arguments)
    return status


def make(arguments: Namespace) -> int:
    """Write a package; 1 with a sentence if that can't be."""
    try:
        folder = written(arguments.name, arguments.into)
    except ScaffoldError as error:
        print(f"spm: {error}", file=sys.stderr)
        return 1
    for path in sorted(folder.rglob("*.*")):
        print(path)
    print(f'\nInstall it, and run its tests:\n  cd {folder}\n  pip install -e ".[test]"\n  pytest')
    return 0


def attempted(arguments: Namespace) -> int:
    """Print each example's statement; 1 if one pays otherwise than it says, or can't be read."""
    status = 0
    for number, path in enumerate(arguments.example):
        try:
            example = read_example(path)
        except (OSError, ValueError) as error:
            print(f"spm: {error}", file=sys.stderr)
            status = 1
            continue
        print("\n" * bool(number) + shown(example))
        status = max(status, bool(example.differences()))
    return status
