"""Read what a person decided of a province's ground: the tables of ``ground/by_hand``.

Each may be missing. They are read when the ground is derived, and never written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

import shapely
from pydantic import Field

from data.errors import DataError
from data.evidence_files import read_rows
from data.ground_layers import TownKind
from data.model import NonEmpty, Record

_Lon = Annotated[float, Field(ge=-180, le=180)]
_Lat = Annotated[float, Field(ge=-90, le=90)]


class WaterName(Record):
    """The names of the water that a point lies in, in decimal degrees: ``water_names.csv``."""

    lon: _Lon
    lat: _Lat
    name_zh: NonEmpty
    name_en: NonEmpty


class ReachPoint(Record):
    """A point of a reach along county borders, ``width_m`` wide: ``water_reaches.csv``."""

    reach: NonEmpty
    lon: _Lon
    lat: _Lat
    width_m: Annotated[float, Field(gt=0)]
    reason: NonEmpty | None = None


class LeftOut(Record):
    """What is left out: a lake by a point in it, a hub by its code (``key``): ``left_out.csv``."""

    layer: Literal["water", "airports", "ports"]
    key: NonEmpty | None = None
    lon: _Lon | None = None
    lat: _Lat | None = None
    reason: NonEmpty


class HubName(Record):
    """The names of an airport or a port by its code (``key``): ``hub_names.csv``."""

    layer: Literal["airports", "ports"]
    key: NonEmpty
    name_zh: NonEmpty | None = None
    name_en: NonEmpty | None = None


class TownCorrection(Record):
    """What is right of a town, and why; an empty cell leaves it: ``town_corrections.csv``."""

    geonameid: int
    kind: TownKind | None = None
    name_zh: NonEmpty | None = None
    name_en: NonEmpty | None = None
    reason: NonEmpty


class RoadLink(Record):
    """A road between two junctions (decimal degrees) that its source lacks: ``road_links.csv``."""

    from_lon: _Lon
    from_lat: _Lat
    to_lon: _Lon
    to_lat: _Lat
    reason: NonEmpty


FILES: dict[type[Record], str] = {
    WaterName: "water_names.csv",
    ReachPoint: "water_reaches.csv",
    LeftOut: "left_out.csv",
    HubName: "hub_names.csv",
    TownCorrection: "town_corrections.csv",
    RoadLink: "road_links.csv",
}
"""The file of each table."""

_ByHand = TypeVar("_ByHand", bound=Record)


def by_hand(folder: Path, row: type[_ByHand]) -> list[_ByHand]:
    """Return the rows of a table of ``folder/ground/by_hand``; none where it is missing.

    Raises ``DataError`` with every fault of the file, by row and column.
    """
    rows, faults = read_rows(folder / "ground" / "by_hand" / FILES[row], row)
    if faults:
        raise DataError(faults)
    return rows


def false_lakes(folder: Path) -> list[shapely.Point]:
    """Return a point (EPSG:4326) in each lake that is left out."""
    return [
        shapely.Point(row.lon, row.lat)
        for row in by_hand(folder, LeftOut)
        if row.layer == "water" and row.lon is not None and row.lat is not None
    ]
