"""Say from where a city or a county is measured by road: the seat of its government."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from data.crs import GEOGRAPHIC
from data.loader import Province
from data.province_cache import cached_on_province

_SEATS = {"city": ("city-seat",), "county": ("city-seat", "county-seat")}


@cached_on_province(1)
def area_seats(province: Province) -> gpd.GeoDataFrame:
    """Return a point for each city and county, by adcode, in EPSG:4326.

    It is the town of the ground that is its seat, known to some 1 to 3 km; where none is known,
    the area's label point, and ``is_seat`` is false.
    """
    towns = province.ground.towns
    home = towns["county_adcode"].map(province.counties["city_adcode"])
    of_cities = _first(towns[towns["kind"].isin(_SEATS["city"])], home)
    of_counties = _first(towns[towns["kind"].isin(_SEATS["county"])], towns["county_adcode"])
    parts = [_points(province.cities, of_cities), _points(province.counties, of_counties)]
    return gpd.GeoDataFrame(pd.concat(parts), geometry="geometry", crs=GEOGRAPHIC)


def _first(towns: gpd.GeoDataFrame, area: pd.Series) -> gpd.GeoSeries:
    """Return the first town of each area (``area``: adcodes by town), by adcode."""
    adcodes = area.reindex(towns.index)
    first = ~adcodes.duplicated() & adcodes.notna()
    return gpd.GeoSeries(
        towns.geometry[first].to_numpy(), index=adcodes[first].astype(int), crs=GEOGRAPHIC
    )


def _points(areas: gpd.GeoDataFrame, seats: gpd.GeoSeries) -> gpd.GeoDataFrame:
    labels = gpd.GeoSeries.from_xy(
        areas["label_lon"], areas["label_lat"], index=areas.index, crs=GEOGRAPHIC
    )
    known = np.isin(areas.index, seats.index)
    points = labels.where(~known, seats.reindex(areas.index))
    return gpd.GeoDataFrame({"is_seat": known}, areas.index, geometry=points, crs=GEOGRAPHIC)
