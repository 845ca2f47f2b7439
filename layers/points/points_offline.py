"""Give points of a register to a page without a server: as a picture of density, or as signs."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from clusters.registers.register_filter import choose
from data.register.grid import LEVELS, to_degrees
from layers.points.point_classes import (
    cell_level,
    density_breaks,
    density_legend,
    whole_zoom,
)
from layers.points.point_layer import with_legend
from layers.points.point_pixels import color_places, density_mosaic, density_palette, tiles_over
from layers.points.point_tiles import palette_png
from layers.specification.map_spec import MapSpec
from layers.specification.symbology import category_colors

_ZOOMS = (5, 10)
"""Zooms whose density is drawn: nearer ones would make large pictures."""
_FITTED_ZOOM = 8
MOST_SIGNS = 5000


def offline_points(spec: MapSpec) -> tuple[MapSpec, dict[str, Any] | None]:
    """Return ``spec`` with the legend that holds, and what a page without a server draws.

    ``signs`` are latitude, longitude (decimal degrees) and the place of a colour in ``colors``;
    ``picture`` is a PNG in an address, ``bounds`` its corners in the south-west and north-east.
    ``None`` where the view has no points.
    """
    drawn = spec.points
    if drawn is None:
        return spec, None
    register, style = drawn.points.register, drawn.style
    chosen = choose(register, drawn.wanted)
    if len(chosen) <= MOST_SIGNS:
        rows = chosen.rows_between(0, register.placed)
        longitude, latitude = register.positions(rows)
        places, labels = color_places(register, rows, style.color_by)
        signs = np.column_stack([latitude.round(6), longitude.round(6), places])
        return with_legend(spec, drawn, None), {
            "signs": signs.tolist(),
            "colors": list(category_colors(labels, style.value_colors)),
            "radius": style.radius_px,
            "rim": style.rim_px,
        }
    wished = whole_zoom(spec.extent.zoom or _FITTED_ZOOM)
    zoom = min(max(wished, _ZOOMS[0]), _ZOOMS[1])
    level = cell_level(zoom, style)
    breaks = density_breaks(register, chosen, zoom, style)
    west, south, east, north = spec.extent.bounds
    addresses = tiles_over(np.array([west, east]), np.array([south, north]), zoom)
    cells, column, row = density_mosaic(register, chosen, addresses, level, breaks)
    png = palette_png(cells, *density_palette(len(breaks)))
    corners = ((column, row + cells.shape[0]), (column + cells.shape[1], row))
    ends = np.array(corners, dtype=np.uint64) << np.uint64(LEVELS - level)
    longitude, latitude = to_degrees(*np.minimum(ends, 2**LEVELS - 1).astype(np.uint32).T)
    legend = density_legend(register, chosen, zoom, style)
    return with_legend(spec, drawn, legend), {
        "picture": "data:image/png;base64," + base64.b64encode(png).decode(),
        "bounds": [[float(y), float(x)] for x, y in zip(longitude, latitude, strict=True)],
    }
