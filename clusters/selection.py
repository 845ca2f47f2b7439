"""Select cities and sites: facets that are combined with "and", values within a facet with "or"."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import pandas as pd

from clusters.area_of_interest import AreaOfInterest
from clusters.facets import EVERY_FACET, FACETS, RANGES, CapacityRange
from clusters.plan import cities_of_sectors, cities_with_role
from data.loader import Province


@dataclass(frozen=True)
class Selection:
    """What is filtered. An empty facet filters nothing.

    ``cities`` are adcodes; ``roles``, ``sectors`` and ``segments`` are ids of the plan;
    ``owners`` are ids of companies; ``years`` are the first and the last, both included. All but
    ``cities`` and ``roles`` concern sites: the cities that hold one that matches are selected,
    or, where ``by_plan``, those that the plan names for the sectors asked for. ``by_line`` filters
    nothing: it asks for distances in a straight line instead of by road.
    """

    cities: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    precisions: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    capacity: CapacityRange | None = None
    area: AreaOfInterest | None = None
    by_plan: bool = False
    by_line: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not self.filtering

    @property
    def filtering(self) -> tuple[str, ...]:
        """The fields that filter something."""
        return tuple(name for name in FILTER_FIELDS if getattr(self, name))

    @property
    def filters_sites(self) -> bool:
        """Whether a facet filters that what is known of sites decides."""
        return bool(_SITE_FIELDS.intersection(self.filtering))

    def of_measures(self) -> Selection:
        """Return what narrows the sites that are measured: neither cities nor their roles."""
        return replace(self, cities=frozenset(), roles=frozenset(), by_plan=False)

    def of_cities(self) -> Selection:
        """Return what narrows the cities by themselves: those chosen, and their roles."""
        return Selection(cities=self.cities, roles=self.roles)

    def effective_sectors(self, province: Province) -> frozenset[str]:
        """Return the sectors asked for: those named, or else those of the named segments.

        Where both are named, those of them that are of the segments, if there are any.
        """
        of_segments = self._sectors_of_segments(province)
        return (self.sectors & of_segments) or self.sectors or of_segments

    def planned_sectors(self, province: Province) -> frozenset[str]:
        """Return the sectors whose cities the plan can name: none where segments are of others."""
        of_segments = self._sectors_of_segments(province)
        if self.sectors and self.segments:
            return self.sectors & of_segments
        return self.sectors or of_segments

    def _sectors_of_segments(self, province: Province) -> frozenset[str]:
        return frozenset(province.plan.sector_of_segment(name).id for name in self.segments)


FILTER_FIELDS = tuple(
    field.name for field in fields(Selection) if field.name not in ("by_plan", "by_line")
)
"""The fields of a selection that filter, in their order."""
_SITE_FIELDS = frozenset(
    (*(one.field for one in FACETS if one.of_sites), *(one.field for one in RANGES))
)


def goes_by_plan(selection: Selection, province: Province) -> bool:
    """Tell whether the plan decides which cities match: where no site is known, or it is asked.

    The plan names cities for sectors; where none is asked for, it has nothing to say.
    """
    asks_plan = selection.by_plan and bool(selection.sectors or selection.segments)
    return asks_plan or province.sites.empty


def selected_cities(selection: Selection, province: Province) -> pd.Series:
    """Tell which cities are selected, as a boolean series indexed by adcode.

    A city is selected when it is among ``cities``, holds one of ``roles``, and, where sites are
    filtered, holds at least one that matches. By the plan it holds a role that concerns one of
    the sectors asked for; the plan names segments by sector, not by city, so a segment selects
    the cities of its sector.
    """
    index = province.cities.index
    chosen = pd.Series(True, index=index, name="selected")
    if selection.cities:
        chosen &= index.isin(list(selection.cities))
    if selection.roles:
        chosen &= index.isin(list(cities_with_role(province.plan, selection.roles)))
    if not goes_by_plan(selection, province):
        if selection.filters_sites:
            matching = province.sites.loc[selected_sites(selection, province), "city_adcode"]
            chosen &= index.isin(matching.unique())
    elif selection.sectors or selection.segments:
        concerned = cities_of_sectors(province.plan, selection.planned_sectors(province))
        chosen &= index.isin(list(concerned))
    return chosen


def selected_sites(selection: Selection, province: Province) -> pd.Series:
    """Tell which sites match, as a boolean series indexed by site id: in every facet."""
    chosen = pd.Series(True, index=province.sites.index, name="selected")
    for facet in EVERY_FACET:
        wanted = getattr(selection, facet.field)
        if wanted:
            chosen &= facet.sites(province, wanted)
    return chosen
