"""Tell how far the counties are from main roads, railway lines, ports and airports."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from clusters.distances.province_roads import ROAD_LAYERS, has_roads, road_network
from clusters.distances.seats import area_seats
from clusters.plan import hub_cities
from data.loader import Province
from data.province_cache import cached_on_province

LINES = {"main-road": "roads", "railway": "railways"}
"""What is measured in a straight line to the nearest line: its name, and the ground's layer."""

HUBS = {"port": "ports", "airport": "airports"}
"""What is measured by road to the nearest point: its name, and the ground's layer."""


def access_layers(name: str) -> tuple[str, ...]:
    """Return the layers of the ground that a distance of ``LINES`` or ``HUBS`` is measured on."""
    return ("towns", LINES[name]) if name in LINES else (*ROAD_LAYERS, HUBS[name])


def has_access(province: Province, name: str) -> bool:
    """Whether the province has what a distance of ``LINES`` or ``HUBS`` is measured on."""
    if name in LINES:
        return province.ground.has(LINES[name])
    return has_roads(province) and province.ground.has(HUBS[name])


def access_sources(province: Province) -> tuple[str, ...]:
    """Return the ids of the sources of all that ``county_access`` measures."""
    named = (*ROAD_LAYERS, *LINES.values(), *HUBS.values())
    return province.ground.source_ids(*named)


@cached_on_province(1)
def county_access(province: Province) -> pd.DataFrame:
    """Measure from the seat of each county (adcode), or its label point where none is known.

    Columns, of what the province's ground has: ``main-road`` and ``railway``, in a straight line to
    the nearest line drawn (not to a junction or a station); ``port`` and ``airport``, by road to
    the nearest listed, and ``port-code`` and ``airport-code``, which that is; ``hub`` and
    ``hub-code`` (adcode), the same of the seats of the plan's hub cities. In km.
    """
    seats = area_seats(province).geometry
    table = pd.DataFrame(index=province.counties.index)
    hubs = list(hub_cities(province))
    if hubs and has_roads(province):
        _add_nearest(province, table, "hub", seats.loc[hubs])
    for name in (*LINES, *HUBS):
        if not has_access(province, name):
            continue
        if name in LINES:
            table[name] = _to_lines(
                province, seats.loc[table.index], getattr(province.ground, LINES[name])
            )
        else:
            _add_nearest(province, table, name, getattr(province.ground, HUBS[name]).geometry)
    return table


def _add_nearest(province: Province, table: pd.DataFrame, name: str, points: gpd.GeoSeries) -> None:
    """Add the way by road to the nearest of ``points`` to ``table``, and which that is."""
    seats = area_seats(province).geometry.loc[table.index]
    ways = road_network(province).distances(seats, points)
    table[name] = ways.min(axis=1)
    table[f"{name}-code"] = points.index.to_numpy()[ways.argmin(axis=1)]


def _to_lines(province: Province, seats: gpd.GeoSeries, lines: gpd.GeoDataFrame) -> np.ndarray:
    metric = province.settings.metric_crs
    tree = lines.geometry.to_crs(metric).sindex
    _, metres = tree.nearest(
        seats.to_crs(metric).to_numpy(), return_all=False, return_distance=True
    )
    return np.asarray(metres / 1000)


def city_access(province: Province, name: str) -> pd.Series:
    """Return the mean over each city's counties of a distance of ``county_access``, in km."""
    found: pd.Series = (
        county_access(province)[name].groupby(province.counties["city_adcode"]).mean()
    )
    return found
