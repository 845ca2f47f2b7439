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

from data.authoring.ground_source import StudyGround, by_hand, place_of


def border_reaches(study: StudyGround) -> Iterator[shapely.Geometry]:
    """Yield each reach of ``by_hand/water_reaches.csv`` as a polygon in EPSG:4326.

    Consecutive points of a reach are joined by the shortest way along county borders;
    ``width_m`` is the width of the river, in metres.
    """
    rows = by_hand(study.folder, "water_reaches")
    for _, group in groupby(rows, key=lambda row: row["reach"]):
        points = list(group)
        steps = pairwise(place_of(row) for row in points)
        way = shapely.union_all([_along_borders(study, *step) for step in steps])
        half_m = float(points[0]["width_m"]) / 2
        yield study.geographic(study.metric(way).buffer(half_m))


def _along_borders(
    study: StudyGround, start: shapely.Point, end: shapely.Point
) -> shapely.LineString:
    """Return the shortest way along county borders, points in degrees, from start to end."""
    places, ways = _border_graph(study)
    first, last = (_nearest(places, point) for point in (start, end))
    _, before = dijkstra(ways, directed=False, indices=first, return_predecessors=True)
    steps = [last]
    while steps[-1] != first:
        steps.append(int(before[steps[-1]]))
    return shapely.LineString([start, *places[steps[::-1]], end])


def _nearest(places: np.ndarray, point: shapely.Point) -> int:
    return int(np.hypot(*(places - [point.x, point.y]).T).argmin())


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
