"""Read GeoJSON: its nesting and its vertices are counted before it is parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.crs import GEOGRAPHIC
from data.uploads.formats.cells import plain_cell, table_frame
from data.uploads.formats.crs_text import plain_crs
from data.uploads.formats.encoding import decoded, detect_encoding, is_utf8
from data.uploads.formats.other_json import (
    as_collection,
    crs_name,
    esri_features,
    parsed_lines,
    records_of,
)
from data.uploads.formats.raw_table import RawTable, parsed_shapes, shaped_table
from data.uploads.limits import Limits, RefusedError, note

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_POSITION = re.compile(rb"\[\s*[-0-9]")
_CHUNK = 1 << 20
_SPACE = ord(" ")
_ROW_DEPTHS = (2, 3)
"""How deep a row is: an item of the whole, ``[{``, or of a list in it, ``{"features": [{``."""
_OTHER_ITEMS = 1_000
"""How many of those may be no features; all features are counted again once they are known."""
_MOST_DIGITS = 300
_HALF_TURN = 180.0


def read_geojson(content: bytes, limits: Limits) -> RawTable:
    """Read a FeatureCollection or a Feature, in EPSG:4326 unless the file has a ``crs`` of old.

    Names that stand in one object twice, and members that are no numbers, are noted; values
    that are lists or objects become JSON text.
    """
    encoding = detect_encoding(content)
    if encoding not in ("utf-8", "utf-8-sig") or not is_utf8(content):
        content = decoded(content, encoding).encode()
    _check_structure(content, limits)
    doubles: list[str] = []
    text = content.decode("utf-8-sig")
    try:
        found = json.loads(
            text, object_pairs_hook=lambda pairs: _object(pairs, doubles), parse_int=_whole
        )
    except (ValueError, RecursionError) as error:
        found = parsed_lines(text)
        if found is None:
            raise RefusedError("broken_json", problem=str(error)[:100]) from None
    found = as_collection(found)
    records = records_of(found)
    if records is not None:
        return _of_records(records, encoding, limits)
    features, esri = esri_features(found)
    if esri is None:
        features = _features(found)
    limits.check(rows=len(features))
    rows = pd.RangeIndex(1, len(features) + 1, name="row")
    notes = [note("double_keys", count=len(doubles), key=doubles[0][:60])] if doubles else []
    shapes, more = parsed_shapes(features, _shape)
    names, columns = _columns(features, limits)
    frame, cleaned = table_frame(names, columns, rows, limits)
    notes += [*more, *cleaned]
    crs = esri.crs if esri is not None else _crs(found, shapes)
    return shaped_table(frame, "GeoJSON", encoding, shapes, crs, limits, notes)


def _of_records(records: list[dict[str, Any]], encoding: str, limits: Limits) -> RawTable:
    """Return a list of plain objects as a table without geometry."""
    limits.check(rows=len(records))
    rows = pd.RangeIndex(1, len(records) + 1, name="row")
    names, columns = _columns([{"properties": one} for one in records], limits)
    frame, notes = table_frame(names, columns, rows, limits)
    return RawTable(frame, "JSON", encoding, notes=notes)


def _check_structure(content: bytes, limits: Limits) -> None:
    bare = _STRING.sub(b'""', content)
    count = sum(1 for _ in _POSITION.finditer(bare))
    limits.check(vertices=count)
    codes = np.frombuffer(bare, dtype=np.uint8)
    codes = codes[codes > _SPACE]
    listed = np.r_[False, (codes[:-1] == ord("[")) | (codes[:-1] == ord(","))]
    depth = rows = elements = 0
    for start in range(0, len(codes), _CHUNK):
        piece = codes[start : start + _CHUNK]
        opens = (piece == ord("[")) | (piece == ord("{"))
        closes = (piece == ord("]")) | (piece == ord("}"))
        depths = depth + np.cumsum(opens.astype(np.int32) - closes)
        if depths.max() > limits.nesting:
            raise RefusedError("too_nested", limit=limits.nesting)
        elements += int(opens.sum())
        if elements > limits.elements:
            raise RefusedError("too_many_elements", limit=limits.elements)
        items = listed[start : start + _CHUNK] & (piece == ord("{")) & np.isin(depths, _ROW_DEPTHS)
        rows += int(items.sum())
        if rows > limits.rows + _OTHER_ITEMS:
            raise RefusedError("too_many_rows", found=f"{limits.rows}+", limit=limits.rows)
        depth = int(depths[-1])


def _whole(digits: str) -> int | str:
    """Return a whole number, or its digits where there are more than any coordinate has."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _object(pairs: list[tuple[str, Any]], doubles: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            doubles.append(key)
        else:
            found[key] = value
    return found


def _features(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict) and found.get("type") == "Feature":
        return [found]
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise RefusedError("not_features")
    wrong = next((at for at, one in enumerate(features, 1) if not isinstance(one, dict)), None)
    if wrong is not None:
        raise RefusedError("not_a_feature", row=wrong)
    return features


def _shape(feature: dict[str, Any]) -> shapely.Geometry | None:
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    return shapely.from_geojson(json.dumps(geometry, allow_nan=False))


def _columns(features: list[dict[str, Any]], limits: Limits) -> tuple[list[str], list[list[Any]]]:
    records = [one.get("properties") for one in features]
    properties = [record if isinstance(record, dict) else {} for record in records]
    names = list(dict.fromkeys(key for record in properties for key in record))
    limits.check(columns=len(names))
    if not names:
        return ["id"], [[one.get("id") for one in features]]
    return names, [[_value(record.get(name)) for record in properties] for name in names]


def _value(value: Any) -> Any:
    if isinstance(value, (list, dict, bool)):
        return json.dumps(value, ensure_ascii=False)
    return plain_cell(value)


def _crs(found: Any, shapes: Sequence[shapely.Geometry | None]) -> str | None:
    """Return the CRS: RFC 7946 knows only one; the standard of 2008 let a file name another.

    ``None`` where none is named and the coordinates are no degrees.
    """
    stated = found.get("crs") if isinstance(found, dict) else None
    name = crs_name(stated)
    if name is None:
        return GEOGRAPHIC if _are_degrees(shapes) else None
    return plain_crs(name)


def _are_degrees(shapes: Sequence[shapely.Geometry | None]) -> bool:
    bounds = shapely.bounds(np.asarray(shapes, dtype=object))
    known = bounds[np.isfinite(bounds).all(axis=1)]
    return not len(known) or bool((np.abs(known).max(axis=1) <= _HALF_TURN).any())
