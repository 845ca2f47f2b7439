"""Derive airports (``airportsdata``) and ports (``searoute``) of a province and around it.

Both lists hold entries that are no more than a city's middle, or gone: what was found so by hand
stands in ``by_hand/left_out.csv`` with the reason, names in both languages in
``by_hand/hub_names.csv``.
"""

from __future__ import annotations

import csv
import json

import geopandas as gpd
import pandas as pd

from data.authoring.ground_by_hand import HubName, LeftOut, by_hand
from data.authoring.ground_source import StudyGround, package_folder
from data.crs import GEOGRAPHIC

COLUMNS = ("code", "name_zh", "name_en")


def derive_airports(study: StudyGround) -> gpd.GeoDataFrame:
    """Return airports as points in EPSG:4326: ``code`` (ICAO), ``name_zh``, ``name_en``."""
    path = package_folder("airportsdata") / "airports.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [
            (row["icao"], row["name"], float(row["lon"]), float(row["lat"]))
            for row in csv.DictReader(handle)
            if row["country"] == "CN"
        ]
    return _hubs("airports", rows, study)


def derive_ports(study: StudyGround) -> gpd.GeoDataFrame:
    """Return ports as points in EPSG:4326: ``code`` (UN/LOCODE), ``name_zh``, ``name_en``."""
    path = package_folder("searoute") / "data" / "ports.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    rows = [
        (one["properties"]["port"], one["properties"]["name"], *one["geometry"]["coordinates"][:2])
        for one in features
        if one["properties"]["cty"] == "China"
    ]
    return _hubs("ports", rows, study)


def _hubs(
    layer: str, rows: list[tuple[str, str, float, float]], study: StudyGround
) -> gpd.GeoDataFrame:
    left_out = {row.key for row in by_hand(study.folder, LeftOut) if row.layer == layer}
    names = {row.key: row for row in by_hand(study.folder, HubName) if row.layer == layer}
    table = pd.DataFrame(rows, columns=["code", "name_en", "lon", "lat"])
    table = table[~table["code"].isin(left_out)].drop_duplicates("code")
    table["name_zh"] = [names[code].name_zh if code in names else None for code in table["code"]]
    table["name_en"] = [
        (names[code].name_en if code in names else None) or name
        for code, name in zip(table["code"], table["name_en"], strict=True)
    ]
    points = gpd.points_from_xy(table["lon"], table["lat"])
    hubs = gpd.GeoDataFrame(table[list(COLUMNS)], geometry=points, crs=GEOGRAPHIC)
    return hubs[hubs.within(study.reach)].sort_values("code", ignore_index=True)
