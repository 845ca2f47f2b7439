"""Turn measures, the ranking and the chain into tables for files, with their sources."""

from __future__ import annotations

import pandas as pd

from clusters.distances.nearest import distance_basis
from clusters.measures import MeasureValues, measures_of, take
from clusters.scores import city_ranking
from clusters.study import study_of
from data.loader import Province
from layers.specification.map_spec import MapSpec
from layers.specification.view import SCORE
from layers.words.measure_words import measure_title

SCORE_COLUMNS = {
    "score": "score",
    "rank": "rank",
    "rank_low": "rank_low",
    "rank_high": "rank_high",
    "confidence": "score_known",
}
"""Columns of a ranking, and what they are called in files."""


def column_name(measure_id: str) -> str:
    """Return a measure's name as a column: ``location_quotient``."""
    return measure_id.replace("-", "_")


def city_columns(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return what a view measures of the cities, by adcode: the ranking, a measure, or nothing.

    The ranking is there when it colours the cities or the view weighs its criteria. A measure
    gives its value, ``<measure>_sites`` (how many sites it rests on) and
    ``<measure>_year`` where they apply. The ranking gives ``SCORE_COLUMNS``, and for each
    criterion its value, its weight and what it adds to the score.
    """
    index = province.cities.index
    parts = [pd.DataFrame(index=index)]
    ranked = _ranking_columns(spec, province) if asks_ranking(spec) else parts[0]
    parts.append(ranked)
    known = {measure.id for measure in measures_of(province)}
    if spec.theme in known and column_name(str(spec.theme)) not in ranked:
        parts.append(_measure_columns(take(province, spec.selection, str(spec.theme))))
    return pd.concat(parts, axis="columns")


def asks_ranking(spec: MapSpec) -> bool:
    """Say whether a view asks for the ranking: it colours the cities, or criteria are weighed."""
    return spec.theme == SCORE or bool(spec.weights)


def _ranking_columns(spec: MapSpec, province: Province) -> pd.DataFrame:
    index = province.cities.index
    ranking = city_ranking(province, spec.selection, spec.weights)
    parts = [ranking.table.reindex(index).rename(columns=SCORE_COLUMNS)]
    for one in ranking.criteria:
        column = column_name(one.measure.id)
        weighed = {f"{column}_weight": one.weight, f"{column}_added": one.points.reindex(index)}
        parts += [_measure_columns(one.taken), pd.DataFrame(weighed, index=index)]
    return pd.concat(parts, axis="columns")


def _measure_columns(taken: MeasureValues) -> pd.DataFrame:
    name = column_name(taken.measure.id)
    columns = {name: taken.values}
    if taken.basis.notna().any() and taken.measure.unit != "sites":
        columns[f"{name}_sites"] = taken.basis
    if taken.years.notna().any():
        columns[f"{name}_year"] = taken.years
    return pd.DataFrame(columns)


def measures_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return every measure of every city that the view selects, a row each.

    Columns: ``city_adcode, city_zh, city_en, measure, title`` (with the unit), ``value``
    (empty: missing or undefined), ``sites`` (how many it rests on), ``weak, year, sources``.
    """
    cities = province.cities[~province.cities.index.isin(spec.dimmed)]
    parts = []
    for measure in measures_of(province):
        taken = take(province, spec.selection, measure.id)
        parts.append(
            pd.DataFrame(
                {
                    "city_adcode": cities["adcode"],
                    "city_zh": cities["name_zh"],
                    "city_en": cities["name_en"],
                    "measure": measure.id,
                    "title": measure_title(province, measure, spec.language),
                    "value": taken.values.reindex(cities.index),
                    "sites": taken.basis.reindex(cities.index),
                    "weak": taken.weak.reindex(cities.index),
                    "year": taken.years.reindex(cities.index),
                    "sources": ";".join(taken.sources),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def chain_table(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return which links of the chain the selected cities have, near, or lack, a row a pair.

    The columns of ``clusters.chain.chain_links``, with the names of city, segment and nearest site,
    and ``measured_by``: ``road`` or ``line``.
    """
    links = study_of(province, spec.selection).links()
    links = links[~links["city_adcode"].isin(spec.dimmed)].reset_index(drop=True)
    field = "name_zh" if spec.language == "zh" else "name_en"
    names = province.cities[field].to_dict()
    words = {one.id: one.name.say(spec.language) for one in province.plan.segments()}
    links.insert(1, "city", links["city_adcode"].map(names))
    links.insert(4, "segment_name", links["segment"].map(words))
    sites = province.sites[field]
    links.insert(7, "nearest_name", links["nearest"].map(sites))
    return links.assign(measured_by=distance_basis(province, by_line=spec.selection.by_line))


def analysis_sources(spec: MapSpec, province: Province) -> tuple[str, ...]:
    """Return the ids of the sources that the table of measures rests on."""
    every = (
        name
        for measure in measures_of(province)
        for name in take(province, spec.selection, measure.id).sources
    )
    return tuple(dict.fromkeys(every))
