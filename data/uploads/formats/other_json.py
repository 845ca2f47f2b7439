"""Understand JSON that is no plain GeoJSON: records, JSON Lines, that of Esri, names of CRS."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from data.crs import GEOGRAPHIC
from data.uploads.formats.crs_text import plain_crs
from data.uploads.limits import RefusedError

_CRS84 = re.compile(
    r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?ogc[:/].*crs:?84", re.I
)
_EPSG = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:)?epsg:(?:[\d.]*:)?(\d{4,6})"
    r"|https?://www\.opengis\.net/(?:def/crs/epsg/[\d.]+/|gml/srs/epsg\.xml#)(\d{4,6})"
    r"|(\d{4,6})",
    re.IGNORECASE,
)
_LISTS = ("data", "rows", "records", "items", "list", "result", "results", "pois")
_KNOWN = {"type", "features", "geometry"}
_ESRI_CODES = {102100: 3857, 102113: 3857}


@dataclass(frozen=True)
class EsriLayer:
    """What Esri's JSON says of all features."""

    crs: str | None


def parsed_lines(text: str) -> list[Any] | None:
    """Return the objects of JSON Lines, one a line; ``None`` for other text."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not all(line.strip().endswith("}") for line in lines):
        return None
    try:
        return [json.loads(line) for line in lines]
    except ValueError:
        return None


def as_collection(found: Any) -> Any:
    """Return a bare list of features as the collection that it should be; other JSON as it is."""
    is_list = isinstance(found, list) and bool(found)
    if is_list and all(isinstance(one, dict) and one.get("type") == "Feature" for one in found):
        return {"type": "FeatureCollection", "features": found}
    return found


def crs_name(stated: Any) -> str | None:
    """Return what a member ``crs`` names as an authority's code; ``None`` where it names none.

    Raises ``RefusedError`` for a name that is not known.
    """
    properties = stated.get("properties") if isinstance(stated, dict) else stated
    name = properties
    if isinstance(properties, dict):
        name = properties.get("name", properties.get("code"))
    if name is None or isinstance(name, (list, dict, bool)):
        return None
    text = str(name).strip()
    if _CRS84.fullmatch(text):
        return GEOGRAPHIC
    match = _EPSG.fullmatch(text)
    if match is None:
        raise RefusedError("unknown_crs", crs=text[:80])
    return f"EPSG:{next(code for code in match.groups() if code)}"


def records_of(found: Any) -> list[dict[str, Any]] | None:
    """Return the plain objects that a web service lists; ``None`` for anything with features."""
    if isinstance(found, dict) and not _KNOWN & set(found):
        lists = [found[key] for key in _LISTS if isinstance(found.get(key), list)]
        nested = found.get("data")
        if not lists and isinstance(nested, dict):
            lists = [nested[key] for key in _LISTS if isinstance(nested.get(key), list)]
        found = lists[0] if lists else None
    if not isinstance(found, list) or not found:
        return None
    plain = [one for one in found if isinstance(one, dict) and one.get("type") != "Feature"]
    return plain if len(plain) == len(found) else None


def esri_features(found: Any) -> tuple[list[dict[str, Any]], EsriLayer | None]:
    """Return Esri's features as those of GeoJSON, and their system; ``None`` for other JSON."""
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features or "type" in found:
        return [], None
    if not all(isinstance(one, dict) and "attributes" in one for one in features):
        return [], None
    about = found.get("spatialReference")
    about = about if isinstance(about, dict) else {}
    code = about.get("latestWkid", about.get("wkid"))
    crs = plain_crs(f"EPSG:{_ESRI_CODES.get(code, code)}") if isinstance(code, int) else None
    made = [
        {"properties": one["attributes"], "geometry": _geometry(one.get("geometry"))}
        for one in features
    ]
    return made, EsriLayer(crs)


def _geometry(given: Any) -> dict[str, Any] | None:
    if not isinstance(given, dict):
        return None
    if "x" in given and "y" in given:
        return {"type": "Point", "coordinates": [given["x"], given["y"]]}
    for key, kind in (("points", "MultiPoint"), ("paths", "MultiLineString"), ("rings", "Polygon")):
        if key in given:
            return {"type": kind, "coordinates": given[key]}
    return None
