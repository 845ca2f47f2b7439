"""Lay points on the integer grid of web mercator and order them along the Morton curve.

A position is a column and a row (uint32) of a grid of 2**32 by 2**32 cells over the world of
web mercator (EPSG:3857), row 0 in the north, as map tiles are counted. The tile z/x/y is the
cell x/y of level z, so every tile is one contiguous run of points in Morton order.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Positions: TypeAlias = npt.NDArray[np.uint32]
Keys: TypeAlias = npt.NDArray[np.uint64]

LEVELS = 32
"""Depth of the grid: a cell of level 32 is the finest, level 0 is the world."""

WORLD_M = 2 * math.pi * 6378137.0
"""Width of the world in web mercator metres."""

RESOLUTION_M = WORLD_M / float(2**LEVELS)
"""Size of the finest cell in web mercator metres (0.0093; less on the ground away from 0°)."""

MAX_LATITUDE = math.degrees(math.atan(math.sinh(math.pi)))
"""Northern edge of web mercator in decimal degrees."""

_CELLS = 2**LEVELS

NOWHERE = _CELLS - 1
"""Column and row of what has no place: the last cell of the curve, so that it comes last."""

_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def to_grid(longitude: Floats, latitude: Floats) -> tuple[Positions, Positions]:
    """Return the (column, row) of points in EPSG:4326, in decimal degrees.

    Longitudes must lie within -180..180, latitudes within ``MAX_LATITUDE`` of the equator; NaN
    is ``NOWHERE``.
    """
    column = (longitude + 180.0) * (_CELLS / 360.0)
    height = np.arcsinh(np.tan(np.radians(latitude)))
    row = (math.pi - height) * (_CELLS / (2 * math.pi))
    return _whole(column), _whole(row)


def _whole(values: Floats) -> Positions:
    return np.nan_to_num(np.clip(values, 0, NOWHERE), nan=NOWHERE).astype(np.uint32)


def to_degrees(column: Positions, row: Positions) -> tuple[Floats, Floats]:
    """Return longitude and latitude (EPSG:4326, decimal degrees) of the middles of cells."""
    longitude = (column + 0.5) * (360.0 / _CELLS) - 180.0
    latitude = np.degrees(np.arctan(np.sinh(math.pi - (row + 0.5) * (2 * math.pi / _CELLS))))
    return longitude, latitude


def metres_per_cell(latitude: float) -> float:
    """Return the size of the finest cell on the ground at a latitude in degrees, in metres."""
    return float(RESOLUTION_M * math.cos(math.radians(latitude)))


def _spread(values: Positions) -> Keys:
    """Put a zero bit before each bit."""
    wide = values.astype(np.uint64)
    for shift, mask in _SPREAD:
        wide |= wide << np.uint64(shift)
        wide &= np.uint64(mask)
    return wide


def morton_keys(column: Positions, row: Positions) -> Keys:
    """Return the place of each position on the Morton curve: its bits, interleaved."""
    return _spread(column) | (_spread(row) << np.uint64(1))


def morton_key(column: int, row: int) -> int:
    """Return the place of one position on the Morton curve."""
    key = 0
    for number, shift in ((column, 0), (row, 1)):
        for step, mask in _SPREAD:
            number = (number | (number << step)) & mask
        key |= number << shift
    return key


def change_depths(column: Positions, row: Positions) -> npt.NDArray[np.uint8]:
    """Tell of each point in Morton order how far up it differs from the one before.

    The value is the number of the highest bit (1 to 32; 0 where nothing differs) in which
    column or row changes; the first point has 33. A point opens a new cell of level ``L``
    where its value is greater than ``32 - L``.
    """
    depths = np.full(len(column), LEVELS + 1, dtype=np.uint8)
    changed = (column[1:] ^ column[:-1]) | (row[1:] ^ row[:-1])
    # The exponent of a float is the length of the whole number in bits.
    depths[1:] = np.frexp(changed.astype(np.float64))[1]
    return depths
