"""Write the ranking in words, taken apart by criterion: for paper, slides and pages."""

from __future__ import annotations

import math
from dataclasses import dataclass

from clusters.measures import MeasureValues, take
from clusters.ranking import Ranking
from clusters.scores import city_ranking, weights_in_use
from data.loader import Province
from data.text import Language, say
from layers.specification.map_spec import MapSpec
from layers.words.measure_words import measure_name, measure_title, measure_value

FIRST_COLUMNS = ("rank", "city", "score", "band", "confidence")


@dataclass(frozen=True)
class RankedCity:
    """A city of the ranking: its first columns, and a text for each criterion."""

    adcode: int
    first: tuple[str, ...]
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class RankingWords:
    """The ranking as a table of words, best city first.

    ``heads`` are those of the first columns; ``criteria`` name each criterion with its weight
    and its worst and best value; ``lead`` says how the score is made.
    """

    title: str
    lead: str
    heads: tuple[str, ...]
    criteria: tuple[str, ...]
    rows: tuple[RankedCity, ...]

    def part(self, first: int, most: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Return heads and rows with ``most`` criteria from the place ``first`` on."""
        wanted = slice(first, first + most)
        rows = [(*row.first, *row.criteria[wanted]) for row in self.rows]
        return (*self.heads, *self.criteria[wanted]), rows


def ranking_words(spec: MapSpec, province: Province) -> RankingWords:
    """Return the ranking that a view asks for, in its language."""
    language = spec.language
    ranking = city_ranking(province, spec.selection, spec.weights)
    weights = dict(weights_in_use(province, spec.selection, spec.weights))
    taken = [take(province, spec.selection, str(name)) for name in ranking.normalised.columns]
    names = province.cities[f"name_{language}"]
    return RankingWords(
        title=say("ranking.contributions", language),
        lead=say("ranking.normalisation_lead", language),
        heads=tuple(say(f"ranking.{name}", language) for name in FIRST_COLUMNS),
        criteria=tuple(_criterion(one, ranking, weights, spec, province) for one in taken),
        rows=tuple(
            RankedCity(
                int(adcode),
                _first(ranking, int(adcode), str(names[adcode]), spec),
                tuple(criterion_words(one, ranking, int(adcode), spec, province) for one in taken),
            )
            for adcode in ranking.table.index
        ),
    )


def band_words(ranking: Ranking, adcode: int, language: Language) -> str:
    """Write between which ranks a city lies while the weights move."""
    low, high = (int(ranking.table.at[adcode, name]) for name in ("rank_low", "rank_high"))
    return str(low) if low == high else say("ranking.band_value", language, low=low, high=high)


def _first(ranking: Ranking, adcode: int, name: str, spec: MapSpec) -> tuple[str, ...]:
    row = ranking.table.loc[adcode]
    missing = say("measures.missing", spec.language)
    return (
        str(int(row["rank"])),
        name,
        missing if math.isnan(row["score"]) else f"{row['score']:.1f}",
        band_words(ranking, adcode, spec.language),
        f"{100 * row['confidence']:.0f}%",
    )


def _criterion(
    taken: MeasureValues,
    ranking: Ranking,
    weights: dict[str, int],
    spec: MapSpec,
    province: Province,
) -> str:
    measure, language = taken.measure, spec.language
    low, high = (
        measure_value(province, measure, ranking.bounds.at[measure.id, end], language, unit=False)
        for end in ("worst", "best")
    )
    return say(
        "ranking.criterion_head",
        language,
        name=measure_title(province, measure, language),
        weight=weights[measure.id],
        worst=low,
        best=high,
    )


def criterion_words(
    taken: MeasureValues, ranking: Ranking, adcode: int, spec: MapSpec, province: Province
) -> str:
    """Write a city's value of a criterion, whether it is weak, and its points of the score."""
    measure, language = taken.measure, spec.language
    value = taken.values.at[adcode]
    words = measure_value(province, measure, value, language, unit=False)
    if math.isnan(value):
        return words
    if taken.weak.at[adcode]:
        words = say("theme.weak_value", language, value=words)
    points = f"{ranking.contributions.at[adcode, measure.id]:.1f}"
    return say("ranking.cell", language, value=words, points=points)


def ranked_facts(spec: MapSpec, province: Province) -> dict[int, list[tuple[str, str]]]:
    """Return what a record of each city tells of the ranking: labels and values, by adcode."""
    words = ranking_words(spec, province)
    language = spec.language
    ranking = city_ranking(province, spec.selection, spec.weights)
    labels = [
        measure_name(province, take(province, spec.selection, str(name)).measure, language)
        for name in ranking.normalised.columns
    ]
    facts = {}
    for row in words.rows:
        rank, _, score, band, known = row.first
        facts[row.adcode] = [
            (say("theme.score", language), score),
            (words.heads[0], rank),
            (words.heads[3], band),
            (words.heads[4], known),
            *zip(labels, row.criteria, strict=True),
        ]
    return facts
