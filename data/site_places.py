"""Place sites on the map and write them as GeoJSON; find what does not fit.

Run ``python -m data.site_places FOLDER`` of a province to write ``sites.geojson`` from
``sites.csv``. A site without a point of its own is placed inside its county, on a spiral
around the county's label point; its ``precision`` says so.
"""

from __future__ import annotations

import argparse
import difflib
import json
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import shapely

from data.crs import GEOGRAPHIC
from data.errors import DataError, Fault
from data.evidence_files import read_rows
from data.evidence_rows import SiteRow
from data.model import ProvinceSettings
from data.schema import CityRow, CountyRow, read_areas, read_toml

BORDER_TOLERANCE_M = 1000.0
"""How far outside its county a point may lie: the boundaries' own precision."""

SPIRAL_STEP_M = 1300.0
"""Distance between neighbouring places on the spiral."""

SAME_NAME_RATIO = 0.92
"""Likeness of two names (difflib's ratio, 0 to 1) from which they are taken for doubles."""

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_COORDINATE_DECIMALS = 5


def place_sites(
    sites: Iterable[SiteRow],
    cities: gpd.GeoDataFrame,
    counties: gpd.GeoDataFrame,
    metric_crs: str,
) -> gpd.GeoDataFrame:
    """Return the sites with their points, in EPSG:4326, indexed by id.

    ``cities`` and ``counties`` are indexed by adcode, in EPSG:4326, with label points.
    """
    rows = list(sites)
    taken: defaultdict[int, int] = defaultdict(int)
    homes = {
        adcode: _Home(table, adcode, metric_crs) for adcode, table in _areas(rows, cities, counties)
    }
    points = []
    for row in rows:
        if row.longitude is not None and row.latitude is not None:
            points.append(shapely.Point(row.longitude, row.latitude))
            continue
        adcode = row.county_adcode or row.city_adcode
        place, taken[adcode] = homes[adcode].place(taken[adcode])
        points.append(place)
    table = gpd.GeoDataFrame(
        [row.model_dump() for row in rows],
        columns=list(SiteRow.model_fields),
        geometry=points,
        crs=GEOGRAPHIC,
    )
    return table.set_index("id", drop=False).rename_axis(None)


def _areas(
    rows: Iterable[SiteRow], cities: gpd.GeoDataFrame, counties: gpd.GeoDataFrame
) -> list[tuple[int, gpd.GeoDataFrame]]:
    wanted = {row.county_adcode or row.city_adcode for row in rows}
    return [(adcode, counties if adcode in counties.index else cities) for adcode in sorted(wanted)]


class _Home:
    """An area with places for sites: a spiral around its label point, kept inside."""

    def __init__(self, table: gpd.GeoDataFrame, adcode: int, metric_crs: str) -> None:
        row = table.loc[[adcode]]
        label = gpd.GeoSeries.from_xy(row["label_lon"], row["label_lat"], crs=GEOGRAPHIC)
        self.center = label.to_crs(metric_crs).iloc[0]
        self.inside = row.to_crs(metric_crs).geometry.iloc[0].buffer(-300)
        self.crs = metric_crs

    def place(self, start: int) -> tuple[shapely.Point, int]:
        """Return the first place of the spiral from ``start`` on that is inside, and the next."""
        step = SPIRAL_STEP_M
        for number in range(start, start + 4000):
            radius = step * math.sqrt(number) * 0.9
            angle = number * _GOLDEN_ANGLE
            point = shapely.Point(
                self.center.x + radius * math.cos(angle), self.center.y + radius * math.sin(angle)
            )
            if self.inside.contains(point):
                return self._degrees(point), number + 1
        return self._degrees(self.center), start + 1

    def _degrees(self, point: shapely.Point) -> shapely.Point:
        moved = gpd.GeoSeries([point], crs=self.crs).to_crs(GEOGRAPHIC).iloc[0]
        return shapely.Point(
            round(moved.x, _COORDINATE_DECIMALS), round(moved.y, _COORDINATE_DECIMALS)
        )


def site_faults(
    sites: Iterable[SiteRow],
    cities: gpd.GeoDataFrame,
    counties: gpd.GeoDataFrame,
    metric_crs: str,
    segments: dict[str, tuple[str, ...]],
) -> list[Fault]:
    """Check sites against the areas and the plan's ``segments`` (sector id to segment ids)."""
    rows = list(sites)
    faults = [fault for row in rows for fault in _row_faults(row, cities, counties, segments)]
    if not faults:
        placed = place_sites(rows, cities, counties, metric_crs)
        faults += _outside_faults(rows, placed, counties, metric_crs)
    return faults + _double_faults(rows)


