"""Paint points of a register into arrays of palette places, for tiles and for paper alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from clusters.registers.register_filter import Chosen
from data.register.grid import LEVELS, Floats, to_grid
from data.register.store import CategoryLabel, Register, Rows
from layers.points.point_classes import ramp_colors
from layers.specification.symbology import (
    DENSITY_OPACITY,
    MAX_CATEGORY_COLORS,
    PAPER,
    ValueColors,
    category_colors,
)

Pixels: TypeAlias = npt.NDArray[np.uint8]
Address: TypeAlias = tuple[int, int, int]
"""Zoom, column and row of a tile of web mercator; rows are counted from the north."""

_WHITE = (3, 2, 1)
"""Palette places of the rim: opaque, two thirds, one third."""
_FIRST_COLOR = 4
_SHADES = 3
_AT_ONCE = 2**20
"""How many pixels of discs are painted at once."""


def density_classes(
    register: Register, chosen: Chosen, address: Address, level: int, breaks: Sequence[int]
) -> Pixels | None:
    """Return the class of each cell of a tile (rows from the north), 0 where no point is.

    Cells are those of ``level`` of the grid. ``None`` where the tile has no point at all.
    """
    zoom = address[0]
    starts = register.cell_starts(level)
    first, last = _cells_in(starts, register.cell_rows(*address))
    cells, ends = starts[first:last], starts[first + 1 : last + 1]
    counts = chosen.count_between(cells, ends)
    held = counts > 0
    if not held.any():
        return None
    cells, counts = cells[held], counts[held]
    width = 1 << (level - zoom)
    shift, inside = np.uint32(LEVELS - level), np.uint32(width - 1)
    columns = (register.column[cells] >> shift) & inside
    rows = (register.row[cells] >> shift) & inside
    image = np.zeros((width, width), dtype=np.uint8)
    image[rows, columns] = np.searchsorted(breaks, counts, side="right")
    return image


def density_mosaic(
    register: Register,
    chosen: Chosen,
    addresses: Sequence[Address],
    level: int,
    breaks: Sequence[int],
) -> tuple[Pixels, int, int]:
    """Return the classes of the cells of some tiles of one zoom, and the first column and row.

    Columns and rows are those of ``level``; tiles between those asked for stay without points.
    """
    zoom, left, top = (min(address[part] for address in addresses) for part in range(3))
    across, down = (max(address[part] for address in addresses) for part in (1, 2))
    side = 1 << (level - zoom)
    cells = np.zeros(((down - top + 1) * side, (across - left + 1) * side), dtype=np.uint8)
    for address in addresses:
        classes = density_classes(register, chosen, address, level, breaks)
        if classes is not None:
            x, y = (address[1] - left) * side, (address[2] - top) * side
            cells[y : y + side, x : x + side] = classes
    return cells, left * side, top * side


@lru_cache(maxsize=16)
def density_palette(count: int) -> tuple[bytes, bytes]:
    """Return colours (three bytes each) and opacities of the classes; place 0 is no point."""
    colors = b"".join(_rgb(color) for color in ramp_colors(count))
    return b"\0\0\0" + colors, bytes([0] + [round(255 * DENSITY_OPACITY)] * count)


def tiles_over(longitude: Floats, latitude: Floats, zoom: int) -> list[Address]:
    """Return the tiles of a zoom in the box around points in EPSG:4326, decimal degrees."""
    column, row = (values >> np.uint32(LEVELS - zoom) for values in to_grid(longitude, latitude))
    return [
        (zoom, x, y)
        for x in range(int(column.min()), int(column.max()) + 1)
        for y in range(int(row.min()), int(row.max()) + 1)
    ]


def topmost(register: Register, chosen: Chosen, addresses: Iterable[Address], level: int) -> Rows:
    """Return the chosen rows that are seen in some tiles, in their order.

    Later points lie on earlier ones, in every tile alike; of points that share a cell of
    ``level`` only the last is seen, so that the work does not grow with their number.
    """
    starts = register.cell_starts(level)
    found = []
    for run in sorted(register.cell_rows(*address) for address in addresses):
        first, last = _cells_in(starts, run)
        found.append(chosen.last_between(starts[first:last], starts[first + 1 : last + 1]))
    return np.concatenate(found)


def _cells_in(starts: Rows, run: tuple[int, int]) -> tuple[int, int]:
    """Return the first cell of a run of rows, and one past the last."""
    # In the type of ``starts``, or all of it would be copied into another.
    first, last = np.searchsorted(starts, np.array(run, dtype=starts.dtype))
    return int(first), int(last)


ShadedPixels: TypeAlias = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@lru_cache(maxsize=16)
def disc(radius: float, rim: float) -> tuple[ShadedPixels, ShadedPixels]:
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


def reach(parts: tuple[ShadedPixels, ShadedPixels]) -> int:
    """Return how many pixels a disc reaches from its middle to each side."""
    return max(abs(offset) for part in parts for offset in part[0])


def _part(pixels: list[tuple[int, int, int]]) -> ShadedPixels:
    columns, rows, shades = zip(*pixels, strict=True) if pixels else ((), (), ())
    return columns, rows, shades


def _thirds(depth: float) -> int:
    """Return how much of a pixel an edge covers, in thirds, ``depth`` pixels inside it."""
    return round(_SHADES * min(max(depth + 0.5, 0.0), 1.0))


def stamp(
    centers: npt.NDArray[np.integer],
    colors: npt.NDArray[np.integer],
    parts: tuple[ShadedPixels, ShadedPixels],
    shape: tuple[int, int],
) -> Pixels:
    """Put a disc on each pixel of ``centers`` (places in the flattened picture of ``shape``).

    The discs must not reach over the picture's left and right edges. Later ones lie on earlier
    ones; soft edges never cover what is opaque.
    """
    height, width = shape
    # Room above and below for discs that reach over the first and the last line.
    room = width * (max(abs(row) for part in parts for row in part[1]) + 1)
    image = np.zeros(height * width + 2 * room, dtype=np.uint8)
    first = _FIRST_COLOR + _SHADES * colors
    for columns, rows, shades in reversed(parts):
        if not columns:
            continue
        steps = np.array(rows) * width + np.array(columns) + room
        kinds = np.array(shades)
        # A few discs at a time, or those of a large picture would fill the memory.
        few = max(1, _AT_ONCE // len(steps))
        for start in range(0, len(centers), few):
            some = slice(start, start + few)
            values = np.where(kinds >= 0, first[some, None] + kinds, -kinds).astype(np.uint8)
            image[centers[some, None] + steps] = values
    return image[room : room + height * width].reshape(shape)


def color_places(
    register: Register, rows: Rows, color_by: str | None
) -> tuple[npt.NDArray[np.int64], tuple[CategoryLabel, ...]]:
    """Return the place of each row's colour, and the labels whose colours these are.

    Raises ``UnknownChoiceError`` for a category that the register lacks.
    """
    if color_by is None:
        return np.zeros(len(rows), dtype=np.int64), ("",)
    category = register.category(color_by)
    places = np.minimum(category.codes[rows], MAX_CATEGORY_COLORS).astype(np.int64)
    return places, category.labels[: MAX_CATEGORY_COLORS + 1]


def category_palette(
    labels: tuple[CategoryLabel, ...], own: ValueColors = ()
) -> tuple[bytes, bytes]:
    """Return colours and opacities of discs, their rims and edges; place 0 is no disc."""
    # Kept by the colours: labels may be a session's own words.
    return _palette(category_colors(labels, own))


@lru_cache(maxsize=64)
def _palette(inks: tuple[str, ...]) -> tuple[bytes, bytes]:
    white = _rgb(PAPER)
    colors = b"\0\0\0" + white * 3
    alphas = [0, 85, 170, 255]
    for color in inks:
        pure = np.frombuffer(_rgb(color), dtype=np.uint8).astype(float)
        for shade in range(_SHADES):
            mixed = pure + (255 - pure) * shade / _SHADES
            colors += bytes(mixed.round().astype(np.uint8).tolist())
            alphas.append(255)
    return colors, bytes(alphas)


def _rgb(color: str) -> bytes:
    return bytes.fromhex(color.removeprefix("#"))


def colors_of(palette: tuple[bytes, bytes]) -> Pixels:
    """Return a palette as red, green, blue and opacity of each place."""
    colors, opacities = (np.frombuffer(part, dtype=np.uint8) for part in palette)
    return np.column_stack([colors.reshape(-1, 3), opacities])
