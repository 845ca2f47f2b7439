"""List the sites that match a query: ``python -m layers sites QUERY -o FILE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.errors import UnknownChoiceError
from data.whole_file import write_whole
from layers.address.opened import open_view
from layers.command.sites_arguments import add_sites_arguments, with_sites
from layers.exports.site_files import SITE_FILES, site_file
from layers.words.matching_words import matching_sentence


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``sites``."""
    command.add_argument("query", metavar="QUERY", help="a page's query string, without '?'")
    files = ", ".join(f"FILE.{form}" for form in SITE_FILES)
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=files)
    command.add_argument("--link", help="the view's address, for the first sheet of a workbook")
    add_sites_arguments(command)


def run(arguments: argparse.Namespace) -> None:
    """Write the list, and say what matches.

    Raises ``AtlasError`` for a query or a file that cannot be used.
    """
    path: Path = arguments.output
    form = path.suffix.removeprefix(".").lower()
    if form not in SITE_FILES:
        raise UnknownChoiceError("-o", path.name, [f"FILE.{one}" for one in SITE_FILES])
    view, province = open_view(arguments.query, lambda province: with_sites(province, arguments))
    write_whole(path, site_file(view, province, form, link=arguments.link))
    found = matching_sentence(view.selection, province, view.language)
    if found:
        sys.stderr.write(f"{found}\n")
    sys.stdout.write(f"{path}\n")
