"""Fill reaches of a river that a source lacks, along the county borders that run in midstream.

``by_hand/water_reaches.csv`` says between which points, in which order, and how wide: the shape
is an assumption, and says so in its ``basis``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from data.authoring.ground_by_hand import FILES, ReachPoint, by_hand
from data.authoring.ground_source import StudyGround
from data.errors import DataError, Fault


def border_reaches(study: StudyGround) -> Iterator[shapely.Geometry]:
    """Yield each reach of ``by_hand/water_reaches.csv`` as a polygon in EPSG:4326.

    Consecutive points of a reach are joined by the shortest way along county borders;
    ``width_m`` of its first point is the width of the river, in metres. Raises ``DataError``
    where no borders lead from one to the next.
    """
    graph = _border_graph(study)
    rows = by_hand(study.folder, ReachPoint)
    for _, group in groupby(rows, key=lambda row: row.reach):
        points = list(group)
        way = shapely.union_all([_along_borders(graph, *step) for step in pairwise(points)])
        yield study.geographic(study.metric(way).buffer(points[0].width_m / 2))


def _along_borders(
    graph: tuple[np.ndarray, csr_array], start: ReachPoint, end: ReachPoint
) -> shapely.LineString:
    """Return the shortest way along county borders, points in degrees, from start to end."""
    places, ways = graph
    first, last = (_nearest(places, point) for point in (start, end))
    _, before = dijkstra(ways, directed=False, indices=first, return_predecessors=True)
    if before[last] < 0 and last != first:
        problem = f"no borders lead to ({end.lon}, {end.lat}) from the point before"
        raise DataError([Fault(FILES[ReachPoint], end.reach, "", problem)])
    steps = [last]
    while steps[-1] != first:
        steps.append(int(before[steps[-1]]))
    ends = [(point.lon, point.lat) for point in (start, end)]
    return shapely.LineString([ends[0], *places[steps[::-1]], ends[1]])


def _nearest(places: np.ndarray, point: ReachPoint) -> int:
    return int(np.hypot(*(places - [point.lon, point.lat]).T).argmin())


def _border_graph(study: StudyGround) -> tuple[np.ndarray, csr_array]:
    """Return the corners of all county borders, and the lengths in degrees between them."""
    rings = shapely.get_rings(study.counties.geometry.to_numpy())
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    places, index = np.unique(corners, axis=0, return_inverse=True)
    same = ring[1:] == ring[:-1]
    start, end = index[:-1][same], index[1:][same]
    pairs = np.unique(np.sort(np.column_stack([start, end]), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    lengths = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    shape = (len(places), len(places))
    return places, csr_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=shape)
