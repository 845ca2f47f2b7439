"""Draw a register of many points as map tiles: density from afar, single points when near.

A tile is a PNG picture with a palette, 256 or 512 pixels wide. What a colour means belongs to
the view (the chosen points and the zoom), never to one tile, so that neighbours match.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from PIL import Image

from clusters.register_filter import Chosen
from data.register.grid import LEVELS, Floats, metres_per_cell, to_grid
from data.register.store import Register, Rows
from layers.symbology import (
    DENSITY_OPACITY,
    DENSITY_RAMP,
    MAX_CATEGORY_COLORS,
    PAPER,
    category_colors,
)

TileSize: TypeAlias = Literal[256, 512]
Pixels: TypeAlias = npt.NDArray[np.uint8]

BASE_SIZE = 256
MAX_TILE_ZOOM = 20

_SIZE_BITS: dict[int, int] = {256: 8, 512: 9}
_SEEN_BITS = 7
"""Single points are told apart in a tile of 2**7 by 2**7 cells."""
_WHITE = (3, 2, 1)
"""Palette places of the rim: opaque, two thirds, one third."""
_FIRST_COLOR = 4
_SHADES = 3


@dataclass(frozen=True)
class TileStyle:
    """How points are drawn.

    ``color_by`` names the category that gives single points their colours (``None``: one
    colour). Density cells are ``2**cell_bits`` pixels wide. Single points are drawn where at
    most ``singles_below`` are chosen, where no tile of the zoom holds more than
    ``singles_in_tile``, and from ``singles_from_zoom`` on; ``radius_px`` and ``rim_px`` are
    their size on a tile of 256 pixels.
    """

    color_by: str | None = None
    cell_bits: int = 1
    singles_below: int = 5000
    singles_in_tile: int = 2000
    singles_from_zoom: int = 14
    radius_px: float = 3.0
    rim_px: float = 0.8


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


def tile(
    register: Register,
    chosen: Chosen,
    z: int,
    x: int,
    y: int,
    style: TileStyle,
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


def shows_singles(register: Register, chosen: Chosen, zoom: int, style: TileStyle) -> bool:
    """Whether a zoom shows single points, not density: the same for all its tiles."""
    if zoom >= style.singles_from_zoom or len(chosen) <= style.singles_below:
        return True
    return _fullest(register, chosen, zoom) <= style.singles_in_tile


def _fullest(register: Register, chosen: Chosen, level: int) -> int:
    """Return how many chosen points the fullest cell of a level holds."""
    starts = register.cell_starts(level)
    return int(chosen.count_between(starts[:-1], starts[1:]).max(initial=0))


def density_breaks(
    register: Register, chosen: Chosen, zoom: int, style: TileStyle
) -> tuple[int, ...]:
    """Return the smallest counts of the classes of density at a zoom, the first being 1.

    They are taken from 1, 2, 5, 10, 20, 50, ... up to the fullest cell of the whole
    register; no more than the ramp has colours; none where no point is chosen.
    """
    fullest = _fullest(register, chosen, _cell_level(zoom, style))
    round_numbers = []
    step = 1
    while step <= fullest:
        round_numbers += [step * digit for digit in (1, 2, 5) if step * digit <= fullest]
        step *= 10
    thinned = -(-len(round_numbers) // len(DENSITY_RAMP)) or 1
    return tuple(round_numbers[::thinned])


def density_legend(
    register: Register, chosen: Chosen, zoom: int, style: TileStyle
) -> DensityLegend:
    """Return the legend of density at a zoom."""
    breaks = density_breaks(register, chosen, zoom, style)
    latitude = (register.bounds[1] + register.bounds[3]) / 2 if register.bounds else 0.0
    cell_m = metres_per_cell(latitude) * 2 ** (LEVELS - _cell_level(zoom, style))
    return DensityLegend(breaks, ramp_colors(len(breaks)), cell_m)


def ramp_colors(count: int) -> tuple[str, ...]:
    """Return ``count`` colours of the ramp, its ends among them."""
    places = np.linspace(0, len(DENSITY_RAMP) - 1, count).round().astype(int)
    return tuple(DENSITY_RAMP[place] for place in places)


def _cell_level(zoom: int, style: TileStyle) -> int:
    return zoom + _SIZE_BITS[BASE_SIZE] - style.cell_bits


def _density(
    register: Register,
    chosen: Chosen,
    address: tuple[int, int, int],
    style: TileStyle,
    breaks: Sequence[int],
    size: TileSize,
) -> bytes:
    zoom = address[0]
    level = _cell_level(zoom, style)
    starts = register.cell_starts(level)
    first, last = _cells_in(starts, register.cell_rows(*address))
    cells, ends = starts[first:last], starts[first + 1 : last + 1]
    counts = chosen.count_between(cells, ends)
    held = counts > 0
    if not held.any():
        return empty_tile(size)
    cells, counts = cells[held], counts[held]
    width = 1 << (level - zoom)
    shift, inside = np.uint32(LEVELS - level), np.uint32(width - 1)
    columns = (register.column[cells] >> shift) & inside
    rows = (register.row[cells] >> shift) & inside
    image = np.zeros((width, width), dtype=np.uint8)
    image[rows, columns] = np.searchsorted(breaks, counts, side="right")
    times = size // width
    image = image.repeat(times, axis=0).repeat(times, axis=1)
    return _png(image, *_density_palette(len(breaks)))


@lru_cache(maxsize=16)
def _density_palette(count: int) -> tuple[bytes, bytes]:
    colors = b"".join(_rgb(color) for color in ramp_colors(count))
    return b"\0\0\0" + colors, bytes([0] + [round(255 * DENSITY_OPACITY)] * count)


def _singles(
    register: Register,
    chosen: Chosen,
    address: tuple[int, int, int],
    style: TileStyle,
    size: TileSize,
) -> bytes:
    scale = size / BASE_SIZE
    solid, soft = _disc(style.radius_px * scale, style.rim_px * scale)
    margin = max(abs(offset) for part in (solid, soft) for offset in part[0])
    rows = _topmost_around(register, chosen, address)
    columns, lines = _pixels(register, rows, address, size)
    near = (columns >= -margin) & (columns < size + margin)
    near &= (lines >= -margin) & (lines < size + margin)
    if not near.any():
        return empty_tile(size)
    rows = rows[near]
    width = size + 2 * margin
    centers = (lines[near] + margin) * width + columns[near] + margin
    labels: tuple[Any, ...] = ("",)
    colors = np.zeros(len(rows), dtype=np.int64)
    if style.color_by is not None:
        category = register.category(style.color_by)
        labels = category.labels
        colors = np.minimum(category.codes[rows], MAX_CATEGORY_COLORS).astype(np.int64)
    image = _stamp(centers, colors, (solid, soft), width)
    image = image.reshape(width, width)[margin : margin + size, margin : margin + size]
    return _png(image, *_category_palette(labels[: MAX_CATEGORY_COLORS + 1]))


def _topmost_around(register: Register, chosen: Chosen, address: tuple[int, int, int]) -> Rows:
    """Return the chosen rows that are seen in a tile and its eight neighbours, in their order.

    Later points lie on earlier ones, in every tile alike; of points that share two by two
    pixels only the last is seen, so that the work does not grow with their number.
    """
    zoom, x, y = address
    starts = register.cell_starts(zoom + _SEEN_BITS)
    runs = sorted(
        register.cell_rows(zoom, column, row)
        for column in range(max(x - 1, 0), min(x + 2, 2**zoom))
        for row in range(max(y - 1, 0), min(y + 2, 2**zoom))
    )
    found = []
    for run in runs:
        first, last = _cells_in(starts, run)
        found.append(chosen.last_between(starts[first:last], starts[first + 1 : last + 1]))
    return np.concatenate(found)


def _cells_in(starts: Rows, run: tuple[int, int]) -> tuple[int, int]:
    """Return the first cell of a run of rows, and one past the last."""
    # In the type of ``starts``, or all of it would be copied into another.
    first, last = np.searchsorted(starts, np.array(run, dtype=starts.dtype))
    return int(first), int(last)


def _pixels(
    register: Register, rows: Rows, address: tuple[int, int, int], size: TileSize
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the pixels of points, counted from the tile's upper left corner."""
    zoom, x, y = address
    shift = np.uint32(LEVELS - zoom - _SIZE_BITS[size])
    columns = (register.column[rows] >> shift).astype(np.int64) - x * size
    return columns, (register.row[rows] >> shift).astype(np.int64) - y * size


