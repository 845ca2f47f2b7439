"""Write the documents of OGC API - Features: plain JSON values."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.text import Language
from layers.ogc.collections import Collection
from layers.ogc.feature_query import CRS84, FeatureQuery, crs_choices, in_crs

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
)
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"
_DECIMALS = {True: 6, False: 2}

Json = dict[str, Any]


def link(address: str, relation: str, media_type: str, title: str) -> Json:
    """Return a link as all documents hold them."""
    return {"href": address, "rel": relation, "type": media_type, "title": title}


def _both(base: str, path: str, title: str, relation: str = "self") -> list[Json]:
    other = "alternate" if relation == "self" else relation
    return [
        link(f"{base}{path}?f=json", relation, "application/json", title),
        link(f"{base}{path}?f=html", other, "text/html", title),
    ]


def in_language(content: Json, base: str, language: Language) -> Json:
    """Return a document whose links within the interface ask for a language too."""
    spoken: Json = json.loads(json.dumps(content), object_hook=_asking(base, language))
    return spoken


def _asking(base: str, language: Language) -> Callable[[Json], Json]:
    def asked(found: Json) -> Json:
        address = found.get("href")
        if isinstance(address, str) and address.startswith(base) and "lang=" not in address:
            joint = "&" if "?" in address else "?"
            return {**found, "href": f"{address}{joint}lang={language}"}
        return found

    return asked


def landing(base: str, title: str, description: str) -> Json:
    """Return the landing page."""
    return {
        "title": title,
        "description": description,
        "links": [
            *_both(base, "", title),
            link(f"{base}/api", "service-desc", OPENAPI_TYPE, "OpenAPI 3.0"),
            link(f"{base}/api?f=html", "service-doc", "text/html", "OpenAPI 3.0"),
            link(f"{base}/conformance", "conformance", "application/json", "Conformance"),
            *_both(base, "/collections", "Collections", "data"),
        ],
    }


def collection_document(base: str, collection: Collection) -> Json:
    """Return the description of a collection."""
    path = f"/collections/{collection.id}"
    extent: Json = {"spatial": {"bbox": [list(collection.bounds)], "crs": CRS84}}
    if collection.years:
        first, last = collection.years
        interval = [f"{first:04}-01-01T00:00:00Z", f"{last:04}-12-31T23:59:59Z"]
        extent["temporal"] = {"interval": [interval]}
    return {
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": extent,
        "crs": list(crs_choices(collection.province)),
        "storageCrs": CRS84,
        "links": [
            *_both(base, path, collection.title),
            link(f"{base}{path}/items", "items", "application/geo+json", collection.title),
            link(f"{base}{path}/items?f=html", "items", "text/html", collection.title),
            *_both(base, "/collections", "Collections", "up"),
        ],
    }


def collections_document(base: str, collections: Sequence[Collection]) -> Json:
    """Return the list of all collections."""
    crs = dict.fromkeys(name for one in collections for name in crs_choices(one.province))
    return {
        "links": [*_both(base, "/collections", "Collections"), *_both(base, "", "/", "up")],
        "crs": list(crs),
        "collections": [collection_document(base, one) for one in collections],
    }


def page_of(
    base: str, collection: Collection, found: gpd.GeoDataFrame, query: FeatureQuery, asked: Json
) -> Json:
    """Return one page of features; ``asked`` are the request's own parameters."""
    part = found.iloc[query.offset : query.offset + query.limit]
    moved = in_crs(part, query.crs, collection.province)
    address = f"{base}/collections/{collection.id}/items"
    links = [
        link(_with(address, asked, f="json"), "self", "application/geo+json", collection.title),
        link(_with(address, asked, f="html"), "alternate", "text/html", collection.title),
    ]
    links += _both(base, f"/collections/{collection.id}", collection.title, "collection")
    after = query.offset + query.limit
    if after < len(found):
        forward = _with(address, asked, offset=after)
        links.append(link(forward, "next", "application/geo+json", "Next"))
    if query.offset:
        back = _with(address, asked, offset=max(0, query.offset - query.limit))
        links.append(link(back, "prev", "application/geo+json", "Previous"))
    degrees = bool(moved.crs.is_geographic)
    return {
        "type": "FeatureCollection",
        "timeStamp": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": len(found),
        "numberReturned": len(part),
        "links": links,
        "features": _features(moved, degrees=degrees),
    }


def _with(address: str, asked: Json, **changes: object) -> str:
    return f"{address}?{urlencode({**asked, **changes})}"


def feature_of(base: str, collection: Collection, row: gpd.GeoDataFrame, crs: str) -> Json:
    """Return one feature with its links; ``row`` is a table of one row."""
    moved = in_crs(row, crs, collection.province)
    feature: Json = _features(moved, degrees=bool(moved.crs.is_geographic))[0]
    path = f"/collections/{collection.id}"
    feature["links"] = [
        *_both(base, f"{path}/items/{feature['id']}", str(feature["id"])),
        *_both(base, path, collection.title, "collection"),
    ]
    return feature


def _features(table: gpd.GeoDataFrame, *, degrees: bool) -> list[Json]:
    rounded = shapely.transform(
        table.geometry.to_numpy(), lambda points: np.round(points, _DECIMALS[degrees])
    )
    columns = [name for name in table.columns if name != "geometry"]
    records = table[columns].to_dict("records")
    return [
        {
            "type": "Feature",
            "id": _plain(index),
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            "properties": {str(key): _plain(value) for key, value in record.items()},
        }
        for index, shape, record in zip(table.index, rounded, records, strict=True)
    ]


def _plain(value: object) -> object:
    """Return a value as JSON knows it; what is missing is ``null``."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (str, int, bool)):
        return value
    return str(value)
