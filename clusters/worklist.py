"""List the links of the chain that a city lacks or has thinly, and who has them nearby."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from clusters.chain import plan_segments
from clusters.counts import WEAK_BELOW_SITES
from clusters.distances.nearest import site_distances
from clusters.plan import sector_membership
from clusters.relatedness import relatedness_density
from clusters.study import Study

ENDED = frozenset({"suspended", "closed", "insolvent"})
"""The statuses of sites that make nothing now."""

THIN_SITES = 1
"""A link with at most so many sites that go on is thin."""

MOST_HOLDERS = 3
MOST_CANDIDATES = 5

LinkGap = Literal["missing", "thin"]
GapConfidence = Literal["fair", "weak"]


@dataclass(frozen=True, eq=False)
class WorkItem:
    """A link that a city lacks, or has thinly.

    ``sites`` of the segment are listed in the city, ``active`` of them go on (not ``ENDED``).
    ``holders`` are the nearest sites elsewhere that go on, nearest first (columns of ``SiteRow``
    and ``km``). ``density`` is the relatedness of the segment to what the city has (0 to 1,
    ``nan`` where it is undefined). ``planned``: a role that the plan gives the city concerns the
    sector. ``candidates`` are ids of companies that have the segment elsewhere and not here;
    ``present`` are those of them that own some other site here. ``listed`` sites of the sector
    are known in the city: with ``WEAK_BELOW_SITES`` or more the ``confidence`` that the list
    would name the link if it were there is ``fair``, else ``weak``.
    """

    segment: str
    sector: str
    gap: LinkGap
    sites: int
    active: int
    holders: gpd.GeoDataFrame
    density: float
    planned: bool
    candidates: tuple[str, ...]
    present: frozenset[str]
    listed: int

    @property
    def confidence(self) -> GapConfidence:
        """How sure it is that the link is a gap, and not just not listed."""
        return "fair" if self.listed >= WEAK_BELOW_SITES else "weak"

    @property
    def nearest_km(self) -> float:
        """How far the nearest holder is, in km; ``nan`` where none is known."""
        return float(self.holders["km"].iloc[0]) if len(self.holders) else np.nan


def worklist(study: Study, city: int) -> tuple[WorkItem, ...]:
    """Return the links that the plan names and a city (adcode) lacks or has thinly.

    First what the city's roles in the plan concern; of these what is missing, then what is thin;
    then by relatedness (highest first), by the way to the nearest holder, in the plan's order.
    """
    province, sites = study.province, study.every_site
    segments = plan_segments(province, study.sectors)
    active = sites[~sites["status"].isin(ENDED)]
    away = active[active["city_adcode"] != city]
    km = site_distances(province, away, city, by_line=study.by_line)
    others = away.assign(km=km).sort_values("km", kind="stable")
    density = relatedness_density(study.segment_counts()).loc[city]
    planned = sector_membership(province).loc[city]
    here = sites[sites["city_adcode"] == city]
    items = []
    for segment in segments:
        own, sector = _of(here, segment.id), province.plan.sector_of_segment(segment.id).id
        going_on = int((~own["status"].isin(ENDED)).sum())
        if going_on > THIN_SITES:
            continue
        holders = _of(others, segment.id)
        candidates = _candidates(holders, own, here)
        items.append(
            WorkItem(
                segment=segment.id,
                sector=sector,
                gap="thin" if len(own) else "missing",
                sites=len(own),
                active=going_on,
                holders=holders.head(MOST_HOLDERS),
                density=float(density[segment.id]),
                planned=bool(planned[sector]),
                candidates=candidates,
                present=frozenset(candidates) & frozenset(here["company"].dropna()),
                listed=int((here["sector"] == sector).sum()),
            )
        )
    return tuple(sorted(items, key=_order))


def _order(item: WorkItem) -> tuple[bool, bool, float, float]:
    density = -1.0 if np.isnan(item.density) else item.density
    km = np.inf if np.isnan(item.nearest_km) else item.nearest_km
    return (not item.planned, item.gap == "thin", -density, km)


def _of(sites: gpd.GeoDataFrame, segment: str) -> gpd.GeoDataFrame:
    """Return the sites of a segment."""
    named = sites["segments"].fillna("").str.split(";")
    return sites[named.map(lambda names: segment in names).astype(bool)]


def _candidates(
    holders: gpd.GeoDataFrame, own: gpd.GeoDataFrame, here: gpd.GeoDataFrame
) -> tuple[str, ...]:
    """Return owners of ``holders`` without a site of ``own``: those present first, most sites."""
    counts = holders["company"].dropna().value_counts()
    counts = counts[~counts.index.isin(own["company"].dropna())]
    present = counts.index.isin(here["company"].dropna())
    table = pd.DataFrame({"present": present, "sites": counts.to_numpy(), "id": counts.index})
    ordered = table.sort_values(["present", "sites", "id"], ascending=[False, False, True])
    return tuple(str(name) for name in ordered["id"].head(MOST_CANDIDATES))
