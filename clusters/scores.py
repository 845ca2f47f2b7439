"""Score a province's cities by weighted measures: the ranking that a view asks for."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clusters.measures import Measure, MeasureValues, measures_of, take
from clusters.ranking import rank_cities
from clusters.selection import Selection
from data.loader import Province
from data.province_cache import cached_on_province

Weights = tuple[tuple[str, int], ...]

USUAL_WEIGHTS: Weights = (
    ("sites", 3),
    ("location-quotient", 2),
    ("completeness", 3),
    ("hub-distance-road", 1),
    ("gdp", 1),
)
"""The criteria of a ranking for which nobody chose others, with their weights (1 to 10)."""


@dataclass(frozen=True, eq=False)
class Criterion:
    """A criterion of a ranking: a measure ``taken`` of each city, and what it does to the scores.

    ``worst`` and ``best`` are the bounds of its values; ``normalised`` runs from 0 (worst city)
    to 1 (best), ``points`` is what it adds to a score of 0 to 100: both by adcode, best city
    first, ``nan`` where the value is missing.
    """

    taken: MeasureValues
    weight: int
    worst: float
    best: float
    normalised: pd.Series
    points: pd.Series

    @property
    def measure(self) -> Measure:
        """The measure that is weighed."""
        return self.taken.measure


@dataclass(frozen=True, eq=False)
class CityRanking:
    """The cities of a province by score: ``table`` as in ``Ranking``, and each criterion."""

    table: pd.DataFrame
    criteria: tuple[Criterion, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the sources that the criteria rest on."""
        return tuple(dict.fromkeys(name for one in self.criteria for name in one.taken.sources))


def weights_in_use(province: Province, selection: Selection, weights: Weights) -> Weights:
    """Return ``weights``, or the usual ones that can be taken where there are none."""
    if weights:
        return weights
    known = {measure.id: measure for measure in measures_of(province)}
    has_sector = bool(selection.effective_sectors(province))
    return tuple(
        (name, weight)
        for name, weight in USUAL_WEIGHTS
        if name in known and (has_sector or not known[name].needs_sector)
    )


@cached_on_province(64)
def city_ranking(province: Province, selection: Selection, weights: Weights) -> CityRanking:
    """Rank the cities of a province by the weights in use, for the sectors of a selection."""
    used = dict(weights_in_use(province, selection, weights))
    taken = {name: take(province, selection, name) for name in used}
    ranking = rank_cities(
        pd.DataFrame({name: one.values for name, one in taken.items()}),
        used,
        {name: one.measure.higher_is_better for name, one in taken.items()},
    )
    criteria = (
        Criterion(
            taken[name],
            used[name],
            float(ranking.bounds.at[name, "worst"]),
            float(ranking.bounds.at[name, "best"]),
            ranking.normalised[name],
            ranking.contributions[name],
        )
        for name in map(str, ranking.normalised.columns)
    )
    return CityRanking(ranking.table, tuple(criteria))
