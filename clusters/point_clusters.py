"""Find groups of sites that stand close together, and outline them.

Density-based clustering (DBSCAN; Ester et al. 1996) in metres, of the sites that have a place
of their own (precision ``site`` or ``town``). Where these are few, no groups are sought: they
would tell which places happen to be known, not where sites stand close together.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clusters.distances.site_points import enough_places, with_place
from data.crs import GEOGRAPHIC
from data.loader import Province

REACH_M = 20_000.0
"""Sites at most this far from one another are neighbours, in metres."""

MIN_SITES = 5
"""A site with this many neighbours, itself included, makes a group."""

_HULL_RATIO = 0.5
_MARGIN_M = 3_000.0


def point_clusters(
    province: Province,
    sites: gpd.GeoDataFrame,
    *,
    reach_m: float = REACH_M,
    min_sites: int = MIN_SITES,
) -> pd.Series:
    """Return the number of each site's group, by site id; -1 for a site in none.

    ``sites`` are in EPSG:4326 with the columns of ``SiteRow``; those without a place of their
    own take no part (-1), and where fewer than ``FEW_PLACES`` have one, there are no groups.
    Distances are taken in the province's metric CRS. Groups are numbered from the largest,
    from 0.
    """
    groups = pd.Series(-1, index=sites.index, name="group")
    placed = with_place(sites)
    if not enough_places(sites):
        return groups
    # scikit-learn takes a second to import: only who asks for groups waits for it.
    from sklearn.cluster import DBSCAN

    points = placed.to_crs(province.settings.metric_crs).geometry
    found = DBSCAN(eps=reach_m, min_samples=min_sites).fit_predict(np.c_[points.x, points.y])
    sizes = pd.Series(found[found >= 0]).value_counts(sort=True)
    order = {
        old: new
        for new, old in enumerate(
            sizes.sort_index().sort_values(ascending=False, kind="stable").index
        )
    }
    groups.loc[placed.index] = [order.get(int(label), -1) for label in found]
    return groups


def footprints(province: Province, sites: gpd.GeoDataFrame, groups: pd.Series) -> gpd.GeoDataFrame:
    """Outline each group: a concave hull of its sites with a margin of 3 km, on land.

    Polygons in EPSG:4326 with ``sites`` (count), ``cities`` (adcodes joined by semicolons,
    those with most sites first) and ``main_sector``; indexed by ids such as ``group-1``.
    """
    metric = province.settings.metric_crs
    points = sites.to_crs(metric).geometry
    land = shapely.union_all(province.cities.to_crs(metric).geometry.to_numpy())
    rows = []
    for number in sorted(set(groups) - {-1}):
        members = sites[groups == number]
        hull = shapely.concave_hull(shapely.MultiPoint([*points[members.index]]), ratio=_HULL_RATIO)
        outline = shapely.intersection(shapely.buffer(hull, _MARGIN_M, quad_segs=8), land)
        by_city = members["city_adcode"].value_counts()
        rows.append(
            {
                "id": f"group-{number + 1}",
                "sites": len(members),
                "cities": ";".join(str(adcode) for adcode in by_city.index),
                "main_sector": members["sector"].mode().iloc[0],
                "geometry": outline,
            }
        )
    columns = ["id", "sites", "cities", "main_sector", "geometry"]
    table = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=metric)
    return table.to_crs(GEOGRAPHIC).set_index("id", drop=False).rename_axis(None)
