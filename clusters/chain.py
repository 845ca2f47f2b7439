"""Tell which links of the chain a city has, has near, or lacks.

What is counted is the curated list of sites: a link that is "lacking" has no known site,
which is not the same as having none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clusters.counts import segment_counts_by_area
from clusters.site_points import distance_points
from data.loader import Province
from data.model import Segment

NEAR_KM = (50.0, 100.0)
"""Distances, in kilometres, within which a link counts as near."""

LinkState = Literal["here", "within 50 km", "within 100 km", "lacking"]
LINK_STATES: tuple[LinkState, ...] = ("here", "within 50 km", "within 100 km", "lacking")


def plan_segments(province: Province, sectors: frozenset[str]) -> tuple[Segment, ...]:
    """Return the segments that the plan names in the sectors; in all of them for an empty set."""
    return tuple(
        segment
        for sector in province.plan.sectors
        if not sectors or sector.id in sectors
        for segment in sector.named_segments
    )


def segment_distances(
    province: Province, sites: gpd.GeoDataFrame, segments: Sequence[str]
) -> pd.DataFrame:
    """Measure from each city to the nearest site of each segment, in kilometres.

    ``sites`` (EPSG:4326) has the columns of ``SiteRow``. A row a city (adcode), a column a
    segment. The distance is the straight line from the city's border, in the province's
    metric CRS, to the site or, where its own place is not known, to its county's label point
    (``clusters.site_points``); 0 for a site of the city itself, ``nan`` where no site is known
    anywhere.
    """
    cities = province.cities
    borders = cities.to_crs(province.settings.metric_crs).geometry
    points = distance_points(province, sites).to_crs(province.settings.metric_crs)
    parts = sites["segments"].fillna("").str.split(";")
    columns = {}
    for segment in segments:
        having = parts.map(lambda names, wanted=segment: wanted in names).astype(bool)
        group = shapely.MultiPoint([*points[having]]) if having.any() else None
        distance = np.full(len(cities), np.nan) if group is None else borders.distance(group)
        own = cities.index.isin(sites.loc[having, "city_adcode"])
        columns[segment] = np.where(own, 0.0, distance / 1000)
    return pd.DataFrame(columns, index=cities.index, dtype=float)


def chain_links(
    province: Province, sites: gpd.GeoDataFrame, sectors: frozenset[str]
) -> pd.DataFrame:
    """Tell for each city and each segment that the plan names what is known of the link.

    Returns a row a pair: ``city_adcode, sector, segment, sites`` (count), ``distance_km`` (to
    the nearest site, from the city's border; ``nan`` where none is known) and ``state``, one
    of ``LINK_STATES``.
    """
    segments = plan_segments(province, sectors)
    names = [segment.id for segment in segments]
    cities = [int(adcode) for adcode in province.cities.index]
    counts = segment_counts_by_area(sites, cities, names)
    distances = segment_distances(province, sites, names)
    table = pd.DataFrame(
        {
            "city_adcode": np.repeat(cities, len(names)),
            "sector": [province.plan.sector_of_segment(name).id for name in names] * len(cities),
            "segment": names * len(cities),
            "sites": counts.to_numpy().ravel(),
            "distance_km": distances.to_numpy().ravel(),
        }
    )
    table["state"] = link_state(table["sites"], table["distance_km"])
    return table


def link_state(sites: pd.Series, distance_km: pd.Series) -> pd.Series:
    """Return the state of each link, from its count of sites and the nearest one's distance."""
    near, far = NEAR_KM
    conditions = [sites > 0, distance_km <= near, distance_km <= far]
    state = np.select(conditions, LINK_STATES[:3], LINK_STATES[3])
    return pd.Series(state, index=sites.index, dtype="object")


def completeness(links: pd.DataFrame) -> pd.DataFrame:
    """Return, by city, the shares (0 to 1) of the plan's segments that are there and near.

    ``links`` is what ``chain_links`` returns. Columns ``here, within_50_km, within_100_km``,
    each including the one before; indexed by city adcode. Empty where the plan names none.
    """
    states = links.set_index("city_adcode")["state"]
    steps = {"here": 1, "within_50_km": 2, "within_100_km": 3}
    shares = {
        name: states.isin(LINK_STATES[:count]).groupby(level=0, sort=False).mean()
        for name, count in steps.items()
    }
    return pd.DataFrame(shares, dtype=float)