_Part: TypeAlias = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@lru_cache(maxsize=16)
def _disc(radius: float, rim: float) -> tuple[_Part, _Part]:
    """Return the opaque and the soft pixels of a disc: columns, rows, shades.

    A shade of 0 to 2 is the disc's colour, pure or mixed with the rim's white; a negative
    shade is minus the palette place of the rim.
    """
    reach = int(np.ceil(radius + rim))
    solid: list[tuple[int, int, int]] = []
    soft: list[tuple[int, int, int]] = []
    for row in range(-reach, reach + 1):
        for column in range(-reach, reach + 1):
            distance = float(np.hypot(column, row))
            colored = _thirds(radius - distance)
            covered = _thirds(radius + rim - distance)
            if colored:
                solid.append((column, row, _SHADES - colored))
            elif covered == _SHADES:
                solid.append((column, row, -_WHITE[0]))
            elif covered:
                soft.append((column, row, -_WHITE[_SHADES - covered]))
    return _part(solid), _part(soft)


def _part(pixels: list[tuple[int, int, int]]) -> _Part:
    columns, rows, shades = zip(*pixels, strict=True) if pixels else ((), (), ())
    return columns, rows, shades


def _thirds(depth: float) -> int:
    """Return how much of a pixel an edge covers, in thirds, ``depth`` pixels inside it."""
    return round(_SHADES * min(max(depth + 0.5, 0.0), 1.0))


