"""Write a view as a map: ``python -m layers snapshot QUERY -o FILE``."""

from __future__ import annotations

import argparse

from layers.command.view_file import add_view_arguments, write_view
from layers.paper.sheet import ORIENTATIONS, PAPER_EXTENTS, PAPER_SCALES, PAPER_SIZES, PaperOptions


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``snapshot``."""
    add_view_arguments(command, "map")
    paper = command.add_argument_group("paper (png, svg, pdf, pptx)")
    paper.add_argument("--size", choices=PAPER_SIZES, default="a4", help="wide is 16:9")
    paper.add_argument("--orientation", choices=ORIENTATIONS, default="auto")
    paper.add_argument("--extent", choices=PAPER_EXTENTS, default="view", help="what is shown")
    paper.add_argument("--title", help="instead of the view's own title")
    paper.add_argument("--subtitle", help="instead of the view's own subtitle")
    paper.add_argument(
        "--scale",
        type=int,
        choices=PAPER_SCALES,
        help="how many times smaller than the ground (500000 for 1 : 500,000)",
    )
    paper.add_argument("--graticule", action="store_true", help="draw meridians and parallels")
    paper.add_argument("--no-inset", action="store_true", help="leave out the inset map")


def run(arguments: argparse.Namespace) -> None:
    """Write the map. Raises what ``write_view`` raises."""
    options = PaperOptions(
        size=arguments.size,
        orientation=arguments.orientation,
        extent=arguments.extent,
        title=arguments.title,
        subtitle=arguments.subtitle,
        graticule=arguments.graticule,
        scale=arguments.scale,
        inset=not arguments.no_inset,
        link=arguments.link,
    )
    write_view(arguments, "map", options)
