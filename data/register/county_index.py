"""Say in which county each of many points lies: exact, and without an object for each point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from data.crs import require_geographic
from data.register.grid import Floats

Codes: TypeAlias = npt.NDArray[Any]
"""Small codes: uint8 or uint16."""


@dataclass(frozen=True)
class CountyIndex:
    """The counties that codes stand for: code ``n`` is the county ``counties[n]``.

    ``cities`` holds the adcode of each county's city, in the same order. The code
    ``outside`` stands for points that lie in no county.
    """

    counties: tuple[int, ...]
    cities: tuple[int, ...]

    @property
    def outside(self) -> int:
        """The code of points that lie in no county."""
        return len(self.counties)

    @cached_property
    def city_adcodes(self) -> tuple[int, ...]:
        """The adcodes of the cities, each once, in order."""
        return tuple(sorted(set(self.cities)))

    @cached_property
    def city_codes(self) -> npt.NDArray[np.uint16]:
        """The place of each county code's city in ``city_adcodes``; the last is outside."""
        places = {adcode: place for place, adcode in enumerate(self.city_adcodes)}
        found = [places[adcode] for adcode in self.cities]
        return np.array([*found, len(places)], dtype=np.uint16)


def area_names(counties: gpd.GeoDataFrame) -> CountyIndex:
    """Return the names for the codes of counties: a table indexed by adcode, in its order."""
    cities = tuple(int(adcode) for adcode in counties["city_adcode"])
    return CountyIndex(tuple(int(adcode) for adcode in counties.index), cities)


def county_codes(
    longitude: Floats,
    latitude: Floats,
    counties: gpd.GeoDataFrame,
    progress: Callable[[float], None] | None = None,
) -> Codes:
    """Return the code of each point's county: its place in the rows of ``counties``.

    ``longitude`` and ``latitude`` are in EPSG:4326, in decimal degrees; so is ``counties``,
    a table of polygons. A point on a border belongs to the first of its counties, a point in
    none gets the code ``len(counties)``. ``progress`` is told the part done (0 to 1).

    Raises ``CrsError`` when ``counties`` is in another CRS.
    """
    require_geographic(counties, "counties")
    outside = len(counties)
    codes = np.full(len(longitude), outside, dtype=code_type(outside + 1))
    for place, polygon in enumerate(counties.geometry):
        west, south, east, north = polygon.bounds
        near = (longitude >= west) & (longitude <= east)
        near &= (latitude >= south) & (latitude <= north)
        near &= codes == outside
        rows = np.flatnonzero(near)
        shapely.prepare(polygon)
        inside = shapely.intersects_xy(polygon, longitude[rows], latitude[rows])
        codes[rows[inside]] = place
        if progress is not None:
            progress((place + 1) / outside)
    return codes


def code_type(count: int) -> type[np.uint8] | type[np.uint16]:
    """Return the smallest type that can tell ``count`` things apart."""
    return np.uint8 if count <= 2**8 else np.uint16