def _stamp(centers: Rows, colors: Rows, parts: tuple[_Part, _Part], width: int) -> Pixels:
    """Put a disc on each pixel of ``centers``; soft edges never cover what is opaque."""
    # Room above and below for discs that reach over the first and the last line.
    room = width * (max(abs(row) for part in parts for row in part[1]) + 1)
    image = np.zeros(width * width + 2 * room, dtype=np.uint8)
    first = _FIRST_COLOR + _SHADES * colors
    for columns, rows, shades in reversed(parts):
        if columns:
            steps = np.array(rows) * width + np.array(columns) + room
            kinds = np.array(shades)
            values = np.where(kinds >= 0, first[:, None] + kinds, -kinds).astype(np.uint8)
            image[centers[:, None] + steps] = values
    return image[room : room + width * width]


@lru_cache(maxsize=64)
def _category_palette(labels: tuple[Any, ...]) -> tuple[bytes, bytes]:
    white = _rgb(PAPER)
    colors = b"\0\0\0" + white * 3
    alphas = [0, 85, 170, 255]
    for color in category_colors(labels):
        pure = np.frombuffer(_rgb(color), dtype=np.uint8).astype(float)
        for shade in range(_SHADES):
            mixed = pure + (255 - pure) * shade / _SHADES
            colors += bytes(mixed.round().astype(np.uint8).tolist())
            alphas.append(255)
    return colors, bytes(alphas)


def _rgb(color: str) -> bytes:
    return bytes.fromhex(color.removeprefix("#"))


def _png(image: Pixels, palette: bytes, alphas: bytes) -> bytes:
    picture = Image.fromarray(np.ascontiguousarray(image))
    picture.putpalette(palette)
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=alphas, compress_level=1)
    return out.getvalue()


@lru_cache(maxsize=4)
def empty_tile(size: TileSize) -> bytes:
    """Return a tile without points."""
    return _png(np.zeros((size, size), dtype=np.uint8), b"\0\0\0", b"\0")


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
    reach = radius_m / metres_per_cell(latitude)
    rows = _rows_near(register, chosen, (int(column), int(row)), reach)
    distances: Floats = np.hypot(
        register.column[rows].astype(np.float64) - column,
        register.row[rows].astype(np.float64) - row,
    )
    nearest = np.argsort(distances, kind="stable")[:limit]
    nearest = nearest[distances[nearest] <= reach]
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
