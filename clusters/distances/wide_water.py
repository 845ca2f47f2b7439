"""Measure how much wide water lies between places: nobody gets straight across without a bridge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

_PIECE_M = 5000.0


@dataclass(frozen=True, eq=False)
class WideWater:
    """Lakes and wide rivers: polygons in a metric CRS.

    ``most_m``: so much water between two places does not part them, in metres.
    """

    shapes: gpd.GeoSeries
    most_m: float

    def parts(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Tell of each start and its end (n x 2) whether the line between crosses more water."""
        lines = shapely.linestrings(np.stack([starts, ends], axis=1))
        line, piece = self._pieces.query(lines, predicate="intersects")
        wet = shapely.length(shapely.intersection(lines[line], self._pieces.geometries[piece]))
        crossed = np.bincount(line, weights=wet, minlength=len(lines))
        return np.asarray(crossed > self.most_m)

    def hold(self, points: np.ndarray) -> np.ndarray:
        """Tell which points (n x 2) lie so far out that water parts them from every bank."""
        inside = np.zeros(len(points), dtype=bool)
        inside[self._far_out.query(shapely.points(points), predicate="intersects")[0]] = True
        return inside

    @cached_property
    def _pieces(self) -> shapely.STRtree:
        return _in_pieces(self.shapes)

    @cached_property
    def _far_out(self) -> shapely.STRtree:
        return _in_pieces(self.shapes.buffer(-self.most_m))


def _in_pieces(areas: gpd.GeoSeries) -> shapely.STRtree:
    """Cut areas by a grid: a river is long, and few lines come near a piece of it."""
    shapes = areas[~areas.is_empty].to_numpy()
    if not len(shapes):
        return shapely.STRtree([])
    west, south, east, north = shapely.total_bounds(shapes)
    x, y = np.meshgrid(np.arange(west, east, _PIECE_M), np.arange(south, north, _PIECE_M))
    boxes = shapely.box(x, y, x + _PIECE_M, y + _PIECE_M).ravel()
    shape, box = shapely.STRtree(boxes).query(shapes, predicate="intersects")
    return shapely.STRtree(shapely.intersection(shapes[shape], boxes[box]))
