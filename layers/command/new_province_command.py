"""Make a province's folder: ``python -m layers new-province --adcode NUMBER``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.authoring.new_province import new_province
from data.errors import AtlasError
from data.loader import PROVINCES_FOLDER


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``new-province``."""
    command.add_argument(
        "--adcode", type=int, required=True, help="of the province, such as 330000"
    )
    command.add_argument("--id", help="its name in addresses; its English name where none is given")
    command.add_argument("--out", type=Path, default=PROVINCES_FOLDER, metavar="DIR")


def run(arguments: argparse.Namespace) -> None:
    """Make the folder. Raises ``AtlasError`` where it is there, or boundaries are missing."""
    try:
        made = new_province(arguments.adcode, arguments.out, arguments.id)
    except ModuleNotFoundError as error:
        words = f"{error.name} is missing: pip install -r requirements/dev.txt"
        raise AtlasError(words) from error
    except FileExistsError as error:
        raise AtlasError(f"{error.filename} is there already; remove it, or choose --id") from error
    sys.stdout.write(f"{made}\n")
