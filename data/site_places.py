"""Put sites where they are known to be and write them as GeoJSON; find what does not fit.

Run ``python -m data.site_places FOLDER`` of a province to write ``sites.geojson`` from
``sites.csv``. A site without a point of its own has ``null`` for a geometry: what is known
of its place is its county, or its city, and its ``precision`` says which.
"""

from __future__ import annotations

import argparse
import difflib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import shapely

from data.crs import GEOGRAPHIC
from data.errors import DataError, Fault
from data.evidence_files import read_rows
from data.evidence_rows import SiteRow
from data.register.county_index import BORDER_TOLERANCE_M

SAME_NAME_RATIO = 0.92
"""Likeness of two names (difflib's ratio, 0 to 1) from which they are taken for doubles."""


def place_sites(sites: Iterable[SiteRow]) -> gpd.GeoDataFrame:
    """Return the sites with their points, in EPSG:4326, indexed by id.

    A site that is known only to its county or city has no geometry: none is made up.
    """
    rows = list(sites)
    table = gpd.GeoDataFrame(
        [row.model_dump() for row in rows],
        columns=list(SiteRow.model_fields),
        geometry=[_point(row) for row in rows],
        crs=GEOGRAPHIC,
    )
    return table.set_index("id", drop=False).rename_axis(None)


def _point(row: SiteRow) -> shapely.Point | None:
    if row.longitude is None or row.latitude is None:
        return None
    return shapely.Point(row.longitude, row.latitude)


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
        faults += _outside_faults(rows, counties, metric_crs)
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
    rows: list[SiteRow], counties: gpd.GeoDataFrame, metric_crs: str
) -> list[Fault]:
    metric_points = place_sites(rows).geometry.to_crs(metric_crs)
    metric_counties = counties.geometry.to_crs(metric_crs)
    faults = []
    for row in rows:
        if row.county_adcode is None or row.longitude is None:
            continue
        distance = metric_counties.at[row.county_adcode].distance(metric_points.at[row.id])
        if distance > BORDER_TOLERANCE_M:
            name = counties.at[row.county_adcode, "name_zh"]
            problem = f"the point lies {distance / 1000:.1f} km outside {name}"
            faults.append(Fault("sites.csv", row.id, "longitude, latitude", problem))
    return faults


def _double_faults(rows: list[SiteRow]) -> list[Fault]:
    """Find sites of nearly one name in one county: their places do not tell them apart."""
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
    """Return sites as RFC 7946 GeoJSON, one feature a line; without a place, geometry is null."""
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
            "geometry": None
            if point is None
            else {"type": "Point", "coordinates": [point.x, point.y]},
        }
        text = json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        lines.append(text)
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def read_and_place(folder: Path) -> gpd.GeoDataFrame:
    """Read ``sites.csv`` of a province's folder as ``place_sites`` returns it.

    Raises ``DataError`` for faults in it.
    """
    rows, faults = read_rows(folder / "sites.csv", SiteRow)
    if faults:
        raise DataError(faults)
    return place_sites(rows)


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
