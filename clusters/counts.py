"""Count sites by area and by sector or segment: the tables that the measures are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from data.loader import Province
from data.own.own_grade import own_sources

AreaColumn = Literal["city_adcode", "county_adcode"]


WEAK_BELOW_SITES = 5
"""What rests on fewer sites than this is marked as weak."""


def counted_sources(province: Province) -> tuple[str, ...]:
    """Return the ids of what the sites that are counted come from: the list, own files."""
    named = province.settings.site_source
    own = tuple(source.id for source in own_sources(province))
    return ((named,) if named else ()) + own


def sector_counts(
    sites: pd.DataFrame,
    areas: Sequence[int],
    sectors: Sequence[str],
    area_column: AreaColumn = "city_adcode",
) -> pd.DataFrame:
    """Count sites by area and sector.

    ``sites`` has the columns of ``SiteRow``. Returns whole numbers: a row for each of
    ``areas`` (adcodes), a column for each of ``sectors`` (ids), in the orders given; zero
    where no site is known. Sites without the area (precision ``city``) are not counted.
    """
    return _crossed(sites[area_column], sites["sector"], areas, sectors)


def segment_counts_by_area(
    sites: pd.DataFrame,
    areas: Sequence[int],
    segments: Sequence[str],
    area_column: AreaColumn = "city_adcode",
) -> pd.DataFrame:
    """Count sites by area and segment, as ``sector_counts`` does by sector.

    A site of several segments counts in each of them.
    """
    parts = sites.assign(segment=sites["segments"].str.split(";")).explode("segment")
    return _crossed(parts[area_column], parts["segment"], areas, segments)


def _crossed(
    area: pd.Series, field: pd.Series, areas: Sequence[int], fields: Sequence[str]
) -> pd.DataFrame:
    pairs = pd.DataFrame({"area": area.to_numpy(), "field": field.to_numpy()}).dropna()
    counted = pairs.groupby(["area", "field"]).size().unstack(fill_value=0)
    table: pd.DataFrame = counted.reindex(index=list(areas), columns=list(fields), fill_value=0)
    return table.fillna(0).astype(int).rename_axis(index=None, columns=None)
