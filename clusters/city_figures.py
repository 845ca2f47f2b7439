"""Set a city's newest figures against the province, and name its neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from clusters.evidence import latest_figures
from data.loader import Province

COLUMNS = (
    "indicator",
    "year",
    "value",
    "qualifier",
    "source",
    "rank",
    "of",
    "province",
    "share",
    "province_source",
)


def figures_against_province(province: Province, adcode: int) -> pd.DataFrame:
    """Return the newest figures of a city beside those of the same year elsewhere.

    Columns ``COLUMNS``: ``rank`` is the place among the ``of`` cities that have a figure of
    that year (1 is the largest); ``province`` the province's own figure of that year, ``share``
    the city's part of it (0 to 1) where the indicator adds up, both ``nan`` where unknown. Of
    several figures of one area and year the first counts for others; all of the city's stay.
    """
    figures = province.figures.drop_duplicates(["adcode", "indicator", "year"])
    table = figures.set_index(["indicator", "year", "adcode"]).sort_index()
    rows = []
    for row in latest_figures(province, adcode).itertuples():
        same = table.loc[(row.indicator, row.year)]
        cities = same[same.index.isin(province.cities.index)]["value"]
        whole = (
            same.loc[province.settings.adcode] if province.settings.adcode in same.index else None
        )
        adds_up = province.indicators[row.indicator].additive
        value = float(row.value)
        total = np.nan if whole is None else float(whole["value"])
        rows.append(
            {
                "indicator": row.indicator,
                "year": int(row.year),
                "value": value,
                "qualifier": row.qualifier,
                "source": row.source,
                "rank": 1 + int((cities.drop(adcode) > value).sum()),
                "of": len(cities),
                "province": total,
                "share": value / total if adds_up and total else np.nan,
                "province_source": None if whole is None else whole["source"],
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def neighbouring_cities(province: Province, adcode: int) -> tuple[int, ...]:
    """Return the adcodes of the cities that share a border with a city, in the province's order."""
    geometry = province.cities.geometry
    shared = geometry.intersection(geometry.loc[adcode])
    # A corner alone is no common border.
    length = pd.Series(shapely.length(shared.to_numpy()), index=geometry.index)
    return tuple(int(other) for other in length.index[length > 0] if other != adcode)
