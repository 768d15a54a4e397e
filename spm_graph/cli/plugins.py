"""`spm plugins`: list the incentive types that are installed: name, distribution, version and file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from spm_graph.incentive_types import IncentiveTypes, Installed, PluginError
from spm_graph.settings import Settings

HEADINGS = ("NAME", "DISTRIBUTION", "VERSION", "FILE")


def configure(parser: ArgumentParser) -> None:
    """It has no arguments."""
    parser.epilog = "example:\n  spm plugins"


def run(arguments: Namespace, settings: Settings) -> int:
    """Print the list; 0 if every package is fit to be used, and 1, saying which one is not and why, otherwise."""
    try:
        types = IncentiveTypes.discover()
    except PluginError as error:
        print(error, file=sys.stderr)
        return 1
    if not len(types):
        print("No incentive type is installed: install a package that brings one, such as spm-tiered-commission.")
        return 0
    print(table([HEADINGS, *(row(installed) for installed in types)]))
    return 0


def row(installed: Installed) -> tuple[str, ...]:
    """What is said of one incentive type."""
    return (installed.name, installed.distribution, installed.version, installed.file)


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows as text in columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(each, widths, strict=True)).rstrip() for each in rows)
