"""Draw points of a register on the print map: density, or single points, as tiles show them.

Density and many single points are a picture at the resolution of print, also in files of
vectors; few single points are signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.transforms import IdentityTransform

from clusters.registers.register_filter import Chosen, choose
from data.crs import GEOGRAPHIC, transformer
from data.register.grid import LEVELS, MAX_LATITUDE, Floats, to_grid
from data.register.store import Rows
from layers.paper.frame import Frame
from layers.paper.symbols import POINTS_PER_PIXEL
from layers.points.point_classes import (
    TILE_BITS,
    cell_level,
    density_breaks,
    shows_singles,
    whole_zoom,
)
from layers.points.point_pixels import (
    Address,
    Pixels,
    category_palette,
    color_places,
    colors_of,
    density_mosaic,
    density_palette,
    disc,
    reach,
    stamp,
    tiles_over,
    topmost,
)
from layers.specification.map_spec import DrawnPoints, Label, MapSpec
from layers.specification.symbology import PAPER, category_colors

RESOLUTION_DPI = 300
MOST_SIGNS = 5000
"""So many single points are drawn as signs; more are a picture."""

_ABOVE_SIGNS = 49.5
"""Signs and names of the layer at place ``n`` stand at 50 + ``n``."""
_PIXELS_PER_POINT = RESOLUTION_DPI / 72
_NODE_PX = 32
_BAND_PX = 256
_MOST_TILE_ZOOM = LEVELS - TILE_BITS


@dataclass(frozen=True)
class Raster:
    """The pixels of a map frame: its box in metres of ``crs``, and how many they are."""

    west: float
    south: float
    east: float
    north: float
    width: int
    height: int
    crs: str

    @property
    def pixel_m(self) -> float:
        """The size of a pixel in metres."""
        return (self.east - self.west) / self.width

    def degrees(self, columns: Floats, lines: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude of places of the picture, in pixels from its corner."""
        x = self.west + columns * self.pixel_m
        y = self.north - lines * (self.north - self.south) / self.height
        longitude, latitude = transformer(self.crs, GEOGRAPHIC).transform(x, y)
        return np.clip(longitude, -180, 180), np.clip(latitude, -MAX_LATITUDE, MAX_LATITUDE)

    def pixels(self, longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
        """Return columns and lines of places in degrees, in pixels from the upper left corner."""
        x, y = transformer(GEOGRAPHIC, self.crs).transform(longitude, latitude)
        lines = (self.north - y) * self.height / (self.north - self.south)
        return (x - self.west) / self.pixel_m, lines

    def addresses(self, zoom: int, margin_px: float) -> list[Address]:
        """Return the tiles of a zoom that the picture and a margin around it meet."""
        steps = np.linspace(0, 1, 21)
        columns = -margin_px + steps * (self.width + 2 * margin_px)
        lines = -margin_px + steps * (self.height + 2 * margin_px)
        ends = np.concatenate([np.full(21, columns[0]), np.full(21, columns[-1])])
        sides = np.concatenate([np.full(21, lines[0]), np.full(21, lines[-1])])
        around = self.degrees(
            np.concatenate([ends, columns, columns]), np.concatenate([lines, lines, sides])
        )
        return tiles_over(*around, zoom)


def raster_of(frame: Frame, crs: str, units_per_point: float) -> Raster:
    """Return the pixels of a map frame at the resolution of print."""
    west, south, east, north = frame.box.bounds
    size_m = units_per_point / _PIXELS_PER_POINT
    width, height = (max(1, round(length / size_m)) for length in (east - west, north - south))
    return Raster(west, south, east, north, width, height, crs)


def draw_register(
    axes: Axes, spec: MapSpec, frame: Frame, crs: str, units_per_point: float
) -> None:
    """Draw the points of ``spec``, if it has any, below the names and above all else."""
    drawn = spec.points
    if drawn is None:
        return
    register, style = drawn.points.register, drawn.style
    chosen = choose(register, drawn.wanted)
    zoom = min(whole_zoom(frame.zoom), _MOST_TILE_ZOOM)
    raster = raster_of(frame, crs, units_per_point)
    order = _ABOVE_SIGNS + next(
        (
            place
            for place, layer in enumerate(spec.layers)
            if all(isinstance(found.symbol, Label) for found in layer.classes)
        ),
        len(spec.layers),
    )
    if not shows_singles(register, chosen, zoom, style):
        _show(axes, raster, density_picture(drawn, chosen, raster, zoom), order)
        return
    addresses = raster.addresses(zoom, (style.radius_px + style.rim_px) * _scale())
    runs = sorted(register.cell_rows(*address) for address in addresses)
    starts, stops = np.array(runs, dtype=np.int64).T
    if int(chosen.count_between(starts, stops).sum()) <= MOST_SIGNS:
        rows = np.concatenate([chosen.rows_between(*run) for run in runs])
        _draw_signs(axes, drawn, rows, crs, order)
        return
    rows = topmost(register, chosen, addresses, min(zoom + TILE_BITS, LEVELS))
    _show(axes, raster, singles_picture(drawn, rows, raster), order)


def _scale() -> float:
    """Return how many pixels of print a CSS pixel has."""
    return POINTS_PER_PIXEL * _PIXELS_PER_POINT


def density_picture(drawn: DrawnPoints, chosen: Chosen, raster: Raster, zoom: int) -> Pixels:
    """Return the density that tiles of ``zoom`` show, as red, green, blue and opacity.

    Each pixel has the class of the cell of web mercator that its middle lies in.
    """
    register, style = drawn.points.register, drawn.style
    breaks = density_breaks(register, chosen, zoom, style)
    level = cell_level(zoom, style)
    cells, left, top = density_mosaic(register, chosen, raster.addresses(zoom, 1.0), level, breaks)
    colors = colors_of(density_palette(len(breaks)))
    picture = np.empty((raster.height, raster.width, 4), dtype=np.uint8)
    for first in range(0, raster.height, _BAND_PX):
        lines = np.arange(first, min(first + _BAND_PX, raster.height))
        columns, rows = _cells_of(raster, lines, level)
        picture[lines] = colors[
            cells[
                np.clip(rows - top, 0, len(cells) - 1),
                np.clip(columns - left, 0, cells.shape[1] - 1),
            ]
        ]
    return picture


def _cells_of(
    raster: Raster, lines: npt.NDArray[np.int64], level: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return column and row of the cell of ``level`` under the pixels of some lines.

    Only nodes are projected; between them, a fraction of a millimetre apart, projections are
    straight to far less than a pixel.
    """
    ys: Floats = np.asarray(lines, dtype=np.float64) + 0.5
    xs: Floats = np.arange(raster.width, dtype=np.float64) + 0.5
    nodes = _nodes(xs), _nodes(ys)
    across, down = np.meshgrid(*nodes)
    column, row = to_grid(*raster.degrees(across, down))
    cell = float(2 ** (LEVELS - level))
    return _between(column / cell, nodes, (xs, ys)), _between(row / cell, nodes, (xs, ys))


def _nodes(places: Floats) -> Floats:
    count = max(2, len(places) // _NODE_PX + 1)
    return np.linspace(places[0], places[-1], count, dtype=np.float64)


def _between(
    nodes: Floats, places: tuple[Floats, Floats], wanted: tuple[Floats, Floats]
) -> npt.NDArray[np.int64]:
    """Return values between ``nodes`` (lines by columns at ``places``), rounded down."""
    for axis, at, there in ((1, places[0], wanted[0]), (0, places[1], wanted[1])):
        step = (there - at[0]) / (at[-1] - at[0] or 1.0) * (len(at) - 1)
        low = np.clip(step.astype(np.int64), 0, len(at) - 2)
        share = step - low
        share = share[None, :] if axis else share[:, None]
        nodes = np.take(nodes, low, axis) * (1 - share) + np.take(nodes, low + 1, axis) * share
    return nodes.astype(np.int64)


def singles_picture(drawn: DrawnPoints, rows: Rows, raster: Raster) -> Pixels:
    """Return discs at the places of ``rows``, as red, green, blue and opacity."""
    register, style = drawn.points.register, drawn.style
    parts = disc(style.radius_px * _scale(), style.rim_px * _scale())
    margin = reach(parts)
    columns, lines = (
        np.floor(values).astype(np.int64) for values in raster.pixels(*register.positions(rows))
    )
    near = (columns >= -margin) & (columns < raster.width + margin)
    near &= (lines >= -margin) & (lines < raster.height + margin)
    shape = raster.height + 4 * margin, raster.width + 4 * margin
    centers = (lines[near] + 2 * margin) * shape[1] + columns[near] + 2 * margin
    colors, labels = color_places(register, rows[near], style.color_by)
    image = stamp(centers, colors, parts, shape)
    inside = slice(2 * margin, -2 * margin)
    return colors_of(category_palette(labels, style.value_colors))[image[inside, inside]]


class _Picture(AxesImage):
    """A picture that fills the axes; at its own resolution it is drawn as it is.

    Its lines are from below. Resampling would take ten times its memory.
    """

    def make_image(
        self, renderer: Any, magnification: float = 1.0, unsampled: bool = False
    ) -> tuple[Any, float, float, Any]:
        """Return the picture, resampled only where the renderer's pixels are others."""
        box = self.axes.bbox
        picture: Pixels = np.ma.getdata(np.ma.asarray(self.get_array()))
        size = box.height * magnification, box.width * magnification
        if any(abs(there - own) > 1 for there, own in zip(size, picture.shape, strict=False)):
            found: tuple[Any, float, float, Any] = super().make_image(
                renderer, magnification, unsampled
            )
            return found
        return picture, box.x0, box.y0, IdentityTransform()


def _show(axes: Axes, raster: Raster, picture: Pixels, order: float) -> None:
    extent = (raster.west, raster.east, raster.south, raster.north)
    image = _Picture(axes, extent=extent, origin="lower", interpolation="nearest", zorder=order)
    image.set_data(np.ascontiguousarray(picture[::-1]))
    axes.add_artist(image)


def _draw_signs(axes: Axes, drawn: DrawnPoints, rows: Rows, crs: str, order: float) -> None:
    if not len(rows):
        return
    register, style = drawn.points.register, drawn.style
    x, y = transformer(GEOGRAPHIC, crs).transform(*register.positions(rows))
    places, labels = color_places(register, rows, style.color_by)
    # The rim is a line around its own middle, half of it over the disc.
    width = (2 * style.radius_px + style.rim_px) * POINTS_PER_PIXEL
    axes.scatter(
        x,
        y,
        s=width**2,
        c=np.array(category_colors(labels, style.value_colors))[places],
        edgecolors=PAPER,
        linewidths=style.rim_px * POINTS_PER_PIXEL,
        zorder=order,
    )
