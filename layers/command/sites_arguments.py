"""The arguments by which a command takes own sites along."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.loader import Province
from layers.command.reading_arguments import HowRead, add_reading_arguments


def add_sites_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments for a file of own sites."""
    own = command.add_argument_group("own sites")
    own.add_argument("--sites", type=Path, metavar="FILE", help="sites of yours, shown as such")
    add_reading_arguments(own)
    own.add_argument("--sites-sector", metavar="ID", help="of rows that do not tell their sector")
    own.add_argument("--sites-kind", metavar="ID", help="of rows that do not tell their kind")


def with_sites(province: Province, arguments: argparse.Namespace) -> Province:
    """Return ``province`` with the own sites that the arguments name.

    Raises what ``add_file`` raises.
    """
    if arguments.sites is None:
        return province
    from layers.command.upload_check import add_file

    return add_file(
        province,
        arguments.sites,
        HowRead.of(arguments),
        sector=arguments.sites_sector,
        kind=arguments.sites_kind,
    )
