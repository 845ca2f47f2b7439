"""Estimate how many people live in an area: each county's residents, by the share inside."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from clusters.area_of_interest import AreaOfInterest, area_shape
from clusters.area_of_interest import area_km2 as area_km2_of
from data.crs import GEOGRAPHIC, area_km2
from data.loader import Province
from data.province_cache import cached_on_province

RESIDENTS = "population-census"
"""The indicator that counts residents of counties."""
_WHOLE = 0.9999


@dataclass(frozen=True)
class AreaPopulation:
    """About how many people live in an area.

    ``residents`` of the ``counties`` (adcodes) that reach into it, each taken in the proportion of
    its area that is inside, as if people lived everywhere alike. ``unknown`` are counties without
    a figure. ``apart`` is how many residents of each city touched (by adcode) are in none of its
    counties' figures, as a census counts development zones apart: they are among ``residents``
    only where the whole city is inside, and are not in ``apart`` then. ``covered`` is which part
    of the area the province's counties cover, 0 to 1: nobody is counted in the rest.
    """

    residents: float
    counties: tuple[int, ...]
    unknown: tuple[int, ...]
    apart: dict[int, int]
    covered: float
    year: int
    sources: tuple[str, ...]


@cached_on_province(8)
def area_population(province: Province, area: AreaOfInterest) -> AreaPopulation | None:
    """Return about how many people live in ``area``, or ``None`` where no figure tells it.

    The newest year with figures of counties is taken; areas are measured in the equal-area CRS.
    """
    counted = _residents(province)
    parts = _parts_km2(province, area)
    whole = area_km2(province.counties.loc[parts.index], province.settings.area_crs)
    shares = parts / whole
    here = counted.loc[counted.index.intersection(shares.index)]
    if here.empty:
        return None
    residents = float((here["value"] * shares.reindex(here.index)).sum())
    apart: dict[int, int] = {}
    whole_cities: list[int] = []
    for city in province.counties.loc[shares.index, "city_adcode"].unique():
        people = _apart(province, int(city), counted["value"])
        if people and _is_inside(province, int(city), shares):
            residents += people
            whole_cities.append(int(city))
        elif people:
            apart[int(city)] = people
    return AreaPopulation(
        residents=residents,
        counties=tuple(map(int, here.index)),
        unknown=tuple(int(one) for one in shares.index if one not in counted.index),
        apart=apart,
        covered=min(1.0, float(parts.sum()) / area_km2_of(province, area)),
        year=int(counted["year"].iloc[0]),
        sources=tuple(dict.fromkeys(counted.loc[[*here.index, *whole_cities, *apart], "source"])),
    )


def _residents(province: Province) -> pd.DataFrame:
    """Return ``value``, ``year`` and ``source`` by adcode, of the newest year with counties'."""
    figures = province.figures[province.figures["indicator"] == RESIDENTS]
    of_counties = figures[figures["adcode"].isin(province.counties.index)]
    year = of_counties["year"].max()
    return figures[figures["year"] == year].drop_duplicates("adcode").set_index("adcode")


def _parts_km2(province: Province, area: AreaOfInterest) -> pd.Series:
    """Return how many square kilometres of each county that an area reaches into are inside."""
    counties = province.counties
    shape = area_shape(province, area)
    near = counties.iloc[counties.sindex.query(shape, "intersects")]
    parts = gpd.GeoDataFrame(geometry=near.geometry.intersection(shape), crs=GEOGRAPHIC)
    inside = area_km2(parts, province.settings.area_crs)
    return inside[inside > 0].sort_index()


def _is_inside(province: Province, city: int, shares: pd.Series) -> bool:
    """Whether all counties of a city are inside, but for what rounding leaves."""
    counties = province.counties.index[province.counties["city_adcode"] == city]
    return bool((shares.reindex(counties, fill_value=0.0) > _WHOLE).all())


def _apart(province: Province, city: int, counted: pd.Series) -> int:
    """Return how many residents of a city are in none of its counties' figures, where known."""
    counties = province.counties.index[province.counties["city_adcode"] == city]
    if city not in counted.index or not set(counties) <= set(counted.index):
        return 0
    return max(0, round(float(counted[city] - counted[counties].sum())))
