"""Make points that nobody has seen: synthetic registers for the tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from data.loader import Province
from data.register.build import RegisterColumns
from data.tables.source import Part, PointSource, Wanted

COLUMNS = RegisterColumns(categories=("sector", "year"))


def synthetic_table(province, count: int = 5000, seed: int = 7) -> pa.Table:
    """Return synthetic points in the province's bounds, some of them outside it."""
    draw = np.random.default_rng(seed)
    west, south, east, north = province.counties.total_bounds
    return pa.table(
        {
            "id": [f"S{number:06d}" for number in range(count)],
            "longitude": draw.uniform(west, east, count),
            "latitude": draw.uniform(south, north, count),
            "sector": draw.choice(["battery", "assembly", "hydrogen"], count),
            "year": pa.array(draw.integers(1990, 2026, count), mask=draw.random(count) < 0.1),
            "staff": draw.integers(1, 500, count),
        }
    )


def with_synthetic_places(province: Province, every: int = 2, seed: int = 11) -> Province:
    """Return the province with synthetic points for every so manieth site of a known county."""
    draw = np.random.default_rng(seed)
    sites = province.sites.copy()
    names = sites.index[sites["precision"] == "county"][::every]
    homes = province.counties.loc[sites.loc[names, "county_adcode"].astype(int)].geometry
    middles = homes.representative_point()
    x, y = (
        near.to_numpy() + draw.uniform(-0.01, 0.01, len(names)) for near in (middles.x, middles.y)
    )
    points = gpd.GeoSeries.from_xy(x, y, index=names, crs=sites.crs)
    sites["geometry"] = sites.geometry.where(~sites.index.isin(names), points.reindex(sites.index))
    sites.loc[names, "precision"] = "site"
    sites.loc[names, "longitude"], sites.loc[names, "latitude"] = x, y
    return replace(province, sites=sites)


def without_places(province: Province) -> Province:
    """Return the province with every site known to its county, or its city, only."""
    sites = province.sites.copy()
    home = np.where(sites["county_adcode"].isna(), "city", "county")
    sites["precision"] = pd.Series(home, index=sites.index).astype(sites["precision"].dtype)
    sites["longitude"] = sites["latitude"] = np.nan
    sites["geometry"] = gpd.GeoSeries([None] * len(sites), index=sites.index, crs=sites.crs)
    return replace(province, sites=sites)


@dataclass(frozen=True)
class SlowSource:
    """A source that takes its time over each piece."""

    source: PointSource
    seconds: float
    pieces: int

    def parts(self, wanted: Wanted, most: int) -> tuple[Part, ...]:
        del most
        return self.source.parts(wanted, self.pieces)

    def read(self, part: Part, wanted: Wanted) -> Iterator[pd.DataFrame]:
        time.sleep(self.seconds)
        return self.source.read(part, wanted)
