"""Describe the rows of the tables, and check a table against its row.

The validators gather every fault of a file before anything is raised.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import geopandas as gpd
import shapely
from pydantic import BaseModel, Field, ValidationError

from data.crs import GEOGRAPHIC
from data.errors import Fault
from data.evidence_rows import PLACED, SiteRow
from data.model import Adcode, NonEmpty, Record


class AreaRow(Record):
    """A neighbouring province: a row of ``neighbours.geojson``.

    ``label_lon`` and ``label_lat`` say where its name stands, in decimal degrees.
    """

    adcode: Adcode
    name_zh: NonEmpty
    name_en: NonEmpty
    label_lon: Annotated[float, Field(ge=-180, le=180)]
    label_lat: Annotated[float, Field(ge=-90, le=90)]


class CityRow(AreaRow):
    """A prefecture-level city: a row of ``cities.geojson``."""


class CountyRow(AreaRow):
    """A district, county-level city or county: a row of ``counties.geojson``."""

    city_adcode: Adcode
    kind: Literal["district", "city", "county"]


_Model = TypeVar("_Model", bound=BaseModel)


def read_toml(path: Path, model: type[_Model]) -> tuple[_Model | None, list[Fault]]:
    """Read a TOML file as ``model``; return it, or ``None`` with every fault."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, [Fault(path.name, "", "", "the file is missing")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Fault(path.name, "", "", f"not readable as TOML in UTF-8: {error}")]
    try:
        return model.model_validate(content), []
    except ValidationError as error:
        return None, [
            Fault(path.name, *_place(item["loc"], content), item["msg"]) for item in error.errors()
        ]


def _place(location: tuple[int | str, ...], content: Any) -> tuple[str, str]:
    """Turn pydantic's location into (record, field), naming records by their id."""
    record = ""
    field: list[str] = []
    here = content
    for part in location:
        here = _step(here, part)
        if isinstance(part, int):
            record = ".".join([*([record] if record else []), *field]) + f"[{part}]"
            if isinstance(here, dict) and "id" in here:
                record += f" ({here['id']})"
            field = []
        else:
            field.append(part)
    return record, ".".join(field)


def _step(here: Any, part: int | str) -> Any:
    try:
        return here[part]
    except (KeyError, IndexError, TypeError):
        return None


def read_areas(path: Path, row: type[AreaRow]) -> tuple[gpd.GeoDataFrame | None, list[Fault]]:
    """Read a GeoJSON file of polygons whose properties follow ``row``, indexed by adcode.

    Return the table in EPSG:4326, or ``None`` with every fault of the file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, [Fault(path.name, "", "", "the file is missing")]
    except (ValueError, RecursionError) as error:
        return None, [Fault(path.name, "", "", f"not readable as JSON in UTF-8: {error}")]
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        return None, [Fault(path.name, "", "", "expected a GeoJSON FeatureCollection")]
    return _area_table(path.name, features, row)


def _area_table(
    file: str, features: list[Any], row: type[AreaRow]
) -> tuple[gpd.GeoDataFrame | None, list[Fault]]:
    rows: list[dict[str, Any]] = []
    shapes: list[shapely.Geometry] = []
    faults: list[Fault] = []
    seen: set[object] = set()
    for position, feature in enumerate(features):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        adcode = properties.get("adcode") if isinstance(properties, dict) else None
        record = f"feature {position + 1}" + (f" (adcode {adcode})" if adcode is not None else "")
        rows_of_feature, row_faults = _row(file, record, properties, row)
        shape, shape_fault = _polygon(file, record, feature)
        faults += row_faults + shape_fault
        if adcode in seen:
            faults.append(Fault(file, record, "adcode", "stands in the file twice"))
        seen.add(adcode)
        if rows_of_feature is not None and shape is not None:
            rows.append(rows_of_feature)
            shapes.append(shape)
    if not features:
        faults.append(Fault(file, "", "features", "the file has no features"))
    if faults:
        return None, faults
    table = gpd.GeoDataFrame(rows, geometry=shapes, crs=GEOGRAPHIC)
    return table.set_index("adcode", drop=False).rename_axis(None), []


def _row(
    file: str, record: str, properties: Any, row: type[AreaRow]
) -> tuple[dict[str, Any] | None, list[Fault]]:
    try:
        return row.model_validate(properties).model_dump(), []
    except ValidationError as error:
        return None, [
            Fault(file, record, ".".join(map(str, item["loc"])), item["msg"])
            for item in error.errors()
        ]


def read_sites(path: Path) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Read ``sites.geojson`` (points, EPSG:4326), indexed by site id; none where it is missing.

    A site has a point where its precision says so, and none otherwise.
    """
    columns = list(SiteRow.model_fields)
    if not path.exists():
        return gpd.GeoDataFrame(columns=columns, geometry=[], crs=GEOGRAPHIC), []
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        rows = [SiteRow.model_validate(feature["properties"]) for feature in features]
        points = [_site_point(feature, row) for feature, row in zip(features, rows, strict=True)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = "made from sites.csv; make it again with `python -m data.site_places FOLDER`"
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        empty = gpd.GeoDataFrame(columns=columns, geometry=[], crs=GEOGRAPHIC)
        return empty, [Fault(path.name, "", "", f"not readable ({first}); it is {reason}")]
    table = gpd.GeoDataFrame([row.model_dump() for row in rows], geometry=points, crs=GEOGRAPHIC)
    return table.set_index("id", drop=False).rename_axis(None), []


def _site_point(feature: Any, row: SiteRow) -> shapely.Point | None:
    geometry = feature["geometry"]
    if (geometry is not None) != (row.precision in PLACED):
        raise ValueError(f"{row.id}: precision {row.precision} and its geometry disagree")
    return None if geometry is None else shapely.Point(geometry["coordinates"])


def _polygon(file: str, record: str, feature: Any) -> tuple[shapely.Geometry | None, list[Fault]]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError):
        return None, [Fault(file, record, "geometry", "not readable as GeoJSON geometry")]
    problem = _polygon_problem(shape)
    return (None, [Fault(file, record, "geometry", problem)]) if problem else (shape, [])


def _polygon_problem(shape: shapely.Geometry | None) -> str | None:
    if shape is None or shape.is_empty:
        return "empty; expected a polygon"
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return f"is a {shape.geom_type}; expected a Polygon or MultiPolygon"
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return "has coordinates outside longitude -180..180, latitude -90..90 (EPSG:4326)"
    if not shape.is_valid:
        return f"is not valid: {shapely.is_valid_reason(shape)}"
    return None
