"""Draw a register of many points as map tiles: density from afar, single points when near.

A tile is a PNG picture with a palette, 256 or 512 pixels wide. What a colour means belongs to
the view (the chosen points and the zoom), never to one tile, so that neighbours match.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from PIL import Image

from clusters.registers.register_filter import Chosen
from data.register.grid import LEVELS, Floats, metres_per_cell, to_grid
from data.register.store import Register, Rows
from layers.points.point_classes import TILE_BITS, cell_level, density_breaks, shows_singles
from layers.points.point_pixels import (
    Address,
    Pixels,
    category_palette,
    color_places,
    density_classes,
    density_palette,
    disc,
    reach,
    stamp,
    topmost,
)
from layers.specification.point_style import PointStyle

TileSize: TypeAlias = Literal[256, 512]

BASE_SIZE = 2**TILE_BITS
MAX_TILE_ZOOM = 20

_SIZE_BITS: dict[int, int] = {256: 8, 512: 9}
_SEEN_BITS = 7
"""Single points are told apart in a tile of 2**7 by 2**7 cells."""


def tile(
    register: Register,
    chosen: Chosen,
    z: int,
    x: int,
    y: int,
    style: PointStyle,
    *,
    breaks: Sequence[int] | None = None,
    size: TileSize = 256,
) -> bytes:
    """Return the tile z/x/y (web mercator, rows from the north) as PNG.

    ``breaks`` are those of ``density_breaks`` at this zoom; they are found where missing.
    Raises ``ValueError`` for a tile that is none, ``UnknownChoiceError`` for a category that
    the register lacks.
    """
    if not (0 <= z <= MAX_TILE_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise ValueError(f"no tile {z}/{x}/{y} with zoom 0 to {MAX_TILE_ZOOM}")
    if shows_singles(register, chosen, z, style):
        return _singles(register, chosen, (z, x, y), style, size)
    if breaks is None:
        breaks = density_breaks(register, chosen, z, style)
    return _density(register, chosen, (z, x, y), style, breaks, size)


def _density(
    register: Register,
    chosen: Chosen,
    address: Address,
    style: PointStyle,
    breaks: Sequence[int],
    size: TileSize,
) -> bytes:
    level = cell_level(address[0], style)
    image = density_classes(register, chosen, address, level, breaks)
    if image is None:
        return empty_tile(size)
    times = size // len(image)
    image = image.repeat(times, axis=0).repeat(times, axis=1)
    return palette_png(image, *density_palette(len(breaks)))


def _singles(
    register: Register,
    chosen: Chosen,
    address: Address,
    style: PointStyle,
    size: TileSize,
) -> bytes:
    scale = size / BASE_SIZE
    parts = disc(style.radius_px * scale, style.rim_px * scale)
    margin = reach(parts)
    rows = topmost(register, chosen, _around(address), address[0] + _SEEN_BITS)
    columns, lines = _pixels(register, rows, address, size)
    near = (columns >= -margin) & (columns < size + margin)
    near &= (lines >= -margin) & (lines < size + margin)
    if not near.any():
        return empty_tile(size)
    rows = rows[near]
    width = size + 2 * margin
    centers = (lines[near] + margin) * width + columns[near] + margin
    colors, labels = color_places(register, rows, style.color_by)
    image = stamp(centers, colors, parts, (width, width))
    image = image[margin : margin + size, margin : margin + size]
    return palette_png(image, *category_palette(labels, style.value_colors))


def _around(address: Address) -> list[Address]:
    """Return a tile and its neighbours, up to eight."""
    zoom, x, y = address
    return [
        (zoom, column, row)
        for column in range(max(x - 1, 0), min(x + 2, 2**zoom))
        for row in range(max(y - 1, 0), min(y + 2, 2**zoom))
    ]


def _pixels(
    register: Register, rows: Rows, address: Address, size: TileSize
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the pixels of points, counted from the tile's upper left corner."""
    zoom, x, y = address
    shift = np.uint32(LEVELS - zoom - _SIZE_BITS[size])
    columns = (register.column[rows] >> shift).astype(np.int64) - x * size
    return columns, (register.row[rows] >> shift).astype(np.int64) - y * size


def palette_png(image: Pixels, palette: bytes, alphas: bytes) -> bytes:
    """Return places of a palette as a PNG picture; quickly rather than small."""
    picture = Image.fromarray(np.ascontiguousarray(image))
    picture.putpalette(palette)
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=alphas, compress_level=1)
    return out.getvalue()


@lru_cache(maxsize=4)
def empty_tile(size: TileSize) -> bytes:
    """Return a tile without points."""
    return palette_png(np.zeros((size, size), dtype=np.uint8), b"\0\0\0", b"\0")


def identify(
    register: Register,
    chosen: Chosen,
    longitude: float,
    latitude: float,
    radius_m: float,
    *,
    limit: int = 20,
) -> pa.Table:
    """Return the chosen points within ``radius_m`` metres of a place, nearest first.

    The place is in EPSG:4326, in decimal degrees. The columns are those of
    ``Register.records`` and ``distance_m``, on the ground; at most ``limit`` rows.
    """
    (column,), (row,) = to_grid(np.array([longitude]), np.array([latitude]))
    within = radius_m / metres_per_cell(latitude)
    rows = _rows_near(register, chosen, (int(column), int(row)), within)
    distances: Floats = np.hypot(
        register.column[rows].astype(np.float64) - column,
        register.row[rows].astype(np.float64) - row,
    )
    nearest = np.argsort(distances, kind="stable")[:limit]
    nearest = nearest[distances[nearest] <= within]
    found = register.records(rows[nearest])
    distances_m = distances[nearest] * metres_per_cell(latitude)
    return found.append_column("distance_m", pa.array(distances_m))


def _rows_near(register: Register, chosen: Chosen, place: tuple[int, int], reach: float) -> Rows:
    """Return the chosen rows of the cells (at most four) that a square around a place meets."""
    level = max(0, LEVELS - max(1, int(np.ceil(2 * reach))).bit_length())
    shift, most = LEVELS - level, 2**LEVELS - 1
    columns, rows = (
        range(max(0, int(middle - reach)) >> shift, (min(most, int(middle + reach)) >> shift) + 1)
        for middle in place
    )
    runs = sorted(register.cell_rows(level, column, row) for column in columns for row in rows)
    return np.concatenate([chosen.rows_between(*run) for run in runs])
