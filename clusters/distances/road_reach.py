"""Draw what lies within given ways by road of the plan's hubs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import contourpy
import geopandas as gpd
import numpy as np
import shapely

from clusters.distances.province_roads import has_roads, road_network
from clusters.distances.seats import area_seats
from data.crs import GEOGRAPHIC
from data.loader import Province

CATCHMENT_KM = (30.0, 60.0, 120.0)
"""The ways by road, in km, within which catchments are drawn."""

CELL_M = 1000.0
"""The widest spacing of the points between which a border is drawn, in metres."""
_CELLS_ACROSS = 60
_TOLERANCE_CELLS = 0.3
_LEAST_CELLS = 4


def road_catchments(
    province: Province, hubs: Sequence[int], distances_km: Sequence[float] = CATCHMENT_KM
) -> gpd.GeoDataFrame:
    """Return what lies within ways by road of the seat of any of the hubs (adcodes of cities).

    Polygons in EPSG:4326 with ``distance_km``, cut to the province's land, indexed by ids such as
    ``road-30``. The way to the nearest junction counts as a straight line; small spots and
    holes are left out. Empty without hubs or roads.
    """
    metric = province.settings.metric_crs
    asked = sorted(distances_km) if hubs and has_roads(province) else []
    seats = area_seats(province).geometry.loc[list(hubs)]
    shapes = reach_by_road(province, seats, asked) if asked else []
    table = gpd.GeoDataFrame(
        {"id": [f"road-{one:g}" for one in asked], "distance_km": [float(one) for one in asked]},
        geometry=shapes,
        crs=metric,
    )
    return table.to_crs(GEOGRAPHIC).set_index("id", drop=False).rename_axis(None)


def reach_by_road(
    province: Province, origins: gpd.GeoSeries, distances_km: Sequence[float]
) -> list[shapely.Geometry]:
    """Return what of the province's land lies within each way by road of any of ``origins``.

    ``origins`` are points with a CRS; the polygons are in the province's metric CRS. Spots and
    holes of less than 4 cells are left out, but that around an origin, also off the land.
    """
    metric = province.settings.metric_crs
    land = shapely.union_all(province.cities.to_crs(metric).geometry.to_numpy())
    starts = shapely.get_coordinates(origins.to_crs(metric).to_numpy())
    reach = 1000 * max(distances_km)
    # No way is shorter than the straight line: what lies beyond is not looked at.
    corners = starts.min(axis=0) - reach, starts.max(axis=0) + reach
    cell = _cell_m(*(corners[1] - corners[0]))
    west, south, east, north = land.bounds
    x = _steps((west, east), (corners[0][0], corners[1][0]), cell)
    y = _steps((south, north), (corners[0][1], corners[1][1]), cell)
    if min(len(x), len(y)) < 2:
        return [_with_spots(shapely.Polygon(), starts, cell) for _ in distances_km]
    grid = np.column_stack([one.ravel() for one in np.meshgrid(x, y)])
    ways = road_network(province).distances_between(starts, grid).min(axis=0)
    contours = contourpy.contour_generator(
        x, y, ways.reshape(len(y), len(x)), fill_type=contourpy.FillType.OuterOffset
    )
    areas = [_area(cell, *contours.filled(-1.0, one)) for one in distances_km]
    return [_with_spots(shapely.intersection(one, land), starts, cell) for one in areas]


def border_tolerance_m(distance_km: float) -> float:
    """Return how far the border of what lies within a way of one origin may be off, in metres."""
    return _TOLERANCE_CELLS * _cell_m(2000 * distance_km)


def _cell_m(*sides_m: float) -> float:
    return min(CELL_M, max(sides_m) / _CELLS_ACROSS)


def _steps(land: tuple[float, float], reach: tuple[float, float], cell: float) -> np.ndarray:
    """Return where the lines of the grid lie: over the land, as far as can be reached."""
    steps = np.arange(land[0] - cell, land[1] + 2 * cell, cell)
    return steps[(steps > reach[0] - 2 * cell) & (steps < reach[1] + 2 * cell)]


def _area(cell: float, points: list[np.ndarray], offsets: list[np.ndarray]) -> shapely.Geometry:
    """Return the polygons of a filled contour without small spots and holes."""
    least = _LEAST_CELLS * cell**2
    polygons = []
    for places, starts in zip(points, offsets, strict=True):
        rings = [places[a:b] for a, b in itertools.pairwise(starts)]
        shell, *holes = [shapely.Polygon(ring) for ring in rings]
        if shell.area > least:
            large = [hole.exterior for hole in holes if hole.area > least]
            polygons.append(shapely.Polygon(shell.exterior, large))
    simple = shapely.simplify(shapely.union_all(polygons), _TOLERANCE_CELLS * cell)
    return shapely.make_valid(simple)


def _with_spots(area: shapely.Geometry, starts: np.ndarray, cell: float) -> shapely.Geometry:
    """Return an area with a disc around each start that it lost, being a small spot."""
    points = shapely.points(starts)
    lost = points[~shapely.covers(area, points)]
    return shapely.union_all([area, *shapely.buffer(lost, cell)]) if len(lost) else area
