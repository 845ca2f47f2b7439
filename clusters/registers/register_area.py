"""Find the points of a register that lie inside a polygon, without asking each of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from data.register.grid import LEVELS, to_degrees
from data.register.store import Register

_LEVEL = 14
"""Cells of some two kilometres: most lie wholly inside or outside, few points are left to ask."""


def rows_inside(register: Register, shape: shapely.Geometry) -> npt.NDArray[np.bool_]:
    """Return whether each row lies in ``shape``, a polygon in EPSG:4326, or on its border.

    Rows without a place do not.
    """
    shapely.prepare(shape)
    starts = register.cell_starts(_LEVEL)
    cells = _cells(register, starts[:-1])
    reached = shapely.intersects(shape, cells)
    whole = np.zeros(len(cells), dtype=bool)
    whole[reached] = shapely.contains_properly(shape, cells[reached])
    sizes = np.diff(starts)
    mask = np.zeros(len(register), dtype=bool)
    mask[: register.placed] = np.repeat(whole, sizes)
    unsure = np.flatnonzero(np.repeat(reached & ~whole, sizes)).astype(np.uint32)
    mask[unsure] = shapely.intersects_xy(shape, *register.positions(unsure))
    return mask


def _cells(register: Register, first: npt.NDArray[np.uint32]) -> np.ndarray:
    """Return the cells of the rows ``first`` as boxes in decimal degrees."""
    size = np.uint64(1 << (LEVELS - _LEVEL))
    left = register.column[first] // size * size
    top = register.row[first] // size * size
    # Positions are middles of the finest cells: those of a cell's own corners hold all of them.
    west, north = to_degrees(left, top)
    east, south = to_degrees(left + size - np.uint64(1), top + size - np.uint64(1))
    return np.asarray(shapely.box(west, south, east, north))
