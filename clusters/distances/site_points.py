"""Say from which point distances to a site are taken: its own, or else one of its area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from clusters.distances.seats import area_seats
from data.crs import GEOGRAPHIC
from data.loader import Province

FEW_PLACES = 30
"""Where fewer sites than this have a place of their own, nothing is said of how they stand."""


def with_place(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites that have a point of their own (precision ``site`` or ``town``)."""
    return sites[sites.geometry.notna()]


def enough_places(sites: gpd.GeoDataFrame) -> bool:
    """Tell whether at least ``FEW_PLACES`` sites have a point of their own."""
    return int(sites.geometry.notna().sum()) >= FEW_PLACES


def distance_points(province: Province, sites: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return a point for each site from which distances are taken, in EPSG:4326, by site id.

    It is the site's own where one is known, else the label point of its county, or of its
    city where the county is not known: as near as is known, and not where the site stands.
    """
    homes = _homes(sites)
    columns = ["label_lon", "label_lat"]
    places = province.counties[columns].reindex(homes).to_numpy(dtype=np.float64)
    cities = province.cities[columns].reindex(homes).to_numpy(dtype=np.float64)
    known = np.where(np.isnan(places), cities, places)
    labels = gpd.GeoSeries.from_xy(known[:, 0], known[:, 1], index=sites.index, crs=GEOGRAPHIC)
    own = sites.geometry
    return own.where(own.notna(), labels)


def road_points(province: Province, sites: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return a point for each site from which ways by road are taken, in EPSG:4326, by site id.

    It is the site's own where one is known, else the seat of its county, or of its city where
    the county is not known (``clusters.distances.seats``).
    """
    seats = area_seats(province).geometry.reindex(_homes(sites)).set_axis(sites.index)
    own = sites.geometry
    return own.where(own.notna(), seats)


def _homes(sites: gpd.GeoDataFrame) -> pd.Series:
    """Return the adcode of the county of each site, or of its city where that is not known."""
    return sites["county_adcode"].fillna(sites["city_adcode"]).astype("int64")
