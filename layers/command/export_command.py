"""Write a view's data: ``python -m layers export QUERY -o FILE``."""

from __future__ import annotations

import argparse

from layers.command.view_file import add_view_arguments, write_view
from layers.paper.sheet import PaperOptions


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``export``."""
    add_view_arguments(command, "data")


def run(arguments: argparse.Namespace) -> None:
    """Write the file. Raises what ``write_view`` raises."""
    write_view(arguments, "data", PaperOptions(link=arguments.link))
