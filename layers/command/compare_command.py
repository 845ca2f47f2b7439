"""Compare cities on paper: ``python -m layers compare QUERY -o FILE.pdf``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.errors import UnknownChoiceError
from data.whole_file import write_whole
from layers.address.opened import open_view
from layers.command.sites_arguments import add_sites_arguments, with_sites
from layers.paper.comparison_file import comparison_pdf


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``compare``."""
    command.add_argument("query", metavar="QUERY", help="with compare=CITY,CITY, without '?'")
    command.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="FILE.pdf"
    )
    command.add_argument("--link", help="the page's address, printed as a QR code")
    add_sites_arguments(command)


def run(arguments: argparse.Namespace) -> None:
    """Write the comparison.

    Raises ``AtlasError`` for a query or a file that cannot be used, or fewer than two cities.
    """
    path: Path = arguments.output
    if path.suffix.lower() != ".pdf":
        raise UnknownChoiceError("-o", path.name, ["FILE.pdf"])
    view, province = open_view(arguments.query, lambda province: with_sites(province, arguments))
    write_whole(path, comparison_pdf(view, province, arguments.link))
    sys.stdout.write(f"{path}\n")
