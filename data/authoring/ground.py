"""Derive the ground under a province's map: water, roads, railways, towns, ports, airports.

Run ``python -m data.authoring.ground FOLDER`` of a province to write ``FOLDER/ground`` anew from
the packages of the group ``ground`` (``make ground`` installs them); the atlas itself only reads
what is written. What a person decided stands in ``FOLDER/ground/by_hand``, which is read and never
written; it may be missing. What derives from OpenStreetMap stands in ``FOLDER/ground/osm``, apart
from what is under other licences.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import mapping

from data.authoring.ground_by_hand import RoadLink, by_hand
from data.authoring.ground_hubs import derive_airports, derive_ports
from data.authoring.ground_lines import LineReport, derive_lines, source_graph
from data.authoring.ground_road_gaps import close_gaps
from data.authoring.ground_source import StudyGround
from data.authoring.ground_towns import derive_towns
from data.authoring.ground_water import derive_water
from data.errors import AtlasError
from data.road_graph import write_graph

COORDINATE_DECIMALS = 4
"""Decimals written, some 10 m: all sources are coarser than that."""

LICENCES = Path(__file__).parent / "ground_licences"


def derive_ground(folder: Path) -> list[str]:
    """Write ``folder/ground``; return one line for each layer that says what was derived.

    Raises ``MissingSourceError`` where a package of the group ``ground`` is not installed.
    """
    study = StudyGround.open(folder)
    ground = folder / "ground"
    (ground / "osm").mkdir(parents=True, exist_ok=True)
    shutil.copytree(LICENCES, ground, dirs_exist_ok=True)
    return [_water(study, ground), *_lines(study, ground / "osm"), *_points(study, ground)]


def _water(study: StudyGround, ground: Path) -> str:
    water, report = derive_water(study)
    write_layer(water, ground / "water.geojson")
    said = f"water: {len(water)} shapes; {report.left_out} left out by hand; "
    said += f"{report.tidal_flat_km2:.0f} km2 of sea over other land left out"
    return said + "".join(f"; no water where {name} should be" for name in report.unused_names)


def _lines(study: StudyGround, osm: Path) -> list[str]:
    links = by_hand(study.folder, RoadLink)
    roads, gaps = close_gaps(
        source_graph("world_highways", study), links, study.settings.metric_crs
    )
    write_graph(roads, osm / "road_graph.npz")
    said = [f"roads: {gaps} gaps closed, {len(links)} of them by hand"]
    for name, graph in (("roads", roads), ("railways", source_graph("world_railways", study))):
        table, report = derive_lines(graph, study)
        write_layer(table, osm / f"{name}.geojson")
        said.append(f"{name}: {_lines_said(table, report)}")
    return said


def _lines_said(table: gpd.GeoDataFrame, report: LineReport) -> str:
    return (
        f"{len(table)} lines, {table['length_km'].sum():.0f} km, of {report.edges} edges with "
        f"{report.edges_km:.0f} km; {report.left_out} edges that may lie far off left out "
        f"({report.left_out_km:.0f} km)"
    )


def _points(study: StudyGround, ground: Path) -> list[str]:
    towns, outside = derive_towns(study)
    towns.to_csv(ground / "towns.csv", index=False, lineterminator="\n")
    airports, ports = derive_airports(study), derive_ports(study)
    write_layer(airports, ground / "airports.geojson")
    write_layer(ports, ground / "ports.geojson")
    kinds = towns["kind"].value_counts().to_dict()
    said = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return [
        f"towns: {len(towns)} ({said}); {outside} in no county left out",
        f"airports: {len(airports)}; ports: {len(ports)}",
    ]


def write_layer(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write ``table`` (EPSG:4326) as RFC 7946 GeoJSON, one feature a line; empty cells are null."""
    shapes = table.geometry.to_numpy()
    if (shapely.get_dimensions(shapes) == 2).all():
        rounded = shapely.set_precision(shapes, 10.0**-COORDINATE_DECIMALS)
        shapes = shapely.orient_polygons(rounded, exterior_cw=False)
    rows = table.drop(columns="geometry").astype(object).to_dict("records")
    lines = [_feature(shape, row) for shape, row in zip(shapes, rows, strict=True)]
    body = ",\n".join(lines)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8")


def _feature(shape: shapely.Geometry, row: dict[str, Any]) -> str:
    properties = {name: None if value != value else value for name, value in row.items()}
    feature = {"type": "Feature", "properties": properties, "geometry": _rounded(mapping(shape))}
    return json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return round(value, COORDINATE_DECIMALS) if isinstance(value, float) else value


def main() -> None:
    """Run the derivation from the command line; ends with what is wrong where it cannot go on."""
    parser = argparse.ArgumentParser(prog="python -m data.authoring.ground", description=__doc__)
    parser.add_argument("folder", type=Path, help="the province's folder, with its boundaries")
    try:
        said = derive_ground(parser.parse_args().folder)
    except AtlasError as error:
        sys.exit(str(error))
    print(*said, sep="\n")


if __name__ == "__main__":
    main()
