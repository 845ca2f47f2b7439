"""Tell which links of the chain a city has, has near, or lacks.

What is counted is the curated list of sites: a link that is "lacking" has no known site,
which is not the same as having none.
"""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from clusters.distances.nearest import nearest_sites
from data.loader import Province
from data.model import Segment

NEAR_KM = (50.0, 100.0)
"""Distances, in kilometres, within which a link counts as near."""

LinkState = Literal["here", "within 50 km", "within 100 km", "lacking"]
_COLUMNS = ["city_adcode", "sector", "segment", "sites", "nearest", "distance_km", "state"]
LINK_STATES: tuple[LinkState, ...] = ("here", "within 50 km", "within 100 km", "lacking")


def plan_segments(province: Province, sectors: frozenset[str]) -> tuple[Segment, ...]:
    """Return the segments that the plan names in the sectors; in all of them for an empty set."""
    return tuple(
        segment
        for sector in province.plan.sectors
        if not sectors or sector.id in sectors
        for segment in sector.named_segments
    )


def chain_links(
    province: Province,
    sites: gpd.GeoDataFrame,
    sectors: frozenset[str],
    *,
    by_line: bool = False,
) -> pd.DataFrame:
    """Tell for each city and each segment that the plan names what is known of the link.

    Returns a row a pair: ``city_adcode, sector, segment, sites`` (count), ``nearest`` (id of the
    nearest site), ``distance_km`` (to it, ``nan`` where none is known) and ``state``, one of
    ``LINK_STATES``. Distances are those of ``clusters.distances.nearest``.
    """
    names = [segment.id for segment in plan_segments(province, sectors)]
    cities = [int(adcode) for adcode in province.cities.index]
    table = nearest_sites(province, sites, cities, names, by_line=by_line)
    of_segments = {name: province.plan.sector_of_segment(name).id for name in names}
    table.insert(1, "sector", table["segment"].map(of_segments))
    table["state"] = link_state(table["sites"], table["distance_km"])
    return table[_COLUMNS]


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
