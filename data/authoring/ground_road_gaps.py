"""Close gaps of a road graph: bridges and stretches that its source has lost.

Where two roads end that face each other a short way apart, and the way round is long, the road is
taken to go on between them in a straight line. Wider gaps are closed by hand:
``by_hand/road_links.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from data.authoring.ground_by_hand import RoadLink
from data.authoring.ground_lines import SPHERE
from data.crs import GEOGRAPHIC
from data.errors import DataError, Fault
from data.road_graph import RoadGraph

GAP_KM = 3.0
"""How far apart the ends of a road may lie that is taken to go on between them."""

DETOUR_KM = 15.0
"""How much longer the way round a gap must be."""

_FACING = 0.8
"""The least cosine of the angle between the last edge of a road and the line across the gap."""


def close_gaps(
    graph: RoadGraph, links: Iterable[RoadLink], metric_crs: str
) -> tuple[RoadGraph, int]:
    """Return ``graph`` with an edge across each gap, and how many these are.

    The links made by hand are among them. Raises ``DataError`` for a link whose end is no junction.
    """
    lon, lat = graph.places.T
    junctions = gpd.GeoSeries.from_xy(lon, lat, crs=GEOGRAPHIC).to_crs(metric_crs).to_numpy()
    places = shapely.get_coordinates(junctions) / 1000
    added = _by_hand(graph, links)
    for pair in _facing(graph, places):
        apart = _apart(places, *pair)
        if _way(_joined(graph, added), *pair, apart + DETOUR_KM) > apart + DETOUR_KM:
            added.append(pair)
    return _joined(graph, added), len(added)


def _by_hand(graph: RoadGraph, links: Iterable[RoadLink]) -> list[tuple[int, int]]:
    known = {tuple(place): row for row, place in enumerate(np.round(graph.places, 3).tolist())}
    found, faults = [], []
    for line, link in enumerate(links, start=2):
        ends = [(link.from_lon, link.from_lat), (link.to_lon, link.to_lat)]
        faults += [
            Fault("road_links.csv", f"row {line}", "lon, lat", f"no junction at {lon}, {lat}")
            for lon, lat in ends
            if (lon, lat) not in known
        ]
        if all(end in known for end in ends):
            found.append((known[ends[0]], known[ends[1]]))
    if faults:
        raise DataError(faults)
    return found


def _facing(graph: RoadGraph, places: np.ndarray) -> list[tuple[int, int]]:
    """Return pairs of ends of roads that face each other, the nearest first."""
    count = np.bincount(np.concatenate([graph.start, graph.end]), minlength=len(places))
    ends = np.flatnonzero(count == 1)
    before = np.full(len(places), -1)
    before[graph.start], before[graph.end] = graph.end, graph.start
    pairs = ends[KDTree(places[ends]).query_pairs(GAP_KM, output_type="ndarray")]
    across = _directions(places, pairs[:, 0], pairs[:, 1])
    out = _directions(places, before[pairs[:, 0]], pairs[:, 0])
    back = _directions(places, pairs[:, 1], before[pairs[:, 1]])
    facing = (np.minimum((out * across).sum(axis=1), (back * across).sum(axis=1))) > _FACING
    kept: list[tuple[int, int]] = [(int(a), int(b)) for a, b in pairs[facing]]
    return sorted(kept, key=lambda pair: _apart(places, *pair))


def _directions(places: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    along = places[end] - places[start]
    length = np.hypot(along[:, 0], along[:, 1])
    return np.asarray(along / np.maximum(length, 1e-9)[:, None])


def _apart(places: np.ndarray, one: int, other: int) -> float:
    return float(np.hypot(*(places[one] - places[other])))


def _joined(graph: RoadGraph, added: list[tuple[int, int]]) -> RoadGraph:
    if not added:
        return graph
    start, end = np.array(added).T
    _, _, metres = SPHERE.inv(*graph.places[start].T, *graph.places[end].T)
    return RoadGraph(
        graph.places,
        np.concatenate([graph.start, start]),
        np.concatenate([graph.end, end]),
        np.concatenate([graph.km, metres / 1000]),
    )


def _way(graph: RoadGraph, one: int, other: int, most_km: float) -> float:
    count = len(graph.places)
    matrix: Any = csr_array((graph.km, (graph.start, graph.end)), shape=(count, count))
    ways = dijkstra(matrix, directed=False, indices=one, limit=most_km)
    return float(ways[other])
