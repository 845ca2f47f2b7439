"""Derive roads, railways and the road graph from OpenStreetMap as ``scgraph-data`` has it.

The package holds a graph of the world: junctions rounded to 0.001 degree (some 100 m), and edges
with their length in km, but not their course. An edge is drawn straight. How far off it may lie
follows from its length: ``within_km`` of a line is the least of ``WITHIN_KM`` that holds, and an
edge for which none does is left out, and counted. There is no class, number or name. The data are
(c) OpenStreetMap contributors, ODbL 1.0.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from data.authoring.ground_source import StudyGround, package_folder
from data.crs import GEOGRAPHIC
from data.road_graph import RoadGraph

TOLERANCE_M = 50.0
"""How far a simplified line may lie from its edges, in metres; junctions are rounded to 100 m."""

LEAST_KM = 0.02
"""Pieces that are no longer may be one point once they are rounded: cut edges, small loops."""

WITHIN_KM = (1, 3)
"""How far off its true course a line may lie, in km, by what it says of itself."""

SPHERE = Geod(a=6371009, f=0)
"""What the package measures lengths on."""

_KEY = re.compile(r"(\d+):")


@dataclass(frozen=True)
class LineReport:
    """How many edges there are, how many of them were left out, and how long both are in km."""

    edges: int
    edges_km: float
    left_out: int
    left_out_km: float


def source_graph(module: str, study: StudyGround) -> RoadGraph:
    """Return the edges that ``module`` of ``scgraph_data`` has on the province's ground.

    Kept are edges that touch it, of which one end at least lies in its bounds. Raises
    ``MissingSourceError``.
    """
    lines = (package_folder("scgraph_data") / f"{module}.py").read_text(encoding="ascii")
    texts = dict(
        line.split("=", 1) for line in lines.splitlines() if line[:6] in ("graph=", "nodes=")
    )
    places = np.array(json.loads(texts["nodes"]))[:, ::-1]
    west, south, east, north = study.reach.bounds
    inside = (places >= [west, south]).all(axis=1) & (places <= [east, north]).all(axis=1)
    ways = json.loads(_KEY.sub(r'"\1":', texts["graph"]))
    pairs = {
        (min(here, there), max(here, there)): km
        for here in np.flatnonzero(inside).tolist()
        for there, km in ((int(name), km) for name, km in ways[here].items())
        if here != there
    }
    ends = np.array(list(pairs), dtype=int).reshape(-1, 2)
    shapely.prepare(study.reach)
    touching = shapely.intersects(study.reach, shapely.linestrings(places[ends]))
    return _compact(places, {(a, b): pairs[a, b] for a, b in ends[touching].tolist()})


def _compact(places: np.ndarray, pairs: dict[tuple[int, int], float]) -> RoadGraph:
    order = sorted(pairs)
    used, index = np.unique(np.array(order, dtype=int).reshape(-1, 2), return_inverse=True)
    ends = index.reshape(-1, 2)
    km = np.array([pairs[pair] for pair in order], dtype=float)
    return RoadGraph(places[used], ends[:, 0], ends[:, 1], km)


def may_be_off_km(graph: RoadGraph) -> np.ndarray:
    """Return how far off its straight line the course of each edge may lie, in km.

    A way of length L between points c apart stays within an ellipse whose half width is
    sqrt(L^2 - c^2) / 2.
    """
    start, end = graph.places[graph.start], graph.places[graph.end]
    _, _, metres = SPHERE.inv(*start.T, *end.T)
    off: np.ndarray = np.sqrt(np.clip(graph.km**2 - (metres / 1000) ** 2, 0, None)) / 2
    return off


def derive_lines(graph: RoadGraph, study: StudyGround) -> tuple[gpd.GeoDataFrame, LineReport]:
    """Return the edges as merged lines in EPSG:4326, longest first, and what is left out.

    ``within_km`` says how far off its true course a line may lie; ``length_km`` is measured on
    the line drawn, on the ellipsoid.
    """
    off = may_be_off_km(graph)
    least = np.digitize(off, WITHIN_KM, right=True)
    tables = [
        _merged(graph, least == step, study).assign(within_km=within)
        for step, within in enumerate(WITHIN_KM)
    ]
    table = pd.concat(tables).sort_values(
        ["within_km", "length_km"], ascending=[True, False], ignore_index=True, kind="stable"
    )
    gone = graph.km[least == len(WITHIN_KM)]
    report = LineReport(len(off), float(graph.km.sum()), len(gone), float(gone.sum()))
    return table[["within_km", "length_km", "geometry"]], report


def _merged(graph: RoadGraph, kept: np.ndarray, study: StudyGround) -> gpd.GeoDataFrame:
    ends = np.stack([graph.places[graph.start], graph.places[graph.end]], axis=1)[kept]
    distinct = (ends[:, 0] != ends[:, 1]).any(axis=1)
    edges = shapely.intersection(shapely.linestrings(ends[distinct]), study.reach)
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(edges)))
    lines = study.geographic(shapely.simplify(study.metric(merged), TOLERANCE_M))
    shapes = gpd.GeoSeries(lines, crs=GEOGRAPHIC)
    table = gpd.GeoDataFrame({"length_km": _length_km(shapes)}, geometry=shapes)
    return table[table["length_km"] > LEAST_KM]


def _length_km(shapes: gpd.GeoSeries) -> list[float]:
    measure = Geod(ellps="WGS84").geometry_length
    return [round(measure(shape) / 1000, 2) for shape in shapes]
