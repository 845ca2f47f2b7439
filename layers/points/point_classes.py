"""Decide how points of a register are drawn at a zoom: one by one, or as which classes of density.

What a colour means belongs to the chosen points and the zoom, never to one tile or one sheet,
so that neighbouring tiles, the screen and paper match.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusters.registers.register_filter import Chosen
from data.register.grid import LEVELS, metres_per_cell
from data.register.store import Register
from layers.specification.point_style import PointStyle
from layers.specification.symbology import DENSITY_RAMP

TILE_BITS = 8
"""A tile of the base size is 2**8 pixels wide."""


@dataclass(frozen=True)
class DensityLegend:
    """What the colours of density mean at a zoom.

    ``breaks`` are the smallest counts of the classes, points in a cell; ``colors`` go with
    them; ``cell_m`` is the width of a cell on the ground in metres, in the middle of the
    register.
    """

    breaks: tuple[int, ...]
    colors: tuple[str, ...]
    cell_m: float


def shows_singles(register: Register, chosen: Chosen, zoom: int, style: PointStyle) -> bool:
    """Whether a zoom shows single points, not density: the same for all its tiles."""
    if zoom >= style.singles_from_zoom or len(chosen) <= style.singles_below:
        return True
    return _fullest(register, chosen, zoom) <= style.singles_in_tile


def _fullest(register: Register, chosen: Chosen, level: int) -> int:
    """Return how many chosen points the fullest cell of a level holds."""
    starts = register.cell_starts(level)
    return int(chosen.count_between(starts[:-1], starts[1:]).max(initial=0))


def density_breaks(
    register: Register, chosen: Chosen, zoom: int, style: PointStyle
) -> tuple[int, ...]:
    """Return the smallest counts of the classes of density at a zoom, the first being 1.

    They are taken from 1, 2, 5, 10, 20, 50, ... up to the fullest cell of the whole
    register; no more than the ramp has colours; none where no point is chosen.
    """
    highest = _fullest(register, chosen, cell_level(zoom, style))
    round_numbers = []
    step = 1
    while step <= highest:
        round_numbers += [step * digit for digit in (1, 2, 5) if step * digit <= highest]
        step *= 10
    thinned = -(-len(round_numbers) // len(DENSITY_RAMP)) or 1
    return tuple(round_numbers[::thinned])


def density_legend(
    register: Register, chosen: Chosen, zoom: int, style: PointStyle
) -> DensityLegend:
    """Return the legend of density at a zoom."""
    breaks = density_breaks(register, chosen, zoom, style)
    latitude = (register.bounds[1] + register.bounds[3]) / 2 if register.bounds else 0.0
    cell_m = metres_per_cell(latitude) * 2 ** (LEVELS - cell_level(zoom, style))
    return DensityLegend(breaks, ramp_colors(len(breaks)), cell_m)


def legend_at(
    register: Register, chosen: Chosen, zoom: int, style: PointStyle
) -> DensityLegend | None:
    """Return the legend of density at a zoom; ``None`` where single points are drawn."""
    if shows_singles(register, chosen, zoom, style):
        return None
    return density_legend(register, chosen, zoom, style)


def whole_zoom(zoom: float) -> int:
    """Return the zoom of the tiles on a map at ``zoom``: the nearest whole one, as in Leaflet."""
    return int(zoom + 0.5)


def ramp_colors(count: int) -> tuple[str, ...]:
    """Return ``count`` colours of the ramp, its ends among them."""
    places = np.linspace(0, len(DENSITY_RAMP) - 1, count).round().astype(int)
    return tuple(DENSITY_RAMP[place] for place in places)


def cell_level(zoom: int, style: PointStyle) -> int:
    """Return the level of the grid whose cells density is counted in at a zoom."""
    return zoom + TILE_BITS - style.cell_bits
