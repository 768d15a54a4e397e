"""The command `spm`: one module a command, found by its name, so that a new module is a new command.

A command's module has a docstring that begins with "`spm name`: " and what it does; `configure(parser)`, which adds its
arguments and, as `parser.epilog`, an example; and `run(arguments, settings) -> int`, whose answer is the exit status.
A command that Python would take for a keyword has an underscore at the end of its module's name.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from spm_graph.incentive_types import PluginError
from spm_graph.settings import Settings, SettingsError, described
from spm_graph.store.embedded import EmbeddedServerError
from spm_graph.store.migrate import DatabaseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. What a user can put right is said in a sentence, with exit status 1."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        parsed = _parser(given).parse_args(given or ["--help"])
        status: int = parsed.run(parsed, Settings.from_environment(os.environ))
    except (SettingsError, EmbeddedServerError, DatabaseError, PluginError) as error:
        print(f"spm: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def commands() -> dict[str, str]:
    """Every command, and the module that it is."""
    return {module.name.rstrip("_"): f"{__name__}.{module.name}" for module in iter_modules(__path__)}


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that is asked for; of all of them for the help, since importing all takes a while."""
    width = max(len(one.variable) for one in described())
    variables = [f"  {one.variable:{width}}  {one.meaning}{f' Default: {one.default}.' if one.default else ''}" for one in described()]
    parser = argparse.ArgumentParser(
        prog="spm",
        description="A Sales Performance Management server behind one GraphQL API.",
        epilog="\n".join(["environment variables:", *variables]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = commands()
    choices = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in given[:1] if given and given[0] in known else known:
        module = import_module(known[name])
        summary, _, details = (module.__doc__ or "").removeprefix(f"`spm {name}`: ").partition("\n")
        description = f"{summary[:1].upper()}{summary[1:]}\n{details}"
        command = choices.add_parser(name, help=summary, description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
        module.configure(command)
        command.set_defaults(run=module.run)
    return parser
