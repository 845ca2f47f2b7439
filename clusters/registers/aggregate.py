"""Count the points of any source by city or county, and add up a column of theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from clusters.registers.register_counts import AreaKind
from data.loader import Province
from data.register.county_index import county_codes
from data.register.grid import Floats
from data.tables.source import PointSource, Wanted

CountProgress: TypeAlias = Callable[[int, int], None]
"""Told how many pieces are done, of how many."""

Totals: TypeAlias = pd.DataFrame
"""``count`` and ``sum`` (floats) of each county, in the order of the counties' table."""


def within(wanted: Wanted, counties: gpd.GeoDataFrame) -> Wanted:
    """Return what is wanted with bounds no wider than the counties': no more is read."""
    west, south, east, north = (float(edge) for edge in counties.total_bounds)
    if wanted.bounds is not None:
        asked = wanted.bounds
        west, south = max(west, asked[0]), max(south, asked[1])
        east, north = min(east, asked[2]), min(north, asked[3])
    return replace(wanted, bounds=(west, south, east, north))


def aggregate_here(
    source: PointSource, wanted: Wanted, counties: gpd.GeoDataFrame, progress: CountProgress
) -> Totals:
    """Return the totals of each county, reading the source piece after piece in this process."""
    totals = pd.DataFrame(
        0.0, index=pd.Index(counties.index, name="adcode"), columns=["count", "sum"]
    )
    parts = source.parts(wanted, 1)
    for done, part in enumerate(parts, start=1):
        for frame in source.read(part, wanted):
            longitude, latitude = frame[["longitude", "latitude"]].to_numpy(np.float64).T
            totals += county_totals(longitude, latitude, frame["value"], counties)
        progress(done, len(parts))
    return totals


def county_totals(
    longitude: Floats, latitude: Floats, value: pd.Series, counties: gpd.GeoDataFrame
) -> Totals:
    """Return the totals of some points, in EPSG:4326; a point in no county is in none of them."""
    codes = county_codes(longitude, latitude, counties)
    size = len(counties)
    found = {
        "count": np.bincount(codes, minlength=size + 1)[:size].astype(np.float64),
        "sum": np.bincount(codes, weights=value, minlength=size + 1)[:size],
    }
    return pd.DataFrame(found, index=pd.Index(counties.index, name="adcode"))


def result_table(
    totals: Totals, province: Province, by: AreaKind, value: str | None
) -> pd.DataFrame:
    """Return totals as they are written: a row for each city or county, also without points.

    The columns are ``adcode``, ``name_zh``, ``name_en``, ``count``, and ``sum_<value>``
    where a column was added up (at most six decimals).
    """
    areas = province.counties if by == "county" else province.cities
    if by == "city":
        totals = totals.groupby(province.counties["city_adcode"].reindex(totals.index)).sum()
    totals = totals.reindex(areas.index, fill_value=0.0)
    table = pd.DataFrame(areas[["adcode", "name_zh", "name_en"]])
    table["count"] = totals["count"].astype("int64")
    if value is not None:
        sums = totals["sum"].round(6)
        whole = bool((sums == sums.round()).all())
        table[f"sum_{value}"] = sums.astype("int64") if whole else sums
    return table.reset_index(drop=True)
