"""Prepare geometry for the wire: quantised, compressed, named by its content.

Geometry goes to a browser once and stays there: its address holds a digest of what it
holds, so that it can be cached for ever.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely

from data.loader import Province
from layers.derived import geometry_table
from layers.spec import FeatureId, GeometryId

WIRE_DECIMALS = 4
"""Decimals of a degree on the wire: about 10 m, a fifth of the boundaries' own precision."""

_PROPERTIES = ("name_zh", "name_en", "label_lon", "label_lat")


@dataclass(frozen=True)
class WireGeometry:
    """A GeoJSON file for browsers (EPSG:4326), compressed with gzip."""

    id: GeometryId
    digest: str
    compressed: bytes

    @property
    def file_name(self) -> str:
        """The name under which it is served."""
        return f"{self.id}.{self.digest}.json"


@lru_cache(maxsize=128)
def wire_geometry(province: Province, name: GeometryId) -> WireGeometry:
    """Return a geometry of a province as it is sent to browsers."""
    return _wire(name, collection_of(province, name))


def collection_of(province: Province, name: GeometryId) -> dict[str, object]:
    """Return a geometry of a province as quantised GeoJSON."""
    table = geometry_table(province, name)
    return site_collection(table) if name == "sites" else feature_collection(table)


@lru_cache(maxsize=128)
def feature_ids(province: Province, name: GeometryId) -> frozenset[FeatureId]:
    """Return the ids of all features of a geometry."""
    return frozenset(geometry_table(province, name).index)


def _wire(name: GeometryId, collection: dict[str, object]) -> WireGeometry:
    content = json.dumps(
        collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    # A fixed time keeps the bytes the same from run to run.
    return WireGeometry(name, digest, gzip.compress(content, compresslevel=9, mtime=0))


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


def site_collection(sites: gpd.GeoDataFrame) -> dict[str, object]:
    """Return sites (points, EPSG:4326, indexed by id) as GeoJSON with names and areas."""
    homes = sites["county_adcode"].fillna(sites["city_adcode"])
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
            "geometry": {
                "type": "Point",
                "coordinates": [round(row.geometry.x, 5), round(row.geometry.y, 5)],
            },
        }
        for row, home in zip(sites.itertuples(), homes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
