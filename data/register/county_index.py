"""Say to which county each of many rows belongs: without an object for each point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from data.crs import GEOGRAPHIC, require_geographic, transformer
from data.register.grid import Floats

Codes: TypeAlias = npt.NDArray[Any]
"""Small codes: uint8 or uint16."""

BORDER_TOLERANCE_M = 1000.0
"""How far outside its county a point may lie: the boundaries' own precision."""


@dataclass(frozen=True)
class CountyIndex:
    """The counties that codes stand for: code ``n`` is the county ``counties[n]``.

    ``cities`` holds the adcode of each county's city, in the same order. The code
    ``outside`` stands for points that lie in no county; the codes after it, one for each of
    ``city_adcodes``, for what is known to its city only.
    """

    counties: tuple[int, ...]
    cities: tuple[int, ...]

    @property
    def outside(self) -> int:
        """The code of points that lie in no county."""
        return len(self.counties)

    @property
    def size(self) -> int:
        """How many codes there are."""
        return self.outside + 1 + len(self.city_adcodes)

    @cached_property
    def city_adcodes(self) -> tuple[int, ...]:
        """The adcodes of the cities, each once, in order."""
        return tuple(sorted(set(self.cities)))

    @cached_property
    def city_codes(self) -> npt.NDArray[np.uint16]:
        """The place of each code's city in ``city_adcodes``; one past the last is outside."""
        places = {adcode: place for place, adcode in enumerate(self.city_adcodes)}
        found = [places[adcode] for adcode in self.cities]
        return np.array([*found, len(places), *places.values()], dtype=np.uint16)


def area_names(counties: gpd.GeoDataFrame) -> CountyIndex:
    """Return the names for the codes of counties: a table indexed by adcode, in its order."""
    cities = tuple(int(adcode) for adcode in counties["city_adcode"])
    return CountyIndex(tuple(int(adcode) for adcode in counties.index), cities)


def county_codes(
    longitude: Floats,
    latitude: Floats,
    counties: gpd.GeoDataFrame,
    progress: Callable[[float], None] | None = None,
    *,
    metric_crs: str | None = None,
) -> Codes:
    """Return the code of each point's county: its place in the rows of ``counties``.

    ``longitude`` and ``latitude`` are in EPSG:4326, in decimal degrees (NaN where a row has no
    point); so is ``counties``, a table of polygons. A point on a border belongs to the
    first of its counties. One in no county belongs to the nearest where ``metric_crs`` is given
    and that is no further than ``BORDER_TOLERANCE_M``; else its code is ``len(counties)``.
    ``progress`` is told the part done (0 to 1).

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
    if metric_crs is not None:
        has_point = np.isfinite(longitude) & np.isfinite(latitude)
        rows = np.flatnonzero((codes == outside) & has_point)
        if len(rows):
            codes[rows] = _nearest(longitude[rows], latitude[rows], counties, metric_crs)
    return codes


def _nearest(
    longitude: Floats, latitude: Floats, counties: gpd.GeoDataFrame, metric_crs: str
) -> Codes:
    """Return the code of the nearest county that is within ``BORDER_TOLERANCE_M``."""
    x, y = transformer(GEOGRAPHIC, metric_crs).transform(longitude, latitude)
    reachable = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    codes = np.full(len(longitude), len(counties), dtype=code_type(len(counties) + 1))
    tree = shapely.STRtree(counties.geometry.to_crs(metric_crs).to_numpy())
    near, places = tree.query_nearest(
        shapely.points(np.asarray(x)[reachable], np.asarray(y)[reachable]),
        max_distance=BORDER_TOLERANCE_M,
        all_matches=False,
    )
    codes[reachable[near]] = places
    return codes


def adcodes_of(codes: Codes, counties: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return the adcodes of the counties that codes stand for, and of their cities; NaN outside."""
    county, city = (
        np.append(column.to_numpy(np.float64), np.nan)[codes]
        for column in (counties.index, counties["city_adcode"])
    )
    return county, city


def code_type(count: int) -> type[np.uint8] | type[np.uint16]:
    """Return the smallest type that can tell ``count`` things apart."""
    return np.uint8 if count <= 2**8 else np.uint16
