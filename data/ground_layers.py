"""Read the ground under a province's map: water, roads, railways, towns, airports and ports.

The files stand in the folder ``ground`` of a province's folder, which ``data.authoring.ground``
derives; all of it may be missing. A layer is read when it is first asked for, so that opening a
province costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from pydantic import Field, ValidationError

from data.crs import GEOGRAPHIC
from data.errors import DataError, Fault
from data.evidence_files import read_rows
from data.model import Adcode, NonEmpty, Record, Source
from data.road_graph import RoadGraph, empty_graph, read_graph
from data.schema import read_toml

TownKind = Literal["city-seat", "county-seat", "town"]
Longitude = Annotated[float, Field(ge=-180, le=180)]

_POLYGONS = ("Polygon", "MultiPolygon")
_LINES = ("LineString",)
_POINTS = ("Point",)


class WaterRow(Record):
    """A lake or a wide river: a row of ``water.geojson``, a polygon.

    ``basis`` says what its shape is from: the ``lake`` or ``sea`` of a shoreline database, or
    ``border``, a reach assumed along a county border. ``area_km2`` is measured on the shape.
    """

    kind: Literal["lake", "river"]
    basis: Literal["lake", "sea", "border"]
    area_km2: Annotated[float, Field(gt=0)]
    name_zh: NonEmpty | None
    name_en: NonEmpty | None


class LineRow(Record):
    """A road or a railway: a row of ``osm/roads.geojson`` or ``osm/railways.geojson``, a line.

    Its course may lie up to ``within_km`` off the line; ``length_km`` is that of the line.
    """

    within_km: Annotated[int, Field(gt=0)]
    length_km: Annotated[float, Field(ge=0)]


class TownRow(Record):
    """A town: a row of ``towns.csv``, placed to some 1 to 3 km.

    ``geonameid`` is its number in GeoNames, ``other_zh`` further Chinese names joined by
    semicolons, ``population`` 0 where it is unknown; ``lon``, ``lat`` are decimal degrees.
    """

    geonameid: Annotated[int, Field(gt=0)]
    kind: TownKind
    name_zh: NonEmpty | None = None
    name_en: NonEmpty
    other_zh: NonEmpty | None = None
    county_adcode: Adcode
    population: Annotated[int, Field(ge=0)]
    lon: Longitude
    lat: Annotated[float, Field(ge=-90, le=90)]


class HubRow(Record):
    """An airport (``code`` of ICAO) or a port (UN/LOCODE): a point of ``airports`` or ``ports``."""

    code: NonEmpty
    name_zh: NonEmpty | None
    name_en: NonEmpty


LayerName = Literal["water", "roads", "railways", "towns", "airports", "ports"]


class LayerSource(Source):
    """What some ``layers`` of the ground are from."""

    layers: Annotated[tuple[LayerName, ...], Field(min_length=1)]


class LayerSources(Record):
    """What ``sources.toml`` holds."""

    sources: tuple[LayerSource, ...]


_Read = tuple[gpd.GeoDataFrame, list[Fault]]


@dataclass(frozen=True, eq=False)
class Ground:
    """The layers of ``folder``, each a table in EPSG:4326, empty where there is no such file.

    Reading a layer raises ``DataError`` with every fault of its file.
    """

    folder: Path | None = None

    @cached_property
    def water(self) -> gpd.GeoDataFrame:
        """Lakes and wide rivers, largest first: polygons with the columns of ``WaterRow``."""
        return self._layer("water", WaterRow, _POLYGONS)

    @cached_property
    def roads(self) -> gpd.GeoDataFrame:
        """Highways, longest first: lines with the columns of ``LineRow``."""
        return self._layer("roads", LineRow, _LINES)

    @cached_property
    def railways(self) -> gpd.GeoDataFrame:
        """Railways, longest first: lines with the columns of ``LineRow``."""
        return self._layer("railways", LineRow, _LINES)

    @cached_property
    def towns(self) -> gpd.GeoDataFrame:
        """Towns, seats first: points with the columns of ``TownRow``, indexed by geonameid."""
        path = self._path(_FILES["towns"])
        table = _table([], [], TownRow) if path is None else _without_faults(_read_towns(path))
        return table.set_index("geonameid", drop=False).rename_axis(None)

    @cached_property
    def airports(self) -> gpd.GeoDataFrame:
        """Airports: points with the columns of ``HubRow``, indexed by code."""
        return self._hubs("airports")

    @cached_property
    def ports(self) -> gpd.GeoDataFrame:
        """Ports: points with the columns of ``HubRow``, indexed by code."""
        return self._hubs("ports")

    @cached_property
    def road_graph(self) -> RoadGraph:
        """The graph that ``roads`` are drawn from, those left out there included."""
        path = self._path(_FILES["road_graph"])
        graph, faults = (empty_graph(), []) if path is None else read_graph(path)
        if faults:
            raise DataError(faults)
        return graph

    @cached_property
    def sources(self) -> dict[str, Source]:
        """What each layer is from, by its name; maps and files that show it name it."""
        path = self._path("sources.toml")
        if path is None:
            return {}
        found, faults = read_toml(path, LayerSources)
        if found is None:
            raise DataError(faults)
        plain = [
            (Source(**one.model_dump(exclude={"layers"})), one.layers) for one in found.sources
        ]
        return {layer: source for source, layers in plain for layer in layers}

    def source_ids(self, *layers: str) -> tuple[str, ...]:
        """Return the ids of the sources of layers, each once."""
        known = self.sources
        return tuple(dict.fromkeys(known[name].id for name in layers if name in known))

    @cached_property
    def kept(self) -> dict[tuple[str, str], Any]:
        """What is made of the layers, for as long as they are: empty at first."""
        return {}

    def has(self, layer: str) -> bool:
        """Whether there is a file of a layer, without reading it."""
        return self._path(_FILES[layer]) is not None

    def digest(self, *layers: str) -> str:
        """Return a digest of the files of layers, without reading what they hold."""
        paths = [self._path(_FILES[layer]) for layer in layers]
        content = b"".join(path.read_bytes() for path in paths if path is not None)
        return hashlib.sha256(content).hexdigest()

    def _path(self, name: str) -> Path | None:
        path = None if self.folder is None else self.folder / name
        return path if path is not None and path.exists() else None

    def _layer(self, name: str, row: type[Record], types: tuple[str, ...]) -> gpd.GeoDataFrame:
        path = self._path(_FILES[name])
        if path is None:
            return _table([], [], row)
        return _without_faults(_read_layer(path, row, types))

    def _hubs(self, name: str) -> gpd.GeoDataFrame:
        table = self._layer(name, HubRow, _POINTS)
        return table.set_index("code", drop=False).rename_axis(None)


_FILES = {
    "water": "water.geojson",
    "roads": "osm/roads.geojson",
    "railways": "osm/railways.geojson",
    "towns": "towns.csv",
    "airports": "airports.geojson",
    "ports": "ports.geojson",
    "road_graph": "osm/road_graph.npz",
}
LAYERS = tuple(_FILES)
"""The layers of ``Ground`` by their names."""


def ground_faults(ground: Ground, county_adcodes: set[int]) -> list[Fault]:
    """Read every layer; return all faults, towns of counties that are not there among them."""
    faults: list[Fault] = []
    for name in (*LAYERS, "sources"):
        try:
            getattr(ground, name)
        except DataError as error:
            faults += error.faults
    if any(fault.file == "towns.csv" for fault in faults):
        return faults
    return faults + [
        Fault("towns.csv", f"geonameid {town.geonameid}", "county_adcode", "no such county")
        for town in ground.towns.itertuples()
        if town.county_adcode not in county_adcodes
    ]


def _without_faults(read: _Read) -> gpd.GeoDataFrame:
    table, faults = read
    if faults:
        raise DataError(faults)
    return table


def _read_towns(path: Path) -> _Read:
    rows, faults = read_rows(path, TownRow)
    points = [shapely.Point(row.lon, row.lat) for row in rows]
    table = _table([row.model_dump() for row in rows], points, TownRow)
    twice = table["geonameid"].duplicated()
    faults += [
        Fault(path.name, f"geonameid {number}", "geonameid", "stands in the file twice")
        for number in table.loc[twice, "geonameid"]
    ]
    return table, faults


def _read_layer(path: Path, row: type[Record], types: tuple[str, ...]) -> _Read:
    """Read a GeoJSON file whose properties follow ``row``, and whose shapes are of ``types``."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        places = [json.dumps(feature["geometry"]) for feature in features]
        properties = [feature["properties"] for feature in features]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = f"not readable as a GeoJSON FeatureCollection: {error}"
        return _table([], [], row), [Fault(path.name, "", "", problem)]
    shapes = shapely.from_geojson(np.array(places, dtype=object), on_invalid="ignore")
    faults = _shape_faults(path.name, shapes, types)
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(properties, start=1):
        found, row_faults = _row_of(path.name, number, cells, row)
        rows += found
        faults += row_faults
    return (_table([], [], row), faults) if faults else (_table(rows, shapes, row), [])


