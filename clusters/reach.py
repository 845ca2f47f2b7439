"""Measure reach from the plan's hubs: catchments, and the nearest supplier of each segment.

All distances are straight lines in the province's metric CRS, from the border of the hub
city to the site, or to its county's label point where the site's own place is not known
(``clusters.site_points``); roads are not considered.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clusters.chain import NEAR_KM
from clusters.site_points import distance_points
from data.crs import GEOGRAPHIC
from data.loader import Province


def hub_cities(province: Province) -> tuple[int, ...]:
    """Return the adcodes of the cities that hold the plan's hub role; none where it has none."""
    hub = province.plan.hub
    return hub.cities if hub else ()


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
    province: Province, sites: gpd.GeoDataFrame, hubs: Sequence[int], segments: Sequence[str]
) -> pd.DataFrame:
    """Find the nearest site of each segment from each hub.

    Returns a row a pair: ``hub`` (adcode), ``segment``, ``site`` (id, ``None`` where no site of
    the segment is known), ``distance_km`` from the hub city's border (0 inside it) and
    ``in_hub``, how many sites of the segment the hub has. Of several sites in the hub, or at
    the same distance, the first by id is named.
    """
    metric = province.settings.metric_crs
    borders = province.cities.to_crs(metric).geometry
    ordered = sites.sort_index()
    points = ordered.set_geometry(distance_points(province, ordered).to_crs(metric))
    parts = points["segments"].fillna("").str.split(";")
    rows = []
    for segment in segments:
        having = points[parts.map(lambda names, wanted=segment: wanted in names).astype(bool)]
        for hub in hubs:
            rows.append({"hub": hub, "segment": segment, **_nearest(borders.at[hub], hub, having)})
    columns = ["hub", "segment", "site", "distance_km", "in_hub"]
    return pd.DataFrame(rows, columns=columns)


def _nearest(border: shapely.Geometry, hub: int, having: gpd.GeoDataFrame) -> dict[str, object]:
    if having.empty:
        return {"site": None, "distance_km": np.nan, "in_hub": 0}
    inside = (having["city_adcode"] == hub).to_numpy()
    distance = np.where(inside, 0.0, shapely.distance(having.geometry.to_numpy(), border))
    first = int(np.argmin(distance))
    return {
        "site": having.index[first],
        "distance_km": float(distance[first]) / 1000,
        "in_hub": int(inside.sum()),
    }
