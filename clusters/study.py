"""Say what measures are taken of: a province, the sectors asked for, the sites that count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import geopandas as gpd
import pandas as pd

from clusters.chain import chain_links, plan_segments
from clusters.counts import sector_counts, segment_counts_by_area
from clusters.plan import hub_cities
from clusters.reach import nearest_suppliers
from clusters.selection import Selection, selected_sites
from data.loader import Province
from data.province_cache import cached_on_province


@dataclass(frozen=True, eq=False)
class Study:
    """What is measured.

    ``sectors`` are those asked for (empty: all). ``every_site`` are the sites of all sectors
    that the other facets of the selection leave; ``sites`` those of them that are of the
    sectors and segments asked for. ``by_line`` asks for distances in a straight line instead of by
    road. Cities and roles that are filtered do not matter: a city is
    always measured against the whole province.
    """

    province: Province
    sectors: frozenset[str]
    sites: gpd.GeoDataFrame
    every_site: gpd.GeoDataFrame
    by_line: bool = False
    _found: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    @property
    def city_adcodes(self) -> list[int]:
        """The adcodes of the province's cities."""
        return [int(adcode) for adcode in self.province.cities.index]

    def counts(self, *, every: bool = False) -> pd.DataFrame:
        """Count the sites by city and sector."""
        sectors = [sector.id for sector in self.province.plan.sectors]
        sites = self.every_site if every else self.sites
        return self._once(
            f"counts {every}", lambda: sector_counts(sites, self.city_adcodes, sectors)
        )

    def segment_counts(self, *, every: bool = True) -> pd.DataFrame:
        """Count the sites by city and segment."""
        segments = [segment.id for segment in self.province.plan.segments()]
        sites = self.every_site if every else self.sites
        return self._once(
            f"segments {every}",
            lambda: segment_counts_by_area(sites, self.city_adcodes, segments),
        )

    def basis(self) -> pd.Series:
        """Return how many of the sites asked for each city has."""
        total: pd.Series = self.counts().sum(axis="columns")
        return total

    @property
    def is_narrowed(self) -> bool:
        """Whether facets besides sector and segment leave sites out: lacking is then relative."""
        return len(self.every_site) < len(self.province.sites)

    def links(self) -> pd.DataFrame:
        """Return what ``chain_links`` tells of the sectors asked for."""
        return self._once(
            "links",
            lambda: chain_links(self.province, self.every_site, self.sectors, by_line=self.by_line),
        )

    def suppliers(self) -> pd.DataFrame:
        """Return the ``nearest_suppliers`` of the plan's hubs, of the sectors asked for."""
        segments = [one.id for one in plan_segments(self.province, self.sectors)]
        return self._once(
            "suppliers",
            lambda: nearest_suppliers(
                self.province,
                self.every_site,
                hub_cities(self.province),
                segments,
                by_line=self.by_line,
            ),
        )

    def _once(self, name: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a table that is computed once, as one that the caller may change."""
        if name not in self._found:
            self._found[name] = compute()
        return self._found[name].copy()


@cached_on_province(64)
def study_of(province: Province, selection: Selection) -> Study:
    """Return the study of a selection: all of it but its cities and their roles."""
    wanted = selection.of_measures()
    of_all = replace(wanted, sectors=frozenset(), segments=frozenset())
    return Study(
        province,
        selection.effective_sectors(province),
        province.sites[selected_sites(wanted, province)],
        province.sites[selected_sites(of_all, province)],
        selection.by_line,
    )
