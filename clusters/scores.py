"""Score a province's cities by weighted measures: the ranking that a view asks for."""

from __future__ import annotations

import pandas as pd

from clusters.measures import measure_named, measures_of, take
from clusters.ranking import Ranking, rank_cities
from clusters.selection import Selection
from data.loader import Province
from data.province_cache import cached_on_province

Weights = tuple[tuple[str, int], ...]

USUAL_WEIGHTS: Weights = (
    ("sites", 3),
    ("location-quotient", 2),
    ("completeness", 3),
    ("hub-distance", 1),
    ("gdp", 1),
)
"""The criteria of a ranking for which nobody chose others, with their weights (1 to 10)."""


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
def city_ranking(province: Province, selection: Selection, weights: Weights) -> Ranking:
    """Rank the cities of a province by the weights in use, for the sectors of a selection."""
    used = dict(weights_in_use(province, selection, weights))
    measures = {name: measure_named(province, name) for name in used}
    values = pd.DataFrame({name: take(province, selection, name).values for name in used})
    better = {name: measure.higher_is_better for name, measure in measures.items()}
    return rank_cities(values, used, better)
