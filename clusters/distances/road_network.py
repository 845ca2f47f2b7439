"""Measure ways by road: the shortest on the province's graph of main roads.

A place is taken to its nearest junction in a straight line, and on from there; where wide water
lies between, to the nearest on its own bank. The graph has no classes, no speeds and no streets
within towns, and ends a little beyond the border of the province: a way around through other
provinces is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree

from clusters.distances.wide_water import WideWater
from data.crs import GEOGRAPHIC
from data.road_graph import RoadGraph

MOST_WATER_M = 300.0
"""How much wide water the straight line to a junction may cross: shorelines are that rough."""
_JUNCTIONS_TRIED = 12

_M_PER_KM = 1000


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """The roads of ``graph`` that hang together, measured in ``metric_crs``."""

    graph: RoadGraph
    metric_crs: str
    water: WideWater | None = None

    def distances(self, origins: gpd.GeoSeries, destinations: gpd.GeoSeries) -> np.ndarray:
        """Return the ways from each origin to each destination in km, a row an origin.

        Points with a CRS. No way is shorter than the straight line; between places of one and
        the same junction it is the straight line, since no main road between them is known.
        """
        starts, ends = self._metric(origins), self._metric(destinations)
        return self.distances_between(starts, ends)

    def distances_between(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Return what ``distances`` does of points (n x 2) in metres of ``metric_crs``."""
        to_road, first = self._junctions_near(starts)
        from_road, last = self._junctions_near(ends)
        on_road = dijkstra(self._matrix, directed=False, indices=np.unique(first))
        places = np.searchsorted(np.unique(first), first)
        ways = on_road[places][:, last] + to_road[:, None] + from_road[None, :]
        straight = _straight_km(starts, ends)
        shared = first[:, None] == last[None, :]
        return np.asarray(np.where(shared, straight, np.maximum(ways, straight)))

    def _metric(self, points: gpd.GeoSeries) -> np.ndarray:
        return np.asarray(shapely.get_coordinates(points.to_crs(self.metric_crs).to_numpy()))

    def _junctions_near(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each point is from its nearest junction, in km, and which that is.

        Of the nearest ones the first that is not across wide water, or the first where all are.
        """
        distance, near = self._tree.query(points)
        if self.water is not None:
            tried = np.flatnonzero(~self.water.hold(points))
            parted = tried[self.water.parts(points[tried], self._tree.data[near[tried]])]
            distance[parted], near[parted] = self._on_own_bank(points[parted], self.water)
        return distance / _M_PER_KM, self._connected[near]

    def _on_own_bank(self, points: np.ndarray, water: WideWater) -> tuple[np.ndarray, np.ndarray]:
        """Return as ``query`` does the first junction after the nearest that no water parts."""
        count = min(_JUNCTIONS_TRIED, len(self._connected))
        distance, near = self._tree.query(points, k=np.arange(1, count + 1))
        first = np.zeros(len(points), dtype=int)
        left = np.arange(len(points))
        for rank in range(1, count):
            parted = water.parts(points[left], self._tree.data[near[left, rank]])
            first[left[~parted]] = rank
            left = left[parted]
        each = np.arange(len(points))
        return distance[each, first], near[each, first]

    @cached_property
    def _junctions(self) -> np.ndarray:
        lon, lat = self.graph.places.T
        return self._metric(gpd.GeoSeries.from_xy(lon, lat, crs=GEOGRAPHIC))

    @cached_property
    def _matrix(self) -> Any:
        # Junctions are rounded, so that some roads came out a little shorter than their chord.
        ends = self._junctions[self.graph.start], self._junctions[self.graph.end]
        chords = np.hypot(*(ends[0] - ends[1]).T) / _M_PER_KM
        count = len(self.graph.places)
        km = np.maximum(self.graph.km, chords)
        return csr_array((km, (self.graph.start, self.graph.end)), shape=(count, count))

    @cached_property
    def _connected(self) -> np.ndarray:
        """The junctions of the largest part that hangs together."""
        _, part = connected_components(self._matrix, directed=False)
        return np.flatnonzero(part == np.bincount(part).argmax())

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree(self._junctions[self._connected])


def _straight_km(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    apart = starts[:, None, :] - ends[None, :, :]
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]) / _M_PER_KM)
