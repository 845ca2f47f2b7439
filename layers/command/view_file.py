"""Write a view to a file, as a command asks for it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.errors import UnknownChoiceError
from data.whole_file import write_whole
from layers.address.opened import open_view
from layers.command.points_arguments import PointsArguments, add_points_arguments
from layers.command.sites_arguments import add_sites_arguments, with_sites
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.exporter import Exporter, ExportKind
from layers.paper.sheet import PaperOptions


def add_view_arguments(command: argparse.ArgumentParser, kind: ExportKind) -> None:
    """Add what every file of a view is asked for by."""
    command.add_argument("query", metavar="QUERY", help="a page's query string, without '?'")
    files = ", ".join(f"FILE.{extension}" for extension in _by_extension(kind))
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=files)
    add_sites_arguments(command)
    add_points_arguments(command, reading=False)
    command.add_argument("--link", help="the view's address: as a QR code, or in a workbook")


def write_view(arguments: argparse.Namespace, kind: ExportKind, options: PaperOptions) -> None:
    """Write the view that the query describes.

    Raises ``AtlasError`` for a query or a file that cannot be used.
    """
    path: Path = arguments.output
    exporter = _exporter_of(path, kind)
    points = PointsArguments(arguments)
    view, province = open_view(
        arguments.query, lambda province: points.join(with_sites(province, arguments))
    )
    spec = compose(view, province)
    if points.drawn is not None:
        from layers.points.points_asked import with_asked

        spec, province = with_asked(spec, province, *points.drawn)
    write_whole(path, exporter.write(spec, province, options))
    sys.stdout.write(f"{path}\n")


def _by_extension(kind: ExportKind) -> dict[str, Exporter]:
    return {one.extension: one for one in all_exporters().values() if one.kind == kind}


def _exporter_of(path: Path, kind: ExportKind) -> Exporter:
    known = _by_extension(kind)
    extension = path.suffix.removeprefix(".").lower()
    if extension not in known:
        raise UnknownChoiceError("-o", path.name, [f"FILE.{name}" for name in known])
    return known[extension]
