"""Read the placemarks of a KML file; links to other files are never followed."""

from __future__ import annotations

import math
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from data.crs import GEOGRAPHIC
from data.intake.cells import table_frame
from data.intake.limits import Limits, Note, RefusedError, note
from data.intake.table import RawTable, bounded_points


def read_kml(content: bytes, limits: Limits) -> RawTable:
    """Read placemarks: ``name``, ``description``, ``address`` and extended data as columns.

    Coordinates are WGS-84, as the standard has it. Raises ``RefusedError`` for a document
    type, entities, or markup nested deeper than ``limits`` allows.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise RefusedError("xml_entities", name="KML") from None
    except (ParseError, ValueError, LookupError) as error:
        raise RefusedError("broken_xml", problem=str(error)[:100]) from None
    placemarks, links = _placemarks(root, limits)
    if len(placemarks) > limits.rows:
        raise RefusedError("too_many_rows", found=len(placemarks), limit=limits.rows)
    _check_vertices(root, limits)
    rows = pd.RangeIndex(1, len(placemarks) + 1, name="row")
    records = [_record(one) for one in placemarks]
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = [[record.get(name) for record in records] for name in names]
    frame, notes = table_frame(names, columns, rows, limits)
    shapes, broken = _shapes(placemarks)
    geometry, more = bounded_points(shapes, rows, limits)
    followed = (note("kml_links", count=links),) if links else ()
    return RawTable(
        frame,
        "KML",
        None,
        geometry.set_crs(GEOGRAPHIC),
        GEOGRAPHIC,
        (*notes, *broken, *more, *followed),
    )


def _local(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _placemarks(root: Element, limits: Limits) -> tuple[list[Element], int]:
    found, links = [], 0
    pending = [(root, 1)]
    while pending:
        element, depth = pending.pop()
        if depth > limits.nesting:
            raise RefusedError("too_nested", limit=limits.nesting)
        name = _local(element)
        links += name == "NetworkLink"
        if name == "Placemark":
            found.append(element)
        pending += [(child, depth + 1) for child in reversed(element)]
    return found, links


def _check_vertices(root: Element, limits: Limits) -> None:
    """Count vertices before any is read: reading many takes longer than counting them."""
    texts = (one.text or "" for one in root.iter() if _local(one) == "coordinates")
    count = sum(len(text.split()) for text in texts)
    if count > limits.vertices:
        raise RefusedError("too_many_vertices", found=count, limit=limits.vertices)


def _record(placemark: Element) -> dict[str, str]:
    record: dict[str, str] = {}
    for child in placemark:
        if _local(child) in ("name", "description", "address"):
            record[_local(child)] = child.text or ""
        elif _local(child) == "ExtendedData":
            for part in child.iter():
                if _local(part) == "SimpleData":
                    record[part.get("name", "")] = part.text or ""
                elif _local(part) == "Data":
                    value = next((one for one in part if _local(one) == "value"), None)
                    record[part.get("name", "")] = (value.text if value is not None else "") or ""
    return record or {"name": ""}


def _shapes(placemarks: list[Element]) -> tuple[list[shapely.Geometry | None], tuple[Note, ...]]:
    shapes: list[shapely.Geometry | None] = []
    broken = []
    for number, placemark in enumerate(placemarks, 1):
        try:
            found = [shape for child in placemark for shape in _geometries(child)]
            shapes.append(
                found[0]
                if len(found) == 1
                else shapely.GeometryCollection(found)
                if found
                else None
            )
        except (ValueError, IndexError, shapely.errors.GEOSException):
            shapes.append(None)
            broken.append(number)
    if not broken:
        return shapes, ()
    return shapes, (note("broken_geometry", count=len(broken), row=broken[0]),)


def _geometries(element: Element) -> list[shapely.Geometry]:
    kind = _local(element)
    if kind == "MultiGeometry":
        return [shape for child in element for shape in _geometries(child)]
    if kind == "Point":
        return [shapely.Point(_positions(element)[0])]
    if kind in ("LineString", "LinearRing"):
        return [shapely.LineString(_positions(element))]
    if kind == "Polygon":
        rings: dict[str, list[Any]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
        for child in element:
            if _local(child) in rings:
                rings[_local(child)].append(_positions(child))
        return [shapely.Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])]
    return []


def _positions(element: Element) -> list[tuple[float, float]]:
    texts = (one.text or "" for one in element.iter() if _local(one) == "coordinates")
    text = next(texts, "")
    positions = []
    for position in text.split():
        lon, lat = (float(part) for part in position.split(",")[:2])
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise ValueError("not a number")
        positions.append((lon, lat))
    return positions