def _row_faults(
    row: SiteRow,
    cities: gpd.GeoDataFrame,
    counties: gpd.GeoDataFrame,
    segments: dict[str, tuple[str, ...]],
) -> list[Fault]:
    faults = []
    if row.city_adcode not in cities.index:
        faults.append(Fault("sites.csv", row.id, "city_adcode", f"no city {row.city_adcode}"))
    if row.county_adcode is not None:
        if row.county_adcode not in counties.index:
            problem = f"no county {row.county_adcode}"
            faults.append(Fault("sites.csv", row.id, "county_adcode", problem))
        elif counties.at[row.county_adcode, "city_adcode"] != row.city_adcode:
            problem = f"county {row.county_adcode} is not in city {row.city_adcode}"
            faults.append(Fault("sites.csv", row.id, "county_adcode", problem))
    if row.sector not in segments:
        problem = f"no sector {row.sector!r}; choose from {', '.join(segments)}"
        return [*faults, Fault("sites.csv", row.id, "sector", problem)]
    known = {name for names in segments.values() for name in names}
    faults += [
        Fault("sites.csv", row.id, "segments", f"no segment {name!r}")
        for name in row.segment_ids
        if name not in known
    ]
    return faults


def _outside_faults(
    rows: list[SiteRow], placed: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, metric_crs: str
) -> list[Fault]:
    metric_points = placed.geometry.to_crs(metric_crs)
    metric_counties = counties.geometry.to_crs(metric_crs)
    faults = []
    for row in rows:
        if row.county_adcode is None:
            continue
        distance = metric_counties.at[row.county_adcode].distance(metric_points.at[row.id])
        if distance > BORDER_TOLERANCE_M:
            name = counties.at[row.county_adcode, "name_zh"]
            problem = f"the point lies {distance / 1000:.1f} km outside {name}"
            faults.append(Fault("sites.csv", row.id, "longitude, latitude", problem))
    return faults


def _double_faults(rows: list[SiteRow]) -> list[Fault]:
    """Find sites of nearly one name in one county: nearer than the placing can tell apart."""
    by_county: defaultdict[tuple[int, int | None], list[SiteRow]] = defaultdict(list)
    for row in rows:
        by_county[row.city_adcode, row.county_adcode].append(row)
    faults = []
    for group in by_county.values():
        for place, row in enumerate(group):
            for other in group[place + 1 :]:
                if _alike(row, other):
                    problem = f"looks like {other.id} ({other.name_zh}) in the same county"
                    faults.append(Fault("sites.csv", row.id, "name_zh", problem))
    return faults


def _alike(one: SiteRow, other: SiteRow) -> bool:
    ratio = difflib.SequenceMatcher(None, one.name_zh, other.name_zh).ratio()
    return ratio >= SAME_NAME_RATIO and one.sector == other.sector


def sites_geojson(placed: gpd.GeoDataFrame) -> str:
    """Return placed sites as RFC 7946 GeoJSON, one feature a line."""
    lines = []
    for row in placed.drop(columns="geometry").to_dict("records"):
        point = placed.geometry.at[row["id"]]
        known = {key: value for key, value in row.items() if value is not None and value == value}
        for key in ("county_adcode", "year"):
            if key in known:
                known[key] = int(known[key])
        feature = {
            "type": "Feature",
            "id": row["id"],
            "properties": known,
            "geometry": {"type": "Point", "coordinates": [point.x, point.y]},
        }
        text = json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        lines.append(text)
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def read_and_place(folder: Path) -> gpd.GeoDataFrame:
    """Read ``sites.csv`` of a province's folder and place its sites.

    Raises ``DataError`` for faults in it or in the files that say where areas are.
    """
    rows, faults = read_rows(folder / "sites.csv", SiteRow)
    settings, settings_faults = read_toml(folder / "province.toml", ProvinceSettings)
    cities, city_faults = read_areas(folder / "cities.geojson", CityRow)
    counties, county_faults = read_areas(folder / "counties.geojson", CountyRow)
    faults += settings_faults + city_faults + county_faults
    if faults or settings is None or cities is None or counties is None:
        raise DataError(faults)
    return place_sites(rows, cities, counties, settings.metric_crs)


def write_sites(folder: Path) -> None:
    """Write ``sites.geojson`` of a province's folder from its ``sites.csv``."""
    text = sites_geojson(read_and_place(folder))
    (folder / "sites.geojson").write_text(text, encoding="utf-8")


def main() -> None:
    """Run the placing from the command line."""
    parser = argparse.ArgumentParser(prog="python -m data.site_places", description=__doc__)
    parser.add_argument("folder", type=Path, help="the province's folder, with sites.csv")
    write_sites(parser.parse_args().folder)


if __name__ == "__main__":
    main()
