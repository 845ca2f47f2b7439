"""Write the ranking in words, taken apart by criterion: for paper, slides and pages."""

from __future__ import annotations

import math
from dataclasses import dataclass

from clusters.scores import CityRanking, Criterion, city_ranking
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
    names = province.cities[f"name_{language}"]
    return RankingWords(
        title=say("ranking.contributions", language),
        lead=say("ranking.normalisation_lead", language),
        heads=tuple(say(f"ranking.{name}", language) for name in FIRST_COLUMNS),
        criteria=tuple(_criterion(one, spec, province) for one in ranking.criteria),
        rows=tuple(
            RankedCity(
                int(adcode),
                _first(ranking, int(adcode), str(names[adcode]), spec),
                tuple(_cell(one, int(adcode), spec, province) for one in ranking.criteria),
            )
            for adcode in ranking.table.index
        ),
    )


def band_words(ranking: CityRanking, adcode: int, language: Language) -> str:
    """Write between which ranks a city lies while the weights move."""
    low, high = (int(ranking.table.at[adcode, name]) for name in ("rank_low", "rank_high"))
    return str(low) if low == high else say("ranking.band_value", language, low=low, high=high)


def _first(ranking: CityRanking, adcode: int, name: str, spec: MapSpec) -> tuple[str, ...]:
    row = ranking.table.loc[adcode]
    missing = say("measures.missing", spec.language)
    return (
        str(int(row["rank"])),
        name,
        missing if math.isnan(row["score"]) else f"{row['score']:.1f}",
        band_words(ranking, adcode, spec.language),
        f"{100 * row['confidence']:.0f}%",
    )


def bound_words(criterion: Criterion, language: Language, province: Province) -> tuple[str, str]:
    """Write the worst and the best value of a criterion, without their unit."""
    worst, best = (
        measure_value(province, criterion.measure, value, language, unit=False)
        for value in (criterion.worst, criterion.best)
    )
    return worst, best


def _criterion(criterion: Criterion, spec: MapSpec, province: Province) -> str:
    worst, best = bound_words(criterion, spec.language, province)
    return say(
        "ranking.criterion_head",
        spec.language,
        name=measure_title(province, criterion.measure, spec.language),
        weight=criterion.weight,
        worst=worst,
        best=best,
    )


def _cell(criterion: Criterion, adcode: int, spec: MapSpec, province: Province) -> str:
    """Write a city's value of a criterion, whether it is weak, and its points of the score."""
    taken, language = criterion.taken, spec.language
    value = taken.values.at[adcode]
    words = measure_value(province, taken.measure, value, language, unit=False)
    if math.isnan(value):
        return words
    if taken.weak.at[adcode]:
        words = say("theme.weak_value", language, value=words)
    points = f"{criterion.points.at[adcode]:.1f}"
    return say("ranking.cell", language, value=words, points=points)


def ranked_facts(spec: MapSpec, province: Province) -> dict[int, list[tuple[str, str]]]:
    """Return what a record of each city tells of the ranking: labels and values, by adcode."""
    words = ranking_words(spec, province)
    language = spec.language
    ranking = city_ranking(province, spec.selection, spec.weights)
    labels = [measure_name(province, one.measure, language) for one in ranking.criteria]
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
