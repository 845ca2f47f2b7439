"""Turn what the analyses find beyond measures of single cities into tables for files.

Every table has ids, names in the language of the view, and ``sources`` (ids joined by
semicolons). ``weak`` marks what rests on fewer than five sites.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from clusters.chain import plan_segments
from clusters.change import latest_change
from clusters.concentration import sector_concentration
from clusters.counts import counted_sources
from clusters.distances.nearest import distance_basis, link_sources
from clusters.distances.road_access import access_sources
from clusters.relatedness import related_pairs, similarity, weak_likeness
from clusters.scores import city_ranking
from clusters.study import study_of
from data.loader import Province
from layers.specification.map_spec import MapSpec
from layers.tables.analysis_tables import SCORE_COLUMNS
from layers.words.access_words import access_columns
from layers.words.measure_words import measure_title


def ranking_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return the ranking taken apart: a row for each city and each criterion, best city first.

    Columns: ``rank, city_adcode, city, score`` (0 to 100), ``rank_low, rank_high`` (while
    weights move by 20 %), ``score_known`` (share of the weights whose values are known),
    ``criterion, title`` (with the unit), ``weight, value, year, sites, weak, worst, best,
    normalised`` (0 worst, 1 best), ``added`` (points of the score) and ``sources``.
    """
    ranking = city_ranking(province, spec.selection, spec.weights)
    index = ranking.table.index
    ranked = ranking.table.rename(columns=SCORE_COLUMNS)
    parts = [
        pd.DataFrame(
            {
                "rank": ranked["rank"],
                "city_adcode": index,
                "city": _city_names(spec, province).reindex(index),
                **ranked[["score", "rank_low", "rank_high", "score_known"]],
                "criterion": one.measure.id,
                "title": measure_title(province, one.measure, spec.language),
                "weight": one.weight,
                "value": one.taken.values.reindex(index),
                "year": one.taken.years.reindex(index),
                "sites": one.taken.basis.reindex(index),
                "weak": one.taken.weak.reindex(index),
                "worst": one.worst,
                "best": one.best,
                "normalised": one.normalised,
                "added": one.points,
                "sources": ";".join(one.taken.sources),
            }
        )
        for one in ranking.criteria
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values(["rank", "city_adcode"], kind="stable", ignore_index=True)


def concentration_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return the columns of ``sector_concentration``, with the sectors' names."""
    table = sector_concentration(study_of(province, spec.selection))
    names = {one.id: one.name.say(spec.language) for one in province.plan.sectors}
    table.insert(1, "sector_name", table["sector"].map(names))
    return table.assign(sources=";".join(counted_sources(province)))


def suppliers_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return the nearest listed site of each segment from each hub.

    The columns of ``nearest_suppliers`` (kilometres), with names, and ``measured_by``: ``road`` or
    ``line``.
    """
    study = study_of(province, spec.selection)
    segments = plan_segments(province, study.sectors)
    table = study.suppliers()
    names = {one.id: one.name.say(spec.language) for one in segments}
    sites = province.sites[f"name_{spec.language}"]
    table.insert(1, "hub_name", table["hub"].map(_city_names(spec, province)))
    table.insert(3, "segment_name", table["segment"].map(names))
    table.insert(5, "site_name", table["site"].map(sites))
    return table.assign(
        measured_by=distance_basis(province, by_line=spec.selection.by_line),
        sources=";".join(link_sources(province, by_line=spec.selection.by_line)),
    )


def related_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return every pair of segments with their proximity: the columns of ``related_pairs``."""
    table = related_pairs(study_of(province, spec.selection).segment_counts())
    names = {one.id: one.name.say(spec.language) for one in province.plan.segments()}
    table.insert(1, "segment_name", table["segment"].map(names))
    table.insert(3, "other_name", table["other"].map(names))
    return table.assign(sources=";".join(counted_sources(province)))


def similar_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return how alike every two cities are by their mix of segments.

    Columns: ``city_adcode, city, other_adcode, other, similarity`` (0 to 1), ``weak, sources``.
    """
    study = study_of(province, spec.selection)
    names = _city_names(spec, province)
    alike, sites = similarity(study.segment_counts()), study.counts(every=True).sum(axis="columns")
    weak = {city: weak_likeness(sites, city) for city in alike.index}
    rows = [
        {
            "city_adcode": int(city),
            "city": names[city],
            "other_adcode": int(other),
            "other": names[other],
            "similarity": value,
            "weak": bool(weak[city][other]),
        }
        for city in alike.index
        for other, value in alike[city].items()
        if other != city and not pd.isna(value)
    ]
    columns = ["city_adcode", "city", "other_adcode", "other", "similarity", "weak"]
    return pd.DataFrame(rows, columns=columns).assign(sources=";".join(counted_sources(province)))


def access_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return how far each county is from what lies on the ground; empty where nothing is known.

    Columns: ``county_adcode, county, city_adcode, city``, those of ``access_columns`` (km) and
    ``sources``.
    """
    table = access_columns(province, spec.language)
    if len(table.columns) == 1:
        return pd.DataFrame()
    counties = province.counties
    table.insert(0, "county", counties[f"name_{spec.language}"])
    table.insert(1, "city_adcode", counties["city_adcode"])
    table.insert(2, "city", counties["city_adcode"].map(_city_names(spec, province)))
    sources = ";".join(access_sources(province))
    return table.reset_index(names="county_adcode").assign(sources=sources)


def change_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return the newest shift-share of a published figure; empty where there is none.

    Columns: ``city_adcode, city, indicator, title, unit, earlier, later`` (years), ``change,
    national, competitive`` (in the unit) and ``sources``.
    """
    found = latest_change(province)
    if found is None:
        return pd.DataFrame()
    indicator = province.indicators[found.indicator]
    table = found.table.reset_index(names="city_adcode")
    table.insert(1, "city", table["city_adcode"].map(_city_names(spec, province)))
    table.insert(2, "indicator", found.indicator)
    table.insert(3, "title", indicator.name.say(spec.language))
    table.insert(4, "unit", indicator.unit.say(spec.language))
    table.insert(5, "earlier", found.earlier)
    table.insert(6, "later", found.later)
    return table.assign(sources=";".join(found.sources))


def _city_names(spec: MapSpec, province: Province) -> pd.Series:
    names: pd.Series = province.cities[f"name_{spec.language}"]
    return names


_FINDINGS: dict[str, Callable[[MapSpec, Province], pd.DataFrame]] = {
    "ranking": ranking_table,
    "concentration": concentration_table,
    "suppliers": suppliers_table,
    "related": related_table,
    "similar": similar_table,
    "access": access_table,
    "change": change_table,
}


def findings(spec: MapSpec, province: Province) -> dict[str, pd.DataFrame]:
    """Return the tables of this module that have rows, by name, in a fixed order."""
    tables = {name: make(spec, province) for name, make in _FINDINGS.items()}
    return {name: table for name, table in tables.items() if len(table)}


def finding_sources(tables: dict[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the ids of the sources that the tables name."""
    named = (cell for table in tables.values() for cell in table["sources"].unique())
    return tuple(dict.fromkeys(one for cell in named for one in cell.split(";") if one))
