"""Count the chosen points of a register by city, county, category and hexagon: all exact."""

from __future__ import annotations

from typing import Literal, TypeAlias
from weakref import WeakKeyDictionary

import h3.api.numpy_int as h3
import numpy as np
import numpy.typing as npt
import pandas as pd

from clusters.registers.register_filter import Chosen
from data.register.store import Register

AreaKind: TypeAlias = Literal["city", "county"]

MAX_RESOLUTION = 10
"""Finest resolution of hexagons: 0.015 km² on average."""

_Hexagons = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]
_hexagons: WeakKeyDictionary[Register, dict[int, _Hexagons]] = WeakKeyDictionary()


def _chosen_codes(codes: npt.NDArray[np.integer], chosen: Chosen) -> npt.NDArray[np.integer]:
    return codes if chosen.mask is None else codes[chosen.mask]


def count_by_area(register: Register, chosen: Chosen, by: AreaKind) -> pd.Series:
    """Count the chosen points of each city or county, as integers indexed by adcode.

    Every area has a row, also without points. Points that lie in no county are left out, and
    by county also rows that are known to their city only; ``len(chosen)`` minus the sum tells
    how many.
    """
    areas = register.areas
    counts = np.bincount(_chosen_codes(register.county, chosen), minlength=areas.size)
    if by == "county":
        index = pd.Index(areas.counties, name="adcode")
        return pd.Series(counts[: areas.outside], index=index, name="count")
    sums = np.zeros(len(areas.city_adcodes) + 1, dtype=np.int64)
    np.add.at(sums, areas.city_codes, counts)
    index = pd.Index(areas.city_adcodes, name="adcode")
    return pd.Series(sums[:-1], index=index, name="count")


def count_by_hexagon(register: Register, chosen: Chosen, resolution: int) -> pd.Series:
    """Count the chosen points of each H3 cell that has any, indexed by the cell's number.

    Rows without a place are in no cell.
    ``resolution`` is H3's, 0 to ``MAX_RESOLUTION``. The cell of each point is computed once
    for a register and a resolution. Raises ``ValueError`` for another resolution.
    """
    if not 0 <= resolution <= MAX_RESOLUTION:
        raise ValueError(f"`resolution` must be 0 to {MAX_RESOLUTION}, but is {resolution}")
    cells, places = _cells_of(register, resolution)
    counts = np.bincount(_chosen_codes(places, chosen), minlength=len(cells))[: len(cells)]
    held = counts > 0
    return pd.Series(counts[held], index=pd.Index(cells[held], name="cell"), name="count")


def _cells_of(register: Register, resolution: int) -> _Hexagons:
    known = _hexagons.setdefault(register, {})
    if resolution not in known:
        longitude, latitude = register.positions(np.arange(register.placed))
        found = np.fromiter(
            (
                h3.latlng_to_cell(*place, resolution)
                for place in zip(latitude.tolist(), longitude.tolist(), strict=True)
            ),
            dtype=np.uint64,
            count=register.placed,
        )
        cells, places = np.unique(found, return_inverse=True)
        nowhere = np.full(len(register) - register.placed, len(cells))
        known[resolution] = cells, np.append(places, nowhere).astype(np.uint32)
    return known[resolution]


def hexagon_ring(cell: int) -> tuple[tuple[float, float], ...]:
    """Return the corners of an H3 cell as (longitude, latitude), in decimal degrees."""
    return tuple((longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell))
