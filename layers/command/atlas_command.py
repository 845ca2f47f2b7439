"""Print a map of each city, sector and role: ``python -m layers atlas --out DIR``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.loader import default_province_id, load_province
from data.text import LANGUAGES
from layers.batch.map_series import write_batch
from layers.command.points_arguments import PointsArguments, add_points_arguments


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``atlas``."""
    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="goes on if stopped"
    )
    command.add_argument("--province", help="the province to print")
    command.add_argument("--lang", choices=LANGUAGES, default="zh")
    add_points_arguments(command, reading=True)


def run(arguments: argparse.Namespace) -> None:
    """Write the maps, and how far they are. Raises ``AtlasError`` for what cannot be used."""
    points = PointsArguments(arguments)
    province = points.join(load_province(arguments.province or default_province_id()))
    for done, total in write_batch(province, arguments.lang, arguments.out, points.drawn):
        bar = "#" * round(40 * done / total)
        sys.stderr.write(f"\r[{bar:<40}] {done}/{total}")
    sys.stderr.write("\n")
    sys.stdout.write(f"{arguments.out}\n")
