"""Answer a filter: which sites match, in which cities and counties, of which segments."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from clusters.evidence import segment_counts
from clusters.plan import cities_of_sectors
from clusters.selection import Selection, selected_cities, selected_sites
from data.loader import Province
from data.province_cache import cached_on_province


@dataclass(frozen=True, eq=False)
class Matching:
    """What a selection finds in a province.

    ``sites`` are those that match, with the columns of ``SiteRow``. ``scope`` are the adcodes of
    the cities that the filters by city and by role leave: the sites are of these. ``planned``
    are those of them that the plan names for the sectors asked for; ``None`` where no sector is.
    """

    sites: gpd.GeoDataFrame
    scope: tuple[int, ...]
    planned: tuple[int, ...] | None

    @property
    def by_city(self) -> pd.Series:
        """How many sites match in each city of the scope, by adcode."""
        return _counted(self.sites["city_adcode"]).reindex(list(self.scope), fill_value=0)

    @property
    def by_county(self) -> pd.Series:
        """How many sites match in each county that holds one, by adcode."""
        return _counted(self.sites["county_adcode"].dropna())

    @property
    def by_segment(self) -> pd.Series:
        """How many sites match of each segment that one is of, the most frequent first."""
        return segment_counts(self.sites)

    @property
    def cities(self) -> tuple[int, ...]:
        """The adcodes of the cities that hold a site that matches."""
        counts = self.by_city
        return tuple(int(adcode) for adcode in counts.index[counts > 0])

    @property
    def capacity(self) -> pd.DataFrame:
        """The capacity that the sites state, summed by unit and by what it means, never mixed.

        Columns: ``unit, meaning, capacity, sites`` (how many state it), the units that most
        sites state first.
        """
        stated = self.sites[self.sites["capacity"].notna()]
        meaning = stated["capacity_meaning"].fillna("unclear")
        grouped = stated.groupby([stated["capacity_unit"], meaning], sort=True)["capacity"]
        table = grouped.agg(["sum", "size"]).reset_index()
        table.columns = pd.Index(["unit", "meaning", "capacity", "sites"])
        often = table.groupby("unit")["sites"].transform("sum")
        order = table.assign(often=often).sort_values(
            ["often", "unit", "sites"], ascending=[False, True, False], kind="stable"
        )
        return order.drop(columns="often").reset_index(drop=True)

    @property
    def without_capacity(self) -> int:
        """How many sites that match state no capacity."""
        return int(self.sites["capacity"].isna().sum())


@cached_on_province(64)
def matching(province: Province, selection: Selection) -> Matching:
    """Return what a selection finds: sites, the cities asked for, those that the plan names."""
    in_scope = selected_cities(selection.of_cities(), province)
    scope = tuple(int(adcode) for adcode in in_scope.index[in_scope])
    planned = None
    if selection.sectors or selection.segments:
        named = cities_of_sectors(province.plan, selection.planned_sectors(province))
        planned = tuple(adcode for adcode in scope if adcode in named)
    return Matching(province.sites[selected_sites(selection, province)], scope, planned)


def _counted(adcodes: pd.Series) -> pd.Series:
    counts: pd.Series = adcodes.astype(int).value_counts(sort=False).sort_index()
    return counts.rename("sites")
