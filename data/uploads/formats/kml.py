"""Read the placemarks of a KML file; links to other files are never followed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

import pandas as pd
import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from data.crs import GEOGRAPHIC
from data.uploads.formats.archive import member_name, open_zip, unpack
from data.uploads.formats.cells import table_frame
from data.uploads.formats.mended_kml import mended_kml, plain_text, table_pairs
from data.uploads.formats.raw_table import RawTable, parsed_shapes, shaped_table
from data.uploads.limits import Limits, Note, RefusedError, note

_ROW, _LINK = "Placemark", "NetworkLink"


def read_kml(content: bytes, limits: Limits) -> RawTable:
    """Read placemarks: ``name``, ``folder``, ``description`` and extended data as columns.

    Coordinates are WGS-84, as the standard has it. HTML in a description, prefixes that were
    never declared and Chinese encodings are mended, and noted. Raises ``RefusedError`` for a
    document type, entities, or markup nested deeper than ``limits`` allows.
    """
    root, counted, mended = _parsed(content, limits)
    placemarks, folders = _placemarks(root)
    _check_vertices(root, limits)
    rows = pd.RangeIndex(1, len(placemarks) + 1, name="row")
    records = [
        _record(one) | ({"folder": folder} if folder else {})
        for one, folder in zip(placemarks, folders, strict=True)
    ]
    names = list(dict.fromkeys(name for record in records for name in record))
    limits.check(columns=len(names))
    columns = [[record.get(name) for record in records] for name in names]
    frame, notes = table_frame(names, columns, rows, limits)
    shapes, broken = parsed_shapes(placemarks, _shape)
    followed = (note("kml_links", count=counted.links),) if counted.links else ()
    return shaped_table(
        frame, "KML", None, shapes, GEOGRAPHIC, limits, (*notes, *broken, *followed, *mended)
    )


def read_kmz(path: Path, limits: Limits) -> RawTable:
    """Read the KML of a KMZ archive: ``doc.kml``, or else the first there is."""
    with open_zip(path) as archive:
        found = [one for one in archive.infolist() if one.filename.lower().endswith(".kml")]
        if not found:
            raise RefusedError("wrong_content", extension=".kmz")
        main = next((one for one in found if one.filename.lower() == "doc.kml"), found[0])
        pieces: list[bytes] = []
        unpack(archive, [main], limits, lambda _, piece: pieces.append(piece))
    table = read_kml(b"".join(pieces), limits)
    others = [member_name(one) for one in found if one is not main]
    if not others:
        return table
    left = note("other_sheets", sheet=member_name(main)[:60], others=", ".join(others)[:200])
    return replace(table, notes=(*table.notes, left))


def _parsed(content: bytes, limits: Limits) -> tuple[Element, _Counted, tuple[Note, ...]]:
    """Return the document; one that is not well-formed is mended and tried once more."""
    problem = ""
    for mend in (False, True):
        given, notes = mended_kml(content) if mend else (content, ())
        counted = _Counted(limits)
        try:
            parser = DefusedXMLParser(target=counted, forbid_dtd=True)
            parser.feed(given)
            return parser.close(), counted, notes
        except DefusedXmlException:
            raise RefusedError("xml_entities", name="KML") from None
        except (ParseError, ValueError, LookupError) as error:
            problem = problem or str(error)[:100]
    raise RefusedError("broken_xml", problem=problem)


def _placemarks(root: Element) -> tuple[list[Element], list[str]]:
    """Return placemarks, and the names of the folders that each lies in, the outermost first."""
    found: list[Element] = []
    folders: list[str] = []
    waiting: list[tuple[Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, path = waiting.pop()
        kind = _local(element)
        if kind == _ROW:
            found.append(element)
            folders.append(" / ".join(path))
            continue
        if kind == "Folder":
            name = next((one.text or "" for one in element if _local(one) == "name"), "").strip()
            path = (*path, name) if name else path
        waiting += [(child, path) for child in reversed(element)]
    return found, folders


class _Counted(TreeBuilder):
    """Counts what a document holds while it is read, and makes elements of it until it is too much.

    ``links`` counts those to other files.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._depth = self._rows = self._elements = self.links = 0

    def start(self, tag: Any, attrs: dict[Any, Any], /) -> Element:
        """Begin an element."""
        self._depth += 1
        self._elements += 1
        if tag.endswith((_ROW, _LINK)):
            name = _local_name(tag)
            self._rows += name == _ROW
            self.links += name == _LINK
        self._check()
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        """End an element."""
        self._depth -= 1
        return super().end(tag)

    def _check(self) -> None:
        limits = self._limits
        if self._depth > limits.nesting:
            raise RefusedError("too_nested", limit=limits.nesting)
        if self._rows > limits.rows:
            raise RefusedError("too_many_rows", found=f"{limits.rows}+", limit=limits.rows)
        if self._elements > limits.elements:
            raise RefusedError("too_many_elements", limit=limits.elements)


def _local_name(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _local(element: Element) -> str:
    return _local_name(str(element.tag))


def _check_vertices(root: Element, limits: Limits) -> None:
    """Count vertices before any is read: reading many takes longer than counting them."""
    texts = (one.text or "" for one in root.iter() if _local(one) == "coordinates")
    count = sum(len(text.split()) for text in texts)
    limits.check(vertices=count)


def _record(placemark: Element) -> dict[str, str]:
    record: dict[str, str] = {}
    for child in placemark:
        if _local(child) in ("name", "description", "address"):
            text = child.text or ""
            record[_local(child)] = plain_text(text)
            record = table_pairs(text) | record
        elif _local(child) == "ExtendedData":
            for part in child.iter():
                if _local(part) == "SimpleData":
                    record[part.get("name", "")] = part.text or ""
                elif _local(part) == "Data":
                    value = next((one for one in part if _local(one) == "value"), None)
                    record[part.get("name", "")] = (value.text if value is not None else "") or ""
    return record or {"name": ""}


def _shape(placemark: Element) -> shapely.Geometry | None:
    found = [shape for child in placemark for shape in _geometries(child)]
    if len(found) > 1:
        return shapely.GeometryCollection(found)
    return found[0] if found else None


def _geometries(element: Element) -> list[shapely.Geometry]:
    kind = _local(element)
    if kind in ("MultiGeometry", "MultiTrack"):
        return [shape for child in element for shape in _geometries(child)]
    if kind == "Track":
        places = [(one.text or "").split()[:2] for one in element if _local(one) == "coord"]
        line = [(float(lon), float(lat)) for lon, lat in places]
        return [shapely.LineString(line) if len(line) > 1 else shapely.Point(line[0])]
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
