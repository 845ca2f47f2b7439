"""Select cities: facets that are combined with "and", values within a facet with "or"."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from clusters.plan import cities_of_sectors, cities_with_role
from data.loader import Province


@dataclass(frozen=True)
class Selection:
    """What is filtered. An empty facet filters nothing.

    ``cities`` are adcodes; ``roles``, ``sectors`` and ``segments`` are ids of the plan.
    ``statuses`` and ``years`` (first and last, both included) concern sites only.
    """

    cities: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not any(getattr(self, field.name) for field in fields(self))

    def effective_sectors(self, province: Province) -> frozenset[str]:
        """Return the sectors asked for: those named, or else those of the named segments."""
        of_segments = frozenset(
            province.plan.sector_of_segment(segment).id for segment in self.segments
        )
        if self.sectors and of_segments:
            return self.sectors & of_segments
        return self.sectors or of_segments


def selected_cities(selection: Selection, province: Province) -> pd.Series:
    """Tell which cities are selected, as a boolean series indexed by adcode.

    A city is selected when it is among ``cities``, holds one of ``roles``, and holds a role
    that concerns one of the sectors asked for; the plan names segments by sector, not by
    city, so a segment selects the cities of its sector.
    """
    chosen = pd.Series(True, index=province.cities.index, name="selected")
    if selection.cities:
        chosen &= province.cities.index.isin(list(selection.cities))
    if selection.roles:
        holders = cities_with_role(province.plan, selection.roles)
        chosen &= province.cities.index.isin(list(holders))
    if selection.sectors or selection.segments:
        concerned = cities_of_sectors(province.plan, selection.effective_sectors(province))
        chosen &= province.cities.index.isin(list(concerned))
    return chosen


def selected_sites(selection: Selection, province: Province) -> pd.Series:
    """Tell which sites are selected, as a boolean series indexed by site id.

    A site is selected when its city is among ``cities`` and holds one of ``roles``, its
    sector is among ``sectors``, one of its segments among ``segments``, its status among
    ``statuses``, and its year within ``years``. A site without a year is outside any range.
    """
    sites = province.sites
    chosen = pd.Series(True, index=sites.index, name="selected")
    if selection.cities:
        chosen &= sites["city_adcode"].isin(list(selection.cities))
    if selection.roles:
        holders = cities_with_role(province.plan, selection.roles)
        chosen &= sites["city_adcode"].isin(list(holders))
    if selection.sectors:
        chosen &= sites["sector"].isin(list(selection.sectors))
    if selection.segments:
        parts = sites["segments"].fillna("").str.split(";")
        chosen &= parts.map(lambda names: bool(selection.segments & set(names))).astype(bool)
    if selection.statuses:
        chosen &= sites["status"].isin(list(selection.statuses))
    if selection.years is not None:
        chosen &= sites["year"].between(*selection.years)
    return chosen
