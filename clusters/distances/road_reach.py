"""Draw what lies within given ways by road of the plan's hubs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import contourpy
import geopandas as gpd
import numpy as np
import shapely

from clusters.distances.road_network import has_roads, road_network
from clusters.distances.seats import area_seats
from data.crs import GEOGRAPHIC
from data.loader import Province

CATCHMENT_KM = (30.0, 60.0, 120.0)
"""The ways by road, in km, within which catchments are drawn."""

CELL_M = 1000.0
"""The spacing of the points between which a catchment's border is drawn, in metres."""
_TOLERANCE_M = 300.0
_LEAST_M2 = 4e6


def road_catchments(
    province: Province, hubs: Sequence[int], distances_km: Sequence[float] = CATCHMENT_KM
) -> gpd.GeoDataFrame:
    """Return what lies within ways by road of the seat of any of the hubs (adcodes of cities).

    Polygons in EPSG:4326 with ``distance_km``, cut to the province's land, indexed by ids such as
    ``road-30``. The way to the nearest junction counts as a straight line; spots and holes of less
    than 4 km2 are left out. Empty without hubs or roads.
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

    ``origins`` are points with a CRS; the polygons are in the province's metric CRS.
    """
    metric = province.settings.metric_crs
    land = shapely.union_all(province.cities.to_crs(metric).geometry.to_numpy())
    west, south, east, north = land.bounds
    x = np.arange(west - CELL_M, east + 2 * CELL_M, CELL_M)
    y = np.arange(south - CELL_M, north + 2 * CELL_M, CELL_M)
    grid = np.column_stack([one.ravel() for one in np.meshgrid(x, y)])
    starts = shapely.get_coordinates(origins.to_crs(metric).to_numpy())
    ways = road_network(province).distances_between(starts, grid).min(axis=0)
    contours = contourpy.contour_generator(
        x, y, ways.reshape(len(y), len(x)), fill_type=contourpy.FillType.OuterOffset
    )
    return [shapely.intersection(_area(*contours.filled(-1.0, one)), land) for one in distances_km]


def _area(points: list[np.ndarray], offsets: list[np.ndarray]) -> shapely.Geometry:
    """Return the polygons of a filled contour without small spots and holes."""
    polygons = []
    for places, starts in zip(points, offsets, strict=True):
        rings = [places[a:b] for a, b in itertools.pairwise(starts)]
        shell, *holes = [shapely.Polygon(ring) for ring in rings]
        if shell.area > _LEAST_M2:
            large = [hole.exterior for hole in holes if hole.area > _LEAST_M2]
            polygons.append(shapely.Polygon(shell.exterior, large))
    return shapely.make_valid(shapely.simplify(shapely.union_all(polygons), _TOLERANCE_M))
