"""Write a brief: ``python -m layers brief QUERY -o FILE.docx``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.whole_file import write_whole
from layers.address.opened import open_view
from layers.brief.brief_formats import BRIEF_FORMATS, brief_format
from layers.brief.briefs import brief_file_name, brief_of
from layers.command.sites_arguments import add_sites_arguments, with_sites


def add_brief_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``brief`` and its arguments."""
    command = commands.add_parser("brief", help="write a brief of a city, a sector or cities")
    command.add_argument("query", metavar="QUERY", help="a page's query string, without '?'")
    files = ", ".join(f"FILE.{name}" for name in BRIEF_FORMATS)
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=f"{files}; of a folder that is there: a file in it, named by what it holds (docx)",
    )
    command.set_defaults(run=run_brief)
    add_sites_arguments(command)


def run_brief(arguments: argparse.Namespace) -> None:
    """Write the brief.

    Raises ``AtlasError`` for a query or a file that cannot be used.
    """
    path: Path = arguments.output
    written = BRIEF_FORMATS["docx"] if path.is_dir() else brief_format(path.name)
    view, province = open_view(arguments.query, lambda province: with_sites(province, arguments))
    if path.is_dir():
        path = path / brief_file_name(view, province, written.extension)
    write_whole(path, written.write(brief_of(view, province)))
    sys.stdout.write(f"{path}\n")
