"""Keep coordinate reference systems explicit: files in degrees, measures in metres."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import pandas as pd
from pyproj import CRS, Transformer

from data.errors import CrsError

GEOGRAPHIC = "EPSG:4326"
"""CRS of every file and table: WGS-84 longitude and latitude in decimal degrees (RFC 7946)."""

_SQUARE_METRES_PER_KM2 = 1_000_000.0


@cache
def transformer(source: str, target: str) -> Transformer:
    """Return a transformer of (x, y) or (longitude, latitude), made once for each pair."""
    return Transformer.from_crs(source, target, always_xy=True)


def require_geographic(table: gpd.GeoDataFrame, argument: str) -> None:
    """Raise ``CrsError`` unless ``table`` is in EPSG:4326."""
    if table.crs is None or table.crs != CRS.from_user_input(GEOGRAPHIC):
        found = None if table.crs is None else table.crs.to_string()
        raise CrsError(argument, GEOGRAPHIC, found)


def crs_title(crs: str) -> str:
    """Return the name of a CRS, or of its projection's method where it has no name of its own."""
    known = CRS.from_user_input(crs)
    if known.name != "unknown" or known.coordinate_operation is None:
        return known.name
    return str(known.coordinate_operation.method_name)


def central_meridian_deg(crs: str) -> float | None:
    """Return the central meridian of a transverse Mercator, in degrees east; else ``None``."""
    operation = CRS.from_user_input(crs).coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    parameters = {one.name: float(one.value) for one in operation.params}
    return parameters["Longitude of natural origin"]


def area_km2(table: gpd.GeoDataFrame, area_crs: str) -> pd.Series:
    """Measure each feature's area in square kilometres.

    ``table`` is in EPSG:4326; ``area_crs`` is an equal-area CRS in metres. The index of
    ``table`` is kept. Raises ``CrsError`` when ``table`` is in another CRS.
    """
    require_geographic(table, "table")
    area: pd.Series = table.to_crs(area_crs).area / _SQUARE_METRES_PER_KM2
    return area.rename("area_km2")
