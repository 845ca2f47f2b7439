"""Prepare the ground of a province for maps: features with ids, names and places for them.

They are kept for the province as a whole, so that a browser fetches them once.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from data.crs import GEOGRAPHIC
from data.loader import Province
from data.province_cache import cached_on_province
from layers.specification.map_spec import GeometryId

GROUND: tuple[GeometryId, ...] = ("water", "roads", "railways", "towns", "ports")
"""What lies under the map whatever it shows: nothing of a session's own is in it."""


@cached_on_province(8)
def ground_table(province: Province, name: GeometryId) -> gpd.GeoDataFrame:
    """Return one of ``GROUND`` (EPSG:4326) by ids, with ``name_zh`` and ``name_en``.

    Areas and lines have ``label_lon`` and ``label_lat``, the place of a name. Lines are gathered by
    the city that each is in, and in one more row those outside the province: single ones have no
    name, and would be too many to draw one by one.
    """
    ground = province.ground
    if name in ("roads", "railways"):
        return _lines(province, name, getattr(ground, name))
    if name == "ports":
        parts = (ground.ports.assign(kind="port"), ground.airports.assign(kind="airport"))
        return _with_ids(gpd.GeoDataFrame(pd.concat(parts, ignore_index=True)), name)
    table = _with_ids(getattr(ground, name), name)
    return _labelled(table) if name == "water" else table


def _with_ids(table: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    ids = [f"{name}-{number}" for number in range(1, len(table) + 1)]
    named = table.assign(id=ids, **{one: table[one].fillna("") for one in ("name_zh", "name_en")})
    return named.set_index("id", drop=False).rename_axis(None)


def _labelled(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    points = table.geometry.representative_point()
    return table.assign(label_lon=points.x, label_lat=points.y)


def _lines(province: Province, name: str, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    middles = gpd.GeoDataFrame(geometry=lines.representative_point(), crs=GEOGRAPHIC)
    areas = province.cities[["geometry"]].rename_axis("city_adcode").reset_index()
    homes = middles.sjoin(areas, how="left")["city_adcode"].groupby(level=0).first()
    gathered = lines[["geometry"]].assign(city=homes).dissolve("city", dropna=False)
    cities = province.cities.reindex(gathered.index)
    table = gpd.GeoDataFrame(
        {
            "id": [f"{name}-{'outside' if pd.isna(one) else int(one)}" for one in gathered.index],
            "name_zh": cities["name_zh"].fillna("").to_numpy(),
            "name_en": cities["name_en"].fillna("").to_numpy(),
        },
        geometry=gathered.geometry.to_numpy(),
        crs=GEOGRAPHIC,
    )
    return _labelled(table.set_index("id", drop=False).rename_axis(None))
