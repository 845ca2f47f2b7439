"""Measure reach from the plan's hubs: what lies near them, and who supplies them from nearest."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely

from clusters.chain import NEAR_KM
from clusters.distances.nearest import nearest_sites
from data.crs import GEOGRAPHIC
from data.loader import Province


def catchments(
    province: Province, hubs: Sequence[int], distances_km: Sequence[float] = NEAR_KM
) -> gpd.GeoDataFrame:
    """Return what lies within straight-line distances of any of the hub cities' borders.

    Polygons in EPSG:4326 with ``distance_km``, the hubs themselves included, cut to the
    province's land; indexed by ids such as ``within-50``. Empty without hubs.
    """
    metric = province.cities.to_crs(province.settings.metric_crs).geometry
    land = shapely.union_all(metric.to_numpy())
    own = shapely.union_all(metric.loc[list(hubs)].to_numpy())
    rows = []
    for distance in sorted(distances_km) if hubs else ():
        reach = shapely.intersection(shapely.buffer(own, distance * 1000, quad_segs=16), land)
        rows.append((f"within-{distance:g}", distance, reach))
    table = gpd.GeoDataFrame(
        {"id": [row[0] for row in rows], "distance_km": [float(row[1]) for row in rows]},
        geometry=[row[2] for row in rows],
        crs=province.settings.metric_crs,
    )
    return table.to_crs(GEOGRAPHIC).set_index("id", drop=False).rename_axis(None)


def nearest_suppliers(
    province: Province,
    sites: gpd.GeoDataFrame,
    hubs: Sequence[int],
    segments: Sequence[str],
    *,
    by_line: bool = False,
) -> pd.DataFrame:
    """Find the nearest site of each segment from each hub, as ``distances.nearest`` measures.

    Returns a row a pair, segment by segment: ``hub`` (adcode), ``segment``, ``site`` (id, ``None``
    where no site of the segment is known), ``distance_km`` (0 inside the hub) and ``in_hub``, how
    many sites of the segment the hub has.
    """
    found = nearest_sites(province, sites, hubs, segments, by_line=by_line).rename(
        columns={"city_adcode": "hub", "nearest": "site", "sites": "in_hub"}
    )
    place = {segment: at for at, segment in enumerate(segments)}
    ordered = found.sort_values("segment", key=lambda names: names.map(place), kind="stable")
    return ordered[["hub", "segment", "site", "distance_km", "in_hub"]].reset_index(drop=True)
