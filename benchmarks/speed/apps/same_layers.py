"""The atlas's layers as plain tables, for the apps that draw them in other ways."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import shapely
import streamlit as st

from clusters.distances.site_points import distance_points
from data.loader import Province, default_province_id, load_province

SECTOR_COLORS = ("#b5460f", "#2e8b2e", "#5e35b1", "#37474f", "#0277bd")


@st.cache_resource
def province() -> Province:
    warnings.simplefilter("ignore")
    return load_province(default_province_id())


def sectors() -> list[str]:
    return [sector.id for sector in province().plan.sectors]


def role_fills() -> list[tuple[str, str, set[int]]]:
    """Each role of the plan: its name, a colour, the cities that hold it."""
    colors = ("#f4c064", "#5a7fb0", "#a0306b", "#00695c")
    roles = province().plan.roles
    return [
        (role.name.en, color, set(role.cities)) for role, color in zip(roles, colors, strict=False)
    ]


def chosen_sites(sector: str) -> gpd.GeoDataFrame:
    sites = province().sites
    return sites if sector == "all" else sites[sites["sector"] == sector]


def chosen_points(sector: str) -> Iterator[tuple[Any, shapely.Point]]:
    """Each chosen site with a point; of one without a place, the label point of its area."""
    sites = chosen_sites(sector)
    return zip(sites.itertuples(), distance_points(province(), sites), strict=True)


def color_of(sector: str) -> str:
    return SECTOR_COLORS[sectors().index(sector)]
