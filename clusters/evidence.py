"""Count and order the evidence: sites by city and segment, figures by city, progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from data.evidence_files import best_grade
from data.loader import Province
from data.model import Grade, Indicator, Source, Target

RECONCILE_TOLERANCE = 0.005
"""Relative difference up to which a province's value counts as the sum of its cities'."""

Verdict = Literal["reached", "missed", "open", "no data"]


def sites_of(province: Province, city_adcode: int) -> pd.DataFrame:
    """Return the sites of a city, by sector and name, with the columns of ``SiteRow``."""
    sites = province.sites[province.sites["city_adcode"] == city_adcode]
    return sites.sort_values(["sector", "name_en"])


def segment_counts(sites: pd.DataFrame) -> pd.Series:
    """Count sites by segment id; a site of several segments counts in each of them."""
    parts = sites["segments"].dropna().str.split(";").explode()
    counts: pd.Series = parts.value_counts().rename("sites")
    return counts


def segments_without_sites(province: Province) -> tuple[str, ...]:
    """Return the ids of the segments that the plan names and no known site has."""
    known = set(segment_counts(province.sites).index)
    return tuple(
        segment.id
        for segment in province.plan.segments()
        if segment.named and segment.id not in known
    )


def site_sources(province: Province, site_id: str) -> tuple[Source, ...]:
    """Return the sources of a site, most trusted first; ``KeyError`` for an unknown site."""
    names = str(province.sites.at[site_id, "sources"]).split(";")
    found = [province.sources[name] for name in names]
    return tuple(sorted(found, key=lambda source: best_grade([source.grade])))


def confidence(province: Province, site_id: str) -> Grade:
    """Return the grade of a site: that of its most trusted source."""
    return best_grade(source.grade for source in site_sources(province, site_id))


def latest_figures(province: Province, adcode: int) -> pd.DataFrame:
    """Return the newest figures of each indicator for a city or the province.

    Columns of ``FigureRow``; sources that differ for the same year both stay.
    """
    figures = province.figures[province.figures["adcode"] == adcode]
    newest = figures.groupby("indicator")["year"].transform("max")
    return figures[figures["year"] == newest]


def reconciliation(province: Province) -> pd.DataFrame:
    """Compare the province's value with the sum of its cities, where both exist.

    Columns: ``indicator, year, province, cities, difference`` (province less cities) and
    ``agrees``. Only additive indicators and years with a value for every city are compared;
    of several values of one source year the first is taken.
    """
    additive = {name for name, found in province.indicators.items() if found.additive}
    figures = province.figures[province.figures["indicator"].isin(additive)]
    first = figures.drop_duplicates(["adcode", "indicator", "year"])
    table = first.pivot(index=["indicator", "year"], columns="adcode", values="value")
    own, cities = province.settings.adcode, list(province.cities.index)
    if own not in table or not set(cities) <= set(table.columns):
        return _no_reconciliation()
    whole = table.dropna(subset=[own, *cities])
    sums = whole[cities].sum(axis="columns")
    result = pd.DataFrame({"province": whole[own], "cities": sums, "difference": whole[own] - sums})
    result["agrees"] = result["difference"].abs() <= RECONCILE_TOLERANCE * result["province"].abs()
    return result.reset_index()


def _no_reconciliation() -> pd.DataFrame:
    columns = ["indicator", "year", "province", "cities", "difference", "agrees"]
    return pd.DataFrame(columns=columns)


@dataclass(frozen=True, eq=False)
class TargetProgress:
    """A target with what is known of its indicator, oldest figure first.

    ``latest`` is the newest value up to the target's year, or the newest at all where none is
    so early, and ``latest_year`` its year; ``share`` is it divided by the target's lower value
    (1 is the goal). All three are ``None`` without data. ``verdict``: ``reached`` when a figure
    up to the target's year meets it; ``missed`` when the year's own figure does not; ``open``
    otherwise.
    """

    target: Target
    indicator: Indicator | None
    figures: pd.DataFrame
    latest: float | None
    latest_year: int | None
    share: float | None
    verdict: Verdict


def progress(province: Province, target: Target) -> TargetProgress:
    """Return how far a target has come, by the figures of its indicator."""
    adcode = target.area or province.settings.adcode
    table = province.figures
    figures = table[(table["adcode"] == adcode) & (table["indicator"] == target.indicator)]
    figures = figures.sort_values("year")
    indicator = province.indicators.get(target.indicator or "")
    if figures.empty:
        return TargetProgress(target, indicator, figures, None, None, None, "no data")
    in_time = figures if target.year is None else figures[figures["year"] <= target.year]
    newest = (figures if in_time.empty else in_time).iloc[-1]
    latest = float(newest["value"])
    verdict = _verdict(target, figures)
    share = latest / target.value_low
    return TargetProgress(target, indicator, figures, latest, int(newest["year"]), share, verdict)


def years_without_figure(found: TargetProgress, since: int) -> tuple[int, ...]:
    """Return the years from ``since`` to the target's year that no figure tells of.

    For a target without a year, the newest figure's year is the last one asked for.
    """
    told = {int(year) for year in found.figures["year"]}
    last = found.target.year or max(told, default=since - 1)
    return tuple(year for year in range(since, last + 1) if year not in told)


def _verdict(target: Target, figures: pd.DataFrame) -> Verdict:
    met = figures["value"] > target.value_low
    if target.comparison == "between":
        met |= figures["value"] == target.value_low
    in_time = met if target.year is None else met & (figures["year"] <= target.year)
    if in_time.any():
        return "reached"
    exact = figures["qualifier"].isin(["exact", "about", "derived"])
    due = figures["year"] == target.year
    return "missed" if (due & exact).any() else "open"
