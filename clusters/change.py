"""Split the growth of a published figure between two years, city by city."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clusters.specialisation import shift_share
from data.loader import Province


@dataclass(frozen=True, eq=False)
class Change:
    """The growth of an indicator between two years.

    ``table`` is indexed by adcode, in the unit of the indicator: ``change``, ``national`` (what
    the province's growth rate would have brought) and ``competitive`` (the rest).
    """

    indicator: str
    earlier: int
    later: int
    table: pd.DataFrame
    sources: tuple[str, ...]


def latest_change(province: Province) -> Change | None:
    """Return the newest change for which every city has two years of an additive figure.

    Shift-share without a breakdown by industry: the part of the industry mix is not told.
    ``None`` where no figure has two such years.
    """
    found = [
        change
        for name, indicator in province.indicators.items()
        if indicator.additive and (change := _change(province, name)) is not None
    ]
    return max(found, key=lambda change: (change.later, change.earlier), default=None)


def _change(province: Province, indicator: str) -> Change | None:
    figures = province.figures[province.figures["indicator"] == indicator]
    cities = list(province.cities.index)
    first = figures.drop_duplicates(["adcode", "year"])
    table = first.pivot(index="adcode", columns="year", values="value").reindex(cities)
    years = sorted(int(year) for year in table.columns[table.notna().all()])
    if len(years) < 2:
        return None
    earlier, later = years[-2:]
    parts = shift_share(
        table[[earlier]].set_axis([indicator], axis="columns"),
        table[[later]].set_axis([indicator], axis="columns"),
    ).set_index("area")
    used = first[first["year"].isin([earlier, later]) & first["adcode"].isin(cities)]
    return Change(
        indicator,
        earlier,
        later,
        parts[["change", "national", "competitive"]],
        tuple(dict.fromkeys(str(name) for name in used["source"])),
    )
