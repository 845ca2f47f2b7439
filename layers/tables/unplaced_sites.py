"""Count the sites that have no place of their own by the area that they are known to."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from data.crs import GEOGRAPHIC
from data.loader import Province
from layers.specification.map_spec import MapSpec

_COLUMNS = ["adcode", "area", "name_zh", "name_en", "sites"]


def sites_by_area(spec: MapSpec, province: Province) -> gpd.GeoDataFrame:
    """Return an area a row that has sites on the map which are known to it only.

    Columns: ``adcode``, ``area`` (``county`` or ``city``), ``name_zh``, ``name_en``, ``sites``
    (count); points in EPSG:4326, the label points of the areas: where maps draw their ring.
    """
    drawn = {
        name
        for layer in spec.layers
        if layer.geometry == "sites" and layer.groupings
        for found in layer.classes
        for name in found.features
    }
    sites = province.sites[province.sites.index.isin(list(drawn))]
    sites = sites[sites.geometry.isna()]
    known = {
        "county": (province.counties, "county_adcode"),
        "city": (province.cities, "city_adcode"),
    }
    parts = []
    for area, (table, column) in known.items():
        counts = sites.loc[sites["precision"] == area, column].astype("int64").value_counts()
        found = table[["adcode", "name_zh", "name_en", "label_lon", "label_lat"]]
        found = found.loc[table.index.isin(counts.index)]
        parts.append(found.assign(area=area, sites=counts.reindex(found.index)))
    whole = pd.concat(parts, ignore_index=True)
    points = gpd.GeoSeries.from_xy(whole["label_lon"], whole["label_lat"], crs=GEOGRAPHIC)
    return gpd.GeoDataFrame(whole[_COLUMNS], geometry=points, crs=GEOGRAPHIC)
