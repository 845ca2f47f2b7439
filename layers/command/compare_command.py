"""Write the brief of cities compared as a PDF: ``python -m layers compare QUERY -o FILE.pdf``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.errors import UnknownChoiceError
from data.whole_file import write_whole
from layers.address.opened import open_view
from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import brief_of
from layers.command.sites_arguments import add_sites_arguments, with_sites


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``compare``."""
    command.add_argument("query", metavar="QUERY", help="with compare=CITY,CITY, without '?'")
    command.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="FILE.pdf"
    )
    add_sites_arguments(command)


def run(arguments: argparse.Namespace) -> None:
    """Write the comparison.

    Raises ``AtlasError`` for a query or a file that cannot be used, or fewer than two cities.
    """
    path: Path = arguments.output
    if path.suffix.lower() != ".pdf":
        raise UnknownChoiceError("-o", path.name, ["FILE.pdf"])
    view, province = open_view(arguments.query, lambda province: with_sites(province, arguments))
    brief = brief_of(view, province, subject="comparison")
    write_whole(path, BRIEF_FORMATS["pdf"].written(brief))
    sys.stdout.write(f"{path}\n")
