"""Split the growth of a published figure between two years, city by city."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clusters.specialisation import shift_share
from data.loader import Province
from data.province_cache import cached_on_province


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


@cached_on_province(1)
def latest_change(province: Province) -> Change | None:
    """Return the newest change for which every city has two years of an additive figure.

    Shift-share without a breakdown by industry: the part of the industry mix is not told.
    ``None`` where no figure has two such years.
    """
    figures = _city_figures(province)
    cities = figures.dropna(subset="value").groupby(["indicator", "year"])["adcode"].nunique()
    complete = cities[cities == len(province.cities)].reset_index().groupby("indicator")["year"]
    pairs = {name: sorted(years)[-2:] for name, years in complete if len(years) >= 2}
    newest = max(
        (name for name in province.indicators if name in pairs),
        key=lambda name: pairs[name][::-1],
        default=None,
    )
    return None if newest is None else _change(figures, newest, *pairs[newest])


def _city_figures(province: Province) -> pd.DataFrame:
    """Return the additive figures of the cities, one for a city, an indicator and a year."""
    additive = [name for name, indicator in province.indicators.items() if indicator.additive]
    figures = province.figures
    wanted = figures["indicator"].isin(additive) & figures["adcode"].isin(province.cities.index)
    return figures[wanted].drop_duplicates(["indicator", "adcode", "year"])


def _change(figures: pd.DataFrame, indicator: str, earlier: int, later: int) -> Change:
    used = figures[(figures["indicator"] == indicator) & figures["year"].isin([earlier, later])]
    table = used.pivot(index="adcode", columns="year", values="value")
    parts = shift_share(
        table[[earlier]].set_axis([indicator], axis="columns"),
        table[[later]].set_axis([indicator], axis="columns"),
    ).set_index("area")
    return Change(
        indicator,
        int(earlier),
        int(later),
        parts[["change", "national", "competitive"]],
        tuple(dict.fromkeys(str(name) for name in used["source"])),
    )
