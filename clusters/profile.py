"""Gather what is known of one city: its roles, what the plan wants, its area, its counties."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from clusters.plan import roles_of
from data.loader import Province
from data.model import Role, Source, Text


@dataclass(frozen=True, eq=False)
class CityProfile:
    """One city. ``area_km2`` is measured on the boundary polygons, in square kilometres."""

    adcode: int
    name: Text
    roles: tuple[Role, ...]
    area_km2: float
    area_rank: int
    city_count: int
    counties: gpd.GeoDataFrame
    sources: tuple[Source, ...]


def city_profile(province: Province, adcode: int) -> CityProfile:
    """Gather the profile of a city; ``KeyError`` where the province has no such city."""
    city = province.cities.loc[adcode]
    roles = roles_of(province.plan, adcode)
    areas = province.city_areas_km2
    source_ids = dict.fromkeys(source for role in roles for source in role.sources)
    own = tuple(province.sources[source] for source in source_ids)
    return CityProfile(
        adcode=adcode,
        name=Text(zh=city["name_zh"], en=city["name_en"]),
        roles=roles,
        area_km2=float(areas.loc[adcode]),
        area_rank=int(areas.rank(ascending=False).loc[adcode]),
        city_count=len(areas),
        counties=province.counties_of(adcode),
        sources=(*own, province.sources[province.settings.boundary_source]),
    )
