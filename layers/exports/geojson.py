"""Write the features of the view as GeoJSON (RFC 7946), told apart by ``layer``."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import mapping

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from layers.tables.view_tables import combined, view_tables


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    del options
    table = combined(view_tables(spec, province))
    collection = {
        "type": "FeatureCollection",
        "title": spec.title,
        "description": spec.subtitle,
        "sources": [
            f"{source.title.say(spec.language)}: {source.address}" for source in spec.sources
        ],
        "notes": list(spec.notes),
        "features": [_feature(row, shape) for row, shape in _rows(table)],
    }
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode()


def _rows(table: gpd.GeoDataFrame) -> list[tuple[dict[str, Any], shapely.Geometry | None]]:
    shapes = shapely.force_2d(table.geometry.to_numpy())
    polygons = shapely.get_dimensions(shapes) == 2
    shapes[polygons] = shapely.orient_polygons(shapes[polygons], exterior_cw=False)
    return list(zip(table.drop(columns="geometry").to_dict("records"), shapes, strict=True))


def _feature(row: dict[str, Any], shape: shapely.Geometry | None) -> dict[str, Any]:
    known = {key: value for key, value in row.items() if not pd.isna(value)}
    whole = {
        key: int(value) if isinstance(value, float) and value.is_integer() else value
        for key, value in known.items()
    }
    return {
        "type": "Feature",
        "id": f"{row['layer']}.{row['id']}",
        "properties": whole,
        "geometry": None if shape is None else mapping(shape),
    }


EXPORTER = Exporter("geojson", "geojson", "application/geo+json", "data", _write)
