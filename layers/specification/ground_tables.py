"""Prepare the ground of a province for maps: features with ids, names and places for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.crs import GEOGRAPHIC
from data.ground_layers import Ground
from data.loader import Province
from layers.specification.map_spec import GeometryId

GROUND_LINES: tuple[GeometryId, ...] = ("roads", "railways")
GROUND: tuple[GeometryId, ...] = ("water", *GROUND_LINES, "towns", "ports")
"""What lies under the map whatever it shows: nothing of a session's own is in it."""

_OUTSIDE = "outside"
_Made = TypeVar("_Made")
_Make = Callable[[Ground, gpd.GeoDataFrame, GeometryId], _Made]
_Of = Callable[[Province, GeometryId], _Made]


def kept_with_ground(make: _Make[_Made]) -> _Of[_Made]:
    """Keep what is made of each of ``GROUND`` for as long as the ground itself.

    A province with a session's own sites is another province on the same ground and cities: they
    alone are given, so that nothing of a session's own is kept.
    """

    @wraps(make)
    def made(province: Province, name: GeometryId) -> _Made:
        kept = province.ground.kept
        key = (make.__qualname__, name)
        if key not in kept:
            kept[key] = make(province.ground, province.cities, name)
        found: _Made = kept[key]
        return found

    return made


def ground_rows(ground: Ground, cities: gpd.GeoDataFrame, name: GeometryId) -> gpd.GeoDataFrame:
    """Return one of ``GROUND`` (EPSG:4326) by ids, with ``name_zh`` and ``name_en``.

    Areas and lines have ``label_lon`` and ``label_lat``, the place of a name. Lines are gathered by
    the city that each is in, and in one more row those outside the province: single ones have no
    name, and would be too many to draw one by one.
    """
    if name in GROUND_LINES:
        return _labelled(_lines(cities, name, getattr(ground, name)))
    if name == "ports":
        parts = (ground.ports.assign(kind="port"), ground.airports.assign(kind="airport"))
        hubs = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=GEOGRAPHIC)
        return _named(hubs, hubs["kind"] + "-" + hubs["code"].str.lower())
    if name == "towns":
        ids = "town-" + ground.towns["geonameid"].astype(str)
        return _named(ground.towns.assign(name_zh=_in_chinese(ground.towns)), ids)
    numbers = pd.Series(range(1, len(ground.water) + 1), index=ground.water.index)
    return _labelled(_named(ground.water, "water-" + numbers.astype(str)))


ground_table = kept_with_ground(ground_rows)
"""Return what ``ground_rows`` does of a province, always the same table."""


def is_there(province: Province, name: GeometryId) -> bool:
    """Whether a geometry is one of ``GROUND`` and the province has its file."""
    return name in GROUND and province.ground.has(name)


def line_ids(province: Province, name: GeometryId) -> tuple[str, ...]:
    """Return the ids of the rows that lines can be gathered in, without reading them."""
    if not province.ground.has(name):
        return ()
    return tuple(f"{name}-{one}" for one in (*province.cities.index, _OUTSIDE))


def _named(table: gpd.GeoDataFrame, ids: pd.Series) -> gpd.GeoDataFrame:
    names = {one: table[one].astype(object).fillna("") for one in ("name_zh", "name_en")}
    named = table.assign(id=ids.astype(object), **names)
    return named.set_index("id", drop=False).rename_axis(None)


def _in_chinese(towns: gpd.GeoDataFrame) -> pd.Series:
    """Return the Chinese names, and the English one of a town that has no other."""
    return towns["name_zh"].fillna(towns["name_en"])


def _labelled(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    points = table.geometry.representative_point()
    return table.assign(label_lon=points.x, label_lat=points.y)


def _lines(cities: gpd.GeoDataFrame, name: str, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = lines.geometry.to_numpy()
    starts = shapely.points(shapely.get_coordinates(shapely.get_point(shapes, 0)))
    inside, city = cities.sindex.query(starts, predicate="intersects")
    homes = np.full(len(shapes), len(cities))
    homes[inside] = city
    rows = []
    for at, home in enumerate((*cities.itertuples(), None)):
        if not (found := shapes[homes == at]).size:
            continue
        adcode, name_zh, name_en = (
            (_OUTSIDE, "", "") if home is None else (home.adcode, home.name_zh, home.name_en)
        )
        gathered = shapely.multilinestrings(found)
        rows.append((f"{name}-{adcode}", name_zh, name_en, gathered))
    table = gpd.GeoDataFrame(
        rows, columns=["id", "name_zh", "name_en", "geometry"], geometry="geometry", crs=GEOGRAPHIC
    )
    return table.set_index("id", drop=False).rename_axis(None)
