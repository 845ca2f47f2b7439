"""Say how points of a register are drawn: their colours, their size, and when one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

PointsMode = Literal["tiles", "cities", "counties", "hexagons"]
POINT_MODES: tuple[PointsMode, ...] = get_args(PointsMode)
"""How points are shown: as density and single points, or counted."""


@dataclass(frozen=True)
class PointStyle:
    """How points are drawn.

    ``color_by`` names the category that gives single points their colours (``None``: one
    colour); values of ``value_colors`` have one of their own. Density cells are
    ``2**cell_bits`` pixels wide. Single points are drawn where at most ``singles_below`` are
    chosen, where no tile of the zoom holds more than ``singles_in_tile``, and from
    ``singles_from_zoom`` on; ``radius_px`` and ``rim_px`` are their size on a tile of 256
    pixels.
    """

    color_by: str | None = None
    value_colors: tuple[tuple[str, str], ...] = ()
    cell_bits: int = 1
    singles_below: int = 5000
    singles_in_tile: int = 2000
    singles_from_zoom: int = 14
    radius_px: float = 3.0
    rim_px: float = 0.8
