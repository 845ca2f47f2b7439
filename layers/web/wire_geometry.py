"""Prepare geometry for the wire: quantised, compressed, named by its content.

Geometry goes to a browser once and stays there: its address holds a digest of what it
holds, so that it can be cached for ever.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.ground_layers import Ground
from data.loader import Province
from data.province_cache import cached_on_province
from layers.specification import ground_tables
from layers.specification.derived import OF_VIEW, geometry_of, geometry_table
from layers.specification.ground_tables import (
    GROUND,
    GROUND_LINES,
    ground_rows,
    kept_with_ground,
    line_ids,
)
from layers.specification.map_spec import FeatureId, GeometryId, MapSpec
from layers.web import packing
from layers.web.packing import WIRE_DECIMALS, pack_areas, pack_lines, pack_points

_PROPERTIES = ("name_zh", "name_en", "label_lon", "label_lat")


_PACKED_BY = (ground_tables.__file__, packing.__file__)
BOUNDARIES: tuple[GeometryId, ...] = ("cities", "counties", "neighbours")
"""The areas of every view: they share lines, so they travel as one."""
POINTS: tuple[GeometryId, ...] = ("towns", "ports")


@dataclass(frozen=True, eq=False)
class WireGeometry:
    """A pack of geometries (``layers.web.packing``) for browsers; ``pack`` makes its bytes.

    It is named by a digest of what it is made of.
    """

    id: str
    digest: str
    pack: Callable[[], bytes]

    @cached_property
    def compressed(self) -> bytes:
        """The pack as JSON, compressed with gzip: made when it is first sent."""
        # A fixed time keeps the bytes the same from run to run.
        return gzip.compress(self.pack(), compresslevel=9, mtime=0)

    @property
    def file_name(self) -> str:
        """The name under which it is served."""
        return f"{self.id}.{self.digest}.json"


def wire_geometry(province: Province, name: GeometryId) -> WireGeometry:
    """Return the pack that holds a geometry of a province, as it is sent to browsers."""
    if name in GROUND:
        return _wire_ground(province, name)
    return _boundaries(province) if name in BOUNDARIES else _wire_alone(province, name)


@cache
def _how_it_is_made() -> bytes:
    """Return the code that packs: another one sends other bytes, under another name."""
    return b"".join(Path(one).read_bytes() for one in (__file__, *_PACKED_BY))


@kept_with_ground
def _wire_ground(ground: Ground, cities: gpd.GeoDataFrame, name: GeometryId) -> WireGeometry:
    """Return a pack that is made when it is asked for: not all who look come near enough."""
    files = ("ports", "airports") if name == "ports" else (name,)
    made_of = [_how_it_is_made(), ground.digest(*files).encode()]
    made_of += [*shapely.to_wkb(cities.geometry.to_numpy())] if name in GROUND_LINES else []
    named = hashlib.sha256(b"".join(made_of)).hexdigest()[:16]
    return WireGeometry(
        name, named, lambda: _content(_packed(name, ground_rows(ground, cities, name)))
    )


@cached_on_province(16)
def _wire_alone(province: Province, name: GeometryId) -> WireGeometry:
    return _wire(name, _packed(name, geometry_table(province, name)))


def _packed(name: GeometryId, table: gpd.GeoDataFrame) -> dict[str, object]:
    if name == "sites":
        return pack_points(name, table, _homes(table))
    if name in POINTS:
        return pack_points(name, table, {})
    return pack_lines(name, table) if name in GROUND_LINES else pack_areas({name: table})


@cached_on_province(1)
def _boundaries(province: Province) -> WireGeometry:
    tables: dict[str, gpd.GeoDataFrame] = {
        name: geometry_table(province, name) for name in BOUNDARIES
    }
    return _wire("boundaries", pack_areas(tables))


def _homes(sites: gpd.GeoDataFrame) -> dict[str, pd.Series]:
    """Return the city and the county of sites; for a site without a county, its city again."""
    cities = sites["city_adcode"]
    return {"cities": cities, "counties": sites["county_adcode"].fillna(cities)}


def collection_of(spec: MapSpec, province: Province, name: GeometryId) -> dict[str, object]:
    """Return a geometry of a map as quantised GeoJSON."""
    table = geometry_of(spec, province, name)
    if name == "sites":
        return site_collection(table)
    return _named_features(table) if name in (*GROUND_LINES, *POINTS) else feature_collection(table)


@cached_on_province(16)
def feature_ids(province: Province, name: GeometryId) -> frozenset[FeatureId]:
    """Return the ids of all features of a geometry; those that lines can be gathered in."""
    if name == OF_VIEW:
        return frozenset()
    if name in GROUND_LINES:
        return frozenset(line_ids(province, name))
    return frozenset(geometry_table(province, name).index)


def _wire(name: str, pack: dict[str, object]) -> WireGeometry:
    content = _content(pack)
    return WireGeometry(name, hashlib.sha256(content).hexdigest()[:16], lambda: content)


def _content(pack: dict[str, object]) -> bytes:
    return json.dumps(pack, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def feature_collection(table: gpd.GeoDataFrame) -> dict[str, object]:
    """Return areas (EPSG:4326, indexed by adcode or id) as quantised GeoJSON with names.

    Neighbouring areas stay neighbours: a shared vertex is rounded to the same place twice.
    """
    rounded = shapely.transform(
        table.geometry.to_numpy(), lambda points: np.round(points, WIRE_DECIMALS)
    )
    features = [
        {
            "type": "Feature",
            "id": adcode if isinstance(adcode, str) else int(adcode),
            "properties": {key: row[key] for key in _PROPERTIES},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for (adcode, row), shape in zip(
            table.drop(columns="geometry").to_dict("index").items(), rounded, strict=True
        )
    ]
    return {"type": "FeatureCollection", "features": features}


def _named_features(table: gpd.GeoDataFrame) -> dict[str, object]:
    """Return lines or points (EPSG:4326, indexed by id) as quantised GeoJSON with names."""
    rounded = shapely.transform(
        table.geometry.to_numpy(), lambda points: np.round(points, WIRE_DECIMALS)
    )
    features = [
        {
            "type": "Feature",
            "id": row.Index,
            "properties": {"name_zh": row.name_zh, "name_en": row.name_en},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(table.itertuples(), rounded, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _point(point: shapely.Point | None) -> dict[str, object] | None:
    if point is None:
        return None
    return {"type": "Point", "coordinates": [round(point.x, 5), round(point.y, 5)]}


def site_collection(sites: gpd.GeoDataFrame) -> dict[str, object]:
    """Return sites (points, EPSG:4326, indexed by id) as GeoJSON with names and areas.

    A site without a place of its own has ``null`` for a geometry.
    """
    homes = _homes(sites)["counties"]
    features = [
        {
            "type": "Feature",
            "id": row.id,
            "properties": {
                "name_zh": row.name_zh,
                "name_en": row.name_en,
                "cities": int(row.city_adcode),
                "counties": int(home),
            },
            "geometry": _point(row.geometry),
        }
        for row, home in zip(sites.itertuples(), homes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
