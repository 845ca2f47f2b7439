"""Do from the command line what the pages do: the same views, the same files."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from data.errors import AtlasError
from data.version import VERSION

BAD_INPUT = 1

COMMANDS = {
    "snapshot": "write a view as a map",
    "export": "write a view's data",
    "atlas": "print a map of each city, sector and role",
    "sites": "list the sites that match a query",
    "compare": "write a comparison of cities",
    "brief": "write a brief of cities, an area, or what filters find",
    "aggregate": "count the points of a file or database by city or county",
    "check": "check a file to be read, or a province's data",
    "new-province": "make a province's folder, with an empty plan",
    "list": "list what a query can name",
}
"""What each command does; the module ``NAME_command`` of this folder has its arguments."""


def _parser(named: str | None) -> argparse.ArgumentParser:
    """Return the parser of all commands, with the arguments of the one that is named."""
    parser = argparse.ArgumentParser(prog="python -m layers", description=__doc__)
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, words in COMMANDS.items():
        command = commands.add_parser(name, help=words)
        if name == named:
            # No command waits for what another one needs.
            module = importlib.import_module(f"layers.command.{name.replace('-', '_')}_command")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 for bad input. Wrong usage exits with 2."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    parsed = _parser(words[0] if words else None).parse_args(words)
    try:
        parsed.run(parsed)
    except AtlasError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except OSError as error:
        read = {str(getattr(parsed, name, None)) for name in ("sites", "points", "template")}
        reads = words[0] == "check" or str(error.filename) in read
        verb = "read" if reads else "write"
        sys.stderr.write(f"cannot {verb} {error.filename}: {error.strerror}\n")
        return BAD_INPUT
    return 0