def _row_of(
    file: str, number: int, cells: Any, row: type[Record]
) -> tuple[list[dict[str, Any]], list[Fault]]:
    try:
        return [row.model_validate(cells).model_dump()], []
    except ValidationError as error:
        return [], [
            Fault(file, f"feature {number}", ".".join(map(str, item["loc"])), item["msg"])
            for item in error.errors()
        ]


def _shape_faults(file: str, shapes: np.ndarray, types: tuple[str, ...]) -> list[Fault]:
    named = [getattr(shapely.GeometryType, name.upper()) for name in types]
    good = np.isin(shapely.get_type_id(shapes), named) & ~shapely.is_empty(shapes)
    west, south, east, north = shapely.bounds(shapes).T
    good &= (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    good &= shapely.is_valid(shapes)
    return [
        Fault(file, f"feature {place + 1}", "geometry", _shape_problem(shapes[place], types))
        for place in np.flatnonzero(~good)
    ]


def _shape_problem(shape: shapely.Geometry | None, types: tuple[str, ...]) -> str:
    if shape is None or shape.is_empty or shape.geom_type not in types:
        found = "nothing readable" if shape is None else f"{shape.geom_type}"
        return f"expected {' or '.join(types)}, found {found}"
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return "has coordinates outside longitude -180..180, latitude -90..90 (EPSG:4326)"
    return f"is not valid: {shapely.is_valid_reason(shape)}"


def _table(rows: list[dict[str, Any]], shapes: Any, row: type[Record]) -> gpd.GeoDataFrame:
    columns = list(row.model_fields)
    return gpd.GeoDataFrame(rows, columns=columns, geometry=list(shapes), crs=GEOGRAPHIC)
